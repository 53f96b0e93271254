# Tries: to fool whoever reads the table of processes, by its name.
import ctypes
ctypes.CDLL(None).prctl(15, b") R 1 1 1\n 9 9", 0, 0, 0)
while True:
    pass
