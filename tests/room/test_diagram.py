"""A picture of a trace: the same bytes for the same trace, legible, and told in words too.

After a change of the drawing: `python tests/room/test_diagram.py` draws it anew; look at it.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from room.diagram import DARK, LIGHT, SIZE, diagram
from room.transcript import transcript
from simnet import Event
from tests.unhurried import unhurried

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"

CONVERSATION = [
    Event(0.1, "alice", "server", "connect", b""),
    Event(0.2, "server", "alice", "data", b"Nickname: "),
    Event(0.3, "alice", "server", "data", b"<Alice & co>\n"),
    Event(0.4, "bob", "server", "connect", b""),
    Event(0.5, "bob", "server", "reset", b""),
    Event(0.6, "alice", "server", "eof", b""),
    Event(0.7, "server", "alice", "data", "café  日本\n".encode()),
    Event(0.8, "server", "alice", "close", b""),
    Event(0.9, "127.0.0.1:9", "carol", "refused", b""),
]
INSIDE = "Shown as it is inside the encryption."

names = st.sampled_from(
    ["alice", "bob", "server", "127.0.0.1:50001", "a-name-that-is-far-too-long"]
)
kinds = st.sampled_from(["connect", "refused", "data", "eof", "close", "reset"])
said = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode))
events = st.lists(st.builds(Event, st.just(0.0), names, names, kinds, said), max_size=12)


def test_the_drawing_is_the_one_that_was_looked_at() -> None:
    assert diagram(CONVERSATION, INSIDE).svg == (GOLDEN / "conversation.svg").read_text()


def test_a_notebook_shows_the_svg() -> None:
    drawn = diagram(CONVERSATION)
    assert drawn._repr_svg_() == drawn.svg


def test_a_screen_reader_gets_the_transcript_and_the_caption() -> None:
    drawn = diagram(CONVERSATION, INSIDE)
    root = ElementTree.fromstring(drawn.svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (
        title.get("id"),
        description.get("id"),
    )
    assert title.text == "A conversation of alice, bob, server, 127.0.0.1:9 and carol"
    assert description.text == f"{transcript(CONVERSATION)}\n{INSIDE}"
    assert drawn.text == f"{title.text}\n{description.text}"


def test_an_id_belongs_to_one_drawing() -> None:
    assert _id(diagram(CONVERSATION)) == _id(diagram(CONVERSATION))
    assert _id(diagram(CONVERSATION)) != _id(diagram(CONVERSATION, INSIDE))
    assert _id(diagram(CONVERSATION)) != _id(diagram(CONVERSATION[:-1]))


def test_the_style_of_one_drawing_touches_no_other() -> None:
    drawn = diagram(CONVERSATION)
    style = ElementTree.fromstring(drawn.svg).find(f"{SVG}style").text
    rules = [line for line in style.splitlines() if line not in ("", "}") and "@media" not in line]
    assert [line for line in rules if f"#{_id(drawn)}" not in line] == []


def test_nothing_at_all_can_be_drawn() -> None:
    drawn = diagram([])
    assert drawn.text == "An empty conversation\nNothing happened."
    assert "Nothing happened." in [text.line for text in _texts(drawn.svg)]


def test_whoever_is_connected_to_stands_amid_the_others() -> None:
    arrivals = [Event(0.0, name, "server", "connect", b"") for name in ("a", "b", "c", "d")]
    heads = [text for text in _texts(diagram(arrivals).svg) if text.line != "connects"]
    assert [text.line for text in sorted(heads)] == ["a", "b", "server", "c", "d"]


@pytest.mark.parametrize("parties", [1, 2, 3, 4])
def test_up_to_four_parties_fit_a_telephone_unscaled(parties: int) -> None:
    arrivals = [Event(0.0, f"c{n}", "server", "connect", b"") for n in range(parties - 1)]
    assert ElementTree.fromstring(diagram(arrivals).svg).get("width") == "360"


def test_five_parties_stay_legible_on_a_telephone() -> None:
    arrivals = [Event(0.0, f"c{n}", "server", "connect", b"") for n in range(4)]
    width = int(ElementTree.fromstring(diagram(arrivals).svg).get("width", ""))
    assert SIZE * 360 / width > 10


@unhurried
@given(events)
def test_no_text_leaves_the_drawing_or_covers_another(trace: list[Event]) -> None:
    svg = diagram(trace, INSIDE).svg
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    texts = _texts(svg)
    assert all(
        t.left >= 0 and t.right <= width and t.top >= 0 and t.bottom <= height for t in texts
    )
    assert not any(_overlap(one, other) for one, other in combinations(texts, 2))


@unhurried
@given(events, events)
def test_the_drawing_depends_on_the_trace_alone(trace: list[Event], other: list[Event]) -> None:
    before = diagram(trace)
    diagram(other)
    assert diagram(trace) == before


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("role", "least"),
    [("ink", 4.5), ("dim", 4.5), ("line", 3.0), ("arrow", 3.0), ("trouble", 3.0)],
)
def test_the_contrast_is_enough_for_text_and_for_lines(
    palette: dict[str, str], role: str, least: float
) -> None:
    assert _contrast(palette[role], palette["ground"]) >= least


class _Text(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    line: str


def _texts(svg: str) -> list[_Text]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return [_box(text) for text in found]


def _box(text: ElementTree.Element) -> _Text:
    left, baseline = float(text.get("x", "")), float(text.get("y", ""))
    right = left + float(text.get("textLength", ""))
    return _Text(left, baseline - SIZE * 0.95, right, baseline + SIZE * 0.25, text.text or "")


def _overlap(one: _Text, other: _Text) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    above = one.bottom <= other.top or other.bottom <= one.top
    return not (beside or above)


def _id(drawn: object) -> str:
    return ElementTree.fromstring(drawn.svg).get("id", "")  # type: ignore[attr-defined]


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


if __name__ == "__main__":
    (GOLDEN / "conversation.svg").write_text(diagram(CONVERSATION, INSIDE).svg)


def test_where_no_picture_can_be_shown_the_words_are():
    shown = diagram([Event(0.0, "alice", "server", "connect", b"")])
    assert repr(shown) == shown.text
