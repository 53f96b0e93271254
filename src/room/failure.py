"""What a learner reads when a server did something else than was expected.

The room fills in the facts, this file makes the text of them. The text is for somebody who is alone
with it, at night: what happened, what the rule is, why it may be so, what to try, where a hint is.
It reads no file and shows no line of ours: the program that is judged names the places in here.

    the facts a failure carries            RoomFailure, Disproved, Stumbled
    two byte strings, and where they part  compared
    what the notes give away               likely_reason, REMEDIES
    a program that broke, by its kind      ADVICE
    a task that was not begun              unwritten, Unwritten
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from textwrap import fill, indent
from typing import NamedTuple

from room.contract import Note, WorldFailure
from room.transcript import (
    coding_of,
    columns,
    count,
    how_many_fit,
    on_screen,
    quoted,
    shortened,
    spelled,
)

WIDTH = 88  # columns of a sentence
LAST_LINES = 24  # of the conversation
BEFORE = 40  # columns shown of what agrees
AFTER = 30  # columns shown from the first difference on
LONGEST_MESSAGE = 300  # characters of what an exception says
MOST_PLACES = 5  # at which the program waits


class RoomFailure(AssertionError):
    """An expectation that did not hold, or a world that broke (`wrong`). `str()` is the text.

    `expected` and `received` are bytes when bytes were compared, and a sentence otherwise.
    `transcript` is the conversation so far. `wrong` is set when the program hung, crashed, could
    not be imported...: then `expected` says what was waited for.
    """

    def __init__(
        self,
        *,
        client: str,
        expected: bytes | str,
        received: bytes | str,
        rule: str = "",
        transcript: str = "",
        notes: Sequence[Note] = (),
        hint_task: str = "",
        wrong: WorldFailure | None = None,
    ) -> None:
        super().__init__()
        self.client = client
        self.expected = expected
        self.received = received
        self.rule = rule
        self.transcript = transcript
        self.notes = tuple(notes)
        self.hint_task = hint_task
        self.wrong = wrong
        self.printed = ""  # by the program

    def __str__(self) -> str:
        happened = self._comparison() if self.wrong is None else self._breakdown(self.wrong)
        conversation = _cut("The conversation so far:", self.transcript)
        reached = self.wrong is None or self.wrong.kind not in BEFORE_ANYBODY
        rule = f"The rule: {' '.join(self.rule.split())}" if self.rule and reached else ""
        reason = likely_reason(self.notes)
        if not reason and self._nothing_came():
            reason = "\n".join([_paragraph(_NOTHING_CAME), *_waits(self.notes)])
        printed = _cut("Your program printed:", self.printed)
        way_on = hint(self.hint_task)
        sections = [*happened, conversation, _paragraph(rule), reason, printed, way_on]
        return "\n\n".join(filter(None, sections))

    def _nothing_came(self) -> bool:
        return isinstance(self.expected, bytes) and self.received in (b"", "nothing")

    def _comparison(self) -> list[str]:
        if isinstance(self.expected, bytes) and isinstance(self.received, bytes):
            return compared(self.client, self.expected, self.received)
        who = f"{self.client} " if self.client else ""
        return [
            f"{who}expected  {_one_side(self.expected)}\n{who}received  {_one_side(self.received)}"
        ]

    def _breakdown(self, wrong: WorldFailure) -> list[str]:
        why, attempt = ADVICE.get(wrong.kind, ("", ""))
        remedy = _remedy_of_start(wrong) or (f"Try: {attempt}" if attempt else "")
        who = "The room" if self.client in ("", "the server") else self.client
        waited = f"{who} was waiting for {_one_side(self.expected)}."
        headline, *details = wrong.message.splitlines() or [wrong.kind]
        return [
            _told(wrong, plain(headline)),
            indent("\n".join(map(_on_screen, details[-LAST_LINES:])), "  "),
            waited if self.expected and wrong.kind not in BEFORE_ANYBODY else "",
            _paragraph(why),
            _paragraph(remedy),
        ]


class Disproved(RoomFailure):
    """A plain `assert` of a test that did not hold; `claim` is what pytest says about it."""

    def __init__(self, claim: str, *, transcript: str = "", notes: Sequence[Note] = ()) -> None:
        super().__init__(client="", expected="", received="", transcript=transcript, notes=notes)
        self.claim = claim

    def _comparison(self) -> list[str]:
        claim = "\n".join(map(_on_screen, self.claim.splitlines()[:LAST_LINES]))
        return [claim or "Something that has to hold does not."]


class Stumbled(RoomFailure):
    """Everything was said as expected, and meanwhile the program failed where no client sees it."""

    def __init__(self, *, transcript: str, notes: Sequence[Note]) -> None:
        super().__init__(client="", expected="", received="", transcript=transcript, notes=notes)

    def _comparison(self) -> list[str]:
        return ["All that this test asks for came, and yet your code failed on the way."]


def has_stumbled(notes: Iterable[Note]) -> bool:
    """Whether the program raised something, never awaited a coroutine, or blocked the event loop.

    A task that is not written yet does not count.
    """
    return any(
        note.kind in ("never awaited", "blocked")
        or (note.kind == "exception" and not unwritten([note]))
        for note in notes
    )


class Unwritten(NamedTuple):
    """A task whose `raise NotImplementedError("Task 3.1: ...")` still stands, and was reached."""

    task: str
    title: str
    file: str
    line: int

    def __str__(self) -> str:
        at = place(self.file, self.line)
        headline = _paragraph(f"Task {self.task} is not written yet: {_sentence(self.title)}")
        begins = f"Its raise still stands at {at}: put your code in its place.\n" if at else ""
        return f"{headline}\n{begins}{hint(self.task)}"


def unwritten(notes: Iterable[Note], wrong: WorldFailure | None = None) -> list[Unwritten]:
    """The tasks that turned out not to be written, in the order in which they were reached."""
    reached = [(n.message, n.type, n.file, n.line) for n in notes if n.kind == "exception"]
    if wrong is not None:
        reached.append((wrong.message, wrong.type, wrong.file, wrong.line))
    return [
        Unwritten(match["task"], plain(match["title"]), file, line)
        for message, kind, file, line in reached
        if kind == "NotImplementedError"
        and (match := re.search(r"Task (?P<task>\d+\.\d+): (?P<title>.+)", message))
    ]


def compared(who: str, expected: bytes, received: bytes) -> list[str]:
    """Both, one below the other, a mark under the first difference, and what it may come from."""
    coding = coding_of(expected, received)
    wanted, came = expected.decode(coding), received.decode(coding)
    alike = _alike(wanted, came)
    before = spelled(wanted[max(0, alike - BEFORE) : alike], coding)
    before = before[len(before) - how_many_fit(before[::-1], BEFORE) :]
    quote = _QUOTES[coding]
    opening = ("..." if len(before) < alike else "") + quote[0] + "".join(before)
    prefix = f"{who} " if who else ""
    text = (
        f"{prefix}expected  {_side(wanted, alike, opening, quote[1], coding)}\n"
        f"{prefix}received  {_side(came, alike, opening, quote[1], coding)}"
    )
    if expected and received:
        agreed = len(wanted[:alike].encode(coding))
        mark = " " * columns(f"{prefix}expected  {opening}")
        text += f"\n{mark}^ {_difference(expected, received, agreed)}"
    return [text, _paragraph(_guess(expected, received))]


def likely_reason(notes: Iterable[Note]) -> str:
    """What the program let out that explains the failure; "" when it kept quiet."""
    told = list(notes)
    for task in unwritten(told):
        return (
            f"Likely reason: task {task.task} is not written yet ({place(task.file, task.line)})."
        )
    for note in told:
        if note.kind == "exception":
            return _raised(note)
    for note in told:
        if note.kind == "never awaited":
            return _forgotten(note)
    for note in told:
        if note.kind == "blocked":
            return _blocked(note)
    return ""


def hint(task: str) -> str:
    return f"A hint: workbook hint {task}" if task else ""


def place(file: str, line: int) -> str:
    """`work/ch03_on_connection.py, line 31`; short where it can be, "" where nothing is known."""
    if not file:
        return ""
    if "ipykernel" in file or file.startswith("<"):
        return f"line {line} of the cell" if line else "the cell"
    below = os.path.relpath(file)
    short = plain(file if below.startswith("..") else below)
    return f"{short}, line {line}" if line else short


def plain(message: str) -> str:
    """What a program said, on one line, without what does not print or says nothing to anybody
    (`at 0x7f3a51c0d2e0`), and not too much of it.
    """
    return _on_screen(re.sub(r" at 0x[0-9a-f]+\b", "", " ".join(message.split())))


REMEDIES = [
    (
        r"\(unicode error\) 'utf-8' codec",
        "The file is not saved as UTF-8. Choose UTF-8 in your editor, and save it again.",
    ),
    (
        r"outside async function",
        "Only an `async def` can wait: write `async` in front of the `def` that this line is in.",
    ),
    (
        r"EOF when reading a line",
        "Nobody types anything to a server, so input() has nothing to read. What a client says "
        "comes over the network.",
    ),
    (
        r"'coroutine' object|coroutine object|concat coroutine",
        "A coroutine is no value yet: write `await` in front of the call that made it, or take the "
        "`async` away from a function that awaits nothing.",
    ),
    (
        r"await wasn't used with future|'_asyncio\.(Task|Future)' object|concat _asyncio\.",
        "A task, or what gather() gives, is no value yet: write `await` in front of it.",
    ),
    (
        r"a coroutine or an awaitable is required|a coroutine was expected",
        "A function is no coroutine. Call it: what an `async def` gives when called is one.",
    ),
    (
        r"cannot be called from a running event loop|event loop is already running",
        "The event loop runs already. Inside of an `async def`, write `await` instead.",
    ),
    (
        r"'ascii' codec can't",
        "ASCII knows no letters but a to z. .decode() and .encode() without a name use UTF-8.",
    ),
    (
        r"can't be used in 'await'|can't be awaited",
        "Only what is `async def` can be awaited. Take the `await` away.",
    ),
    (
        r"'(builtin_function_or_method|method|function)' object"
        r"|\bnot (builtin_function_or_method|method|function)\b",
        "A function is named there and not called: put parentheses behind its name.",
    ),
    (
        r"can only concatenate str \(not \"(int|float)\"\)",
        'A number becomes text with str(...), or in an f-string: f"{number}".',
    ),
    (
        r"\bnot NoneType\b|'NoneType' object",
        "None is what a function gives that ends without a `return`.",
    ),
    (
        r"bytes-like object|can't concat|not \"bytes\"|not 'bytes'|\bnot (bytes|str)\b"
        r"|'bytes' object has no attribute 'encode'|'str' object has no attribute 'decode'",
        "Text and bytes do not mix. Text becomes bytes with .encode(), bytes become text with "
        '.decode(), and b"..." is bytes from the start.',
    ),
    (
        r"dictionary changed size|Set changed size",
        "Somebody came or left while the loop went through it. Go through a copy: list(...).",
    ),
    (
        r"codec can't decode",
        "Not all bytes are text. Keep them as bytes, or decode with errors='replace'.",
    ),
    (
        r"serves while the file is imported",
        "To check a file is not to run it: put main() back below the line "
        '`if __name__ == "__main__":`.',
    ),
    (
        r"name '\w+' is not defined",
        "Python knows no such name there. Is it spelled as where it is made? What one function "
        "makes, another does not see; and text needs quotes.",
    ),
    (
        r"maximum recursion depth",
        "A function calls itself, or two call each other, and nothing ends it.",
    ),
    (
        r"positional arguments? but|missing \d+ required positional",
        "Compare its parameters with what it is called with. A data handler gets "
        "(data, butterfly, handler), on_connection and on_disconnect get (self, butterfly).",
    ),
]
"""What an exception's message looks like, and what helps against it."""

