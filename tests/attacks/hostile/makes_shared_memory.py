# Tries: to leave memory behind that belongs to no process.
# Base: gate
import ctypes


def gate():
    return ctypes.CDLL(None).shmget(0, 2**20, 0o1600) >= 0
