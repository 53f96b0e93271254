"""The report that replaces a hang: who waits, where, and for what.

Each program is written to a file, so that its report has the lines that a learner sees.
"""

import asyncio
import runpy
import textwrap

import pytest

from simnet import SimulatedLoop, Stalled


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Run a program that stalls, in its own folder, and return the report."""
    monkeypatch.chdir(tmp_path)

    def run(program: str, plumbing: set[str] | None = None) -> list[str]:
        file = tmp_path / "chat.py"
        file.write_text(textwrap.dedent(program).lstrip("\n"))
        main = runpy.run_path(str(file), run_name="chat")["main"]
        loop = SimulatedLoop()
        loop.plumbing |= plumbing or set()
        with pytest.raises(Stalled) as caught, asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(main())
        return str(caught.value).splitlines()

    return run


NOTHING = (
    "Nothing can happen anymore: no callback is ready, no byte is on its way, no timer is set. "
    "These tasks would wait forever:"
)
BUSY = (
    "The loop is kept busy forever: nothing is on its way that could end it, and time stands "
    "still meanwhile. A loop has to wait for something that takes time or can arrive:"
)


def test_a_future_that_nobody_completes(report):
    assert report(
        """
        import asyncio

        async def main():
            asyncio.current_task().set_name("the main task")
            answer = asyncio.get_running_loop().create_future()
            await answer
        """
    ) == [
        NOTHING,
        "  the main task (main) waits for a future that nobody has completed, "
        "at chat.py:6 in main: `await answer`",
    ]


def test_a_read_from_somebody_who_says_nothing(report):
    assert report(
        """
        import asyncio

        async def serve(reader, writer):
            asyncio.current_task().set_name("server")
            name = await reader.readline()

        async def main():
            asyncio.current_task().set_name("client")
            await asyncio.start_server(serve, "localhost", 8001)
            reader, writer = await asyncio.open_connection("localhost", 8001)
            await reader.read()
        """
    ) == [
        NOTHING,
        "  client (main) waits for bytes from 127.0.0.1:8001, "
        "at chat.py:11 in main: `await reader.read()`",
        "  server (serve) waits for bytes from 127.0.0.1:49152, "
        "at chat.py:5 in serve: `name = await reader.readline()`",
    ]


def test_a_writer_whose_peer_does_not_read(report):
    assert report(
        """
        import asyncio

        async def main():
            asyncio.current_task().set_name("client")
            never_read = []
            await asyncio.start_server(lambda *them: never_read.append(them), "localhost", 8001)
            reader, writer = await asyncio.open_connection("localhost", 8001)
            writer.write(bytes(1_000_000))
            await writer.drain()
        """
    ) == [
        NOTHING,
        "  client (main) waits for 127.0.0.1:8001 to read what was written, "
        "at chat.py:9 in main: `await writer.drain()`",
    ]


def test_a_lock_two_tasks_deep_in_each_others_way(report):
    assert report(
        """
        import asyncio

        async def take(first, second):
            async with first:
                await asyncio.sleep(1)
                async with second:
                    pass

        async def main():
            asyncio.current_task().set_name("main")
            left, right = asyncio.Lock(), asyncio.Lock()
            async with asyncio.TaskGroup() as group:
                group.create_task(take(left, right), name="one")
                group.create_task(take(right, left), name="other")
        """
    ) == [
        NOTHING,
        "  one (take) waits for a lock that is held, at chat.py:6 in take: `async with second:`",
        "  main (main) waits for the tasks of its group to end, "
        "at chat.py:12 in main: `async with asyncio.TaskGroup() as group:`",
        "  other (take) waits for a lock that is held, at chat.py:6 in take: `async with second:`",
    ]


def test_queues_events_and_other_tasks(report):
    assert report(
        """
        import asyncio

        async def empty():
            await asyncio.Queue().get()

        async def full():
            queue = asyncio.Queue(1)
            await queue.put(1)
            await queue.put(2)

        async def event():
            await asyncio.Event().wait()

        async def semaphore():
            async with asyncio.Semaphore(0):
                pass

        async def other(task):
            await task

        async def main():
            asyncio.current_task().set_name("main")
            make = asyncio.create_task
            tasks = [make(work(), name=work.__name__) for work in (empty, event, full, semaphore)]
            tasks.append(make(other(tasks[0]), name="other"))
            await asyncio.gather(*tasks)
        """
    ) == [
        NOTHING,
        "  full (full) waits for room in a full queue, at chat.py:9 in full: `await queue.put(2)`",
        "  main (main) waits for 5 gathered tasks to end, "
        "at chat.py:26 in main: `await asyncio.gather(*tasks)`",
        "  empty (empty) waits for an item in an empty queue, "
        "at chat.py:4 in empty: `await asyncio.Queue().get()`",
        "  event (event) waits for an event that nobody has set, "
        "at chat.py:12 in event: `await asyncio.Event().wait()`",
        "  other (other) waits for the task empty to end, at chat.py:19 in other: `await task`",
        "  semaphore (semaphore) waits for a semaphore that is used up, "
        "at chat.py:15 in semaphore: `async with asyncio.Semaphore(0):`",
    ]


def test_the_deepest_line_of_the_program_is_shown(report):
    assert report(
        """
        import asyncio

        async def ask(question):
            return await listen()

        async def listen():
            await asyncio.Event().wait()

        async def main():
            asyncio.current_task().set_name("main")
            name = await ask("Nickname: ")
        """
    ) == [
        NOTHING,
        "  main (main) waits for an event that nobody has set, "
        "at chat.py:7 in listen: `await asyncio.Event().wait()`",
    ]


def test_lines_of_plumbing_are_not_shown(report, tmp_path, monkeypatch):
    (tmp_path / "library.py").write_text(
        "import asyncio\n"
        "class Pipe:\n"
        "    async def read(self):\n"
        "        await asyncio.Event().wait()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    program = """
        import asyncio
        import library

        async def main():
            asyncio.current_task().set_name("main")
            await library.Pipe().read()
        """
    assert report(program, {"library"}) == [
        NOTHING,
        "  main (main) waits for Pipe.read() to return, "
        "at chat.py:6 in main: `await library.Pipe().read()`",
    ]


def test_a_server_that_nobody_will_ever_call(report):
    lines = report(
        """
        import asyncio

        async def main():
            asyncio.current_task().set_name("main")
            server = await asyncio.start_server(print, "localhost", 8001)
            async with server:
                await server.serve_forever()
        """
    )
    assert lines == [
        NOTHING,
        "  main (main) waits for someone to close the server, "
        "at chat.py:7 in main: `await server.serve_forever()`",
    ]


def test_tasks_are_told_in_the_order_they_were_made(report):
    lines = report(
        """
        import asyncio

        async def main():
            async with asyncio.TaskGroup() as group:
                for number in range(12):
                    group.create_task(asyncio.Event().wait())
        """
    )
    numbers = [int(line.split()[0].removeprefix("Task-")) for line in lines[1:]]
    assert numbers == sorted(numbers)
    assert len(numbers) == 13


def test_a_loop_without_any_task():
    loop = SimulatedLoop()
    with pytest.raises(Stalled, match=r"no timer is set. No task is left either.$"):
        loop.run_forever()
    loop.close()


def test_a_loop_that_is_kept_busy_for_ever(report):
    assert report(
        """
        import asyncio

        async def spin():
            while True:
                await asyncio.sleep(0)

        async def main():
            await asyncio.create_task(spin(), name="spinner")
        """
    ) == [
        BUSY,
        "  spinner (spin) waits for its next turn, over and over, "
        "at chat.py:5 in spin: `await asyncio.sleep(0)`",
    ]


def test_callbacks_that_keep_the_loop_busy_for_ever(report):
    assert report(
        """
        import asyncio

        def again():
            asyncio.get_running_loop().call_soon(again)

        async def main():
            again()
            await asyncio.Event().wait()
        """
    ) == [
        BUSY,
        "  a callback (again) waits for its next turn, over and over, "
        "at chat.py:3 in again: `def again():`",
    ]


def test_settle_reports_a_busy_loop_even_when_a_timer_would_end_it():
    """`settle` holds timers, so a busy loop that waits for a timer never ends."""
    loop = SimulatedLoop()

    async def spin() -> None:
        while loop.time() < 1.0:  # noqa: ASYNC110 - the habit under test
            await asyncio.sleep(0)

    loop.call_later(1.0, print)
    spinning = loop.create_task(spin())
    with pytest.raises(Stalled, match=r"kept busy forever[\s\S]*\(.*spin\)"):
        loop.settle()
    loop.run_until_complete(spinning)
    loop.close()


def test_a_stall_keeps_its_facts_for_who_wants_to_tell_them_differently(report, tmp_path):
    async def wait_for_nothing() -> None:
        await asyncio.Event().wait()

    loop = SimulatedLoop()
    task = loop.create_task(wait_for_nothing(), name="me")
    with pytest.raises(Stalled) as caught:
        loop.run_until_complete(task)
    (waiting,) = caught.value.tasks
    assert (waiting.task, waiting.function) == ("me", "wait_for_nothing")
    assert waiting.file == __file__
    assert waiting.reason == "an event that nobody has set"
    task.cancel()
    loop.settle()
    loop.close()
