"""What is suspected of a file, and what is not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from course import all_chapters
from grader.suspicions import outside, suspicion

ROOT = Path(__file__).parents[2]

SERVE = """
async def serve(bind, ssl_options):
    handler = Handler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def echo(data, butterfly, handler):
        butterfly.write(data)

    return net
"""


def _in_handler(*lines: str, name: str = "on_connection") -> str:
    body = "\n".join(f"        {line}" for line in lines)
    return f"class Handler(ButterflyHandler):\n    async def {name}(self, butterfly):\n{body}\n"


@pytest.mark.parametrize(
    ("source", "suspected"),
    [
        (_in_handler("pass", name="on_connect"), "bfnet never calls `on_connect` (x.py, line 2)."),
        (_in_handler("pass", name="on_disconected"), "The method that it calls is `on_disconnect`"),
        (SERVE.replace("    @net.any_data\n", ""), "nothing calls `echo` (x.py, line 6)."),
        (_in_handler("butterfly.stop"), "x.py, line 3 names `butterfly.stop` and does not call it"),
        (_in_handler("asyncio.gather(a(), b())"), "the `gather(...)` at x.py, line 3 is not await"),
        (
            _in_handler("await self.on_connection(butterfly)"),
            "`on_connection` calls itself at x.py, line 3, again and again.",
        ),
        (
            _in_handler("butterfly.stop()", "butterfly.write(b'bye')"),
            "x.py, line 4 writes to `butterfly` after its `stop()`.",
        ),
        (
            SERVE.replace("butterfly.write(data)", "more = await butterfly.read()"),
            "x.py, line 8 waits for more. What the client said is in `data` already.",
        ),
        (_in_handler("data_loop.cancelled()"), "x.py, line 3 only asks whether it is cancelled."),
        (_in_handler("answer.replace(b'x', b'')"), "x.py, line 3 makes something new with `repl"),
        (_in_handler("bytes(data)"), "x.py, line 3 does not keep what `bytes` makes."),
        (_in_handler("self.butterflies['nick'] = 1"), 'the key at x.py, line 3 is the text "nick"'),
        (_in_handler("self.logger.debug('x')"), "x.py, line 3 logs at level DEBUG"),
    ],
)
def test_a_mistake_that_raises_nothing_is_suspected(source: str, suspected: str) -> None:
    assert suspected in suspicion("x.py", source)


@pytest.mark.parametrize(
    "source",
    [
        SERVE,
        "this is not Python",
        "nothing\0",
        _in_handler("butterfly.write(b'bye')", "butterfly.stop()"),
        _in_handler("try:", "    answer.decode()", "except UnicodeDecodeError:", "    return"),
        _in_handler("if x:", "    butterfly.stop()", "    return", "butterfly.write(b'hello')"),
        _in_handler("await super().on_connection(butterfly)"),
        _in_handler("both = asyncio.gather(a(), b())", "await both"),
        _in_handler("await self.on_connected(butterfly)")
        + "    async def on_connected(self, butterfly): ...\n",
        SERVE.replace("    @net.any_data\n", "").replace("return net", "net.any_data(echo)"),
    ],
)
def test_what_is_no_mistake_is_not_suspected(source: str) -> None:
    assert suspicion("x.py", source) == ""


@pytest.mark.parametrize("chapter", all_chapters(ROOT), ids=lambda chapter: chapter.name)
def test_our_own_solutions_are_beyond_suspicion(chapter) -> None:
    assert suspicion(str(chapter.solution)) == ""
    assert suspicion(str(chapter.starter)) == ""


def test_a_line_that_is_not_indented_far_enough_is_outside_of_its_function() -> None:
    source = dedent(SERVE).replace("        butterfly.write", "        pass\n    butterfly.write")
    assert outside("butterfly", "x.py", 9, source) == (
        "`butterfly` belongs to `echo`, and x.py, line 9 is outside it. Is the line indented "
        "far enough?"
    )
    assert outside("buterfly", "x.py", 9, source) == ""
    assert outside("butterfly", "x.py", 5, source) == ""
