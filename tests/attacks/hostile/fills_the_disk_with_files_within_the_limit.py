# Tries: to fill the disk with files that are each within their limit, and have no name.
# Base: gate
import os

BLOCK = bytes(2**20)
KEPT = []


def gate():
    for number in range(60):
        KEPT.append(open(f"@TOKEN@-{number}", "wb", buffering=0))
        os.unlink(KEPT[-1].name)
        for _ in range(60):
            if KEPT[-1].write(BLOCK) < len(BLOCK):
                return False
    return True
