# Tries: to print without end.
# Base: starter
import os

while True:
    os.write(1, b"all work and no play\n" * 1000)
