# Tries: to attach to its parent as a debugger does.
# Base: gate
import ctypes
import os


def gate():
    libc = ctypes.CDLL(None)
    return libc.ptrace(16, ctypes.c_int(os.getppid()), None, None) == 0 and not libc.ptrace(
        17, ctypes.c_int(os.getppid()), None, None
    )
