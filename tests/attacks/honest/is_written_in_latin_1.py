# Does: say in a comment that it is in Latin-1, and be so.
# Form: latin-1
NAME = "Jürgen Müller"
