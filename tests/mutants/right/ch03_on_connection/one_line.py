"""Waits and cleans in one line, with parentheses around the await."""

from bfnet import ButterflyHandler


class AskingHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).translate(None, delete=b"\r\n")
        self.logger.info("%s has joined", nick.decode())


async def serve(bind, ssl_options):
    return await AskingHandler.get_handler().create_server(bind, ssl_options)
