"""The commands of authoring. Run them from the repository's root.

`starters` and `notebooks` make these for every chapter, or for the chapters named. `notebooks` also
writes their output into the chapters' pages. `passages` computes which tasks each test passes
through, and which it needs. `picture` draws the picture in the README, `readme` writes the numbers
into it, and `recordings` records its terminals. `caught` makes the page about what the graders
catch, and `attacks` the one about what a student could do. `timetable` writes minutes and tasks
into the page for teachers. `book` packs the built site. `check` reports which committed files
differ from what their source makes.
"""

import sys
from pathlib import Path

from authoring import attacks, caught, timetable
from authoring.book import pack_book
from authoring.chapters import find_chapters, named_chapters
from authoring.check import find_differences
from authoring.notebooks import make_notebook, notebook_text
from authoring.page_parts import complete_page, write_page
from authoring.passages import make_passages, passages_file
from authoring.picture import PICTURE, make_picture
from authoring.readme import README, make_readme
from authoring.starters import make_starter
from course import Chapter, SourceError

USAGE = """\
usage: python -m authoring passages
       python -m authoring starters [CHAPTER ...]
       python -m authoring notebooks [CHAPTER ...]
       python -m authoring picture
       python -m authoring readme
       python -m authoring recordings
       python -m authoring caught
       python -m authoring attacks
       python -m authoring timetable
       python -m authoring book SITE FILE
       python -m authoring check"""
ROOT = Path()


def main(arguments: list[str]) -> int:
    """Run the command that the arguments name. Returns 0, 1 for a problem, or 2 for wrong usage."""
    try:
        match arguments:
            case ["passages"]:
                return _make_passages()
            case ["starters", *names]:
                return _make_starters(_chapters(names))
            case ["notebooks", *names]:
                return _make_notebooks(_chapters(names))
            case ["picture"]:
                return _make_picture()
            case ["readme"]:
                return _make_readme()
            case ["recordings"]:
                return _make_recordings()
            case ["caught"]:
                return _make_caught()
            case ["attacks"]:
                return _make_attacks()
            case ["timetable"]:
                return _make_timetable()
            case ["book", site, file]:
                pack_book(Path(site), Path(file))
                return 0
            case ["check"]:
                return _check()
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    print(USAGE, file=sys.stderr)
    return 2


def _chapters(names: list[str]) -> list[Chapter]:
    return named_chapters(ROOT, names) if names else find_chapters(ROOT)


def _make_passages() -> int:
    file = passages_file(ROOT)
    file.write_text(make_passages(find_chapters(ROOT)), encoding="utf-8")
    print(f"made {file}")
    return 0


def _make_starters(chapters: list[Chapter]) -> int:
    for chapter in chapters:
        chapter.starter.write_text(make_starter(chapter), encoding="utf-8")
        print(f"made {chapter.starter}")
    return 0


def _make_notebooks(chapters: list[Chapter]) -> int:
    for chapter in chapters:
        chapter.notebook.parent.mkdir(exist_ok=True)
        notebook = make_notebook(chapter)
        chapter.notebook.write_text(notebook_text(notebook), encoding="utf-8")
        print(f"made {chapter.notebook}")
        write_page(chapter, complete_page(chapter, notebook))
        print(f"made {chapter.page}")
    return 0


def _make_picture() -> int:
    (ROOT / PICTURE).write_text(make_picture(ROOT), encoding="utf-8")
    print(f"made {PICTURE}")
    return 0


def _make_readme() -> int:
    (ROOT / README).write_text(make_readme(ROOT), encoding="utf-8")
    print(f"made the evidence in {README}")
    return 0


def _make_recordings() -> int:
    from authoring import recordings  # it needs pexpect and pyte, which only tests have otherwise

    recordings.write(ROOT.absolute())
    print(f"made the recordings in {README}")
    return 0


def _make_caught() -> int:
    (ROOT / caught.PAGE).write_text(caught.make_page(ROOT), encoding="utf-8")
    print(f"made {caught.PAGE}")
    return 0


def _make_attacks() -> int:
    (ROOT / attacks.PAGE).write_text(attacks.make_page(ROOT), encoding="utf-8")
    print(f"made {attacks.PAGE}")
    return 0


def _make_timetable() -> int:
    (ROOT / timetable.PAGE).write_text(timetable.make_page(ROOT), encoding="utf-8")
    print(f"made {timetable.PAGE}")
    return 0


def _check() -> int:
    differences = list(find_differences(ROOT))
    for difference in differences:
        print(difference, file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
