# Does: ends its lines in two ways.
# Form: mixed
X = 1
