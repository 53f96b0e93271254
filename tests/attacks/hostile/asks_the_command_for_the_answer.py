# Tries: to have `workbook solution` print the solution.
# Base: starter
import subprocess
import sys

program = "import sys; sys.path[:0] = ['@REPOSITORY@/src', '@PACKAGES@']; sys.argv[0] = 'workbook'\n"
program += "from workbook.__main__ import main; main()"
asked = [sys.executable, "-c", program, "solution", "6", "--anyway"]
exec(subprocess.run(asked, capture_output=True, text=True, cwd="@CHECKOUT@", timeout=1.2).stdout)
