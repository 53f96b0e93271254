"""A conversation in a terminal, where arriving text does not break the line being typed.

prompt_toolkit edits the line, and draws it again below the text that arrives. Text after the last
newline, such as "Nickname: ", is not a line yet. It becomes the prompt, so the screen looks as the
server intended. prompt_toolkit's `patch_stdout()` knows nothing of such a prompt, so we print above
it ourselves.

One prompt runs from the first line to the last. A new one for each line would release the terminal
in between, and a key pressed at that moment would be lost.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import sys

from prompt_toolkit import PromptSession
from prompt_toolkit.key_binding import KeyBindings

from workbook.client.tls import TlsClient
from workbook.terminal.color import by_speaker, has_color, with_time
from workbook.terminal.escape import escape

LONGEST_PROMPT = 1000
"""Longest prompt, in characters. Longer text without a newline is shown as a line."""


class _Interrupted(Exception):
    """Ctrl-C. A KeyboardInterrupt would stop the loop before we could clean up."""


async def converse_in_terminal(client: TlsClient, answer: str | None) -> None:
    """Return when the server closes, or after Ctrl-C, or after Ctrl-D and the server's last words.

    `answer` was sent already. It is shown after the server's first prompt, as if typed.
    """
    screen = _Screen(client, answer)
    receiving = asyncio.create_task(_show_arrivals(client, screen))
    typing = asyncio.create_task(screen.session.prompt_async())
    try:
        await asyncio.wait((receiving, typing), return_when=asyncio.FIRST_COMPLETED)
        if receiving.done():
            receiving.result()
            typing.cancel()
            await asyncio.wait((typing,))  # it restores the terminal
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
    """The text that has arrived, and the line being typed below it."""

    def __init__(self, client: TlsClient, answer: str | None) -> None:
        self._client = client
        self._answer = answer
        self._prompt = ""  # what came after the last newline
        self._has_color = has_color(sys.stdout)
        # prompt_toolkit would ask the terminal where the cursor is, to make room for menus. We have
        # no menus, and an answer that comes after we printed a line would make it scroll too far.
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
        """Show text that arrived: whole lines above, the rest as the prompt."""
        lines, newline, self._prompt = (self._prompt + text).rpartition("\n")
        if self._prompt and self._answer is not None:
            answered, self._prompt, self._answer = self._prompt + self._answer, "", None
            lines = "\n".join([*map(self._arrived, lines.splitlines()), self._typed(answered)])
            self._print_above(lines)
            lines = newline = ""
        elif len(self._prompt) > LONGEST_PROMPT:
            self._prompt, lines = "", lines + newline + self._prompt
        if lines or newline:
            self._print_above("\n".join(map(self._arrived, lines.split("\n"))))
        self.session.app.invalidate()

    def _send_line(self) -> None:
        """Send the typed line, and show it above. Enter does this."""
        line = self.session.default_buffer.text
        self.session.default_buffer.reset(append_to_history=True)
        self._print_above(self._typed(self._prompt + escape(line)))
        self._prompt = ""
        self._client.write(line.encode(errors="surrogateescape") + b"\n")

    def _arrived(self, line: str) -> str:
        return with_time(by_speaker(line)) if self._has_color else line

    def _typed(self, line: str) -> str:
        return with_time(line) if self._has_color else line

    def _print_above(self, lines: str) -> None:
        app = self.session.app
        if app.is_running:
            app.renderer.erase()
        app.output.write_raw(lines + "\n")
        app.output.flush()
