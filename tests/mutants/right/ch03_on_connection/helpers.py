"""Asks and cleans in methods and functions of its own, and works on text."""

from bfnet import ButterflyHandler

PROMPT = b"Nickname: "


def without_line_ends(text: str) -> str:
    return "".join(letter for letter in text if letter not in "\r\n")


class ChatHandler(ButterflyHandler):
    prompt = PROMPT

    async def ask(self, butterfly):
        butterfly.write(self.prompt)
        return await butterfly.read()

    async def on_connection(self, butterfly):
        answer = await self.ask(butterfly)
        if not answer:
            return
        self.logger.info(f"{without_line_ends(answer.decode())} has joined")


async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    return await handler.create_server(bind, ssl_options)
