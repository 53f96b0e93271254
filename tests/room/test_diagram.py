"""A picture of a trace: the same bytes for the same trace, legible, and told in words too.

After a change of the drawing: `python tests/room/test_diagram.py` draws it anew; look at it.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from room.diagram import DARK, LIGHT, SIZE, diagram
from room.drawing import Missing, Sent
from room.transcript import transcript
from simnet import Event
from tests.unhurried import unhurried

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"

# All that a picture can have: every kind of event, split and joined reads, a pause.
GALLERY_WRITES = [b"hello\n", b"one\n", b"two\n"]
GALLERY = [
    Event(0.0, "alice", "server", "connect", b""),
    Event(0.1, "alice", "server", "data", b"he"),
    Event(0.2, "alice", "server", "data", b"llo\n"),
    Event(0.2, "bob", "server", "connect", b""),
    Event(0.3, "alice", "server", "data", b"one\ntwo\n"),
    Event(0.4, "server", "bob", "data", b"alice has said three things\n"),
    Event(90.4, "alice", "server", "eof", b""),
    Event(90.5, "server", "alice", "close", b""),
    Event(90.6, "bob", "server", "reset", b""),
]

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


def pictures() -> dict[str, str]:
    sent = [Sent("alice", data) for data in GALLERY_WRITES]
    missing = Missing("bob", 'b"goodbye\\n"')
    return {
        "conversation.svg": diagram(CONVERSATION, INSIDE).svg,
        "gallery.svg": diagram(GALLERY, INSIDE, sent=sent, missing=missing).svg,
    }


@pytest.mark.parametrize("name", ["conversation.svg", "gallery.svg"])
def test_the_drawing_is_the_one_that_was_looked_at(name: str) -> None:
    assert pictures()[name] == (GOLDEN / name).read_text()


def test_a_notebook_shows_the_svg() -> None:
    drawn = diagram(CONVERSATION)
    assert drawn._repr_svg_() == drawn.svg


def test_where_no_picture_can_be_shown_the_words_are() -> None:
    shown = diagram([Event(0.0, "alice", "server", "connect", b"")])
    assert repr(shown) == shown.text


def test_a_screen_reader_gets_the_transcript_and_the_caption() -> None:
    drawn = diagram(CONVERSATION, INSIDE)
    root = ElementTree.fromstring(drawn.svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (
        title.get("id"),
        description.get("id"),
    )
    assert title.text == "A conversation of bob, alice, server, 127.0.0.1:9 and carol"
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


@pytest.mark.parametrize("clients", [1, 2])
def test_two_clients_fit_a_phone_with_letters_that_can_be_read(clients: int) -> None:
    talk = [
        *(Event(0.0, f"c{n}", "server", "connect", b"") for n in range(clients)),
        *(Event(0.1, "server", f"c{n}", "data", b"a long line " * 5) for n in range(clients)),
    ]
    _, _, width, _ = _view(diagram(talk).svg)
    assert SIZE * 328 / width > 11  # px; the text of a phone's page is 328 px wide


def test_the_picture_grows_with_the_font_size_of_its_page() -> None:
    svg = diagram(CONVERSATION).svg
    root = ElementTree.fromstring(svg)
    _, _, width, height = _view(svg)
    assert root.get("width") == f"{width / SIZE:.2f}em"
    assert float(root.get("height", "").removesuffix("em")) == pytest.approx(
        height / SIZE, abs=0.02
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("connect", "connects"),
        ("data", "bytes"),
        ("eof", "finishes sending"),
        ("close", "hangs up"),
        ("reset", "resets"),
        ("refused", "refused"),
    ],
)
def test_the_legend_names_the_kinds_of_arrows_that_are_drawn_and_no_others(
    kind: str, words: str
) -> None:
    assert words in _legend(diagram(CONVERSATION).svg)
    others = [event for event in CONVERSATION if event.kind != kind]
    assert words not in _legend(diagram(others).svg)


def test_each_kind_of_arrow_has_a_shape_of_its_own() -> None:
    kinds = ["connect", "data", "eof", "close", "reset", "refused"]
    shapes = [
        re.sub(r"<(text|rect).*?>", "", _rows(diagram([Event(0.0, "a", "b", kind, b"x")]).svg)[0])
        for kind in kinds
    ]
    assert len({re.sub(r"<text.*?</text>", "", shape) for shape in shapes}) == len(kinds)


def test_what_never_came_is_dashed_and_says_so() -> None:
    svg = diagram(CONVERSATION, missing=Missing("alice", 'b"bye\\n"')).svg
    lost = _rows(svg)[-1]
    assert "stroke-dasharray" in lost
    assert 'class="trouble"' in lost
    assert ">never came<" in lost
    assert "expected, never came" in _legend(svg)


def test_pieces_of_one_write_branch_off_and_joined_writes_merge() -> None:
    talk = [
        Event(0.0, "a", "server", "connect", b""),
        Event(0.1, "a", "server", "data", b"he"),
        Event(0.2, "a", "server", "data", b"llo\n"),
        Event(0.3, "a", "server", "data", b"one\ntwo\n"),
    ]
    sent = [Sent("a", data) for data in (b"hello\n", b"one\n", b"two\n")]
    svg = diagram(talk, sent=sent).svg
    assert all(f">{note}<" in svg for note in ("piece 1 of 2", "piece 2 of 2", "2 writes, 1 read"))
    assert "one write, read in pieces" in _legend(svg)
    assert "writes read at once" in _legend(svg)
    assert svg != diagram(talk).svg


def test_a_row_has_its_number_so_that_a_page_can_show_one_after_the_other() -> None:
    rows = re.findall(r'class="row(?: to-left)?" style="--row:(\d+)"', diagram(CONVERSATION).svg)
    assert rows == [str(number) for number in range(len(CONVERSATION))]


@unhurried
@given(events)
@example([Event(0.0, "alice", "alice", "data", b"")])  # narrower than its legend
def test_no_text_leaves_the_drawing_or_covers_another(trace: list[Event]) -> None:
    svg = diagram(trace, INSIDE).svg
    _, _, width, height = _view(svg)
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


def _view(svg: str) -> tuple[float, ...]:
    """The numbers of the viewBox: left, top, width, height."""
    return tuple(map(float, ElementTree.fromstring(svg).get("viewBox", "").split()))


def _rows(svg: str) -> list[str]:
    return re.findall(r'^<g class="row.*$', svg, re.MULTILINE)


def _legend(svg: str) -> list[str]:
    """The words of the legend."""
    found = re.search(r'^<g class="legend">.*$', svg, re.MULTILINE)
    return re.findall(r">([^<>]+)</text>", found[0]) if found else []


def _texts(svg: str) -> list[_Text]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return [_box(text) for text in found]


def _box(text: ElementTree.Element) -> _Text:
    left, baseline = float(text.get("x", "")), float(text.get("y", ""))
    right = left + float(text.get("textLength", ""))
    size = int(text.get("font-size", SIZE))
    return _Text(left, baseline - size * 0.95, right, baseline + size * 0.25, text.text or "")


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
    for name, svg in pictures().items():
        (GOLDEN / name).write_text(svg)
