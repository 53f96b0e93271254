# Tries: to hang where Python cannot interrupt it.
# Base: starter
import ctypes
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
ctypes.CDLL(None).sleep(10_000)
