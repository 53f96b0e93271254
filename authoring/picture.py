"""Draws the picture at the top of the README: a conversation on the finished chat server.

The conversation runs on the simulated network, and the room draws it, like every picture of the
workbook.
"""

from pathlib import Path

from playground.cells import PLAYED
from playground.serve_source import source_of
from playground.share import fragment
from room.child.program import Program
from room.diagram import Diagram
from room.room import open_room

PICTURE = Path("chapters/conversation.svg")
SERVER = Path("solutions/ch06_relay.py")
CAPTION = "What travels inside the encryption."


def make_picture(root: Path) -> str:
    """Return the SVG's text, which is the same on every run."""
    return str(make_conversation(root).svg)


def play_of_picture(root: Path) -> str:
    """Return the fragment that opens its conversation in the playground."""
    script = make_conversation(root).script
    if script is None or script.serve is None:
        return ""
    return fragment(script, source_of(script.serve, []), PLAYED)


def make_conversation(root: Path) -> Diagram:
    """Hold the conversation, and draw it."""
    with open_room(Program(root / SERVER).load()) as room:
        alice = room.join("alice")
        bob = room.join("bob")
        alice.expect("bob has joined the room\n")
        bob.send("good evening\n")
        alice.expect("bob: good evening\n")
        alice.close()
        bob.expect("alice has left the room.\n")
        return room.diagram(CAPTION)
