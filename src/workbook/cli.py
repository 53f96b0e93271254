"""The `workbook` command line: commands, arguments and options.

What a command does is in `commands/`, in the file with its name. Imports are inside the commands,
so that `workbook --help` answers at once.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import click

from course import Chapter
from workbook.checkout.project import find_chapter, find_project, short_path
from workbook.options import conversation_options, host_and_port
from workbook.terminal.wrap import wrap_text


class _InOrder(click.Group):
    """A group whose commands are listed in the order of this file, as a learner meets them.

    Error messages are wrapped between words.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            message = io.StringIO()
            error.show(message)
            click.echo(wrap_text(message.getvalue(), sys.stderr), nl=False, err=True)
            ctx.exit(error.exit_code)


@click.group(
    cls=_InOrder,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="bfnet-workbook")
@click.pass_context
def main(context: click.Context) -> None:
    """Learn to write network servers: start a chapter, check it, run it, join it.

    Without a command, it shows where you are and what comes next.

    \b
    A CHAPTER may be shortened: 1, ch01 and ch01_echo_server are the same.
    Example: workbook
    """
    if sys.platform == "win32":
        raise click.ClickException(
            "The workbook runs on Linux and macOS. On Windows it runs in WSL, which is free and "
            "takes about ten minutes: type `wsl --install` in PowerShell, clone the workbook again "
            "inside it, and go on from there. Your files in work/ can be copied over."
        )
    for stream in (sys.stdout, sys.stderr):  # the terminal's encoding may lack a letter
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if context.invoked_subcommand is None:
        from workbook.checkout.progress import load
        from workbook.commands.status import show_overview

        project = find_project()
        show_overview(project, load(project))


def _chapter_or_last_saved(project: Path, chapter: str | None) -> Chapter:
    """Return the chapter named on the command line, or else the one saved last."""
    if chapter is not None:
        return find_chapter(project, chapter)
    from workbook.checkout.next_step import chapter_in_work

    return chapter_in_work(project)


@main.command("list")
@click.argument("chapter", required=False)
def list_chapters(chapter: str | None) -> None:
    """List the chapters, what has passed, and the tasks of one.

    Example: workbook list 3
    """
    from workbook.checkout.progress import load
    from workbook.commands.list import show_chapters

    project = find_project()
    selected = None if chapter is None else find_chapter(project, chapter)
    show_chapters(project, load(project), selected)


@main.command()
@click.argument("chapter", required=False)
def start(chapter: str | None) -> None:
    """Copy a chapter's starter into work/, for you to edit.

    A starter has all that the chapters before it have built, so you can begin anywhere. Without
    CHAPTER, the next one is started.

    Example: workbook start 1
    """
    from workbook.checkout.progress import load
    from workbook.commands.start import start_chapter, start_next

    project = find_project()
    if chapter is not None:
        start_chapter(find_chapter(project, chapter))
    else:
        start_next(project, load(project))


@main.command()
@click.argument("chapter", metavar="[CHAPTER|FILE]", required=False)
@click.argument("file", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Check every chapter in work/, one line for each."
)
@click.option("--all-failures", is_flag=True, help="Show every failure in full.")
@click.option(
    "--world",
    type=click.Choice(["child", "tls"]),
    help="Only on the simulated network, or only over TLS.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Only this seed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as Exercism does.")
@click.option(
    "--junitxml",
    metavar="PATH",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a JUnit file.",
)
def check(
    chapter: str | None,
    file: str | None,
    everything: bool,
    all_failures: bool,
    world: str | None,
    seed: int | None,
    as_json: bool,
    junitxml: Path | None,
) -> None:
    """Check your work, and show what to fix first.

    Without CHAPTER, it is the file in work/ that you saved last. The exit status is 0 if all of it
    is right, 1 if not, and 2 if nothing could be checked.

    \b
    Example: workbook check 1
    What failed with seed 7, once more: workbook check 1 --seed 7
    Any other file: workbook check 1 path/to/another.py
    All that you have begun: workbook check --all
    """
    from workbook.commands.check import CheckOptions, check

    options = CheckOptions(world, seed, junitxml, as_json, all_failures)
    if everything:
        from workbook.commands.check_all import check_all

        if chapter is not None or options != CheckOptions():
            raise click.UsageError("Use --all alone: it checks every chapter in work/.")
        sys.exit(check_all(find_project()))
    sys.exit(check(find_project(), chapter, file, options))


@main.command()
@click.argument("chapter", required=False)
@click.option("--poll", is_flag=True, help="Look at the files all the time, if saves go unnoticed.")
def watch(chapter: str | None, poll: bool) -> None:
    """Check on every save, with keys for what you want to know then.

    Begins with CHAPTER, or with the one you saved last, and goes on with whatever you save. Its
    keys: h gives a hint, d draws the conversation, n begins the next chapter, r checks once more,
    l lists the chapters, q ends it.

    Example: workbook watch
    """
    from workbook.commands.watch import watch

    project = find_project()
    watch(project, find_chapter(project, chapter) if chapter is not None else None, poll)


