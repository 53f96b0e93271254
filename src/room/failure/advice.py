"""What a learner is told to think of and to try. An author edits this file: it has no code in it.

    KINDS       the ways in which a program can break: all that is known about each
    REMEDIES    what helps against an exception, by its message
    sentences   for a program that did not break, and still did not answer

The names of the kinds are in room/contract.py too. The learner's side uses them and never loads
this file.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A way in which a program can break. The learner reads `why` and `attempt`."""

    meaning: str  # when a `WorldFailure` is of this kind
    why: str  # why it matters
    attempt: str  # what to try: it goes on after "Try: "
    before_anybody: bool = False  # it keeps every room from opening, so no client is ever there
    costly: bool = False  # it takes seconds, so a task in which it happened is not tried again


KINDS = {
    "missing": Kind(
        meaning="there is no such file",
        why="There is nothing to run yet.",
        attempt="workbook start copies the starter to work/; --file names any other place.",
        before_anybody=True,
    ),
    "syntax": Kind(
        meaning="the file is not Python",
        why="Python reads the whole file before it runs the first line, so nothing of it ran.",
        attempt=(
            "look at that line and at the one above it: at the spaces they begin with, and for a "
            "bracket, a quote or a colon that is missing."
        ),
        before_anybody=True,
    ),
    "import": Kind(
        meaning="the file imports what is not there",
        why="The file is run from top to bottom before anybody connects, and it ended early.",
        attempt=(
            "check how the name is spelled, and that no file of your own has the name of a module."
        ),
        before_anybody=True,
    ),
    "raised": Kind(
        meaning="an exception left the file while it was imported",
        why="The file is run from top to bottom before anybody connects, and it ended early.",
        attempt="run the file by itself with python to see the whole traceback.",
        before_anybody=True,
    ),
    "no serve": Kind(
        meaning="the file defines no function `serve`",
        why="The room starts your server by calling serve. Without it there is nobody to talk to.",
        attempt=(
            "write `async def serve(bind, ssl_options):` at the left margin, spelled like this."
        ),
        before_anybody=True,
    ),
    "not async": Kind(
        meaning="`serve` is no `async def`",
        why="The room awaits serve, and only what is `async def` can be awaited.",
        attempt="write `async` in front of `def serve`.",
        before_anybody=True,
    ),
    "serve raised": Kind(
        meaning="an exception left `serve`",
        why="The server never began to listen, so nobody could connect.",
        attempt="look at that line. It runs before anybody connects.",
        before_anybody=True,
    ),
    "serve waits": Kind(
        meaning="`serve` does not return",
        why="serve makes the server and returns it; only then can anybody connect.",
        attempt=(
            "leave out serve_forever() and whatever waits for a client. main() serves for ever."
        ),
        before_anybody=True,
    ),
    "not served": Kind(
        meaning="`serve` returned nothing that listens",
        why="The room finds your server in what serve returns.",
        attempt=(
            "end serve with `return net`, the net that `await handler.create_server(...)` gave."
        ),
        before_anybody=True,
    ),
    "stalled": Kind(
        meaning="the loop is busy for ever, or waits for what can never happen",
        why="A program that waits for what nobody will do, or turns in a circle, answers nobody.",
        attempt=(
            "ask of that line: who ends this wait? Something has to arrive, or be set, sent or "
            "closed."
        ),
        costly=True,
    ),
    "no tls": Kind(
        meaning="the server does not complete a TLS handshake",
        why=(
            "On the network everything is encrypted, from the first byte. A client that cannot "
            "agree with the server on how never gets to say anything."
        ),
        attempt="hand ssl_options on as they came: `create_server(bind, ssl_options)`.",
    ),
    "hang": Kind(
        meaning="no answer within the deadline",
        why=(
            "One loop serves everybody. While one line keeps it, nobody is read and nobody is "
            "answered."
        ),
        attempt=(
            "look for a loop without an `await` in it, for time.sleep() and for input(). `await "
            "asyncio.sleep(...)` lets the others go on."
        ),
        costly=True,
    ),
    "exit": Kind(
        meaning="the program ended its own process",
        why="A server that ends its process hangs up on everybody at once.",
        attempt=(
            "take sys.exit(), exit() or os._exit() out. To part from one client, stop its "
            "butterfly."
        ),
    ),
    "crash": Kind(
        meaning="the process was ended by a signal",
        why="The process ended without a word, and everybody's connection with it.",
        attempt=(
            "undo what you changed last, and look for os.kill(), ctypes or a recursion without an "
            "end."
        ),
    ),
    "processes": Kind(
        meaning="the program started more processes than any honest one does",
        why=(
            "One process serves everybody. A copy of it would answer everybody a second time, and "
            "each process takes memory and work from everybody else on the machine."
        ),
        attempt="take os.fork(), subprocess and multiprocessing out.",
        costly=True,
    ),
    "runs on": Kind(
        meaning="a thread or a process of the program outlives its server",
        why=(
            "What outlives the server keeps the program from ending, and nobody is there to end it."
        ),
        attempt=(
            "take that thread or process out. What goes on beside the clients is a task: "
            "`asyncio.create_task(...)`, cancelled when it is no longer wanted."
        ),
        costly=True,
    ),
    "memory": Kind(
        meaning="the program ran out of memory",
        why="A server that takes all the memory there is takes the machine down with it.",
        attempt=(
            "look for a list, a bytes or a task that is made again and again in a loop without an "
            "end."
        ),
        costly=True,
    ),
    "flood": Kind(
        meaning="more was printed, or sent, than any honest program does",
        why="It hides everything else, and nobody reads that much.",
        attempt="look for a print() or a write() in a loop without an end.",
        costly=True,
    ),
    "took too long": Kind(
        meaning="the limit on the whole check is over",
        why="Every conversation has a server of its own, so what is slow once is slow every time.",
        attempt=(
            "look for what takes long while the file is imported, or before a client has its "
            "answer."
        ),
        costly=True,
    ),
    "broken": Kind(
        meaning="our own side of the child failed, or was tampered with",
        why="This is a fault of the workbook, or of a module that your program has changed.",
        attempt=(
            "take out what replaces parts of Python or asyncio. If nothing does, please report "
            "this with the lines above."
        ),
    ),
    "bad reply": Kind(
        meaning="what came back over the pipe is not what our side of it writes",
        why=(
            "Your program and the room share no file but the network. Something else was written "
            "to or closed."
        ),
        attempt=(
            "take out what writes to, or closes, a file descriptor that your program did not "
            "open. If nothing does, this is a fault of the workbook: please report it."
        ),
    ),
}
"""By the name of the kind, which is the `kind` of a `WorldFailure`."""

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

NOTHING_CAME = (
    "Nothing came, and nothing was raised. Is this client written to at all (returning something "
    "writes nothing), and is that line ever reached?"
)
NEVER_AWAITED = "Calling an `async def` only makes a coroutine. It runs when it is awaited."
BLOCKED = (
    "It stops the event loop, and with it everybody who is connected. Wait with "
    "`await asyncio.sleep(...)`: then the others go on."
)
STUMBLED = "All that this test asks for came, and yet your code failed on the way."
STRAYED = "It should have ended before that task. Is a `return` missing?"
STRAYED_HEADLINE = "The clients received what they should, but your code went too far."
