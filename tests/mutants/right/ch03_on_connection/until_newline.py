"""Reads until the newline has come, in a nested coroutine, and drains the prompt first."""

from bfnet import ButterflyHandler


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        async def line():
            received = bytearray()
            while not received.endswith(b"\n"):
                piece = await butterfly.read()
                if not piece:
                    return None
                received += piece
            return bytes(received)

        butterfly.write(b"Nick")
        butterfly.write(b"name: ")
        await butterfly.drain()
        answer = await line()
        if answer is None:
            return
        nick = b"".join(answer.split(b"\r")).split(b"\n")[0]
        self.logger.info(f"{str(nick, 'utf-8')} has joined")


async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    return await handler.create_server(bind, ssl_options)
