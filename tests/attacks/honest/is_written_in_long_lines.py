# Does: writes as much as it can into each line.
# Base: alone
from bfnet import Butterfly as B, ButterflyHandler as H; import asyncio as a
class C(H):
 async def on_connection(s, b): b.write(b"Nickname: "); n = (await b.read()).translate(None, b"\r\n"); s.logger.info(n.decode(errors="replace") + " has joined"); [o.write(n + b" has joined the room\n") for o, _ in s.butterflies.values()]; setattr(b, "nick", n); s.butterflies[n] = b, s.begin_handling(b)
 async def on_disconnect(s, b):
  if not hasattr(b, "nick"): s.logger.warning("Connection cancelled before on_connect finished!"); return
  s.butterflies.pop(b.nick)[1].cancel(); s.logger.info(b.nick.decode(errors="replace") + " has left"); [o.write(b.nick + b" has left the room.\n") for o, _ in s.butterflies.values()]
async def serve(bind, ssl_options):
 n = await C.get_handler().create_server(bind, ssl_options)
 async def r(d, b, h): [o.write(b.nick + b": " + d) for o, _ in h.butterflies.values() if o is not b]
 n.any_data(r); return n
