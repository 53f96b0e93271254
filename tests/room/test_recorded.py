"""A conversation that was recorded is played back without the program."""

from pathlib import Path

import pytest

from bfnet import Butterfly, ButterflyHandler, Net
from room import Room, RoomFailure, open_room
from room.in_process import InProcess
from room.recorded import NotRecorded, Recorded, Recorder, recording_text


async def serve(bind, ssl_options) -> Net:
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def echo(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        handler.logger.info(f"heard {len(data)}")
        butterfly.write(data)

    return net


def say(room: Room, *texts: str) -> bytes:
    alice = room.connect("alice")
    for text in texts:
        alice.send(text)
    return alice.received()


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """Recorded: alice says "grüße" and "you", and in another room "good", twice."""
    recorder = Recorder(InProcess(serve), tmp_path)
    for texts in (("grüße", "you"), ("good",), ("good",)):
        with open_room(recorder) as room:
            say(room, *texts)
    return recorder


@pytest.fixture
def recording(tmp_path: Path, recorder: Recorder) -> Path:
    file = tmp_path / "recording.json"
    file.write_text(recording_text(recorder.rooms), encoding="utf-8")
    return file


def test_the_same_questions_have_the_same_answers(recording):
    with open_room(recording) as room, open_room(serve) as original:
        assert say(room, "grüße", "you") == say(original, "grüße", "you") == "grüßeyou".encode()
        assert room.log() == original.log() != []
        assert room.transcript() == original.transcript()
        assert room.butterflies() == original.butterflies() != {}


def test_the_conversation_decides_which_recording_is_played(recording):
    with open_room(recording) as room:
        assert say(room, "good") == b"good"


def test_another_question_is_refused_in_a_sentence(recording):
    with (
        open_room(recording) as room,
        pytest.raises(NotRecorded, match="run the cells as they are, from the one that opens"),
    ):
        say(room, "something else")


def test_a_failed_expectation_needs_no_recording(recording):
    with open_room(recording) as room:
        say(room, "good")
        with pytest.raises(RoomFailure, match="bye"):
            room.clients["alice"].expect("bye")


def test_a_conversation_that_was_held_twice_is_written_once(recorder):
    assert len(recorder.rooms) == 3
    assert recording_text(recorder.rooms) == recording_text(recorder.rooms[:2])


def test_a_file_that_is_no_recording_is_named(tmp_path):
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(ValueError, match=r"other\.json is not a recording of a server"):
        Recorded(tmp_path / "other.json")
