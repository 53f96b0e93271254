"""The advice that learners read after a failure. An author edits this file: it contains no code.

    KINDS       the ways in which a program can break, and the advice for each
    REMEDIES    the remedies for exceptions, by class and message
    sentences   for a program that did not break, but did not do what was expected

The names of the kinds are in room/contract.py too, because the learner's side uses them and never
loads this file.
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
        meaning="the file imports something that is not there",
        why="The file is run from top to bottom before anyone connects, and it ended early.",
        attempt=(
            "check how the name is spelled, and that no file of your own has the name of a module."
        ),
        before_anybody=True,
    ),
    "raised": Kind(
        meaning="an exception left the file while it was imported",
        why="The file is run from top to bottom before anyone connects, and it ended early.",
        attempt="run the file by itself with python to see the whole traceback.",
        before_anybody=True,
    ),
    "no serve": Kind(
        meaning="the file defines no function `serve`",
        why="The check starts your server by calling serve. Without it there is no server.",
        attempt=(
            "write `async def serve(bind, ssl_options):` at the left margin, spelled like this."
        ),
        before_anybody=True,
    ),
    "not async": Kind(
        meaning="`serve` is not an `async def`",
        why="The check awaits serve, and only an `async def` can be awaited.",
        attempt="write `async` in front of `def serve`.",
        before_anybody=True,
    ),
    "serve raised": Kind(
        meaning="an exception left `serve`",
        why="The server never began to listen, so nobody could connect.",
        attempt="look at that line. It runs before anyone connects.",
        before_anybody=True,
    ),
    "serve waits": Kind(
        meaning="`serve` does not return",
        why="serve makes the server and returns it. Nobody can connect before that.",
        attempt=(
            "remove serve_forever() and whatever waits for a client. main() keeps the server "
            "running."
        ),
        before_anybody=True,
    ),
    "not served": Kind(
        meaning="`serve` returned nothing that listens",
        why="The check finds your server in what serve returns.",
        attempt=(
            "end serve with `return net`, where net is what `await handler.create_server(...)` "
            "returned."
        ),
        before_anybody=True,
    ),
    "stalled": Kind(
        meaning="the loop is busy forever, or waits for what can never happen",
        why=(
            "Your program is waiting for something that will never happen, or going around in a "
            "loop."
        ),
        attempt=(
            "look at that line. What would end the wait? Something has to arrive, or be set, sent "
            "or closed."
        ),
        costly=True,
    ),
    "no tls": Kind(
        meaning="the server does not complete a TLS handshake",
        why=(
            "On the real network everything is encrypted, from the first byte. A client and a "
            "server that do not agree on the encryption cannot talk at all."
        ),
        attempt="pass ssl_options on unchanged: `create_server(bind, ssl_options)`.",
    ),
    "hang": Kind(
        meaning="no answer within the deadline",
        why=(
            "One event loop serves everyone. While one line holds it up, the server reads from "
            "nobody and answers nobody."
        ),
        attempt=(
            "look for a loop without an `await` in it, for time.sleep() and for input(). `await "
            "asyncio.sleep(...)` lets the others go on."
        ),
        costly=True,
    ),
    "exit": Kind(
        meaning="the program ended its own process",
        why="A server that ends its process hangs up on everyone at once.",
        attempt=(
            "remove sys.exit(), exit() or os._exit(). To hang up on one client, stop its butterfly."
        ),
    ),
    "crash": Kind(
        meaning="the process was ended by a signal",
        why="The process ended without an error message, and every connection ended with it.",
        attempt=(
            "undo what you changed last, and look for os.kill(), ctypes or a function that keeps "
            "calling itself."
        ),
    ),
    "processes": Kind(
        meaning="the program started more processes than any honest one does",
        why=(
            "One process serves everyone. A copy of it would answer everyone a second time, and "
            "each process takes memory and time from the others."
        ),
        attempt="remove os.fork(), subprocess and multiprocessing.",
        costly=True,
    ),
    "runs on": Kind(
        meaning="a thread or a process of the program outlives its server",
        why=("A thread or process that outlives the server keeps the program from ending."),
        attempt=(
            "remove it. For work that runs alongside the clients, use a task: "
            "`asyncio.create_task(...)`, and cancel it when it is no longer needed."
        ),
        costly=True,
    ),
    "memory": Kind(
        meaning="the program ran out of memory",
        why="A server that takes all the memory brings the whole machine down.",
        attempt=("look for a loop that never ends and keeps making lists, bytes or tasks."),
        costly=True,
    ),
    "flood": Kind(
        meaning="more was printed, or sent, than any honest program does",
        why="So much output hides everything else, and nobody can read it.",
        attempt="look for a print() or a write() in a loop that never ends.",
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
            "remove what replaces parts of Python or asyncio. If nothing does, please report "
            "this with the lines above."
        ),
    ),
    "no process": Kind(
        meaning="no process could be started for the program, or it died before it was loaded",
        why="Nothing of your program has run yet: this is a fault of the machine or the workbook.",
        attempt=(
            "try again, with fewer programs open. If it stays, `workbook doctor` says more; please "
            "report this with the lines above."
        ),
        before_anybody=True,
    ),
    "bad reply": Kind(
        meaning="what came back over the pipe is not what our side of it writes",
        why=(
            "Your program shares a few file descriptors with the check, and one of them was "
            "written to or closed."
        ),
        attempt=(
            "remove what writes to, or closes, a file descriptor that your program did not open. "
            "If nothing does, this is a fault of the workbook: please report it."
        ),
    ),
    "hides": Kind(
        meaning="troubles that the judge had reported on purpose did not arrive",
        why=(
            "Your program runs beside the code that reports its exceptions, and it has changed "
            "that code. So nobody can tell whether something went wrong."
        ),
        attempt=(
            "remove what replaces functions of `room`, `simnet`, `bfnet`, `asyncio` or `logging`. "
            "If nothing does, this is a fault of the workbook: please report it."
        ),
    ),
}
"""By the name of the kind, which is the `kind` of a `WorldFailure`."""

REMEDIES = [
    (
        r"\(unicode error\) 'utf-8' codec|null bytes",
        "The file is not saved as UTF-8. Choose UTF-8 in your editor, and save it again. (On "
        "Windows, `>` in PowerShell saves as UTF-16.)",
    ),
    (
        r"outside async function",
        "You can use `await` only inside an `async def`: write `async` in front of the `def` that "
        "this line is in.",
    ),
    (
        r"No module named",
        "Is the name spelled right? Only bfnet and Python's standard library are installed here, "
        "and they are enough for every task.",
    ),
    (
        r"can't start new thread",
        "While it is checked, a program can have only a few threads. A server like this needs "
        "none: for work that runs alongside the clients, use `asyncio.create_task(...)`.",
    ),
    (
        r"\bBdbQuit\b",
        "breakpoint() starts a debugger, and nobody is there to type its commands. Take it out.",
    ),
    (
        r"FileNotFoundError.*'[^/\\]+'$",
        "A check runs in an empty folder, so the files beside yours are not found. Put what you "
        "need into your program.",
    ),
    (
        r"Bad file descriptor",
        "This descriptor is closed, and your program did not open it. Remove the os.close(...).",
    ),
    (
        r"EOF when reading a line",
        "Nobody types anything to a server, so input() has nothing to read. What a client says "
        "comes over the network.",
    ),
    (
        r"'coroutine' object|coroutine object|concat coroutine|not coroutine\b",
        "A coroutine has no result until you await it: write `await` in front of the call that "
        "made it. If that function awaits nothing, you can remove its `async` instead.",
    ),
    (
        r"await wasn't used with future|'_asyncio\.(Task|Future)' object|concat _asyncio\.",
        "A task, or what gather() returns, has no result until you await it: write `await` in "
        "front of it.",
    ),
    (
        r"a coroutine or an awaitable is required|a coroutine was expected",
        "You passed the function itself. Call it, with parentheses: calling an `async def` returns "
        "the coroutine that is needed here.",
    ),
    (
        r"cannot be called from a running event loop|event loop is already running",
        "The event loop is already running. Inside an `async def`, use `await` instead.",
    ),
    (
        r"is already being handled: call begin_handling only once",
        "Call begin_handling once for each client. The inherited on_connection calls it too.",
    ),
    (
        r"'ascii' codec can't",
        "ASCII only has the letters a to z. Use .decode() and .encode() without a name: they use "
        "UTF-8, which has every letter.",
    ),
    (
        r"\bCancelledError\b",
        "Awaiting a task that was cancelled raises this error. Remove the `await`.",
    ),
    (
        r"object (method|builtin_function_or_method|function) can't be"
        r"|'(method|builtin_function_or_method|function)' object can't be",
        "That line names a function but does not call it: add parentheses after its name.",
    ),
    (
        r"can't be used in 'await'|can't be awaited",
        "This cannot be awaited: it is not a coroutine. Remove the `await`.",
    ),
    (
        r"argument of type '(builtin_function_or_method|method)' is not (iterable|a container)"
        r"|'(builtin_function_or_method|method)' object is not (iterable|subscriptable)"
        r"|'(builtin_function_or_method|method|function)' object"
        r"|\bnot (builtin_function_or_method|method|function)\b",
        "That line names a function but does not call it: add parentheses after its name.",
    ),
    (
        r"argument of type '(?!NoneType')\w+' is not (iterable|a container)",
        "`in` looks inside a dict, a list, a text or bytes. To ask whether an object has an "
        'attribute, use hasattr(thing, "name").',
    ),
    (
        r"can only concatenate str \(not \"(int|float)\"\)",
        'A number becomes text with str(...), or in an f-string: f"{number}".',
    ),
    (
        r"concat (int|float) to bytes|not (int|float)\b",
        "A number is neither text nor bytes. Put it into an f-string and encode that: "
        'f"{number}".encode(). (A single byte of bytes is a number, too: bytes([number]) makes '
        "bytes of it again.)",
    ),
    (
        r"concat list to bytes|not list\b",
        'A list is not bytes: bytes(...) makes bytes of a list of numbers, and b"".join(...) of '
        "a list of bytes.",
    ),
    (
        r"\bnot NoneType\b|concat NoneType|'NoneType' (object|is not)|not \"NoneType\"",
        "A function that ends without a `return` returns None. Is a `return` missing?",
    ),
    (
        r"'tuple' object has no attribute '(write|read|stop|nick|ip)'",
        "The values of `butterflies` are pairs. Take the pair apart first: "
        "`other, data_loop = ...`.",
    ),
    (
        r"cannot unpack non-iterable Butterfly",
        "Each value of `butterflies` is a pair, `(butterfly, data_loop)`. Somewhere you saved "
        "only the butterfly.",
    ),
    (
        r"too many values to unpack",
        "There are more pieces than names on the left. A loop over a dict goes through its keys: "
        "for the pairs in it, loop over `.values()`.",
    ),
    (
        r"not enough values to unpack",
        "There are fewer pieces than names on the left. Count them before you take them apart, or "
        "catch the ValueError.",
    ),
    (
        r"type object 'super' has no attribute",
        "`super` is a function: call it, with parentheses, as in `super().on_connection(...)`.",
    ),
    (
        r"unknown error handler name",
        '`errors=` takes "replace", "ignore" and "strict". Is it spelled like one of these?',
    ),
    (
        r"\bwrite\(\) (takes|missing)",
        "`write` takes one argument, the bytes to send, and belongs to one client: "
        "`butterfly.write(...)`. Join several parts with + first.",
    ),
    (
        r"begin_handling\(\) missing",
        "It needs to know which client it is for: `self.begin_handling(butterfly)`.",
    ),
    (
        r"'dict' object has no attribute '(append|add|insert|remove)'",
        "A dict has no `\\1`. `d[key] = value` puts something in, and `d.pop(key)` takes it out.",
    ),
    (
        r"'Logger' object has no attribute",
        "A logger has info(...), warning(...) and error(...). Is it spelled like one of these?",
    ),
    (
        r"KeyError: <Butterfly",
        "The keys of this dict are names, not butterflies: use the name, `butterfly.nick`.",
    ),
    (
        r"'(bytes|str)' object has no attribute '(write|read|stop)'",
        "This is what someone said, or a name. The client is the butterfly, and it has the method "
        "`\\2`. (A loop over a dict goes through its keys; the butterflies are in its values.)",
    ),
    (
        r"'Butterfly' object has no attribute '(logger|butterflies|begin_handling)'",
        "That belongs to the handler, not to a butterfly. In a method the handler is `self`; in a "
        "data handler it is the third parameter.",
    ),
    (
        r"'Butterfly' object has no attribute '(?!nick|handler)\w+'",
        "A butterfly has the methods read(), write(...), drain() and stop(), and the attributes ip "
        "and client_port. Is it spelled like one of these?",
    ),
    (
        r"'Butterfly' object has no attribute 'nick'",
        "This client has no name yet: no line has saved one on it. Return early for such clients, "
        "or save the name first.",
    ),
    (
        r"'(?!bytes'|str'|int'|list'|dict'|Net'|Butterfly'|module'|type')\w+' object has no "
        r"attribute '(write|read|nick|ip|client_port|drain)'",
        "A butterfly has that: it is one client. The handler is the whole server.",
    ),
    (
        r"'bytes' object has no attribute '(encode|isprintable|isnumeric|isdecimal|isidentifier"
        r"|format|casefold)'",
        "Text and bytes do not mix. Bytes are not text yet: .decode() makes text of them, and text "
        "has this method. (What is already bytes needs no .encode().)",
    ),
    (
        r"takes bytes, not str: [\"'].{0,40}?\bb\\?['\"]",
        "The text contains b'...': bytes were put into an f-string. Join bytes to bytes with +, or "
        "decode them first.",
    ),
    (
        r"bytes-like object|can't concat|not \"bytes\"|not 'bytes'|\bnot (bytes|str)\b"
        r"|'str' object has no attribute 'decode'",
        "Text and bytes do not mix. Text becomes bytes with .encode(), bytes become text with "
        '.decode(), and b"..." is bytes from the start.',
    ),
    (
        r"dictionary changed size|Set changed size|changed during iteration",
        "The dict changed while your loop was going through it. Go through a copy: list(...).",
    ),
    (
        r"codec can't decode",
        "Some of these bytes are not valid UTF-8. Keep them as bytes; or, where you need text, "
        "decode with errors='replace'.",
    ),
    (
        r"serves while the file is imported",
        "Your file starts serving as soon as it is imported, so it cannot be checked. Put main() "
        'back below the line `if __name__ == "__main__":`.',
    ),
    (
        r"name 'self' is not defined",
        "A function in `serve` has no `self`. A data handler's third parameter is the handler: "
        "use that. In a method, `self` is the first parameter.",
    ),
    (
        r"name '(logger|butterflies|begin_handling)' is not defined",
        r"It belongs to the handler: in a method it is `self.\1`, in a data handler `handler.\1`.",
    ),
    (
        r"serve raised NameError: name '(data|butterfly|handler)' is not defined",
        r"`\1` is known only inside the function that has it as a parameter, and this line is "
        "outside it. Is the line indented far enough?",
    ),
    (
        r"name '\w+' is not defined",
        "Python does not know this name here. Is it spelled the same where you defined it? A "
        "variable of one function is not visible in another, and text needs quotes.",
    ),
    (
        r"UnboundLocalError",
        "This name has no value yet on this path. Give it one before the `if` or the loop that "
        "uses it.",
    ),
    (
        r"maximum recursion depth",
        "A function keeps calling itself, or two functions keep calling each other, and nothing "
        "stops them.",
    ),
    (
        r"positional arguments? but|missing \d+ required positional",
        "Compare its parameters with what it is called with. A data handler gets "
        "(data, butterfly, handler), on_connection and on_disconnect get (self, butterfly).",
    ),
    (
        r"InvalidStateError",
        "A future has one result, and this one has its result already.",
    ),
    (
        r"'Logger' object is not callable",
        "The logger has a method for each level: self.logger.info(...).",
    ),
]
r"""What an exception, as `TypeError: its message`, looks like, and what helps against it.

