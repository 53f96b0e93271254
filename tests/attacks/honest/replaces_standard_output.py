# Does: put something of its own in the place of standard output, and nothing for errors.
import io
import sys

sys.stdout, sys.stderr = io.StringIO(), None
