# Tries: to use all memory.
# Base: starter
eaten = []
while True:
    eaten.append(bytearray(16 * 2**20))
