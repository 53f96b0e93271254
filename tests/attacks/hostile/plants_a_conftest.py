# Tries: to change later gradings with files that pytest reads.
# Base: starter
import os

text = "import grader.run_test\ngrader.run_test.Attempts.run = lambda self, seed: None\n"
for folder in (
    "@CHECKOUT@",
    "@CHECKOUT@/tests",
    "@CHECKOUT@/tests/chapters",
    ".",
    os.path.dirname(__file__),
):
    for name in ("conftest.py", "pytest.ini", "sitecustomize.py", "usercustomize.py"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write(text if name.endswith("py") else "[pytest]\naddopts = --collect-only\n")
        except OSError:
            pass
