"""Color and time for lines that arrive one by one: a server's log, a client's conversation.

This does not use rich, because a server would wait for the import. What color means is said in
words, too, and none is used where NO_COLOR is set or where a terminal has none.
"""

from __future__ import annotations

import os
import re
import zlib
from datetime import datetime
from typing import IO, Any

import click

_COLORS = ("cyan", "green", "yellow", "magenta", "blue", "bright_blue")
_SPEAKER = re.compile(r"([^\s:][^:]{0,39}): ")  # "ann: ", in front of what she says


def has_color(stream: IO[Any]) -> bool:
    """Return whether a stream leads to a terminal that shows color."""
    dumb = os.environ.get("TERM", "dumb") in ("dumb", "unknown")
    return stream.isatty() and not dumb and not os.environ.get("NO_COLOR")


def with_time(line: str) -> str:
    """Return the line with the time in front, less bright than the line."""
    return f"{click.style(f'{datetime.now():%H:%M:%S}', dim=True)}  {line}"


def by_speaker(line: str) -> str:
    """Return a line of a conversation. The name in front has a color of its own.

    A line without a name is the server's own, and less bright.
    """
    if speaker := _SPEAKER.match(line):
        name, said = speaker[1], line[speaker.end(1) :]
        return click.style(name, fg=color_of(name)) + said
    return click.style(line, dim=True)


def color_of(name: str) -> str:
    """Return a name's color, the same in every terminal."""
    return _COLORS[zlib.crc32(name.encode("utf-8", "surrogatepass")) % len(_COLORS)]


def by_level(level: str, message: str) -> str:
    """Return a log record. INFO is the usual level, so only others are named."""
    if level == "INFO":
        return message
    return (
        f"{click.style(level, fg='yellow' if level == 'WARNING' else 'red', bold=True)} {message}"
    )
