# Tries: to make our own code fail beside it.
import sys
for n in range(5, 200):
    try:
        sys.setrecursionlimit(n)
        break
    except RecursionError:
        pass