ADVICE = {
    "missing": (
        "There is nothing to run yet.",
        "workbook start copies the starter to work/; --file names any other place.",
    ),
    "syntax": (
        "Python reads the whole file before it runs the first line, so nothing of it ran.",
        "look at that line and at the one above it: at the spaces they begin with, and for a "
        "bracket, a quote or a colon that is missing.",
    ),
    "import": (
        "The file is run from top to bottom before anybody connects, and it ended early.",
        "check how the name is spelled, and that no file of your own has the name of a module.",
    ),
    "raised": (
        "The file is run from top to bottom before anybody connects, and it ended early.",
        "run the file by itself with python to see the whole traceback.",
    ),
    "no serve": (
        "The room starts your server by calling serve. Without it there is nobody to talk to.",
        "write `async def serve(bind, ssl_options):` at the left margin, spelled like this.",
    ),
    "not async": (
        "The room awaits serve, and only what is `async def` can be awaited.",
        "write `async` in front of `def serve`.",
    ),
    "serve raised": (
        "The server never began to listen, so nobody could connect.",
        "look at that line. It runs before anybody connects.",
    ),
    "serve waits": (
        "serve makes the server and returns it; only then can anybody connect.",
        "leave out serve_forever() and whatever waits for a client. main() serves for ever.",
    ),
    "not served": (
        "The room finds your server in what serve returns.",
        "end serve with `return net`, the net that `await handler.create_server(...)` gave.",
    ),
    "stalled": (
        "A program that waits for what nobody will do, or turns in a circle, answers nobody.",
        "ask of that line: who ends this wait? Something has to arrive, or be set, sent or closed.",
    ),
    "no tls": (
        "On the network everything is encrypted, from the first byte. A client that cannot agree "
        "with the server on how never gets to say anything.",
        "hand ssl_options on as they came: `create_server(bind, ssl_options)`.",
    ),
    "hang": (
        "One loop serves everybody. While one line keeps it, nobody is read and nobody is "
        "answered.",
        "look for a loop without an `await` in it, for time.sleep() and for input(). "
        "`await asyncio.sleep(...)` lets the others go on.",
    ),
    "exit": (
        "A server that ends its process hangs up on everybody at once.",
        "take sys.exit(), exit() or os._exit() out. To part from one client, stop its butterfly.",
    ),
    "crash": (
        "The process ended without a word, and everybody's connection with it.",
        "undo what you changed last, and look for os.kill(), ctypes or a recursion without an end.",
    ),
    "processes": (
        "One process serves everybody. A copy of it would answer everybody a second time, and each "
        "process takes memory and work from everybody else on the machine.",
        "take os.fork(), subprocess and multiprocessing out.",
    ),
    "runs on": (
        "What outlives the server keeps the program from ending, and nobody is there to end it.",
        "take that thread or process out. What goes on beside the clients is a task: "
        "`asyncio.create_task(...)`, cancelled when it is no longer wanted.",
    ),
    "memory": (
        "A server that takes all the memory there is takes the machine down with it.",
        "look for a list, a bytes or a task that is made again and again in a loop without an end.",
    ),
    "flood": (
        "It hides everything else, and nobody reads that much.",
        "look for a print() or a write() in a loop without an end.",
    ),
    "broken": (
        "This is a fault of the workbook, or of a module that your program has changed.",
        "take out what replaces parts of Python or asyncio. If nothing does, please report this "
        "with the lines above.",
    ),
    "bad reply": (
        "Your program and the room share no file but the network. Something else was written to or "
        "closed.",
        "take out what writes to, or closes, a file descriptor that your program did not open. If "
        "nothing does, this is a fault of the workbook: please report it.",
    ),
}
"""By the kind of a `WorldFailure`: why it matters, and what to try."""

