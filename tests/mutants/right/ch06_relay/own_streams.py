"""No bfnet at all: asyncio's streams, a dict of writers in a closure, `finally` for the goodbye."""

import asyncio


async def serve(bind, ssl_options):
    writers = {}

    def tell(message, *, but=None):
        for writer in [writer for name, writer in writers.items() if name != but]:
            writer.write(message)

    async def talk(reader, writer):
        name = None
        try:
            writer.write(b"Nickname: ")
            answer = await reader.read(65536)
            if not answer:
                return
            name = answer.replace(b"\r", b"").replace(b"\n", b"")
            tell(name + b" has joined the room\n")
            writers[name] = writer
            while data := await reader.read(65536):
                tell(b"%b: %b" % (name, data), but=name)
        except ConnectionError:
            pass  # a reset is a way to leave, too
        finally:
            if writers.pop(name, None):
                tell(name + b" has left the room.\n")
            writer.close()

    return await asyncio.start_server(talk, *bind, ssl=context(ssl_options))


def context(ssl_options):
    if ssl_options is None:
        return None
    import ssl

    certificate, key, _ = ssl_options
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made
