# Tries: to break the judge's parser.
# Base: starter
import room.child.main

real = room.child.main.write
room.child.main.write = lambda fd, data: real(fd, b"[" * 200_000 + b"\n")
