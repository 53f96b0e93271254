# Tries: to make folders so deep that removing them fails.
# Base: starter
import os

for _ in range(300):
    os.mkdir("deeper")
    os.chdir("deeper")
