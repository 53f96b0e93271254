"""A network made of Python objects, and an asyncio event loop in virtual time to run programs on.

The files, from the program down to the network:

- `loop.py`       the event loop: a clock that jumps, what happens next, `settle` and `advance`
- `transport.py`  asyncio's side of a connection: callbacks, the write buffer, flow control
- `network.py`    the kernel's side: ports, receive buffers, FIN, RST, bytes in flight
- `weather.py`    how long bytes travel, and how writes are cut and joined into reads
- `trace.py`      what arrived where, and when
- `stall.py`      the report when nothing can ever happen again

It needs only the standard library. It opens no socket and starts no thread, so it also runs in a
browser.
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
