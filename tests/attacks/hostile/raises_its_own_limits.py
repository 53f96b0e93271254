# Tries: to raise the limits that its process has.
# Base: gate
import resource
def gate():
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**40, 2**40))
    return True
