# Tries: to write over the screen of whoever reads the report.
# Base: starter
import sys

sys.stdout.write("\x1b[2J\x1b[1;1H\x1b]0;passed\x07\x1b[32m1 of 1 task passed.\x1b[0m\r\n")
raise RuntimeError("\x1b[2J\x9b31m\u202epassed\u2066 <script>alert(1)</script> =cmd|' /C calc'!A0")
