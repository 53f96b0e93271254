# Tries: to fill the table of processes.
# Base: starter
import ctypes
import time

libc = ctypes.CDLL(None)
for _ in range(300):
    if libc.fork() == 0:
        time.sleep(30)  # @TOKEN@
