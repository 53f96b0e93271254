"""The names are in a table beside the butterflies, and the data handler looks them up. Everything
is nested inside of serve.
"""

from bfnet import ButterflyHandler


async def serve(bind, ssl_options):
    names = {}

    class Handler(ButterflyHandler):
        async def on_connection(self, newcomer):
            newcomer.write(b"Nick")
            newcomer.write(b"name: ")
            line = await newcomer.read()
            name = b"".join(line.splitlines())
            everyone = [there for there, _future in self.butterflies.values()]
            self.butterflies |= {name: (newcomer, self.begin_handling(newcomer))}
            names[newcomer] = name
            for there in everyone:
                there.write(b" ".join([name, b"has joined the room\n"]))

        async def on_disconnect(self, butterfly):
            names.pop(butterfly, None)
            await super().on_disconnect(butterfly)

    net = await Handler.get_handler().create_server(bind, ssl_options)

    @net.regexp_match(rb"(?s).*")
    async def answer(data, butterfly, handler):
        butterfly.write(names[butterfly])
        butterfly.write(b", nobody hears you yet\n")

    return net
