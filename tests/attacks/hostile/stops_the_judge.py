# Tries: to stop its judge, so that it waits forever.
# Base: starter
import os
import signal

os.kill(os.getppid(), signal.SIGSTOP)
