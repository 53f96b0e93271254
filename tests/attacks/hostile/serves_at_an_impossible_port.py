# Tries: to break the judge's client with a port that does not exist.
# Base: starter
# Worlds: tls
class Served:
    port = 99_999
    handler = None

    def close(self):
        pass


async def serve(bind, ssl_options):
    return Served()
