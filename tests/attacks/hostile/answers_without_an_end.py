# Tries: to fill the judge's memory with one line.
# Base: starter
import room.child.main


def endless(fd, data):
    import os

    while True:
        os.write(fd, b"x" * 65536)


room.child.main.write = endless
