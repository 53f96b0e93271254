# Tries: to gain the rights of root.
# Base: gate
import os


def gate():
    os.setuid(0)
    return os.getuid() == 0 and os.access("/etc/shadow", os.R_OK)
