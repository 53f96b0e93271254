# Tries: to take its judge down with a crash.
# Base: starter
import ctypes

ctypes.string_at(0)
