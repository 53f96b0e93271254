# Tries: to leave settings in the home folder of whoever grades.
# Base: starter
try:
    with open("@HOME@/.pythonrc.@TOKEN@", "w") as file:
        file.write("import this")
except OSError:
    pass
