"""What happened on the network, in order of arrival.

An event is recorded when a program can notice it: bytes and the end of a stream when they are read,
everything else when it reaches the other end. What is lost on the way is not in a trace.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, overload

LONGEST_SHOWN = 72  # bytes; of a longer read, text() shows only these and the total number


class Event(NamedTuple):
    """One arrival. `time` is in virtual seconds; `data` is empty unless `kind` is "data".

    Kinds: "connect", "refused" (from the address where nobody listens), "data", "eof" (the source
    finished sending), "close" (the source hung up), "reset" (the source reset the connection).
    """

    time: float
    source: str
    target: str
    kind: str
    data: bytes = b""


class Trace(Sequence[Event]):
    """A sequence of `Event`. `names` maps an address such as "127.0.0.1:50001" to a name."""

    def __init__(
        self, events: Iterable[Event] = (), names: Mapping[str, str] | None = None
    ) -> None:
        self.names = dict(names or {})
        self._events = list(events)

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        return self._events[index]

    def record(
        self,
        time: float,
        source: tuple[str, int],
        target: tuple[str, int],
        kind: str,
        data: bytes = b"",
    ) -> None:
        """Add an event. A (host, port) address is replaced by its name, if it has one."""
        # In whole microseconds, because sums of latencies have binary rounding errors.
        event = Event(round(time, 6), self._name(source), self._name(target), kind, data)
        self._events.append(event)

    def text(self) -> str:
        """Return the conversation, one line for each event."""
        return "".join(_line(event) for event in self._events)

    def _name(self, address: tuple[str, int]) -> str:
        text = f"{address[0]}:{address[1]}"
        return self.names.get(text, text)


def _line(event: Event) -> str:
    what = event.kind
    if event.kind == "data":
        what = repr(event.data[:LONGEST_SHOWN])
    if len(event.data) > LONGEST_SHOWN:
        what += f"... {len(event.data)} bytes"
    return f"{event.time:9.6f}  {event.source} -> {event.target}  {what}\n"
