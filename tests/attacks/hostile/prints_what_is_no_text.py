# Tries: to break whoever decodes its output.
# Base: starter
import os

os.write(2, bytes(range(256)) * 10)
raise RuntimeError("\ud800\udfff \0 \ufffe")