The first that fits is taken. `\1` in a remedy is what the first parentheses matched.
"""

UNDECODED_NAME = (
    "These bytes are not valid UTF-8, so they have to be refused. Catch the UnicodeDecodeError, "
    "with `try` and `except`, and decode without errors=."
)
"""In place of the remedy for bytes that are not text, where the client has to be turned away."""

NOTHING_CAME = (
    "Nothing came, and your code raised no error. Does any line write to this client? (Returning "
    "a value writes nothing.) And is that line ever reached?"
)
NEVER_AWAITED = "Calling an `async def` only makes a coroutine. It runs when it is awaited."
AWAIT_IT = "Write `await` in front of that call."
NOT_ASYNC = (
    "That line was there already, and it does not await what it calls. Remove the `async` of that "
    "function: a plain `def` is needed here."
)
AWAITED_TOO_LATE = (
    "What you await here is the result of the whole chain of calls. Put `await` and the first "
    "call in parentheses, as in `(await butterfly.read()).strip()`, or on a line of their own."
)
STOPS_THE_SERVER = (
    "stop() of the handler stops the whole server. To hang up on one client, use "
    "`butterfly.stop()`, without `await`."
)
BLOCKED = (
    "This stops the event loop, and with it everyone who is connected. Use "
    "`await asyncio.sleep(...)`, which lets the others go on."
)
STUMBLED = "The clients received what they should, but something went wrong in your code."
STRAYED = (
    "It should have ended before that task. Is a `return` missing, or did a check let this"
    " client past?"
)
STRAYED_HEADLINE = "The clients received what they should, but your code went too far."

REFUSAL = rb"\bnot allowed\b"
"""What a server says to a client whose name it cannot let in."""

THERE_ALREADY = "a line that was there already"
"""Said of the failing line, when the starter has it too: the mistake is in front of it."""

FAILED_BEFORE = "The mistake is in what your code did before that line."
CAME_TOO_FAR = (
    "Your code must not come that far with these bytes: refuse them earlier, and then `return`."
)
OF_ITS_LINE = r"codec can't (de|en)code"
"""What a remedy would change in the failing line. Where the line was there already, it is right."""

PRINTED_NOT_LOGGED = "print() does not write to the log: use self.logger.info(...)."
PRINTED_NOT_WRITTEN = (
    "Your program printed it, and print() shows it only to you. butterfly.write(...) sends it to "
    "the client."
)
LOGGED_IN_PARTS = (
    "A line of the log is one text: put the parts into an f-string, as in "
    'self.logger.info(f"{one}:{other}").'
)
CLOSED_DESCRIPTOR = "your program closed a file descriptor that it did not open"
