# Tries: to be written in an encoding that takes a time without an end to read.
# Form: punycode
NOTHING = None
