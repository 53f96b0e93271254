"""bfnet: the chat server of chapter 6, unchanged, on the port and with the certificate given.

python bfnet_server.py asyncio|uvloop PORT [CERTIFICATE KEY]

It logs as `workbook` servers do: INFO, to stderr.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# This checkout's, whatever else is called bfnet; or that of another commit, see `compare`.
sys.path[:0] = [os.environ.get("BFNET_SOURCE", str(ROOT / "src")), str(ROOT)]

from solutions.ch06_relay import serve  # noqa: E402


async def main(port: str, *certificate_and_key: str) -> None:
    options = (*certificate_and_key, None) if certificate_and_key else None
    net = await serve(("127.0.0.1", int(port)), options)
    print(net.port, flush=True)
    await net.serve_forever()


logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
if sys.argv[1] == "uvloop":
    import uvloop

    uvloop.run(main(*sys.argv[2:]))
else:
    asyncio.run(main(*sys.argv[2:]))
