"""A chapter with real graders: two tasks, three tests, and right and wrong programs for it.

The other files of the small checkout are those of the fixture `course`.
"""

import re
from pathlib import Path

NAME = "ch01_echo"

GRADERS = '''
import pytest


@pytest.mark.task("1.1")
def test_everybody_is_asked(room):
    """Everybody is asked at once, with exactly `Name? `."""
    alice = room.connect("alice")
    alice.expect("Name? ")


@pytest.mark.task("1.2")
def test_who_answers_is_greeted(room):
    """Whoever answers is greeted by name."""
    nick = room.name()
    guest = room.connect(nick)
    guest.expect("Name? ")
    guest.send(f"{nick}\\n")
    guest.expect(f"Hello {nick}\\n")


@pytest.mark.task("1.2")
def test_a_name_may_have_spaces(room):
    """The name is all of the line."""
    guest = room.connect("ann")
    guest.expect("Name? ")
    guest.send("Ann Lee\\n")
    guest.expect("Hello Ann Lee\\n")
'''

RIGHT = """
import asyncio
import ssl


async def talk(reader, writer):
    writer.write(b"Name? ")
    name = await reader.readline()
    writer.write(b"Hello " + name)
    await reader.read()  # from Python 3.13 on, a connection that nobody holds is closed at once
    writer.close()


async def serve(bind, ssl_options):
    context = None
    if ssl_options is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*ssl_options)
    return await asyncio.start_server(talk, *bind, ssl=context)
"""

ASKS_WRONGLY = RIGHT.replace("Name? ", "Who? ")
GREETS_WRONGLY = RIGHT.replace('b"Hello " + name', 'b"Hello " + name.upper()')
STARTER = RIGHT.replace(
    'writer.write(b"Hello " + name)', 'raise NotImplementedError("Task 1.2: answer")'
)


def add_graders(checkout: Path) -> Path:
    """Give the checkout's first chapter tests and a starter with its second task open."""
    test = checkout / "tests" / "chapters" / f"test_{NAME}.py"
    test.parent.mkdir(parents=True)
    test.write_text(GRADERS)
    (checkout / "chapters" / NAME / "exercise.py").write_text(STARTER)
    (checkout / "solutions" / f"{NAME}.py").write_text(RIGHT)
    return checkout


def save(checkout: Path, program: str) -> Path:
    """Write the learner's file of the first chapter."""
    file = checkout / "work" / f"{NAME}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(program)
    return file


def line_of(program: str, text: str) -> int:
    """The number of the line that has this in it."""
    return len(re.split("\n", program.partition(text)[0]))
