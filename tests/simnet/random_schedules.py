"""Random conversations, each held twice: on the simulated network and on TLS sockets.

    python -m tests.simnet.random_schedules [--seconds 60] [--seed 0]

One seed makes one schedule: who connects, says what, stops reading, leaves in which way, and when.
The program is a bfnet server whose answers are short, long or late. After each command both worlds
are at rest, and then the clients have received the same, the same are registered, the log has the
same lines, and at the end the same is left over. A difference is printed with its seed and its
commands, as short as they could be made, and the exit status is 1.

Not compared, because TCP promises none of it: how a stream is cut into reads; how much the system
holds for a client that has stopped reading; and what reaches a client that leaves meanwhile.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.certificate import development_certificate
from room import Room, RoomFailure
from room.contract import Worlds
from room.worlds.simulated import Child
from room.worlds.tls import Tls

PROGRAM = """
import asyncio
from bfnet import ButterflyHandler


class Handler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.rest = b""
        butterfly.name = ""
        butterfly.said_bye = False
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly):
        await super().on_disconnect(butterfly)
        if butterfly.name:
            self.logger.info("%s has left", butterfly.name)


async def serve(bind, ssl_options):
    net = await Handler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def lines(data, butterfly, handler):
        *whole, butterfly.rest = (butterfly.rest + data).split(b"\\n")
        for line in whole:
            if not butterfly.said_bye:  # one read may have what follows, and another may not
                await obey(line, butterfly, handler)

    return net


async def obey(line, butterfly, handler):
    what, _, rest = line.partition(b" ")
    if what == b"name":
        butterfly.name = rest.decode()
        handler.logger.info("%s is here", butterfly.name)
    elif what == b"echo":
        butterfly.write(rest + b"\\n")
    elif what == b"all":
        for other, _ in handler.butterflies.values():
            other.write(rest + b"\\n")
    elif what == b"long":
        butterfly.write(b"x" * int(rest))
    elif what == b"late":
        await asyncio.sleep(float(rest))
        butterfly.write(b"late\\n")
    elif what == b"bye":
        butterfly.said_bye = True
        butterfly.write(b"bye\\n")
        butterfly.stop()
"""

LATE = 10.0  # virtual seconds by which a late answer is late
NAP, NAPS = 0.3, 45  # longer together than anything that the program or bfnet waits for
MOST_CLIENTS = 4
MOST_COMMANDS = 25


@dataclass(frozen=True)
class Act:
    """One command of a schedule. `client` is the number of a client, in the order of connecting."""

    what: str
    client: int = 0
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = (line if len(line) < 40 else f"{line[:20]}... ({len(line)})" for line in self.lines)
        return f"{self.what} {self.client} {' | '.join(lines)}".rstrip()


@dataclass
class Outcome:
    """What a world has shown after each command, and at the end."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""


def schedule(seed: int) -> list[Act]:
    """The commands that this seed makes."""
    dealt = random.Random(seed)
    cast = [_Somebody(0)]
    acts = [Act("connect", 0)]
    for _ in range(dealt.randint(5, MOST_COMMANDS)):
        if len(cast) < MOST_CLIENTS and dealt.random() < 0.2:
            acts.append(Act("connect", len(cast)))
            cast.append(_Somebody(len(cast)))
            continue
        there = [somebody for somebody in cast if not somebody.is_gone]
        if not there or dealt.random() < 0.12:
            acts.append(Act("sleep"))
            for somebody in cast:
                somebody.has_slept()
        else:
            acts.append(dealt.choice(there).next_act(dealt))
    return acts


