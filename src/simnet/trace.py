"""What happened on the network, in the order in which it arrived.

An event is noted where it arrives, because that is when a program can know of it: bytes when they
are read, everything else when it reaches the other end. Nothing that was lost is in a trace.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, overload

LONGEST_SHOWN = 72  # bytes of one read that text() shows before it says how many there were


class Event(NamedTuple):
    """One arrival. `time` is in virtual seconds; `data` is empty unless `kind` is "data".

    Kinds: "connect", "refused" (from the address where nobody listens), "data", "eof" (that side
    writes no more), "close" (it hung up), "reset" (it broke the connection off).
    """

    time: float
    source: str
    target: str
    kind: str
    data: bytes = b""


class Trace(Sequence[Event]):
    """A sequence of `Event`; `names` maps an address such as "127.0.0.1:50001" to a name."""

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
        """Add what arrived at `target` from `source`, both (host, port), under their names."""
        # Microseconds: sums of latencies would otherwise show the dust of binary fractions.
        event = Event(round(time, 6), self._name(source), self._name(target), kind, data)
        self._events.append(event)

    def text(self) -> str:
        """The conversation, one line an event."""
        return "".join(_line(event) for event in self._events)

    def to_json(self) -> str:
        """The trace as JSON, one event a line; bytes are written as the latin-1 text of them."""
        rows = ",\n".join(
            json.dumps([*event[:4], event.data.decode("latin-1")]) for event in self._events
        )
        return f'{{"names": {json.dumps(self.names)}, "events": [\n{rows}\n]}}\n'

    @classmethod
    def from_json(cls, text: str) -> "Trace":
        """The trace that `to_json` wrote. Raises ValueError when `text` is no such thing."""
        try:
            document = json.loads(text)
            events = [
                Event._make([*row[:4], row[4].encode("latin-1")]) for row in document["events"]
            ]
            return cls(events, document["names"])
        except (KeyError, TypeError, IndexError, AttributeError, ValueError) as problem:
            raise ValueError(f"this is not a trace as Trace.to_json writes it: {problem}") from None

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
