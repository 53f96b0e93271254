"""Turns commands and replies into JSON lines between the judge and the child process, and back.

Bytes travel as Latin-1 text: one character for each byte, readable in the usual case. The program
that is judged can write to the child's end of the pipe, so the judge treats a reply as hostile:
each field has to have its type and keep within its bounds. Names in a reply (a class, a level, a
key of the registry) may end up on a terminal, so characters that do not print are escaped.
"""

from __future__ import annotations

import json
from typing import Any

from room.contract import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_EVENTS,
    MOST_NOTES,
    Command,
    Note,
    Reply,
    SocketState,
    WorldFailure,
)
from simnet import Event

PIPES_CLOSED = 97  # the child's exit status when it can no longer write
KINDS = frozenset({"connect", "refused", "data", "eof", "close", "reset"})


class Malformed(ValueError):
    """A line that our code in the child would never write. The message says what is wrong."""


def command_line(command: Command, ticket: str) -> bytes:
    """Return the line for a command. A reply to this command has to repeat the `ticket`."""
    return _line({**command, "ticket": ticket})


def command_of(line: bytes) -> tuple[dict[str, Any], str]:
    """Return the command and its ticket. The child calls this."""
    command = _DECODER.decode(line.decode("utf-8", "surrogatepass"))
    for act in [command, *command.get("acts", ())]:
        if "pieces" in act:
            act["pieces"] = [piece.encode("latin-1") for piece in act["pieces"]]
    return command, command.pop("ticket")


_NOTED = len(Note._fields) - 1
"""How many fields of a note are sent: its `calls` are for pages that run the program themselves."""


def reply_line(reply: Reply, ticket: str) -> bytes:
    """Return the line for a reply to the command that had this ticket."""
    fields = {
        "time": reply.time,
        "events": [event_fields(event) for event in reply.events],
        "notes": [note[:_NOTED] for note in reply.notes],
        "butterflies": reply.butterflies,
        "address": reply.address,
        "sockets": reply.sockets,
    }
    return _line({"ticket": ticket, "reply": fields})


def failure_line(failure: WorldFailure, ticket: str) -> bytes:
    """Return the line that reports a failure of the command that had this ticket."""
    fields = ("kind", "message", "file", "line", "type", "notes")
    failed = {name: getattr(failure, name) for name in fields}
    failed["notes"] = [note[:_NOTED] for note in failure.notes]
    return _line({"ticket": ticket, "failure": failed})


def reply_of(line: bytes, ticket: str) -> Reply:
    """Return the reply in a line. The judge calls this.

    Raises `Malformed`, or the `WorldFailure` that the child reports.
    """
    try:
        message = _DECODER.decode(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Malformed("a line that is not JSON") from error
    if not isinstance(message, dict) or message.get("ticket") != ticket:
        raise Malformed("a line that answers nothing that was asked")
    if "failure" in message:
        raise _failure_of(message["failure"])
    fields = typed(message.get("reply"), dict)
    sockets = typed(fields.get("sockets"), dict)
    events = typed(fields.get("events"), list)
    if len(events) > MOST_EVENTS:
        raise WorldFailure("flood", f"the program made more than {MOST_EVENTS:,} events")
    return Reply(
        time=_seconds(fields.get("time")),
        events=tuple(event_of(event) for event in events),
        notes=_notes_of(fields.get("notes")),
        butterflies=_names(fields.get("butterflies")),
        address=_name(fields.get("address")),
        sockets={_port(port): _socket_of(state) for port, state in sockets.items()},
    )


def _line(message: dict[str, Any]) -> bytes:
    return _ENCODER.encode(message).encode("utf-8", "surrogatepass") + b"\n"


def _as_text(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("latin-1")
    raise TypeError(f"a {type(value).__name__} does not travel")


_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_text)


def typed(value: object, kind: type) -> Any:
    """Return the value, if it is exactly of this type. Raises `Malformed`."""
    if type(value) is not kind:
        raise Malformed(f"a {type(value).__name__} where a {kind.__name__} belongs")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value < 1e12:
        return float(value)
    raise Malformed("a time that is not a number of seconds")


def event_fields(event: Event) -> tuple[Any, ...]:
    """Return an event as `json.dumps` takes it. `event_of` reads it."""
    return (*event[:4], event.data.decode("latin-1"))


def event_of(fields: object) -> Event:
    """Return the event of `event_fields`. Raises `Malformed`."""
    time, source, target, kind, data = _fields(fields, 5)
    if typed(kind, str) not in KINDS:
        raise Malformed("an event of an unknown kind")
    try:
        raw = typed(data, str).encode("latin-1")
    except UnicodeEncodeError as error:
        raise Malformed("data that is not bytes") from error
    return Event(_seconds(time), typed(source, str), typed(target, str), kind, raw)


def _notes_of(value: object) -> tuple[Note, ...]:
    notes = typed(value, list)
    if len(notes) > MOST_NOTES:
        raise Malformed(f"{len(notes)} notes at once")
    return tuple(_note_of(_fields(note, _NOTED)) for note in notes)


def _note_of(fields: list[Any]) -> Note:
    kind, message, type_name, level, file, line = fields
    if len(typed(message, str)) > LONGEST_NOTE or len(typed(file, str)) > LONGEST_NAME:
        raise Malformed("a note of that length")
    return Note(typed(kind, str), message, _name(type_name), _name(level), file, typed(line, int))


def _failure_of(value: object) -> WorldFailure:
    fields = typed(value, dict)
    kind = typed(fields.get("kind"), str)
    if kind not in WorldFailure.KINDS - WorldFailure.OF_THE_JUDGE:
        raise Malformed("a failure of a kind that no program reports")
    message, file = (typed(fields.get(name), str) for name in ("message", "file"))
    line, type_name = typed(fields.get("line"), int), _name(fields.get("type"))
    return WorldFailure(kind, message, file, line, type_name, _notes_of(fields.get("notes")))


def _socket_of(value: object) -> SocketState:
    received, sent, waits, finish = _fields(value, 4)
    if finish not in ("", "eof", "close"):
        raise Malformed("a connection that finished in an unknown way")
    return SocketState(typed(received, int), typed(sent, int), typed(waits, bool), finish)


def _names(value: object) -> dict[str, str]:
    return {_name(key): _name(text) for key, text in typed(value, dict).items()}


def _name(value: object) -> str:
    if type(value) is str and value.isprintable() and len(value) <= LONGEST_NAME:
        return value  # as nearly all do
    name: str = typed(value, str)
    if len(name) > LONGEST_NAME:
        raise Malformed("a name of that length")
    escaped = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return "".join(escaped)


def _fields(value: object, count: int) -> list[Any]:
    fields: list[Any] = typed(value, list)
    if len(fields) != count:
        raise Malformed(f"{len(fields)} fields where {count} belong")
    return fields


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise Malformed("a port that is not a number")
    return int(text)
