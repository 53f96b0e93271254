# Tries: to read the environment of its parent.
# Base: gate
import os


def gate():
    return b"PATH=" in open(f"/proc/{os.getppid()}/environ", "rb").read()
