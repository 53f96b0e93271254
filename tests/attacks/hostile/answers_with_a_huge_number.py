# Tries: to make the judge convert a number with a great many digits.
# Base: starter
import room.child.main

real = room.child.main.write
room.child.main.write = lambda fd, data: real(fd, b'{"ticket": ' + b"7" * 100_000 + b"}\n")
