"""The room: what a test, a notebook and a reader use to talk to a server.

Every call sends one command to the world behind the room and returns when the world is at rest. So
a test is a list of plain lines and never waits. Everything random (names, texts, a client's
latency, how bytes are cut in flight) is drawn here from the seed, and what was received is compared
here. The program under test has no part in either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import NoReturn, TypeVar

from room.cast import Cast
from room.contract import Command, Note, Reply, Serve, World, WorldFailure, Worlds
from room.diagram import Diagram, diagram_of
from room.drawing import Drawing, Sent, draw
from room.failure import RoomFailure
from room.in_process import InProcess
from room.proof import missing_proofs
from room.recorded import Recorded
from room.script import Script
from room.transcript import count, on_screen, transcript
from simnet import Event, Weather, calm, choppy

WEATHERS = {"calm": calm, "choppy": choppy}
T = TypeVar("T")

NOTHING = "nothing"  # in a failure: what was received
MOST_LOGGED = 5  # lines of the log in a failure


def open_room(serve: Serve | Path | Worlds, seed: int = 0, weather: str = "calm") -> Room:
    """Return a room on `serve`, simulated in this process. A `with` statement stops it.

    The path is that of a recording (recorded.py). Other worlds are opened as they are.
    """
    if isinstance(serve, Path):
        worlds: Worlds = Recorded(serve)
    else:
        worlds = serve if isinstance(serve, Worlds) else InProcess(serve)
    room = Room(worlds.open(), seed, weather)
    room.serve = serve if callable(serve) else None
    return room


class Room:
    """One server and its clients, from the first connection to `stop()`.

    `weather` is "calm" or "choppy". With `guard`, what the program changes in our code is put back
    before each command; with `undo`, what it changes in Python's own reports too. Every method can
    raise `RoomFailure`: an expectation did not hold, or the program hung, crashed or could not be
    imported, for example. The failure's text includes `rule` and `hint_task`.
    """

    def __init__(
        self,
        world: World,
        seed: int = 0,
        weather: str = "calm",
        test: str = "",
        guard: bool = False,
        undo: bool = False,
    ) -> None:
        self.serve: Serve | None = None  # if the room was opened on a function
        self.asked: list[Command] = []  # what clients and the clock did, whatever the weather
        self.rule = ""
        self.hint_task = ""
        self.events: list[Event] = []
        self.sent: list[Sent] = []  # what clients wrote, before it is cut and joined
        self.notes: list[Note] = []
        self.printed = ""
        self.time = 0.0  # virtual seconds since the room was opened
        self.forgiven: set[str] = set()
        self.clients: dict[str, Client] = {}
        self._world = world
        self._seed = seed
        self._weather_name = weather
        self._weather: Weather = WEATHERS[weather](seed)
        self._cast = Cast(seed, test)
        self._butterflies: dict[str, str] = {}
        self._holders: dict[str, str] = {}
        self._broken: RoomFailure | None = None
        self._stopped = False
        self._ended: int | None = None  # events before the room stopped the server
        self._acts: list[Command] | None = None  # gathered by `at_once`
        self._perform(
            "the server", "a server that starts", {"do": "open", "guard": guard, "undo": undo}
        )

    def connect(self, name: str = "") -> Client:
        """Connect a new client and return it. Without a name, it gets one from `room.name()`."""
        label = self._label(name or self.name())
        client = Client(self, label)
        self.clients[label] = client
        self.asked.append({"do": "connect", "client": label})
        command = {"do": "connect", "client": label, "latency": self._weather.latency()}
        reply = self._perform(label, "a connection", command)
        client.address = reply.address
        if any(event.kind == "refused" for event in reply.events):
            self._fail(label, "a connection", "nobody listens: the connection was refused")
        return client

    def join(self, name: str = "") -> Client:
        """Connect a new client, expect `Nickname: `, answer it, and return the client."""
        name = name or self.name()
        client = self.connect(name)
        client.expect("Nickname: ")
        client.send(f"{name}\n")
        return client

    def name(self, word: bool = False) -> str:
        """Return a name that nobody in this room has used, dealt from the seed (cast.py).

        With `word`, the name has no spaces in it.
        """
        return self._cast.name(word)

    def text(self) -> str:
        """Return something to say, dealt from the seed, without a newline."""
        return self._cast.text()

    def pick(self, those: Sequence[T]) -> T:
        """Return one of them, dealt from the seed: ten seeds pick each of up to ten."""
        return self._cast.pick(those)

    def how_many(self, least: int, most: int) -> int:
        """Return a number from `least` to `most`, dealt from the seed."""
        return self._cast.how_many(least, most)

    def pause(self) -> None:
        """Let someone think: virtual time passes, from none to an hour, dealt from the seed."""
        self.sleep(self._cast.pause())

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let what clients send in this block, and how they leave, arrive in one turn of the loop.

        The block can contain only actions of clients, and no expectations. Over TLS all of it is
        sent without waiting, and whether it arrives in one turn is a matter of luck. A test that
        depends on that is marked `@pytest.mark.simulated`.
        """
        acts: list[Command] = []
        self._acts = acts
        before = len(self.asked)
        try:
            yield
        finally:
            self._acts = None
            self.asked[before:] = [{"do": "at once", "acts": self.asked[before:]}]
        self._perform("the server", "what was sent to arrive", {"do": "at once", "acts": acts})

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of virtual time pass. In no other call do the server's own timers run."""
        expected = f"{seconds:g} seconds to pass"
        command = {"do": "sleep", "seconds": seconds}
        self.asked.append(command)
        self._perform("the server", expected, command)

    def log(self) -> list[tuple[str, str]]:
        """Return what the server has logged so far, as (level, message)."""
        return [(note.level, note.message) for note in self.notes if note.kind == "log"]

    def expect_logged(self, level: str, message: str) -> None:
        """Expect exactly one line with this level and text in the log so far."""
        lines = self.log()
        if lines.count((level, message)) == 1:
            return
        self._fail("", f"in the log, once:  {level} {message}", _logged(lines))

    def expect_not_logged(self, words: str) -> None:
        """Expect that no line of the log so far contains these words."""
        lines = self.log()
        if any(words in message for _, message in lines):
            self._fail("", f"in the log, nowhere:  {words}", _logged(lines))

    def expect_registered(self, *keys: str) -> None:
        """Expect exactly these keys in `handler.butterflies`, in any order."""
        registered = sorted(self._butterflies)
        if registered != sorted(keys):
            self._fail("", _registered(sorted(keys)), _registered(registered))

    def expect_finished(self, method: str) -> None:
        """Expect that no call of this method, "on_connection" or "on_disconnect", still waits."""
        for note in self.waiting():
            if note.type == method:
                self._fail(
                    "",
                    f"{method} to finish",
                    f"it is still waiting in line {note.line}, for {note.message}",
                )

    def waiting(self) -> list[Note]:
        """Return where the server's own code waits now, one note for each task of it.

        A note's `type` is the call, such as "on_connection", and its message says for what.
        """
        notes = self._perform("", "", {"do": "look"}).notes
        return [note for note in notes if note.kind == "waiting"]

    def forgive(self, exception: str) -> None:
        """Let no exception of this class fail the test, because it causes one on purpose."""
        self.forgiven.add(exception)

    def forgive_everything(self) -> None:
        """Let no exception fail the test. Only what it expects counts."""
        self.forgiven = Everything()

    @property
    def forgives_everything(self) -> bool:
        """Whether `forgive_everything` was called."""
        return isinstance(self.forgiven, Everything)

    def butterflies(self) -> dict[str, str]:
        """Return the keys of `handler.butterflies`, each with the state of its future.

        The state is "pending", "done", "cancelled" or "failed".
        """
        return dict(self._butterflies)

    def holders(self) -> dict[str, str]:
        """Return the keys of `handler.butterflies`, each with the name of its butterfly's client.

        The name is "" if that is not known: the program has to run in this process.
        """
        names = {client.address: client.name for client in self.clients.values()}
        return {key: names.get(self._holders.get(key, ""), "") for key in self._butterflies}

    def conversation(self) -> list[Event]:
        """Return what happened so far, without how the server hangs up when the room stops it."""
        return self.events[: self._ended]

    def transcript(self) -> str:
        """Return the conversation so far, one line for each event."""
        return transcript(self.conversation())

    def diagram(self, caption: str = "") -> Diagram:
        """Draw the conversation so far, with a caption below it."""
        return replace(diagram_of(self.drawing(caption)), script=self.script())

    def drawing(self, caption: str = "") -> Drawing:
        """Return the conversation so far as the data that a picture is drawn from."""
        return draw(self.conversation(), caption, sent=self.sent)

    def script(self) -> Script:
        """Return what makes the conversation so far again."""
        return Script(self.serve, self._seed, self._weather_name, tuple(self.asked))

    def expect_reports(self) -> None:
        """Expect that troubles of the program would be reported: ask for some, and look for them.

        Raises `RoomFailure` if one does not arrive.
        """
        if self._stopped:
            return
        token = token_hex(8)
        known = len(self.notes)
        self._perform("", "", {"do": "prove", "token": token})
        proofs = [note for note in self.notes[known:] if token in note.message]
        self.notes[known:] = [note for note in self.notes[known:] if note not in proofs]
        if missing := missing_proofs(proofs, token):
            message = f"the program hides what is reported about it: {', '.join(missing)}"
            raise self._failure("", "", message, WorldFailure("hides", message))

    def stop(self) -> None:
        """Stop the server and close the room.

        Raises `RoomFailure` when a client has not read all that it received.
        """
        if self._broken is not None:
            raise self._broken
        if self._stopped:
            return
        unread = {client: client.unread for client in self.clients.values() if client.unread}
        self._ended = len(self.events)
        self._perform("the server", "a server that stops", {"do": "stop"})
        self.close()
        for client, data in unread.items():
            self._fail(client.name, "nothing more, at the end", data)

    def close(self) -> None:
        """Release the world without checking anything."""
        self._stopped = True
        self._world.close()

    def __enter__(self) -> Room:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.stop()
        self.close()

    def _label(self, name: str) -> str:
        """Return the name of a client in the transcript. A second Ada is `Ada (2)`."""
        self._cast.reserve(name)
        label, number = name, 1
        while label in self.clients or label == "server":
            number += 1
            label = f"{name} ({number})"
        return label

    def _perform(self, client: str, expected: str, command: Command) -> Reply:
        """Perform a command, pass its events to the clients they reached, and return the reply."""
        if self._broken is not None:
            raise self._broken
        try:
            reply = self._world.perform(command)
        except WorldFailure as wrong:
            self.notes.extend(wrong.notes)
            self.printed += wrong.printed
            self._broken = self._failure(client, expected, wrong.message, wrong)
            self.close()
            raise self._broken from wrong
        self.events.extend(reply.events)
        self.notes.extend(reply.notes)
        self.printed += reply.printed
        self.time = reply.time
        self._butterflies = dict(reply.butterflies)
        self._holders = dict(reply.holders)
        for event in reply.events:
            if event.target in self.clients:
                self.clients[event.target]._arrived(event)
        return reply

    def _fail(self, client: str, expected: bytes | str, received: bytes | str) -> NoReturn:
        if not self._stopped:
            with suppress(WorldFailure):
                self.notes.extend(self._world.perform({"do": "look"}).notes)
        raise self._failure(client, expected, received, None)

    def _failure(
        self, client: str, expected: bytes | str, received: bytes | str, wrong: WorldFailure | None
    ) -> RoomFailure:
        failure = RoomFailure(
            client=client,
            expected=expected,
            received=received,
            rule=self.rule,
            transcript=self.transcript(),
            notes=tuple(self.notes),
            hint_task=self.hint_task,
            wrong=wrong,
        )
        failure.printed = self.printed
        failure.let_in = self._registered_as(client)
        failure.wrote_to = self._wrote_last_to(client)
        return failure

    def _registered_as(self, client: str) -> str:
        """Return the client's last line, if it is a key of the registry; else ""."""
        said = next((e.data for e in reversed(self.events) if _is_said(e, client)), None)
        if said is None:
            return ""
        given = said.translate(None, b"\r\n").decode(errors="backslashreplace")
        return f'"{on_screen(given)}"' if given in self._butterflies else ""

    def _wrote_last_to(self, client: str) -> str:
        """Return another client that the server wrote to after the clients' last action; or ""."""
        for event in reversed(self.events):
            if event.source != "server":
                return ""
            if event.kind == "data" and event.target != client:
                return event.target
        return ""


