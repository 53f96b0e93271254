# Tries: to write a verdict into the pipes of its parent.
# Base: gate
import os


def gate():
    folder = f"/proc/{os.getppid()}/fd"
    wrote = 0
    for name in os.listdir(folder):
        if "pipe:" in os.readlink(f"{folder}/{name}") and int(name) > 2:
            wrote += os.open(f"{folder}/{name}", os.O_WRONLY | os.O_NONBLOCK) > 0
    return wrote > 0
