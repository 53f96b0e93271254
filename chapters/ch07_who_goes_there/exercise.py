"""Chapter 7: a server that checks at the door what strangers type."""

from bfnet import Butterfly, ButterflyHandler, Net

LONGEST = 20  # characters in a nickname


def allowed(nick: bytes) -> bool:
    """Return whether this name can be shown to everyone and imitates nobody."""
    # Task 7.1
    raise NotImplementedError("Task 7.1: turn away a name that is not allowed")


def signed(prefix: bytes, data: bytes) -> bytes:
    """Return what was said as one clean line, with `prefix` in front."""
    # Task 7.3
    raise NotImplementedError("Task 7.3: make one clean line of what is said")


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, and let it in if the name fits."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        if not allowed(nick):
            # Task 7.1
            raise NotImplementedError(
                "Task 7.1: turn away a name that is not allowed"
            )
        # Task 7.2
        raise NotImplementedError("Task 7.2: turn away a name that is taken")
        self.logger.info(f"{nick.decode()} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        data_loop = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, data_loop)

    async def on_disconnect(self, butterfly: Butterfly):
        """Forget the client that left, and tell the room."""
        if not hasattr(butterfly, "nick"):
            self.logger.warning(
                "Connection cancelled before on_connect finished!"
            )
            return
        _, data_loop = self.butterflies.pop(butterfly.nick)
        data_loop.cancel()
        self.logger.info(f"{butterfly.nick.decode()} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Pass on what one client says to all the others, as one clean line."""
        line = signed(butterfly.nick + b": ", data)
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(line)

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
