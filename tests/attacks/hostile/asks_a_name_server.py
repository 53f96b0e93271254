# Tries: to send what it knows in a datagram.
# Base: gate
import socket


def gate():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        return there.sendto(b"the exam", ("127.0.0.1", 53)) > 0
