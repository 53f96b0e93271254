"""A conversation in a terminal, where what arrives does not break the line being typed.

prompt_toolkit edits the line and draws it again below what arrives. What came after the last
newline, such as "Nickname: ", is no line yet: it becomes the prompt, so that the screen reads as
the server meant it.
"""

from __future__ import annotations

import asyncio
import codecs

from prompt_toolkit import PromptSession
from prompt_toolkit.application import in_terminal

from workbook.harmless import harmless
from workbook.tls_client import TlsClient

LONGEST_PROMPT = 1000
"""Characters without a newline that may stand before the cursor; more are shown as a line."""


class _Interrupted(Exception):
    """Ctrl-C. A KeyboardInterrupt would tear down the loop before anything is put in order."""


async def converse_in_terminal(client: TlsClient, answer: str | None) -> None:
    """Return when the server has closed, or after Ctrl-C, or after Ctrl-D and its last words.

    `answer` has been sent already and is shown as typed behind the server's first prompt.
    """
    screen = _Screen(answer)
    receiving = asyncio.create_task(_show_arrivals(client, screen))
    typing = asyncio.create_task(_send_typed(client, screen))
    try:
        await asyncio.wait((receiving, typing), return_when=asyncio.FIRST_COMPLETED)
        if receiving.done():
            receiving.result()
            typing.cancel()
            await asyncio.wait((typing,))  # the terminal is as it was before
            print("The server has closed the connection.")
            return
        typing.result()
        await receiving
    except _Interrupted:
        return
    finally:
        receiving.cancel()
        typing.cancel()


async def _show_arrivals(client: TlsClient, screen: _Screen) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    while data := await client.read():
        await screen.show(harmless(decoder.decode(data)))


async def _send_typed(client: TlsClient, screen: _Screen) -> None:
    """Send each line; finish sending on Ctrl-D. Raises _Interrupted on Ctrl-C."""
    while True:
        try:
            line = await screen.read_line()
        except EOFError:
            client.finish()
            return
        await client.write(line.encode(errors="surrogateescape") + b"\n")


class _Screen:
    def __init__(self, answer: str | None) -> None:
        self._answer = answer
        self._prompt = ""  # what came after the last newline
        self._prompt_drawn = ""
        self._session: PromptSession[str] = PromptSession(
            self._draw_prompt, interrupt_exception=_Interrupted, enable_suspend=True
        )

    async def read_line(self) -> str:
        line = await self._session.prompt_async()
        # The prompt stays on screen with the line. Only what came in this instant is still to show.
        self._prompt = self._prompt.removeprefix(self._prompt_drawn)
        return line

    async def show(self, text: str) -> None:
        lines, newline, self._prompt = (self._prompt + text).rpartition("\n")
        if self._prompt and self._answer is not None:
            lines += newline + self._prompt + self._answer
            self._prompt, self._answer = "", None
        elif len(self._prompt) > LONGEST_PROMPT:
            lines += newline + self._prompt
            self._prompt = ""
        if lines or newline:
            async with in_terminal():
                print(lines)
        self._session.app.invalidate()

    def _draw_prompt(self) -> str:
        self._prompt_drawn = self._prompt
        return self._prompt
