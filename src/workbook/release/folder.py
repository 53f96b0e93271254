"""Writes an edition into a folder, or over the edition that an earlier release wrote there.

`.student-edition.json` in the folder lists what was written. A later release removes those files
before it writes its own, so that nothing of another edition is left, and touches no other file: the
students' work, the class repository's `.git`, a page of the teacher's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import click

from course.files import write_atomically
from workbook.checkout.project import short_path

LIST = ".student-edition.json"


def check_folder(out: Path, project: Path, force: bool) -> None:
    """Raise `click.ClickException` if no edition can be written into `out`."""
    place, checkout = out.resolve(), project.resolve()
    if place == checkout or place in checkout.parents:
        raise click.ClickException(
            f"{short_path(out)} is the workbook itself, or contains it. Name another folder."
        )
    inside = place.relative_to(checkout).parts if place.is_relative_to(checkout) else ()
    if inside and (checkout / inside[0] / "..").exists() and _is_of_workbook(checkout, inside[0]):
        raise click.ClickException(
            f"{short_path(out)} is inside a folder of the workbook. Name a folder of its own."
        )
    if out.exists() and not out.is_dir():
        raise click.ClickException(f"{short_path(out)} is a file. Name a folder.")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not force:
        raise click.ClickException(
            f"{short_path(out)} is not empty. To replace the edition in it, and keep all other "
            "files: --force"
        )
    if (out / "chapters").exists() and not (out / LIST).is_file():
        raise click.ClickException(
            f"{short_path(out)} has chapters that no release wrote, so they would stay "
            "in it. Name another folder."
        )


def write_edition(out: Path, files: Mapping[str, bytes], about: Mapping[str, object]) -> None:
    """Write the files, and remove those of an earlier edition. `about` is kept in the list.

    Raises `click.ClickException` when a file cannot be written or removed.
    """
    listed = json.dumps({**about, "files": sorted(files)}, indent=1) + "\n"
    try:
        for name in _written_before(out) - files.keys():
            _remove(out, name)
        for name, content in {**files, LIST: listed.encode()}.items():
            write_atomically(out / name, content)
    except OSError as error:
        where = short_path(Path(error.filename)) if error.filename else short_path(out)
        raise click.ClickException(f"{where} cannot be written: {error.strerror}.") from error


def _is_of_workbook(checkout: Path, name: str) -> bool:
    own = {"chapters", "solutions", "notebooks", "tests", "src", "authoring", "editions", "docs"}
    return name in own or name.startswith(".")


def _written_before(out: Path) -> set[str]:
    try:
        names = json.loads((out / LIST).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise click.ClickException(
            f"{short_path(out / LIST)} should list the files of the earlier edition, but cannot "
            "be read. Name another folder."
        ) from error
    paths = [PurePosixPath(str(name)) for name in names]
    return {str(path) for path in paths if not path.is_absolute() and ".." not in path.parts}


def _remove(out: Path, name: str) -> None:
    file = out / name
    file.unlink(missing_ok=True)
    for folder in file.parents:
        if folder == out or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()
