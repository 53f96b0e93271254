"""Letters are changed one by one, and question and receipt are written in parts."""

from bfnet import ButterflyHandler


def shout(data):
    return b"".join(
        letter.upper().encode() for letter in data.decode(encoding="utf8", errors="replace")
    )


async def take_order(order, butterfly):
    for word in ("milk", "? "):
        butterfly.write(word.encode())
    await butterfly.drain()
    answer = await butterfly.read()
    for part in (order, b"milk: ", answer):
        butterfly.write(part)


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.prefix_match(b"tea")
    async def tea(data, butterfly, handler):
        await take_order(data, butterfly)

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(shout(data))

    return net
