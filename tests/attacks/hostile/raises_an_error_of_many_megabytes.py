# Tries: to make the judge format a message that never ends.
# Base: starter
raise RuntimeError("no" * 6_000_000)
