# Tries: to become root in a namespace of its own.
# Base: gate
import ctypes


def gate():
    return ctypes.CDLL(None).unshare(0x10000000) == 0
