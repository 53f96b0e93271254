"""The door raises, and on_connection catches in one place. The default on_disconnect does the
removing, and names are text everywhere inside.
"""

from unicodedata import category

from bfnet import ButterflyHandler


class TurnedAway(Exception):
    pass


def name_of(answer, taken):
    try:
        name = answer.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise TurnedAway("That name is not allowed.") from error
    if not 0 < len(name) < 21 or name[0] == " " or name[-1] == " ":
        raise TurnedAway("That name is not allowed.")
    for character in name:
        if character == ":" or (character != " " and category(character)[0] in "CZ"):
            raise TurnedAway("That name is not allowed.")
    if name in taken:
        raise TurnedAway("That name is taken.")
    return name


def harmless(data):
    *lines, last = str(data, "utf-8", "replace").split("\n")
    said = [*lines, last] if last else lines
    return " ".join("".join(filter(str.isprintable, line)) for line in said)


class Handler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        try:
            butterfly.nick = name_of(answer, self.butterflies)
        except TurnedAway as reason:
            butterfly.write(f"{reason}\n".encode())
            butterfly.stop()
        else:
            self.let_in(butterfly)

    def let_in(self, butterfly):
        for other, _ in self.butterflies.values():
            other.write(f"{butterfly.nick} has joined the room\n".encode())
        self.butterflies[butterfly.nick] = butterfly, self.begin_handling(butterfly)

    async def on_disconnect(self, butterfly):
        await super().on_disconnect(butterfly)
        if hasattr(butterfly, "nick"):
            for other, _ in self.butterflies.values():
                other.write(f"{butterfly.nick} has left the room.\n".encode())


async def serve(bind, ssl_options):
    net = await Handler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def relay(data, butterfly, handler):
        everybody = [other for other, _ in handler.butterflies.values()]
        everybody.remove(butterfly)
        for other in everybody:
            other.write(butterfly.nick.encode())
            other.write(b": ")
            other.write(f"{harmless(data)}\n".encode())

    return net
