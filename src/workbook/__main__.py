"""Where `workbook` and `python -m workbook` begin.

What goes wrong here is the set-up: a package is missing, a disk is full. A learner is told that,
and what the doctor finds, in place of a traceback. The standard library is all that this needs.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Exit status 1 when the set-up keeps it from running."""
    try:
        from workbook.cli import main as workbook

        workbook(prog_name="workbook")
    except ImportError as error:
        sys.exit(_cannot_import(error))
    except OSError as error:
        sys.exit(_cannot_use(error))


def _cannot_import(error: ImportError) -> str:
    from workbook.setup.environment import BAD, packages, python

    told = [found for found in (python(), packages()) if found.state == BAD]
    lines = [f"{found.what}: {found.said}.\nTo mend it: {found.remedy}." for found in told]
    lines = lines or ["To mend it: make clean, then make run. It leaves work/ alone."]
    return "\n".join([f"Error: the workbook cannot begin: {error}.", *lines])


def _cannot_use(error: OSError) -> str:
    from workbook.checkout.project import find_project
    from workbook.commands.doctor import examine, in_plain_words
    from workbook.setup.environment import BAD

    where = f"{error.filename}: " if error.filename else ""
    told = [in_plain_words(found) for found in examine(find_project()) if found.state == BAD]
    lines = ["The doctor found:", *told] if told else ["Look for what is wrong: workbook doctor"]
    return "\n".join([f"Error: {where}{error.strerror or error}.", *lines])


if __name__ == "__main__":
    main()
