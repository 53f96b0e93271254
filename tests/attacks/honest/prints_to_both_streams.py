# Does: print, to standard output and to standard error.
import sys

print("starting")
print("starting", file=sys.stderr)
