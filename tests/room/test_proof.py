"""A program that hides what is reported about it is found out; one that is merely quiet is not."""

import pytest

from room import Room, RoomFailure
from room.in_process import InProcess
from room.worlds.simulated import Child
from room.worlds.tls import Tls

PROGRAM = """
import asyncio, logging
from bfnet import ButterflyHandler

class Handler(ButterflyHandler):
    async def on_disconnect(self, butterfly):
        {on_disconnect}

{at_import}

async def serve(bind, ssl_options):
    handler = Handler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    {in_serve}
    return net
"""

CHANGES = {
    "a kind of note": """
import room.child.notes as notes
add = notes.Recorder.add
notes.Recorder.add = lambda self, note: None if note.kind == "exception" else add(self, note)
""",
    "a class of exceptions": """
import room.child.notes as notes
add = notes.Recorder.add
notes.Recorder.add = lambda self, note: None if note.type == "KeyError" else add(self, note)
""",
    "unless the judge asks for a proof": """
import sys
import room.child.notes as notes
add = notes.Recorder.add

def asked():
    frame = sys._getframe()
    while frame := frame.f_back:
        if frame.f_code.co_name == "prove":
            return True

notes.Recorder.add = lambda self, note: add(self, note) if asked() else None
""",
    "the code of a function": """
import room.child.notes as notes
notes.Recorder.exception.__code__ = (lambda self, error: None).__code__
""",
    "a name of the language": """
import room.child.notes as notes
notes.isinstance = lambda one, kind: False
""",
    "every exception": """
import room.child.notes as notes
notes.Recorder.exception = lambda self, error: None
""",
}

HIDES = {
    "what the loop reports": """
asyncio.BaseEventLoop.call_exception_handler = lambda self, context: None
""",
}

QUIET = {
    "nothing": "pass",
    "a handler of exceptions": "asyncio.get_running_loop().set_exception_handler(lambda *a: None)",
    "a silent log": "logging.disable(logging.CRITICAL)",
    "a high level": "handler.logger.setLevel(logging.CRITICAL)",
    "a filter": "handler.logger.addFilter(lambda record: False)",
    "an adapter": "handler.logger = logging.LoggerAdapter(handler.logger)",
}


@pytest.fixture
def written(program):
    def write(at_import="", in_serve="pass", on_disconnect="pass"):
        return program(
            PROGRAM.format(at_import=at_import, in_serve=in_serve, on_disconnect=on_disconnect)
        )

    return write


@pytest.fixture
def room_of():
    """Opens a room on a program in a process of its own, which it can change as it likes."""
    kept = []

    def open_on(path):
        kept.append(Child(path))
        return Room(kept[-1].open())

    yield open_on
    for worlds in kept:
        worlds.close()


@pytest.mark.parametrize("what", HIDES)
def test_a_program_that_hides_something_is_found_out(room_of, written, what):
    room = room_of(written(at_import=HIDES[what]))
    room.connect()
    with pytest.raises(RoomFailure, match="hides what is reported about it"):
        room.expect_reports()


@pytest.mark.parametrize("what", CHANGES)
def test_our_own_code_is_put_back(room_of, written, what):
    room = room_of(written(at_import=CHANGES[what], on_disconnect="butterfly.nick.upper()"))
    room.connect().close()
    assert [note.type for note in room.notes if note.kind == "exception"] == ["AttributeError"]
    room.expect_reports()
    room.stop()


@pytest.mark.parametrize("what", QUIET)
def test_a_program_may_be_quiet(room_of, written, what):
    room = room_of(written(in_serve=QUIET[what]))
    room.connect().close()
    room.expect_reports()
    assert [note for note in room.notes if note.kind in ("exception", "proof", "blocked")] == []
    room.stop()
    room.expect_reports()  # it says nothing about a room that is closed


@pytest.mark.parametrize("what", ["nothing", "a silent log", "a high level", "a filter"])
def test_an_exception_is_noted_whatever_the_log_is_set_to(room_of, written, what):
    room = room_of(written(in_serve=QUIET[what], on_disconnect="butterfly.nick.upper()"))
    room.connect().close()
    exceptions = [note for note in room.notes if note.kind == "exception"]
    assert [note.type for note in exceptions] == ["AttributeError"]
    room.stop()


def test_it_works_over_tls_and_in_this_process(written, certificate):
    path = written()
    files = certificate.chain, certificate.key, certificate.authority
    for worlds in (Tls(path, *files), InProcess(path)):
        with Room(worlds.open()) as room:
            room.expect_reports()
        worlds.close()