BEFORE_ANYBODY = {
    *("missing", "syntax", "import", "raised", "no serve", "not async"),
    *("serve raised", "serve waits", "not served"),
}
"""The kinds of a `WorldFailure` that keep every room from opening."""

_PLAIN_WORDS = {"a", "an", "no", "nothing", "the", "what", "your"}  # others may be names in code
_NOTHING_CAME = (
    "Nothing came, and nothing was raised. Is this client written to at all (returning something "
    "writes nothing), and is that line ever reached?"
)
_QUOTES = {coding: quoted("|", coding).split("|") for coding in ("latin-1", "utf-8")}


def _alike(one: str, other: str) -> int:
    """How many of the first characters are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _side(text: str, alike: int, opening: str, closing: str, coding: str) -> str:
    if not text:
        return "nothing"
    pieces = spelled(text[alike : alike + AFTER], coding)
    kept = how_many_fit(pieces, AFTER)
    left_out = len(text[alike + kept :].encode(coding))
    shown = f"{opening}{''.join(pieces[:kept])}{closing}"
    return f"{shown} and {count(left_out, 'more byte')}" if left_out else shown


def _difference(expected: bytes, received: bytes, agreed: int) -> str:
    if agreed == len(received):
        return f"ends here, {count(len(expected) - agreed, 'byte')} short"
    if agreed == len(expected):
        return f"from here on {count(len(received) - agreed, 'byte')} too many"
    if agreed == 0:
        return "the first byte differs"
    return f"differs from here on, after {count(agreed, 'equal byte')}"


def _guess(expected: bytes, received: bytes) -> str:
    """What two byte strings give away about the mistake between them."""
    if received + b"\n" == expected:
        return "Only the newline at the end is missing."
    if received == 2 * expected:
        return "It is right, but it came twice."
    if re.search(rb"(?i)\bb['\"]", received) and not re.search(rb"(?i)\bb['\"]", expected):
        return (
            "The b and the quotes came over the network: bytes were put into a text, as in "
            'f"{name}". Decode them first, or join bytes to bytes with +.'
        )
    if received and received.replace(b"\r", b"") == expected.replace(b"\r", b""):
        return "Only \\r differs, the carriage return that some clients send before the newline."
    if received and received.split() == expected.split():
        return "Only white space differs."
    if received and received.lower() == expected.lower():
        return "Only capital and small letters differ."
    if expected and received.endswith(expected):
        before = count(len(received) - len(expected), "byte")
        return f"It is right, but {before} that should not be there came before it."
    return ""


def _one_side(side: bytes | str) -> str:
    if isinstance(side, str):
        return side
    return shortened(side, BEFORE + AFTER) if side else "nothing"


def _cut(title: str, text: str) -> str:
    """The last lines of `text` under a title; "" when there are none."""
    lines = text.splitlines()
    if not lines:
        return ""
    left_out = max(0, len(lines) - LAST_LINES)
    earlier = [f"({count(left_out, 'earlier line')} left out)"] if left_out else []
    shown = [*earlier, *map(_on_screen, lines[left_out:])]
    return "\n".join([title, *(f"  {line}".rstrip() for line in shown)])


def _raised(note: Note) -> str:
    message = f": {plain(note.message)}" if note.message.strip() else ""
    headline = f"Likely reason: {note.type}{_at(note.file, note.line)}{message}"
    return "\n".join(filter(None, [_paragraph(headline), _paragraph(_remedy(note.message))]))


def _remedy(message: str) -> str:
    """What helps against an exception with this message; "" when nothing is known."""
    return next((remedy for looks, remedy in REMEDIES if re.search(looks, message)), "")


def _remedy_of_start(wrong: WorldFailure) -> str:
    """What helps when it was an exception that kept the server from starting."""
    if wrong.kind == "syntax":  # x.py, line 9: the message: the line of code
        return _remedy("".join(wrong.message.split(": ", 2)[1:2]))
    return _remedy(wrong.message) if wrong.kind in ("raised", "serve raised") else ""


def _waits(notes: Iterable[Note]) -> list[str]:
    """A sentence for each place at which the program waits, where it is told."""
    waits = {(note.file, note.line): note.message for note in notes if note.kind == "waiting"}
    return [
        _paragraph(f"Your code waits{_at(*where)}, for {plain(reason)}.")
        for where, reason in [*waits.items()][:MOST_PLACES]
    ]


def _forgotten(note: Note) -> str:
    return "\n".join(
        [
            _paragraph(f"Likely reason: {plain(note.message)}{_at(note.file, note.line)}."),
            "Calling an `async def` only makes a coroutine. It runs when it is awaited.",
        ]
    )


def _blocked(note: Note) -> str:
    return "\n".join(
        [
            _paragraph(f"Likely reason: {plain(note.message)}{_at(note.file, note.line)}."),
            _paragraph(
                "It stops the event loop, and with it everybody who is connected. Wait with "
                "`await asyncio.sleep(...)`: then the others go on."
            ),
        ]
    )


def _on_screen(line: str) -> str:
    shown = on_screen(line)
    return shown if len(shown) <= LONGEST_MESSAGE else shown[:LONGEST_MESSAGE] + "..."


def _told(wrong: WorldFailure, headline: str) -> str:
    if wrong.kind == "syntax":  # it ends in a line of code
        return headline
    return _paragraph(_sentence(headline) + _unless_told(wrong))


def _unless_told(wrong: WorldFailure) -> str:
    """Where it was, when the sentence does not name the line already."""
    if not wrong.line or re.search(rf"\bline {wrong.line}\b", wrong.message):
        return ""
    return f" See {place(wrong.file, wrong.line)}."


def _at(file: str, line: int) -> str:
    where = place(file, line)
    return f" at {where}" if where else ""


def _sentence(text: str) -> str:
    first = text.partition(" ")[0]
    begun = text.capitalize()[:1] + text[1:] if first in _PLAIN_WORDS else text
    return begun if begun.endswith((".", "?", "!", ":")) else f"{begun}."


def _paragraph(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
