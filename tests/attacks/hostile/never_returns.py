# Tries: to keep the judge waiting at import.
# Base: starter
while True:
    pass
