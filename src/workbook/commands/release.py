"""`workbook release`: write the student edition of the workbook into a folder."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from workbook.checkout.project import short_path
from workbook.release.edition import make_edition
from workbook.release.folder import check_folder, write_edition
from workbook.terminal.wrap import say


def release(project: Path, out: Path, up_to: int, with_solutions: bool, force: bool) -> None:
    """Write the chapters up to that number, and all they need, into the folder `out`.

    Raises click.ClickException when the folder cannot take them, and leaves it as it was.
    """
    check_folder(out, project, force)
    files = make_edition(project, up_to, with_solutions)
    about = {
        "workbook": version("bfnet-workbook"),
        "up_to": up_to,
        "with_solutions": with_solutions,
    }
    write_edition(out, files, about)
    which = "chapter 0" if up_to == 0 else f"chapters 0 to {up_to}"
    solutions = "with our solutions" if with_solutions else "without solutions"
    folder = short_path(out)
    say(
        f"{folder} is the student edition: {which}, {solutions}, {len(files)} files.\n"
        f"See it as a student does:\n"
        f"\n"
        f"  cd {folder}\n"
        f"  make run     installs what is needed, then shows what comes next\n"
        f"  make site    builds the site of these chapters"
    )
