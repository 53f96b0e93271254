"""The page `from-2015-to-today`: its slips do what its answers say. No notebook is made of it, so
this is where they are run.
"""

import gc
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from bfnet import ButterflyHandler, Net
from room import Room, open_room

PAGE = Path(__file__).parents[2] / "chapters" / "from-2015-to-today.md"


def test_a_method_without_self_fails_when_somebody_rings():
    with open_room(house("1. Nobody opens")) as room:
        room.connect("Ann")
        assert exceptions(room) == [answer("1. Nobody opens")]


def test_strip_is_called_on_a_coroutine():
    with open_room(house("2. Who is there?")) as room:
        ann = room.connect("Ann")
        ann.expect("Who is there? ")
        assert exceptions(room) == [answer("2. Who is there?")]
    del room, ann
    with warnings.catch_warnings():  # in a later test, the coroutine would warn
        warnings.simplefilter("ignore", RuntimeWarning)
        gc.collect()


def test_the_loop_variable_takes_the_place_of_the_newcomer():
    with open_room(house("4. The last one in the house")) as room:
        ann, ben = room.connect("Ann"), room.connect("Ben")
        ann.send("Ann\n")
        ben.send("Ben\n")
        ann.expect("Ben is at the door\n")
        ben.expect_closed()
        assert "already being handled" in exceptions(room)[0]


def test_a_period_does_not_parse():
    with pytest.raises(SyntaxError) as caught:
        compile(block("5. One character too many"), "page", "exec")
    assert f"SyntaxError: {caught.value.msg}" == answer("5. One character too many")


def test_a_linter_finds_the_things_from_nowhere():
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "-"]
    said = subprocess.run(
        command, input=block("6. Things from nowhere"), capture_output=True, text=True, check=False
    ).stdout
    assert "Undefined name `Butterfly`" in said
    assert "Undefined name `logging`" in said


def block(heading: str) -> str:
    """The code of the section."""
    return fenced("py", heading)


def answer(heading: str) -> str:
    """What the section says that Python says."""
    return fenced("text", heading).strip()


def fenced(language: str, heading: str) -> str:
    _, section = PAGE.read_text(encoding="utf-8").split(f"### {heading}\n")
    found = re.search(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def house(heading: str):
    """A `serve` with the section's class; where there are methods only, they become one."""
    code = block(heading)
    if "class House" not in code:
        code = "class House(ButterflyHandler):\n" + re.sub("^", "    ", code, flags=re.MULTILINE)
    names = {"ButterflyHandler": ButterflyHandler}
    exec(code, names)

    async def serve(bind, ssl_options) -> Net:
        return await names["House"].get_handler().create_server(bind, ssl_options)

    return serve


def exceptions(room: Room) -> list[str]:
    return [f"{note.type}: {note.message}" for note in room.notes if note.kind == "exception"]