@main.command()
@click.argument("task", required=False)
@click.argument("number", type=click.IntRange(min=1), required=False)
def hint(task: str | None, number: int | None) -> None:
    """Show the next hint: for TASK, or for the task that failed last.

    What failed decides which hint comes first. NUMBER shows one of them again.

    \b
    Example: workbook hint
    Again the second of a task: workbook hint 1.1 2
    """
    from workbook.checkout.progress import load
    from workbook.commands.hint import next_hint, show_hint

    project = find_project()
    show_hint(next_hint(project, load(project), task, number))


@main.command()
@click.argument("chapter", required=False)
@click.option("--anyway", is_flag=True, help="Show it although the chapter has not passed.")
def solution(chapter: str | None, anyway: bool) -> None:
    """Show our solution of a chapter, once yours has passed.

    Without CHAPTER, it is the one that you saved last.

    Example: workbook solution 1
    """
    from workbook.checkout.progress import load
    from workbook.commands.solution import refuse_until_passed, show_solution

    project = find_project()
    selected = _chapter_or_last_saved(project, chapter)
    if not anyway:
        refuse_until_passed(selected, load(project), "solution")
    show_solution(selected)


@main.command()
@click.argument("chapter", required=False)
@click.option("--anyway", is_flag=True, help="Show it although the chapter has not passed.")
def diff(chapter: str | None, anyway: bool) -> None:
    """Compare your solution with ours, once yours has passed.

    Without CHAPTER, it is the one that you saved last.

    Example: workbook diff 1
    """
    from workbook.checkout.progress import load
    from workbook.commands.diff import show_diff
    from workbook.commands.solution import refuse_until_passed

    project = find_project()
    selected, progress = _chapter_or_last_saved(project, chapter), load(project)
    if not anyway:
        refuse_until_passed(selected, progress, "diff")
    show_diff(selected, progress)


@main.command()
@click.argument("chapter")
def reset(chapter: str) -> None:
    """Begin a chapter again; what you have written is kept.

    Example: workbook reset 1
    """
    from workbook.checkout.progress import load
    from workbook.commands.reset import reset_chapter

    project = find_project()
    reset_chapter(find_chapter(project, chapter), load(project))


@main.command()
@click.argument("chapter", required=False)
@click.option("--solution", is_flag=True, help="Run our solution instead of yours.")
@host_and_port
def run(chapter: str | None, solution: bool, host: str, port: int) -> None:
    """Serve a chapter over TLS until Ctrl-C.

    Without CHAPTER, it is the one that you saved last.

    Example: workbook run 1 --port 9000
    """
    from workbook.commands.run import run_file

    selected = _chapter_or_last_saved(find_project(), chapter)
    run_file(selected.solution if solution else selected.work, host, port)


@main.command()
@host_and_port
@click.option("--name", metavar="NICK", help="Answer the prompt for a nickname.")
def connect(host: str, port: int, name: str | None) -> None:
    """Join a server, and check its certificate. Ctrl-D leaves.

    \b
    Example: workbook connect --name ann
    Through a pipe: printf 'ann\\nhello\\n' | workbook connect
    """
    from workbook.commands.connect import connect

    connect(host, port, name)


@main.command()
@click.argument("chapter", metavar="[CHAPTER]", required=False)
@conversation_options
def replay(
    chapter: str | None, test: str, seed: int | None, world: str | None, solution: bool
) -> None:
    """Show a conversation step by step.

    It is the one that failed first, or that of a test.

    The same seed makes the same conversation, so it is what `workbook check` saw. Enter brings the
    next event; on a pipe, all of them come at once.

    \b
    Example: workbook replay 3 --seed 7
    Of one test: workbook replay 3 --test "newcomer is asked"
    """
    from workbook.checking.conversation import Selection, conversation
    from workbook.commands.replay import replay

    selection = Selection(test, seed, world, solution)
    replay(conversation(find_project(), chapter, selection))


@main.command()
@click.argument("chapter", metavar="[CHAPTER]", required=False)
@conversation_options
@click.option("--output", metavar="FILE.svg", type=Path, help="Where to. [work/diagrams/]")
def diagram(
    chapter: str | None,
    test: str,
    seed: int | None,
    world: str | None,
    solution: bool,
    output: Path | None,
) -> None:
    """Draw a conversation as an SVG file.

    It is the one that failed first, or that of a test. Every browser shows such a file.

    Example: workbook diagram 3 --seed 7
    """
    from workbook.checking.conversation import Selection, conversation
    from workbook.commands.diagram import draw

    selection = Selection(test, seed, world, solution)
    file = draw(conversation(find_project(), chapter, selection), output)
    click.echo(f"The conversation is drawn: open {short_path(file)} in a browser.")


@main.command()
def doctor() -> None:
    """Check your setup, and show how to fix what is wrong.

    The exit status is 1 if something has to be fixed.

    Example: workbook doctor
    """
    from workbook.commands.doctor import examine, show

    sys.exit(0 if show(examine(find_project())) else 1)
