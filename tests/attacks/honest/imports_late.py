# Does: imports inside its functions, and annotates what is imported only for types.
# Base: alone
from __future__ import annotations
from typing import TYPE_CHECKING, TypeAlias
if TYPE_CHECKING:
    from bfnet import Butterfly, Net
Pair: TypeAlias = "tuple[Butterfly, object]"
__all__ = ["serve", "main"]
def __getattr__(name):
    if name == "VERSION":
        import importlib.metadata
        return "1"
    raise AttributeError(name)
from bfnet import ButterflyHandler
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly) -> None:
        import sqlite3, decimal, xml.etree.ElementTree, email.message, http.client
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode(errors='replace')} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    async def on_disconnect(self, butterfly: Butterfly) -> None:
        import statistics
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        self.butterflies.pop(butterfly.nick)[1].cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")
async def serve(bind, ssl_options) -> Net:
    net = await ChatHandler.get_handler().create_server(bind, ssl_options)
    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler) -> None:
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + data)
    return net
def main(argv=None) -> int:
    return 0
if __name__ == "__main__":
    raise SystemExit(main())
