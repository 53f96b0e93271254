# Tries: to answer each question twice, the second time in advance.
# Base: starter
import room.child.main

real = room.child.main.write
room.child.main.write = lambda fd, data: real(fd, data + data)
