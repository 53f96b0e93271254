# Tries: to make the judge look for a line of its program in a device without an end.
exec(compile("def fail():\n    raise ValueError", "/dev/zero", "exec"))


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        fail()
