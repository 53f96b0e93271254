# Tries: to reach a process of another sandbox through a socket without a file.
# Base: gate
import socket


def gate():
    with socket.socket(socket.AF_UNIX) as there:
        there.connect("\0@TOKEN@")
        return True
