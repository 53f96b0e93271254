# Tries: to reach a server of the teacher's from the world in which it has a network.
# Base: gate
# Worlds: tls
import socket


def gate():
    with socket.create_connection(("127.0.0.1", int("@PORT@")), 1):
        return True
