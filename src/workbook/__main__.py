"""Where `workbook` and `python -m workbook` start.

What can go wrong here is the setup: a package is missing, or the disk is full. A learner then sees
what is wrong and what the doctor found, not a traceback. This file needs only the standard library.
"""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command line. The exit status is 1 when a problem with the setup prevents that."""
    for name in ("stdout", "stderr"):  # a script may have closed them: workbook check 1 >&-
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
    try:
        from workbook.cli import main as workbook

        workbook(prog_name="workbook")
    except ImportError as error:
        sys.exit(_cannot_import(error))
    except OSError as error:
        sys.exit(_cannot_use(error))


def _cannot_import(error: ImportError) -> str:
    from workbook.setup.environment import BAD, packages, python

    bad = [finding for finding in (python(), packages()) if finding.state == BAD]
    lines = [f"{each.what}: {each.detail}.\nTo fix it: {each.remedy}." for each in bad]
    lines = lines or ["To fix it: make clean, then make run. Your files in work/ stay as they are."]
    return "\n".join([f"Error: the workbook cannot start: {error}.", *lines])


def _cannot_use(error: OSError) -> str:
    from workbook.checkout.project import find_project
    from workbook.commands.doctor import as_text, examine
    from workbook.setup.environment import BAD

    where = f"{error.filename}: " if error.filename else ""
    bad = [as_text(finding) for finding in examine(find_project()) if finding.state == BAD]
    lines = ["The doctor found:", *bad] if bad else ["To find out what is wrong: workbook doctor"]
    return "\n".join([f"Error: {where}{error.strerror or error}.", *lines])


if __name__ == "__main__":
    main()
