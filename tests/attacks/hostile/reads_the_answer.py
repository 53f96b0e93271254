# Tries: to read the solution in the checkout, and to be it.
# Base: starter
exec(open("@CHECKOUT@/solutions/ch06_relay.py").read())
