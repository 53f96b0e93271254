"""The simulated network in this process, also where a loop is already running."""

import asyncio
import logging
import sys
import threading
import warnings
from pathlib import Path

import pytest

from room import Room, RoomFailure, in_process, open_room
from room.in_process import InProcess

ROOT = Path(__file__).parents[2]


async def serve(bind, ssl_options):
    async def talk(reader, writer):
        while data := await reader.read(1000):
            print("heard", data)
            print("warned", file=sys.stderr)
            exec(data)
            writer.write(data)

    return await asyncio.start_server(talk, *bind)


def talk(*said):
    room = open_room(serve)
    alice = room.connect("alice")
    for data in said:
        alice.send(data)
        alice.expect(data)
    room.stop()
    return room


async def in_a_cell(*said):
    return talk(*said)


def test_in_a_running_loop_the_conversation_is_the_same():
    assert asyncio.run(in_a_cell("1", "2")).events == talk("1", "2").events


def test_a_serve_without_async_is_told_with_its_line():
    def serve(bind, ssl_options):
        pass

    with pytest.raises(RoomFailure) as caught:
        open_room(serve)
    wrong = caught.value.wrong
    assert (wrong.kind, wrong.line) == ("not async", serve.__code__.co_firstlineno)
    assert wrong.message == "serve is not async: it has to begin with `async def serve`"


def test_in_a_running_loop_a_task_of_the_cell_goes_on_afterwards():
    async def cell():
        before = asyncio.current_task()
        talk("1")
        assert asyncio.current_task() is before
        assert asyncio.get_running_loop().is_running()
        await asyncio.sleep(0)

    asyncio.run(cell())


def test_what_is_printed_in_a_running_loop_is_printed_by_the_thread_that_called(capsys):
    printed_by = []

    class Output:
        def write(self, text):
            printed_by.append(threading.current_thread())
            return len(text)

    async def cell(monkeypatch):
        monkeypatch.setattr(sys, "stdout", Output())
        talk("1")

    with pytest.MonkeyPatch.context() as monkeypatch:
        asyncio.run(cell(monkeypatch))
    assert set(printed_by) == {threading.main_thread()}
    assert capsys.readouterr().err == "warned\n"


def test_a_hang_in_a_running_loop_is_told_with_its_line(monkeypatch):
    monkeypatch.setattr(in_process, "DEADLINE", 0.2)
    with pytest.raises(RoomFailure) as caught:
        asyncio.run(in_a_cell("while True: pass"))
    assert caught.value.wrong.kind == "hang"
    assert caught.value.wrong.message.startswith("no answer within 0.2 seconds")
    assert "room" not in [thread.name for thread in threading.enumerate()]


def test_in_the_browser_the_running_loop_is_set_aside(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(threading, "Thread", None)

    async def cell():
        running, task = asyncio.get_running_loop(), asyncio.current_task()
        talk("1")
        assert (asyncio.get_running_loop(), asyncio.current_task()) == (running, task)
        await asyncio.sleep(0)

    asyncio.run(cell())


@pytest.mark.parametrize(
    ("work", "said"), [("raise KeyboardInterrupt", "KeyboardInterrupt"), ("input()", "EOFError")]
)
def test_in_the_browser_nobody_is_at_the_keyboard(tmp_path, monkeypatch, work, said):
    monkeypatch.setattr(in_process, "_call", in_process.call_alone)
    file = tmp_path / "server.py"
    solution = (ROOT / "solutions" / "ch01_echo_server.py").read_text()
    file.write_text(solution.replace("butterfly.write(data)", work))
    room = Room(InProcess(file).open())
    alice = room.connect("alice")

    def greet():
        alice.send("hello\n")
        alice.expect("hello\n")

    with pytest.raises(RoomFailure, match=said):
        greet()
    room.close()


def test_logging_and_warnings_are_left_as_they_were():
    handlers, filters = [*logging.getLogger().handlers], [*warnings.filters]
    talk("1")
    assert logging.getLogger().handlers == handlers
    assert warnings.filters == filters


def test_no_thread_and_no_loop_is_left():
    before = threading.enumerate()
    asyncio.run(in_a_cell("1"))
    assert threading.enumerate() == before
