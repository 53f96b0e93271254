"""The drawing as data: who is where, what crosses whom, which reads are one write, who is there."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from room.drawing import LETTERS, NARROWEST, Arrow, Drawing, Life, Missing, Pause, Sent, draw
from room.room import open_room
from room.transcript import columns, transcript
from simnet import Event

names = st.sampled_from(
    ["alice", "bob", "server", "127.0.0.1:50001", "a-name-that-is-far-too-long"]
)
kinds = st.sampled_from(["connect", "refused", "data", "eof", "close", "reset"])
said = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode))
times = st.floats(0, 9, allow_nan=False)
events = st.lists(st.builds(Event, times, names, names, kinds, said), max_size=12)


def arriving(*clients: str) -> list[Event]:
    return [Event(0.0, name, "server", "connect") for name in clients]


def says(source: str, target: str, data: bytes, time: float = 0.0) -> Event:
    return Event(time, source, target, "data", data)


def lanes(drawing: Drawing) -> list[str]:
    return [lane.name for lane in drawing.lanes]


def arrows(drawing: Drawing) -> list[Arrow]:
    return [row for row in drawing.rows if isinstance(row, Arrow)]


def notes(drawing: Drawing) -> list[str]:
    return [" ".join(arrow.note) for arrow in arrows(drawing)]


def test_the_server_is_amid_its_clients() -> None:
    assert lanes(draw(arriving("a"))) == ["a", "server"]
    assert lanes(draw(arriving("a", "b"))) == ["a", "server", "b"]
    assert lanes(draw(arriving("a", "b", "c"))) == ["a", "server", "b", "c"]
    assert lanes(draw(arriving("a", "b", "c", "d"))) == ["a", "b", "server", "c", "d"]


def test_who_says_most_is_next_to_the_server() -> None:
    talk = [*arriving("a", "b", "c"), says("c", "server", b"hello\n")]
    assert lanes(draw(talk)) == ["a", "server", "c", "b"]


def test_two_clients_arrows_cross_nobody_and_the_outer_of_three_crosses_one() -> None:
    assert [arrow.crossed for arrow in arrows(draw(arriving("a", "b")))] == [(), ()]
    assert [arrow.crossed for arrow in arrows(draw(arriving("a", "b", "c")))] == [(), (), (2,)]


def test_a_lane_is_as_wide_as_its_words() -> None:
    short = draw([*arriving("a", "b"), says("server", "b", b"hi\n")])
    long = draw([*arriving("a", "b"), says("server", "b", b"good evening, bob\n")])
    gaps = [[b.x - a.x for a, b in pairwise(drawing.lanes)] for drawing in (short, long)]
    assert gaps[0][0] == gaps[1][0]
    assert gaps[0][1] < gaps[1][1]


def test_words_that_are_too_long_are_broken_and_the_drawing_fits_a_phone() -> None:
    long = draw(
        [*arriving("a", "b"), says("a", "server", b"x " * 30), says("b", "server", b"y" * 60)]
    )
    assert long.width <= LETTERS
    assert len(arrows(long)[2].label) > 1


def test_a_terminal_has_more_space_for_the_words() -> None:
    talk = [*arriving("a", "b"), says("a", "server", b"x" * 28), says("b", "server", b"y" * 28)]
    assert len(arrows(draw(talk))[2].label) > 1
    assert len(arrows(draw(talk, letters=80))[2].label) == 1


def test_a_write_that_is_read_in_two_pieces_is_one_write() -> None:
    talk = [*arriving("a"), says("a", "server", b"he"), says("a", "server", b"llo\n")]
    drawing = draw(talk, sent=[Sent("a", b"hello\n")])
    assert notes(drawing) == ["", "piece 1 of 2", "piece 2 of 2"]
    assert [arrow.continues for arrow in arrows(drawing)] == [False, False, True]


def test_two_writes_that_are_read_at_once_are_two_writes() -> None:
    drawing = draw(
        [*arriving("a"), says("a", "server", b"one\ntwo\n")],
        sent=[Sent("a", b"one\n"), Sent("a", b"two\n")],
    )
    assert notes(drawing) == ["", "2 writes, 1 read"]
    assert arrows(drawing)[1].writes == 2


def test_a_read_may_end_one_write_and_begin_the_next() -> None:
    talk = [says("a", "server", b"on"), says("a", "server", b"e\ntwo\n")]
    drawing = draw([*arriving("a"), *talk], sent=[Sent("a", b"one\n"), Sent("a", b"two\n")])
    assert notes(drawing) == ["", "piece 1 of 2", "2 writes, 1 read"]
    assert arrows(drawing)[2].continues


def test_nothing_is_said_about_writes_that_are_not_known() -> None:
    talk = [*arriving("a"), says("a", "server", b"hello\n")]
    assert notes(draw(talk)) == ["", ""]
    assert notes(draw(talk, sent=[Sent("a", b"hi")])) == ["", ""]


def test_time_that_passes_is_a_row_of_its_own() -> None:
    drawing = draw(
        [*arriving("a"), says("server", "a", b"x", 0.4), says("server", "a", b"y", 60.4)]
    )
    assert drawing.rows[2] == Pause(60.0, "1 minute later")
    assert len(drawing.rows) == 4


def test_what_was_expected_and_never_came_is_the_last_arrow() -> None:
    drawing = draw(arriving("a", "b"), missing=Missing("b", 'b"hello\\n"'))
    last = arrows(drawing)[-1]
    assert (last.kind, last.label, last.note) == ("missing", ('b"hello\\n"',), ("never came",))
    assert [drawing.lanes[lane].name for lane in (last.source, last.target)] == ["server", "b"]
    assert drawing.words.endswith('b expected b"hello\\n", which never came')


def test_a_line_begins_with_the_connection_and_ends_with_it() -> None:
    talk = [*arriving("a", "b"), Event(0.0, "a", "server", "close"), says("server", "b", b"bye\n")]
    drawing = draw(talk)
    assert Life(0, 0, 2, "open", "hangs up") in drawing.lives
    assert Life(2, 1, 4, "open", "") in drawing.lives


def test_who_has_finished_sending_still_has_half_a_connection() -> None:
    talk = [
        *arriving("a"),
        Event(0.0, "a", "server", "eof"),
        says("server", "a", b"bye\n"),
        Event(0.0, "server", "a", "close"),
    ]
    mine = [life for life in draw(talk).lives if life.lane == 0]
    assert mine == [Life(0, 0, 1, "open", "half-close"), Life(0, 1, 3, "half-open", "hangs up")]


def test_a_refused_client_never_has_a_connection() -> None:
    assert draw([Event(0.0, "127.0.0.1:9", "a", "refused")]).lives == ()


def test_what_a_room_draws_knows_its_writes(tmp_path: object) -> None:
    async def serve(bind: tuple[str, int], ssl_options: object) -> object:
        import asyncio

        async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(100):
                writer.write(data)
            writer.close()

        return await asyncio.start_server(repeat, *bind)

    with open_room(serve, seed=3, weather="choppy") as room:  # type: ignore[arg-type]
        alice = room.connect("alice")
        alice.send("a line that is long enough to be cut\n")
        alice.received()
        drawing = room.drawing()
    pieces = [arrow for arrow in arrows(drawing) if arrow.writes]
    assert len(pieces) > 1
    assert all("of" in " ".join(arrow.note) for arrow in pieces)


def test_a_drawing_is_json() -> None:
    drawing = draw(arriving("a"), "A caption.")
    found = json.loads(json.dumps(drawing.as_dict()))
    assert found["caption"] == "A caption."
    assert found["lanes"][0] == {
        "name": "a",
        "lines": ["a"],
        "x": 4,
        "width": 7,
        "is_server": False,
    }
    assert found["rows"][0]["type"] == "arrow"
    assert found["rows"][0]["kind"] == "connect"


def test_the_words_are_the_transcript_and_the_caption() -> None:
    talk = [*arriving("a"), says("a", "server", b"hi\n")]
    assert draw(talk, "A caption.").words == f"{transcript(talk)}\nA caption."
    assert draw([]).words == "Nothing happened."


@given(events)
def test_words_fit_the_space_between_their_lanes(trace: list[Event]) -> None:
    drawing = draw(trace)
    for arrow in arrows(drawing):
        for line in (*arrow.label, *arrow.note):
            half = columns(line) / 2
            assert arrow.middle - half >= 0
            assert arrow.middle + half <= drawing.width
            assert not any(
                arrow.middle - half < lane.x < arrow.middle + half for lane in drawing.lanes
            )


@given(events)
def test_boxes_do_not_touch(trace: list[Event]) -> None:
    boxes = draw(trace).lanes
    assert all(a.x + a.width / 2 < b.x - b.width / 2 for a, b in pairwise(boxes))


def test_a_label_is_never_narrower_than_is_easy_to_read() -> None:
    crowd = [f"client {number}" for number in range(8)]
    talk = [*arriving(*crowd), *(says(name, "server", b"word " * 12) for name in crowd)]
    widths = [max(map(columns, arrow.label)) for arrow in arrows(draw(talk))[8:]]
    assert min(widths) > NARROWEST - 6
