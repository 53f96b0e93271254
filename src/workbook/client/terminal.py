"""A conversation in a terminal, where what arrives does not break the line being typed.

prompt_toolkit edits the line and draws it again below what arrives. What came after the last
newline, such as "Nickname: ", is no line yet: it becomes the prompt, so that the screen reads as
the server meant it.

One prompt runs from the first line to the last. A new one for each line would give the terminal
back in between, and a key pressed in that moment would be lost.
"""

from __future__ import annotations

import asyncio
import codecs
import os

from prompt_toolkit import PromptSession
from prompt_toolkit.key_binding import KeyBindings

from workbook.client.tls import TlsClient
from workbook.terminal.escape import escape

LONGEST_PROMPT = 1000
"""Characters without a newline that may stand before the cursor; more are shown as a line."""


class _Interrupted(Exception):
    """Ctrl-C. A KeyboardInterrupt would tear down the loop before anything is put in order."""


async def converse_in_terminal(client: TlsClient, answer: str | None) -> None:
    """Return when the server has closed, or after Ctrl-C, or after Ctrl-D and its last words.

    `answer` has been sent already and is shown as typed behind the server's first prompt.
    """
    screen = _Screen(client, answer)
    receiving = asyncio.create_task(_show_arrivals(client, screen))
    typing = asyncio.create_task(screen.session.prompt_async())
    try:
        await asyncio.wait((receiving, typing), return_when=asyncio.FIRST_COMPLETED)
        if receiving.done():
            receiving.result()
            typing.cancel()
            await asyncio.wait((typing,))  # the terminal is as it was before
            print("The server has closed the connection.")
            return
        typing.result()
    except EOFError:  # Ctrl-D
        client.finish()
        await receiving
    except _Interrupted:
        return
    finally:
        receiving.cancel()
        typing.cancel()


async def _show_arrivals(client: TlsClient, screen: _Screen) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    while data := await client.read():
        screen.show(escape(decoder.decode(data)))


class _Screen:
    """What is shown, and the line being typed below it."""

    def __init__(self, client: TlsClient, answer: str | None) -> None:
        self._client = client
        self._answer = answer
        self._prompt = ""  # what came after the last newline
        # prompt_toolkit would ask the terminal where the cursor is, to make room for menus. We have
        # none, and an answer that comes after a line was shown would make it scroll too far.
        os.environ["PROMPT_TOOLKIT_NO_CPR"] = "1"
        keys = KeyBindings()
        keys.add("enter")(lambda event: self._send_line())
        self.session: PromptSession[str] = PromptSession(
            lambda: self._prompt,
            key_bindings=keys,
            interrupt_exception=_Interrupted,
            enable_suspend=True,
            reserve_space_for_menu=0,
        )

    def show(self, text: str) -> None:
        """Show what arrived: whole lines above, the rest as the prompt."""
        lines, newline, self._prompt = (self._prompt + text).rpartition("\n")
        if self._prompt and self._answer is not None:
            self._prompt, lines = "", lines + newline + self._prompt + self._answer
            self._answer = None
        elif len(self._prompt) > LONGEST_PROMPT:
            self._prompt, lines = "", lines + newline + self._prompt
        if lines or newline:
            self._print_above(lines)
        self.session.app.invalidate()

    def _send_line(self) -> None:
        """What Enter does."""
        line = self.session.default_buffer.text
        self.session.default_buffer.reset(append_to_history=True)
        self._print_above(self._prompt + escape(line))
        self._prompt = ""
        self._client.write(line.encode(errors="surrogateescape") + b"\n")

    def _print_above(self, lines: str) -> None:
        app = self.session.app
        if app.is_running:
            app.renderer.erase()
        app.output.write_raw(lines + "\n")
        app.output.flush()
