# Does: ends its lines with carriage returns alone.
# Form: cr
X = 1
