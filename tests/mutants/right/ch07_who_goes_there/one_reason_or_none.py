"""One function gives the reason to turn a name away, or none. Everything is nested in serve, and
a set of names is kept beside the dict.
"""

import re

from bfnet import ButterflyHandler


async def serve(bind, ssl_options):
    names = set()

    def refusal(nick):
        try:
            text = str(nick, "utf-8")
        except ValueError:  # the base of UnicodeDecodeError
            return "not allowed"
        if text.strip() != text or not text or len(text) > 20:
            return "not allowed"
        if not all(map(str.isprintable, text)) or text.count(":"):
            return "not allowed"
        return "taken" if nick in names else None

    class Door(ButterflyHandler):
        async def on_connection(self, newcomer):
            newcomer.write(b"Nickname: ")
            nick = b"".join((await newcomer.read()).split(b"\n")).replace(b"\r", b"")
            reason = refusal(nick)
            if reason is not None:
                newcomer.write(f"That name is {reason}.\n".encode())
                newcomer.stop()
                return
            names.add(nick)
            newcomer.nick = nick
            for there, _future in self.butterflies.values():
                there.write(b"%s has joined the room\n" % nick)
            self.butterflies[nick] = (newcomer, self.begin_handling(newcomer))

        async def on_disconnect(self, leaver):
            if not hasattr(leaver, "nick"):
                return
            names.discard(leaver.nick)
            _, future = self.butterflies.pop(leaver.nick)
            future.cancel()
            for there, _future in self.butterflies.values():
                there.write(b"%s has left the room.\n" % leaver.nick)

    net = await Door.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def relay(data, butterfly, handler):
        words = data.decode("utf-8", "replace")
        if words.endswith("\n"):
            words = words[:-1]
        words = re.sub(r"\n", " ", words)
        data = "".join([letter for letter in words if letter.isprintable()]).encode() + b"\n"
        for there, _future in handler.butterflies.values():
            if there != butterfly:
                there.write(butterfly.nick + b": " + data)

    return net
