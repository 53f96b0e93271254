"""The `workbook` command: what can be said to it. What it then does is in the file named for it.

Imports wait inside of the commands, so that `workbook --help` answers at once.
"""

from __future__ import annotations

import sys

import click

from workbook.options import host_and_port
from workbook.project import find_chapter, find_project


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bfnet-workbook")
def main() -> None:
    """Learn to write network servers: start a chapter, run it, join it, check it.

    A CHAPTER may be shortened: 1, ch01 and ch01_echo_server are the same.
    """


@main.command()
@click.argument("chapter")
def start(chapter: str) -> None:
    """Copy a chapter's starter into work/, for you to edit.

    Example: workbook start 1
    """
    from workbook.start import start_chapter

    start_chapter(find_chapter(find_project(), chapter))


@main.command()
@click.argument("chapter")
@click.option("--solution", is_flag=True, help="Run the reference solution, not your own.")
@host_and_port
def run(chapter: str, solution: bool, host: str, port: int) -> None:
    """Serve a chapter over TLS until Ctrl-C.

    Example: workbook run 1 --port 9000
    """
    from workbook.run import run_file

    found = find_chapter(find_project(), chapter)
    run_file(found.solution if solution else found.work, host, port)


@main.command()
@host_and_port
@click.option("--name", metavar="NICK", help="Answer the prompt for a nickname.")
def connect(host: str, port: int, name: str | None) -> None:
    """Join a server, and check its certificate. Ctrl-D leaves.

    \b
    Example: workbook connect --name ann
    Through a pipe: printf 'ann\\nhello\\n' | workbook connect
    """
    from workbook.connect import connect

    connect(host, port, name)


@main.command()
@click.argument("chapter")
def check(chapter: str) -> None:
    """Grade your work on a chapter. Exit status 0 if all of it is right.

    Example: workbook check 1
    """
    from workbook.check import check_chapter

    sys.exit(check_chapter(find_chapter(find_project(), chapter)))


@main.command()
@click.argument("task")
@click.argument("number", type=click.IntRange(min=1), default=1)
def hint(task: str, number: int) -> None:
    """Show a hint for a task: the first, or the one you ask for.

    Example: workbook hint 1.1 2
    """
    from workbook.hints import hint_for

    click.echo(hint_for(find_project(), task, number))
