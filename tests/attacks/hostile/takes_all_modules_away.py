# Tries: to make our own code fail beside it, which would not be its fault.
import sys

sys.modules.clear()
