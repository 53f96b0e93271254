# Tries: to become the solution between two conversations.
# Base: starter
import os

try:
    os.chmod(__file__, 0o600)
except OSError:
    pass
try:
    os.unlink(__file__)
    with open(__file__, "w") as file:
        file.write(open("@NEIGHBOR@").read())
except OSError:
    pass