class Everything(set[str]):
    """The set of all exceptions there are."""

    def __contains__(self, exception: object) -> bool:
        return True


class Client:
    """A client of the room's server. `room.connect()` makes it."""

    def __init__(self, room: Room, name: str) -> None:
        self.name = name
        self.address = ""  # "ip:port", as the server sees it
        self.unread = b""
        self._room = room
        self._hung_up = False  # the server did
        self._left = False  # this client did

    def send(self, *data: str | bytes) -> None:
        """Send data, one write for each argument. Text is sent as UTF-8."""
        writes = [_bytes(piece) for piece in data]
        self._room.sent.extend(Sent(self.name, write) for write in writes)
        self._room.asked.append({"do": "send", "client": self.name, "pieces": writes})
        pieces = self._room._weather.travel(writes)
        self._perform("the bytes to arrive", {"do": "send", "client": self.name, "pieces": pieces})

    def expect(self, data: str | bytes) -> None:
        """Expect that exactly this was received since the last expectation."""
        wanted = _bytes(data)
        if self.unread != wanted:
            self._room._fail(self.name, wanted, self._what_came())
        self.unread = b""

    def expect_not(self, data: str | bytes) -> None:
        """Expect that this was not received since the last expectation, whatever else was."""
        unwanted = _bytes(data)
        if unwanted in self.unread:
            self._room._fail(self.name, f"anything but {unwanted!r}", self._what_came())
        self.unread = b""

    def expect_silence(self) -> None:
        """Expect that nothing was received and that the server has not hung up."""
        if self.unread or (self._hung_up and not self._left):
            self._room._fail(self.name, "silence", self._what_came())

    def expect_closed(self) -> None:
        """Expect that nothing is unread and that the server has hung up."""
        if self.unread or not self._hung_up:
            came = self.unread or "nothing more, and the connection stays open"
            self._room._fail(self.name, "the server to hang up", came)

    def received(self) -> bytes:
        """Return what is unread, and mark it as read."""
        data, self.unread = self.unread, b""
        return data

    def close(self) -> None:
        """Hang up."""
        self._left = True
        self._do("close", "the connection to end")

    def half_close(self) -> None:
        """Finish sending, and go on receiving."""
        self._left = True
        self._do("eof", "the end of file to arrive")

    def reset(self) -> None:
        """Reset the connection."""
        self._left = True
        self._do("reset", "the reset to arrive")

    def stop_reading(self) -> None:
        """Stop reading. What the server sends stays in its buffers and the network's."""
        self._do("pause", "the client to stop reading")

    def resume_reading(self) -> None:
        """Read again after `stop_reading`."""
        self._do("resume", "the client to read again")

    def __repr__(self) -> str:
        return f"<Client {self.name} at {self.address}>"

    def _do(self, what: str, expected: str) -> None:
        command = {"do": what, "client": self.name}
        self._room.asked.append(command)
        self._perform(expected, command)

    def _perform(self, expected: str, command: Command) -> None:
        if self._room._acts is None:
            self._room._perform(self.name, expected, command)
        else:
            self._room._acts.append(command)

    def _arrived(self, event: Event) -> None:
        if event.kind == "data":
            self.unread += event.data
        elif event.kind in ("eof", "close", "reset"):
            self._hung_up = True

    def _what_came(self) -> bytes | str:
        if self.unread:
            return self.unread
        return "nothing: the server hung up" if self._hung_up else NOTHING


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else bytes(data)


def _is_said(event: Event, client: str) -> bool:
    return event.source == client and event.kind == "data"


def _registered(keys: list[str]) -> str:
    return f"in butterflies: {', '.join(keys) or 'nobody'}"


def _logged(lines: list[tuple[str, str]]) -> str:
    shown = [f"{level} {on_screen(message)}" for level, message in lines[-MOST_LOGGED:]]
    left_out = len(lines) - len(shown)
    before = [f"({count(left_out, 'earlier line')} left out)"] if left_out else []
    listed = [*before, *shown] or ["nothing"]
    return "in the log:\n" + "\n".join(f"  {line}" for line in listed)
