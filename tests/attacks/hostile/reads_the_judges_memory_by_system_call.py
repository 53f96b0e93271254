# Tries: to read its parent's memory with process_vm_readv.
# Base: gate
import ctypes
import os


def gate():
    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    here = ctypes.create_string_buffer(8)
    ours = Vector(ctypes.addressof(here), 8)
    libc = ctypes.CDLL(None)
    maps = (
        open(f"/proc/{os.getppid()}/maps").readline() if os.path.exists("/proc/self") else "400000-"
    )
    theirs = Vector(int(maps.partition("-")[0], 16), 8)
    return (
        libc.process_vm_readv(os.getppid(), ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0) == 8
    )
