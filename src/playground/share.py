"""A conversation as the fragment of a link: what *Copy link* copies, and what a picture opens.

The other side is `playground/src/share.ts`. Both write JSON, deflated, in base64 for URLs.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode

from playground.actions import as_action
from room.script import Script

PREFIX = "#play="


def fragment(script: Script, source: str, name: str) -> str:
    """Return the fragment for a script. `source` defines its `serve`; `name` says what that is."""
    shared = {
        "version": 1,
        "chapter": name,
        "source": source,
        "weather": script.weather,
        "seed": script.seed,
        "actions": [as_action(command) for command in script.asked],
    }
    deflate = zlib.compressobj(9, wbits=-15)
    packed = deflate.compress(json.dumps(shared).encode()) + deflate.flush()
    return PREFIX + urlsafe_b64encode(packed).decode().rstrip("=")
