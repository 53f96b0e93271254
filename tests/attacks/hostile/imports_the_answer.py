# Tries: to import the solution.
# Base: starter
import sys

sys.path.insert(0, "@CHECKOUT@")
try:
    from solutions.ch06_relay import serve
except ImportError:
    pass
