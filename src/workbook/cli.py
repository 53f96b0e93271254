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
from workbook.options import Number, conversation_options, host_and_port
from workbook.terminal.wrap import wrap_text

_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


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
    You can shorten a CHAPTER: 1, ch01 and ch01_echo_server name the same one.
    Example: workbook
    """
    if sys.platform == "win32":
        raise click.ClickException(
            "The workbook runs on Linux and macOS. On Windows it runs in WSL, which is free and "
            "takes about ten minutes to set up. Type `wsl --install` in PowerShell, clone the "
            "workbook again inside WSL, and continue there. You can copy your files in work/ over."
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
    """List the chapters, what you have passed, and the tasks of one chapter.

    Example: workbook list 3
    """
    from workbook.checkout.progress import load
    from workbook.commands.list import show_chapters

    project = find_project()
    selected = None if chapter is None else find_chapter(project, chapter)
    show_chapters(project, load(project), selected)


@main.command()
@click.argument("chapter", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def play(chapter: str | None, port: int, no_browser: bool) -> None:
    """Open a chapter in the browser, where you can run every block and your own server.

    It opens with your file from work/. Without CHAPTER, it opens the one you saved last.

    Example: workbook play 1
    """
    from workbook.commands.play import play

    project = find_project()
    play(project, _chapter_or_last_saved(project, chapter), port, not no_browser)


@main.command()
@click.argument("line", required=False)
def progress(line: str | None) -> None:
    """Print what you have passed as a line for the playground, or read a line from it.

    \b
    Example: workbook progress
    Add what you passed in the playground: workbook progress progress-1:0.1,0.2:0
    """
    from workbook.checkout.progress import load
    from workbook.commands.progress import show_line, take_line

    project = find_project()
    if line is None:
        show_line(project, load(project))
    else:
        take_line(project, load(project), line)


@main.command()
@click.argument("chapter", required=False)
def start(chapter: str | None) -> None:
    """Copy a chapter's starter into work/, for you to edit.

    A starter has everything that earlier chapters built, so you can begin anywhere. Without
    CHAPTER, it starts the next one.

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
    help="Check only on the simulated network, or only over TLS.",
)
@click.option("--seed", type=Number(0), metavar="N", help="Check only this seed.")
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

    Without CHAPTER, it checks the file in work/ that you saved last. The exit status is 0 if
    everything is right, 1 if not, and 2 if nothing could be checked.

    \b
    Example: workbook check 1
    Repeat what failed with seed 7: workbook check 1 --seed 7
    Any other file: workbook check 1 path/to/another.py
    Every chapter you have started: workbook check --all
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
@click.option(
    "--poll", is_flag=True, help="Look at the files ten times a second, if it misses saves."
)
def watch(chapter: str | None, poll: bool) -> None:
    """Check every time you save, with keys for hints and more.

    It begins with CHAPTER, or with the one you saved last, and then follows whatever you save. The
    keys: h gives a hint, d draws the conversation, n starts the next chapter, c checks again,
    l lists the chapters, q quits.

    Example: workbook watch
    """
    from workbook.commands.watch import watch

    project = find_project()
    watch(project, find_chapter(project, chapter) if chapter is not None else None, poll)


@main.command()
@click.argument("task", required=False)
@click.argument("number", type=Number(1), required=False)
def hint(task: str | None, number: int | None) -> None:
    """Show the next hint: for TASK, or for the task that failed last.

    Your mistake decides which hint comes first. NUMBER shows a hint again.

    \b
    Example: workbook hint
    The second hint for a task again: workbook hint 1.1 2
    """
    from workbook.checkout.progress import load
    from workbook.commands.hint import next_hint, show_hint

    project = find_project()
    show_hint(next_hint(project, load(project), task, number))


