# Tries: to fill the memory that all programs share.
# Base: gate
BLOCK = bytes(2**20)


def gate():
    for number in range(20):
        with open(f"/dev/shm/@TOKEN@-{number}", "wb", buffering=0) as file:
            for _ in range(10):
                if file.write(BLOCK) < len(BLOCK):
                    return False
    return True
