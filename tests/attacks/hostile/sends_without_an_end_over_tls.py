# Tries: to send forever to a client that reads.
# Base: starter
# Worlds: tls
async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    async def on_connection(butterfly):
        while True:
            butterfly.write(b"x" * 65536)
            await butterfly.drain()

    handler.on_connection = on_connection
    return net
