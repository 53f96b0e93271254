# Tries: to reach a server of the teacher's on this machine.
# Base: gate
import socket


def gate():
    with socket.create_connection(("127.0.0.1", int("@PORT@")), 1):
        return True
