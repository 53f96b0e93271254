# Tries: to leave settings in the home folder of whoever grades.
# Base: gate
import os
import pwd


def gate():
    home = os.environ.get("TEACHERS_HOME", "@HOME@")
    with open(f"{home}/.pythonrc.@TOKEN@", "w") as file:
        return file.write("import this") > 0
