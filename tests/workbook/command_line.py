"""`workbook` in our own process, and the one line that it ends with when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import click.testing

from workbook.cli import main

CHECKOUT = Path(__file__).parents[2]


def say(*arguments: str) -> click.testing.Result:
    """What `workbook` with these arguments does, when it ends by itself and without a traceback."""
    result = click.testing.CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def one_line(output: bytes | str) -> str:
    """The line of an error, when there is nothing else."""
    text = output.decode() if isinstance(output, bytes) else output
    assert re.fullmatch(r"Error: [^\n]+\n", text), text
    return text
