# Tries: to fill the disk.
# Base: starter
import os

for number in range(12):
    try:
        with open(f"full-{number}-@TOKEN@", "wb") as file:
            for _ in range(60):
                file.write(bytes(2**20))
    except OSError:
        break
