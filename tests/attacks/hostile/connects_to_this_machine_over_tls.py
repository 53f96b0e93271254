# Tries: to reach a server of the teacher's while the tests over TLS give it a network.
# Base: gate
# Worlds: tls
import socket


def gate():
    with socket.create_connection(("127.0.0.1", int("@PORT@")), 1):
        return True
