"""The assignment that nbgrader and otter-grader grade: a room without a network.

It is about the size of chapter 6: a class of forty lines, one method of which the student writes,
and a dozen tests. What a server does on a network, neither of them could grade in this way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

RIGHT = '''
class Room:
    """A chat room. Each method returns what the others receive, as (nickname, line)."""

    def __init__(self):
        self.people = {}
        self.log = []

    def join(self, nick):
        """Let somebody in, and tell the others."""
        if nick in self.people:
            raise ValueError(f"{nick} is in the room already")
        told = [(other, f"{nick} has joined the room\\n") for other in self.people]
        self.people[nick] = len(self.people)
        self.log.append(f"{nick} has joined")
        return told

    def leave(self, nick):
        """Forget the one who left, and tell the others."""
        if nick not in self.people:
            self.log.append(f"{nick} was not there")
            return []
        del self.people[nick]
        self.log.append(f"{nick} has left")
        return [(other, f"{nick} has left the room.\\n") for other in self.people]

    def say(self, nick, line):
        """Pass on what somebody says to all the others."""
        told = []
        for other in self.people:
            if other != nick:
                told.append((other, f"{nick}: {line}"))
        return told
'''
_LOOP = "for other in self.people:\n            if"
_MISTAKES = (
    ("if other != nick:", "if True:"),
    ('f"{nick}: {line}"', 'f"{nick} {line}"'),
    (_LOOP, _LOOP.replace("self.people", "[*self.people][:1]")),
    ("        told = []\n", '        raise NotImplementedError("Task 1")\n'),
)
WRONG = tuple(RIGHT.replace(old, new) for old, new in _MISTAKES)
TESTS = tuple(
    f"""
room = Room()
names = {names!r}
for name in names:
    _ = room.join(name)
speaker, line = {speaker!r}, {line!r}
told = room.say(speaker, line)
assert sorted(told) == sorted((n, f"{{speaker}}: {{line}}") for n in names if n != speaker)
gone = names[0]
assert len(room.leave(gone)) == len(names) - 1
assert all(who != gone for who, _ in room.say(speaker, line))
"""
    for names, speaker, line in (
        (["alice", "bob"], "alice", "hello\n"),
        (["alice", "bob"], "bob", "hello\n"),
        (["alice", "bob", "carol"], "carol", "\n"),
        (["alice", "bob", "carol"], "bob", "a: b\n"),
        (["a b", "c d"], "c d", "no newline"),
        (["zoë", "bob"], "bob", "ü\n"),
        (["alice", "bob", "carol", "dave"], "dave", "x" * 5000),
        (["bob", "alice"], "alice", " leading\n"),
        (["one", "two"], "two", "two lines\nat once\n"),
        (["1", "2", "3", "4", "5"], "5", "5\n"),
        ([f"n{number}" for number in range(50)], "n7", "crowd\n"),
        (["alice", "bob"], "bob", "\x1b[2J\n"),
    )
)


def submissions(count: int, seed: int) -> Iterator[tuple[str, bool]]:
    """Yield a program for each student, and whether it is right. Seven of ten are."""
    chance = random.Random(seed)
    right = round(count * 0.7)
    for number in range(count):
        is_right = number < right
        yield f"{RIGHT if is_right else chance.choice(WRONG)}\n# {chance.random()}\n", is_right
