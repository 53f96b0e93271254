/* Where the playground starts when no chapter is chosen: a server that lets everyone in. */

export const EMPTY_SERVER = `from bfnet import Butterfly, ButterflyHandler, Net


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        butterfly.write(b"You said: " + data)

    return net
`;
