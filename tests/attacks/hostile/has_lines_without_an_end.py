# Tries: to keep the judge busy with a comparison of its lines and the starter's.
# Form: lines


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        raise ValueError
