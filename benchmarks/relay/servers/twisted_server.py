"""Twisted: a `Protocol` that writes to everybody's transport.

python twisted_server.py PORT [CERTIFICATE KEY]
"""

import sys

from twisted.internet import reactor, ssl
from twisted.internet.protocol import Factory, Protocol


class Client(Protocol):
    nick = b""

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        self.transport.write(b"Nickname: ")

    def dataReceived(self, data):
        if self.nick:
            self.tell_others(self.nick + b": " + data)
            return
        self.nick = data.strip()
        self.tell_others(self.nick + b" has joined the room\n")
        room.add(self)

    def connectionLost(self, reason):
        room.discard(self)
        if self.nick:
            self.tell_others(self.nick + b" has left the room.\n")

    def tell_others(self, message):
        for other in room:
            if other is not self:
                other.transport.write(message)


room = set()
port, *certificate_and_key = sys.argv[1:]
factory = Factory.forProtocol(Client)
if certificate_and_key:
    certificate, key = certificate_and_key
    context = ssl.DefaultOpenSSLContextFactory(key, certificate, ssl.SSL.TLS_METHOD)
    listener = reactor.listenSSL(int(port), factory, context, interface="127.0.0.1")
else:
    listener = reactor.listenTCP(int(port), factory, interface="127.0.0.1")
print(listener.getHost().port, flush=True)
reactor.run()
