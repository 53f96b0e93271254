# Tries: to read a file of the teacher's outside the checkout.
# Base: gate
def gate():
    return open("@SECRET@").read() == "the gradebook"
