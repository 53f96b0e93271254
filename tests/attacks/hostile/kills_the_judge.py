# Tries: to kill the process that started it.
# Base: starter
import os
import signal

os.kill(os.getppid(), signal.SIGKILL)
