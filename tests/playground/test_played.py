"""A picture's conversation, held again from what the page gives to the playground."""

import json
import re
import zlib
from base64 import urlsafe_b64decode
from html import unescape
from pathlib import Path

import pytest

from authoring.picture import PICTURE, play_of_picture
from authoring.played import plays_of
from course import all_chapters
from playground.cells import Cells
from playground.share import PREFIX
from playground.table import Table

ROOT = Path(__file__).parents[2]
CHAPTERS = all_chapters(ROOT)
BLOCK_1 = """
from bfnet import ButterflyHandler
from room import open_room

GREETING = b"hello"
unrelated = 3
"""
BLOCK_2 = """
async def serve_shouting(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def shout(data, butterfly, handler):
        butterfly.write(GREETING + data.upper())

    return net
"""
BLOCK_3 = """
room = open_room(serve_shouting, seed=3, weather="choppy")
alice, bob = room.connect("alice"), room.connect("bob")
with room.at_once():
    alice.send("one ", "two\\n")
    bob.send(b"\\xff\\n")
room.sleep(3)
alice.half_close()
bob.reset()
room.diagram()
"""


def read(play: str) -> dict:
    packed = urlsafe_b64decode(play.removeprefix(PREFIX) + "==")
    return json.loads(zlib.decompress(packed, wbits=-15))


def held_again(play: str, folder: Path) -> str:
    """Hold the conversation in the playground, and return its transcript."""
    shared = read(play)
    file = folder / "server.py"
    file.write_text(shared["source"])
    table = Table(file, shared["seed"], shared["weather"])
    happened = table.open()
    for action in shared["actions"]:
        happened = table.act([action])
    table.close()
    assert happened["failure"] is None
    return happened["picture"]["words"]


def said_in(words: str) -> list[str]:
    """Return the lines of the transcript, without the title and a caption."""
    return [line for line in unescape(words).splitlines() if " -> " in line]


def drawn_in(svg: str) -> list[str]:
    return said_in(re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)[1])


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_each_picture_of_a_page_is_a_conversation_that_can_be_held_again(chapter, tmp_path):
    plays = plays_of(chapter)
    assert list(plays) == sorted(file.name for file in chapter.page.parent.glob("picture-*.svg"))
    for name, play in plays.items():
        recorded = chapter.page.with_name(name).read_text()
        assert said_in(held_again(play, tmp_path)) == drawn_in(recorded)


def test_the_picture_of_the_first_page_can_be_held_again(tmp_path):
    held = held_again(play_of_picture(ROOT), tmp_path)
    assert said_in(held) == drawn_in((ROOT / PICTURE).read_text()) != []


def test_a_server_of_several_blocks_becomes_one_file_of_what_it_needs(tmp_path):
    cells = Cells()
    *_, (picture,) = (
        cells.run(source, f"block {number}")
        for number, source in enumerate((BLOCK_1, BLOCK_2, BLOCK_3), start=1)
    )
    cells.close()
    source = read(picture["play"])["source"]
    assert source.startswith('from bfnet import ButterflyHandler\nGREETING = b"hello"')
    assert source.endswith("    return net\n\n\nserve = serve_shouting\n")
    assert "unrelated" not in source
    assert "open_room" not in source
    assert held_again(picture["play"], tmp_path) == picture["words"]


def test_a_picture_of_what_no_room_has_held_opens_nothing():
    cells = Cells()
    (picture,) = cells.run("from room.diagram import diagram\ndiagram([])", "block 1")
    cells.close()
    assert picture["play"] == ""
