"""`workbook replay`: a conversation, one event at a time.

In a terminal, Enter brings the next event; on a pipe all of them come at once. The times are those
of the simulated network's clock. Over TLS there is no such clock, so there none are shown.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import click
from rich.console import Console
from rich.text import Text

from grader.report import headline
from room.failure import Excerpt
from room.transcript import lines, timed_transcript
from workbook.checking.conversation import Conversation, has_passed
from workbook.checking.failure_on_screen import broken, fitted, without_its_hint
from workbook.checkout.project import short_path
from workbook.terminal.screen import console
from workbook.terminal.wrap import say

_ASKED = "[Enter] next  [a]ll  [q]uit "
_UP_AND_CLEAR = "\x1b[1A\x1b[2K"


def replay(what: Conversation) -> None:
    """Print the conversation, in the learner's own time, and how it ended."""
    result = what.result
    say(f"{headline(result)}: {short_path(what.file)}\n")
    events = timed_transcript(result.events).splitlines()
    if result.world == "tls":
        events = lines(result.events)
    if not _told_step_by_step(events):
        return
    screen = console()
    for line in _how_it_ended(what, screen):
        screen.print(line, soft_wrap=True)


def _told_step_by_step(events: list[str]) -> bool:
    """Print each event. False when the learner leaves before the last one."""
    waits = sys.stdin.isatty() and console().is_terminal and not console().is_dumb_terminal
    for number, event in enumerate(events, start=1):
        for line in broken(event, console()):
            click.echo(line)
        if waits and number < len(events):
            answer = _asked()
            if answer == "q":
                return False
            waits = answer != "a"
    return True


def _asked() -> str:
    """Return the first letter of what is typed. Ctrl-C and Ctrl-D return "q"."""
    click.echo(_ASKED, nl=False)
    try:
        typed = sys.stdin.readline()
    except KeyboardInterrupt:
        typed = ""
    if not typed:
        click.echo()
        return "q"
    click.echo(_UP_AND_CLEAR, nl=False)
    return typed.strip().lower()[:1]


def _how_it_ended(what: Conversation, screen: Console) -> list[Text]:
    result = what.result
    if has_passed(result):
        right = "That was the whole conversation, and all of it is right."
        return [Text(), *(Text(line) for line in broken(right, screen))]
    # The conversation has been shown above.
    told = replace(without_its_hint(result), conversation=Excerpt())
    return [Text(), Text("Here it failed:"), Text(), *fitted(told, screen)]
