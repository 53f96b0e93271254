"""A network made of Python objects, and an asyncio loop in virtual time to run programs on it.

Where to look, from a program downwards:

- `loop.py`       the event loop: a clock that jumps, what may happen next, `settle` and `advance`
- `transport.py`  what asyncio does with a connection: callbacks, the write buffer, flow control
- `network.py`    what the kernel does with it: ports, receive buffers, FIN, RST, bytes on their way
- `weather.py`    how long bytes travel, and how writes are cut and joined into reads
- `trace.py`      what arrived where, and when
- `stall.py`      the report when nothing can ever happen again

Standard library only; it opens no socket and starts no thread, so it runs in a browser too.
"""

from simnet.loop import NotSimulated, SimulatedLoop
from simnet.stall import Stalled
from simnet.trace import Event, Trace
from simnet.weather import Weather, calm, choppy

__all__ = [
    "Event",
    "NotSimulated",
    "SimulatedLoop",
    "Stalled",
    "Trace",
    "Weather",
    "calm",
    "choppy",
]
