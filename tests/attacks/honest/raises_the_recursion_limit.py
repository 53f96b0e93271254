# Does: recurse deeply.
import sys

sys.setrecursionlimit(8000)


def depth(n):
    return n and depth(n - 1)


depth(2000)