class _Somebody:
    """A client of a schedule: it does what one in its state may do."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_gone = False
        self._sends_no_more = False
        self._reads = True
        self._was_late = False
        self._waits = False  # for a late answer, and with it for all that is answered after it
        self._said_bye = False

    def has_slept(self) -> None:
        self._waits = False

    def next_act(self, dealt: random.Random) -> Act:
        able = ["close", "reset"]
        if not self._sends_no_more:
            able += ["half_close", *["send"] * 12]
        if not self._said_bye:
            able += ["stop_reading", "resume_reading"] * 2
        what = dealt.choice(able)
        self.is_gone = what in ("close", "reset")
        self._sends_no_more = self._sends_no_more or what == "half_close"
        self._reads = what == "resume_reading" or (self._reads and what != "stop_reading")
        return Act(what, self.number, self._lines(dealt) if what == "send" else ())

    def _lines(self, dealt: random.Random) -> tuple[str, ...]:
        return tuple(self._line(dealt) for _ in range(dealt.randint(1, 3)))

    def _line(self, dealt: random.Random) -> str:
        kinds = ["echo hello", "all hello to all", f"name client{self.number}", "nonsense"]
        kinds += ["long 1", "long 1000"]
        if not self._was_late:  # how late the last of several is would add up
            kinds.append(f"late {LATE:g}")
        # A client that does not read, or that may have stopped reading before it is answered,
        # asks for little: or it would depend on how much a kernel holds.
        if self._reads and not self._waits:
            kinds += ["bye", "long 30000", "long 300000", "echo " + "y" * 5000]
        line = dealt.choice(kinds)
        if line.startswith("late"):
            self._was_late = self._waits = True
        self._said_bye = self._said_bye or line == "bye"
        return line


def play(worlds: Worlds, acts: list[Act], seed: int) -> Outcome:
    """Perform the schedule in a new room of one of the worlds."""
    outcome = Outcome()
    try:
        room = Room(worlds.open(), seed)
        watched = _Watched(room)
        for act in acts:
            watched.perform(act)
            outcome.steps.append(watched.seen())
        watched.resume_all()
        outcome.steps.append(watched.seen())
        watched.stop()
        outcome.steps.append({**watched.seen(), "left over": watched.left_over()})
    except RoomFailure as failure:
        outcome.failure = str(failure.received)
    return outcome


class _Watched:
    """A room, and what is compared of it."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._clients: dict[int, Any] = {}
        self._received: dict[int, bytes] = {}
        self._silent: set[int] = set()  # those of which nothing is compared for now
        self._gone: set[int] = set()

    def perform(self, act: Act) -> None:
        if act.what == "connect":
            self._clients[act.client] = self._room.connect(f"client{act.client}")
            self._received[act.client] = b""
        elif act.what == "sleep":
            self._sleep()
        elif act.what == "send":
            self._clients[act.client].send(*(line + "\n" for line in act.lines))
        else:
            getattr(self._clients[act.client], act.what)()
        if act.what == "stop_reading":
            self._silent.add(act.client)
        elif act.what == "resume_reading":
            self._silent.discard(act.client)
        elif act.what in ("close", "reset"):
            self._gone.add(act.client)

    def resume_all(self) -> None:
        for client in sorted(self._silent - self._gone):
            self._clients[client].resume_reading()
            self._silent.discard(client)
        self._sleep()

    def _sleep(self) -> None:
        """In naps, because on sockets clients read before and after time passes, and not during."""
        for _ in range(NAPS):
            self._room.sleep(NAP)

    def stop(self) -> None:
        for client in self._clients.values():
            client.received()
        self._room.stop()

    def seen(self) -> dict[str, Any]:
        for number, client in self._clients.items():
            self._received[number] += client.received()
        return {
            "received": {
                number: _short(data)
                for number, data in self._received.items()
                if number not in self._silent | self._gone
            },
            "hung up on": [
                number
                for number, client in self._clients.items()
                if client._hung_up and number not in self._silent | self._gone
            ],
            "registered": len(self._room.butterflies()),
            "log": sorted(self._room.log()),
        }

    def left_over(self) -> list[str]:
        kinds = ("exception", "leftover", "warning", "never awaited", "blocked")
        return sorted(note.kind for note in self._room.notes if note.kind in kinds)


def _short(data: bytes) -> str:
    return f"{len(data)} bytes, the last: {data[-30:]!r}"


def difference(one: Outcome, other: Outcome) -> str:
    """The first thing in which two outcomes differ, or nothing."""
    for number, (here, there) in enumerate(zip(one.steps, other.steps, strict=False)):
        for what in here:
            if here[what] != there[what]:
                return f"after command {number + 1}, {what}: {here[what]}  /  {there[what]}"
    if one.failure != other.failure or len(one.steps) != len(other.steps):
        return f"failure: {one.failure or 'none'}  /  {other.failure or 'none'}"
    return ""


class Comparison:
    """The two worlds, opened once and used for every schedule."""

    def __init__(self, folder: Path) -> None:
        file = folder / "program.py"
        file.write_text(PROGRAM)
        pems = development_certificate()
        self._simulated = Child(file)
        self._real = Tls(file, pems.certificate, pems.key, pems.authority)

    def difference(self, acts: list[Act], seed: int) -> str:
        return difference(play(self._simulated, acts, seed), play(self._real, acts, seed))

    def shortened(self, acts: list[Act], seed: int) -> list[Act]:
        """The same schedule without what the difference does not need."""
        for number in reversed(range(len(acts))):
            fewer = acts[:number] + acts[number + 1 :]
            if _is_possible(fewer) and self.difference(fewer, seed):
                acts = fewer
        return acts

    def close(self) -> None:
        self._simulated.close()
        self._real.close()


def _is_possible(acts: list[Act]) -> bool:
    connected: set[int] = set()
    for act in acts:
        if act.what == "connect":
            connected.add(act.client)
        elif act.what != "sleep" and act.client not in connected:
            return False
    return True


def differences(
    first: int, seconds: float, schedules: int = sys.maxsize
) -> Iterator[tuple[int, str, list[Act]]]:
    """Each difference that is found within this time: the seed, what differs, and the commands.

    A schedule without a difference comes with "" and no commands.
    """
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="schedules-") as folder:
        comparison = Comparison(Path(folder))
        try:
            for seed in range(first, first + schedules):
                if time.monotonic() >= until:
                    return
                acts = schedule(seed)
                found = comparison.difference(acts, seed)
                yield seed, found, comparison.shortened(acts, seed) if found else []
        finally:
            comparison.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--schedules", type=int, default=sys.maxsize, help="at most so many")
    options = parser.parse_args()
    count = wrong = 0
    for seed, found, acts in differences(options.seed, options.seconds, options.schedules):
        count += 1
        if found:
            wrong += 1
            print(f"seed {seed}: simulated / real, {found}", *acts, sep="\n    ", flush=True)
    print(f"{count} schedules, {wrong} of them end differently")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
