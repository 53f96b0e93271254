# Tries: to end by a signal that nobody can catch.
# Base: starter
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
