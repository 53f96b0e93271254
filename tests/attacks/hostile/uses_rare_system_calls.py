# Tries: to use system calls that were ways out of a sandbox before: io_uring, keys, bpf, memfd.
# Base: gate
import ctypes

import platform


def gate():
    libc = ctypes.CDLL(None)
    x86 = platform.machine() == "x86_64"
    numbers = {"io_uring_setup": 425, "keyctl": 250 if x86 else 219, "bpf": 321 if x86 else 280}
    made = [libc.syscall(number, 0, 0, 0, 0, 0) for number in numbers.values()]
    return any(result >= 0 for result in made) or libc.memfd_create(b"x", 0) >= 0
