# Tries: to mount something over the files of the judge.
# Base: gate
import ctypes


def gate():
    return ctypes.CDLL(None).mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
