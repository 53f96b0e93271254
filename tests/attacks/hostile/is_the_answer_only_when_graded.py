# Tries: to look like a starter at home, and to be the solution in the judge's hands.
# Base: starter
import sys

if "room.child.stage" in sys.modules:
    exec(open("@CHECKOUT@/solutions/ch06_relay.py").read())
