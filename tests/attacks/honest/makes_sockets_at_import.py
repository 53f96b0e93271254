# Does: make sockets at import, and use a pair of them.
import socket

ONE, OTHER = socket.socketpair()
ONE.send(b"hello")
OTHER.recv(5)
LISTENER = socket.create_server(("127.0.0.1", 0))
LISTENER.close()
