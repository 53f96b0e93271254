# Does: has more comments than anybody reads.
# Form: commented
X = 1
