"""The data handlers are methods of an object, and text is a round trip through Latin-1."""

from dataclasses import dataclass

from bfnet import Butterfly, ButterflyHandler, Net


@dataclass
class Echo:
    net: Net
    goodbye: str = "Goodbye."

    def register(self) -> None:
        self.net.regexp_match(rb"quit\r?\n")(self.leave)
        self.net.any_data(self.repeat)

    async def leave(self, data: bytes, butterfly: Butterfly, handler: ButterflyHandler) -> None:
        print(self.goodbye)
        butterfly.write(f"{self.goodbye}\n".encode())
        return butterfly.stop()

    async def repeat(self, data: bytes, butterfly: Butterfly, handler: ButterflyHandler) -> None:
        text = data.decode("latin-1")
        match text:
            case "":
                return
            case _:
                butterfly.write(text.encode("latin-1"))


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)
    Echo(net).register()
    return net