@main.command()
@click.argument("chapter", required=False)
@click.option("--anyway", is_flag=True, help="Show it before you have passed the chapter.")
def solution(chapter: str | None, anyway: bool) -> None:
    """Show our solution to a chapter, once you have passed it.

    Without CHAPTER, it takes the one you saved last.

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
@click.option("--anyway", is_flag=True, help="Show it before you have passed the chapter.")
def diff(chapter: str | None, anyway: bool) -> None:
    """Compare your solution with ours, once yours has passed.

    Without CHAPTER, it takes the one you saved last.

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
    """Start a chapter over. It keeps a copy of what you wrote.

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
    """Run a chapter's server over TLS, until Ctrl-C.

    Without CHAPTER, it runs the one you saved last.

    Example: workbook run 1 --port 9000
    """
    from workbook.commands.run import run_file
    from workbook.commands.solution import require_solution

    selected = _chapter_or_last_saved(find_project(), chapter)
    if solution:
        require_solution(selected)
    run_file(selected.solution if solution else selected.work, host, port)


@main.command()
@host_and_port
@click.option("--name", metavar="NICK", help="Answer the prompt for a nickname.")
def connect(host: str, port: int, name: str | None) -> None:
    """Join a server, and check its certificate. Press Ctrl-D to leave.

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

    Without --test, it shows the first conversation that failed.

    The same seed always produces the same conversation, so this is what `workbook check` saw.
    Press Enter for the next event. In a pipe, all events are printed at once.

    \b
    Example: workbook replay 3 --seed 7
    The conversation of one test: workbook replay 3 --test "newcomer is asked"
    """
    from workbook.checking.conversation import Selection, conversation
    from workbook.commands.replay import replay

    selection = Selection(test, seed, world, solution)
    replay(conversation(find_project(), chapter, selection))


@main.command()
@click.argument("chapter", metavar="[CHAPTER]", required=False)
@conversation_options
@click.option("--output", metavar="FILE.svg", type=Path, help="Where to save it. [work/diagrams/]")
def diagram(
    chapter: str | None,
    test: str,
    seed: int | None,
    world: str | None,
    solution: bool,
    output: Path | None,
) -> None:
    """Draw a conversation as an SVG file, which any browser can show.

    Without --test, it draws the first conversation that failed.

    Example: workbook diagram 3 --seed 7
    """
    from workbook.checking.conversation import Selection, conversation
    from workbook.commands.diagram import draw

    selection = Selection(test, seed, world, solution)
    file = draw(conversation(find_project(), chapter, selection), output)
    click.echo(f"The conversation is drawn. Open {short_path(file)} in a browser.")


@main.command()
def doctor() -> None:
    """Check your setup, and show how to fix what is wrong.

    The exit status is 1 if something has to be fixed.

    Example: workbook doctor
    """
    from workbook.commands.doctor import examine, show

    sys.exit(0 if show(examine(find_project())) else 1)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--up-to",
    type=click.IntRange(min=0),
    metavar="N",
    required=True,
    help="The last chapter to include.",
)
@click.option("--with-solutions", is_flag=True, help="Include our solutions to these chapters.")
@click.option("--force", is_flag=True, help="Replace an earlier edition; keep all other files.")
def release(out: Path, up_to: int, with_solutions: bool, force: bool) -> None:
    """Write the student edition into the folder OUT.

    It has the chapters up to N with their starters, notebooks, tests and site, and nothing from
    later ones. It has no solutions: what they do on the pages is recorded.

    \b
    Example: workbook release ../class --up-to 3
    A week later, in the same folder: workbook release ../class --up-to 4 --force
    """
    from workbook.commands.release import release

    release(find_project(), out, up_to, with_solutions, force)


@main.command()
@click.argument("submissions", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--chapter", "chapters", multiple=True, help="Which chapter to grade. [all that were handed in]"
)
@click.option(
    "--class",
    "class_file",
    type=_FILE,
    metavar="FILE",
    help="Due dates, points and so on. [class.toml beside SUBMISSIONS]",
)
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the results go.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="How many to grade at a time."
)
@click.option("--only", multiple=True, metavar="STUDENT", help="Grade only this student.")
@click.option("--regrade", is_flag=True, help="Grade everything again, and report what changed.")
@click.option("--anonymous", is_flag=True, help="Show codes in place of names.")
@click.option(
    "--into",
    type=_FILE,
    metavar="SHEET.csv",
    help="Fill in this Canvas or Moodle gradebook.",
)
@click.option("--column", metavar="NAME", help="Which of its columns.")
@click.option(
    "--also",
    "formats",
    multiple=True,
    type=click.Choice(["gradescope", "classroom50", "nbgrader"]),
    help="Write the results in this format too.",
)
@click.option("--self-test", is_flag=True, help="Test the grading itself, before you need it.")
@click.option(
    "--minimum-isolation",
    type=click.Choice(["process", "separate user", "sandbox"]),
    help="Refuse to grade with weaker isolation.",
)
@click.option("--unsafe", is_flag=True, help="Grade without a sandbox.")
@click.option("--cluster", metavar="tls://HOST:PORT", help="Grade on this Dask cluster's machines.")
@click.option("--cluster-ca", type=_FILE, metavar="FILE", help="Its certificate authority (PEM).")
@click.option("--cluster-cert", type=_FILE, metavar="FILE", help="Your certificate for it.")
@click.option("--cluster-key", type=_FILE, metavar="FILE", help="The key of that certificate.")
@click.option(
    "--gradescope",
    metavar="OUT.zip",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Grade nothing: write an autograder for Gradescope.",
)
@click.option(
    "--classroom50",
    metavar="OUT.zip",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Grade nothing: write an autograder for Classroom 50.",
)
def grade(
    submissions: tuple[Path, ...],
    gradescope: Path | None,
    classroom50: Path | None,
    **options: Any,
) -> None:
    """Grade a class.

    SUBMISSIONS is what you downloaded: a folder or zip from Canvas or Moodle, nbgrader's
    submitted/, git clones, or a folder or zip for each student. Nothing in it is changed. The
    results go into SUBMISSIONS-grades/: a table, a page for each student and one for the class.

    You can stop it at any moment. The same command continues from there.

    \b
    Example: workbook grade friday/
    Into your gradebook: workbook grade friday/ --into canvas.csv
    An autograder for Gradescope: workbook grade --chapter 6 --gradescope chapter-6.zip
    On other machines: workbook grade friday/ --cluster tls://HOST:PORT
    """
    if gradescope or classroom50:
        from workbook.commands.autograder import write_autograders

        if submissions:
            raise click.UsageError("To write an autograder, leave out SUBMISSIONS.")
        outs = {"gradescope": gradescope, "classroom50": classroom50}
        write_autograders(find_project(), outs, options["chapters"], options["class_file"])
        return
    if not submissions and not options["self_test"]:
        raise click.UsageError("Name a folder or a zip: workbook grade SUBMISSIONS")
    from workbook.commands.grade import GradeOptions, grade_class

    sys.exit(grade_class(find_project(), GradeOptions(submissions, **options)))
