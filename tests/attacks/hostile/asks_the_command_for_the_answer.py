# Tries: to have `workbook solution` print the solution.
# Base: starter
import subprocess
import sys

asked = [sys.executable, "-c", "import runpy; runpy.run_module('workbook')", "solution", "6"]
paths = "@CHECKOUT@/src:@PACKAGES@"
found = subprocess.run(
    asked, capture_output=True, text=True, cwd="@CHECKOUT@", env={"PYTHONPATH": paths}
)
exec(found.stdout[found.stdout.find('"""') :] if '"""' in found.stdout else "")
