"""Chapter 3 with a task of its own for the answer."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, and log who has joined."""
        butterfly.write(b"Nickname: ")
        import asyncio

        async with asyncio.TaskGroup() as group:
            reading = group.create_task(butterfly.read())
        answer = reading.result()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    return await handler.create_server(bind, ssl_options)


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
