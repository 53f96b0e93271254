# Tries: to make the judge wait in connect(), which takes minutes to give up.
# Base: starter
# Worlds: tls
import socket

kept = []


class Served:
    handler = None

    def close(self):
        pass


async def serve(bind, ssl_options):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    served = Served()
    served.port = listener.getsockname()[1]
    for _ in range(3):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", served.port))
        kept.append(client)
    kept.append(listener)
    return served
