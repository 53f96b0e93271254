"""What a room costs: opening one in running worlds, and 14 calls to a chat server.

python benchmarks/room_cost.py [ROOMS]

It prints medians in milliseconds for each kind of world. An empty call is `room.sleep(0)`, a
command that does nothing. So the ratio is the cost of a conversation in round trips to the world.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from grader.certificate import development_certificate
from room import Room
from room.contract import Worlds
from room.in_process import InProcess
from room.worlds.simulated import Child
from room.worlds.tls import Tls

SERVER = Path(__file__).parents[1] / "solutions" / "ch06_relay.py"


def main() -> None:
    rooms = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    made = development_certificate()
    kinds: dict[str, Callable[[], Worlds]] = {
        "in process": lambda: InProcess(SERVER),
        "child": lambda: Child(SERVER),
        "tls": lambda: Tls(SERVER, made.certificate, made.key, made.authority),
    }
    print("ms            first room   open, talk, stop   empty call   ratio")
    for name, make in kinds.items():
        first, whole, empty = measure(make, rooms)
        print(f"{name:12}{first:12.2f}{whole:19.2f}{empty:13.3f}{whole / empty:8.0f}")


def measure(make: Callable[[], Worlds], rooms: int) -> tuple[float, float, float]:
    """Return the milliseconds of the first conversation, of a later one, and of an empty call."""
    begin = perf_counter()
    worlds = make()
    conversation(worlds)
    first = perf_counter() - begin
    whole = median(timed(lambda: conversation(worlds)) for _ in range(rooms))
    room = Room(worlds.open())
    empty = median(timed(lambda: room.sleep(0)) for _ in range(rooms))
    room.stop()
    worlds.close()
    return first * 1000, whole * 1000, empty * 1000


def conversation(worlds: Worlds) -> None:
    """Let three clients join, talk and leave, in 14 calls that reach the world."""
    room = Room(worlds.open())  # 1
    alice = room.join("alice")  # 2, 3
    bob = room.join("bob")  # 4, 5
    alice.expect("bob has joined the room\n")
    carol = room.join("carol")  # 6, 7
    bob.expect("carol has joined the room\n")
    alice.send("hello\n")  # 8
    bob.expect("alice: hello\n")
    bob.send("hello\n", "alice\n")  # 9
    carol.expect("alice: hello\nbob: hello\nbob: alice\n")
    room.sleep(1)  # 10
    carol.send("bye\n")  # 11
    carol.close()  # 12
    bob.expect("carol: bye\ncarol has left the room.\n")
    bob.reset()  # 13
    alice.received()
    room.stop()  # 14


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    begin = perf_counter()
    call()
    return perf_counter() - begin


if __name__ == "__main__":
    main()
