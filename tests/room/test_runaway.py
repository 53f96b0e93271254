"""A program that never pauses is stopped from inside, at its line, where there are no threads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from room import Room, RoomFailure
from room.in_process import InProcess, call_alone
from room.runaway import Runaway, stopped_after

pytestmark = pytest.mark.skipif(sys.version_info < (3, 12), reason="there is no sys.monitoring")

SERVER = """\
import asyncio

from bfnet import ButterflyHandler


async def serve(bind, ssl_options):
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        WORK

    return net
"""


def code(source: str) -> object:
    return compile(source, "<program>", "exec")


@pytest.mark.parametrize("source", ["while True:\n    pass", "def f():\n    f()\nwhile 1:\n    f"])
def test_what_never_ends_is_stopped_and_the_line_is_known(source: str) -> None:
    with pytest.raises(Runaway) as stopped, stopped_after(0.05):
        exec(code(source))
    assert stopped.value.file == "<program>"
    assert stopped.value.line >= 1


def test_what_ends_in_time_is_left_alone_and_nothing_watches_afterwards() -> None:
    with stopped_after(5.0):
        exec(code("for _ in range(1000):\n    pass"))
    assert sys.monitoring.get_tool(2) is None


def test_a_block_inside_another_has_its_own_time() -> None:
    with stopped_after(0.2):
        for _ in range(3):
            with stopped_after(5.0):
                exec(code("import time\ntime.sleep(0.1)"))
        exec(code("for _ in range(10):\n    pass"))


@pytest.mark.parametrize(
    "work", ["while True: pass", "while True: await asyncio.sleep(0)", "[1 for _ in iter(int, 1)]"]
)
def test_a_room_says_where_its_server_never_ends(tmp_path: Path, work: str, monkeypatch) -> None:
    monkeypatch.setattr("room.in_process._call", call_alone)
    file = tmp_path / "server.py"
    file.write_text(SERVER.replace("WORK", work))
    room = Room(InProcess(file).open())
    alice = room.connect("alice")
    with pytest.raises(RoomFailure, match="line 12"):
        alice.send("hello\n")
    room.close()
