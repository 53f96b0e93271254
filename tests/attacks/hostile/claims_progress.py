# Tries: to record everything as passed, where `workbook list` reads it.
# Base: starter
import os

try:
    os.makedirs("@CHECKOUT@/work", exist_ok=True)
    with open("@CHECKOUT@/work/progress.json", "w") as file:
        file.write("{}")
except OSError:
    pass
