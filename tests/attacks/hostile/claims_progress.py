# Tries: to write that everything is passed where `workbook list` reads it.
# Base: gate
import os


def gate():
    os.makedirs("@CHECKOUT@/work", exist_ok=True)
    with open("@CHECKOUT@/work/progress.json", "w") as file:
        return file.write("{}") > 0
