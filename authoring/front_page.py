"""Makes the site's first page: its first screen, the evidence in numbers, and a card per chapter.

`chapters/index.md` reads as a page on a code host. The site shows the part between its
`first-screen` comments as two columns, with the picture as part of the page, so that its arrows can
arrive one after the other. The table of chapters becomes cards. Each number comes from what it is
about, when the site is built, so none can be out of date.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from authoring.mutants import FOLDER, read_mutants
from authoring.picture import PICTURE, SERVER, make_picture, play_of_picture
from authoring.site_page import played
from course import Chapter
from course.tasks import read_tasks

FIRST_SCREEN = re.compile(
    r"^<!-- first-screen -->\n(.*?)^<!-- /first-screen -->$", re.DOTALL | re.MULTILINE
)
BUTTON = re.compile(r"^\*\*(\[[^\]]+\]\([^)]+\))\*\*$", re.MULTILINE)
IMAGE = re.compile(r"^!\[[^\]]*\]\(conversation\.svg\)$", re.MULTILINE)
TABLE = re.compile(r"^\| \| chapter \|.*?\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| \[([^\]]+)\]\(([^)]+)\) \| (.*) \|$", re.MULTILINE)

SHARE = re.compile(r"^\| 100 clients: share of C's efficiency \|[^|]*\| ([\d.]+) \|", re.MULTILINE)
SPEED = Path("chapters/how-fast-is-it.md")
TIMES = 100  # that the conversation is held


class Evidence(NamedTuple):
    """A number that a stranger can check: the number, what it counts, and a link to its page."""

    number: str
    words: str
    page: str = ""
    link: str = ""


def make_front_page(markdown: str, root: Path, chapters: Sequence[Chapter]) -> str:
    """Return the site's Markdown of the first page."""
    minutes = {f"{chapter.name}/index.md": read_tasks(chapter).minutes for chapter in chapters}
    with_screen = FIRST_SCREEN.sub(lambda found: _screen(found[1], root, chapters), markdown)
    return TABLE.sub(lambda found: _cards(found[1], minutes), with_screen)


def evidence(root: Path, chapters: Sequence[Chapter]) -> Iterator[Evidence]:
    """Yield the numbers, each as its source has it now. What has no source or page is left out."""
    for each in _evidence_of_everything(root, chapters):
        if not each.page or (root / "chapters" / each.page).is_file():
            yield each


def _evidence_of_everything(root: Path, chapters: Sequence[Chapter]) -> Iterator[Evidence]:
    minutes = sum(read_tasks(chapter).minutes for chapter in chapters)
    yield Evidence(
        f"{minutes / 60:.1f} hours".replace(".0", ""),
        f"of work in {len(chapters)} chapters, one for each evening.",
        "for-teachers.md",
        "See the timetable",
    )
    files = sorted((root / FOLDER).glob("*.toml"))
    if mistakes := sum(len(read_mutants(Chapter(root, file.stem))) for file in files):
        yield Evidence(
            str(mistakes),
            "wrong servers were tested. The tests caught each one and named its mistake.",
            "what-the-graders-catch.md",
            "See the mistakes",
        )
    speed = root / SPEED
    share = SHARE.search(speed.read_text(encoding="utf-8")) if speed.is_file() else None
    if share:
        yield Evidence(
            f"{float(share[1]):.0%}",
            "of the efficiency of the same server written in C, with 100 people in the room.",
            "how-fast-is-it.md",
            "See the measurements",
        )
    if (root / PICTURE).is_file() and (root / SERVER).is_file():
        pictures = Counter(make_picture(root) for _ in range(TIMES))
        ((_, same),) = pictures.most_common(1)
        yield Evidence(
            f"{same} of {TIMES}",
            "runs of this conversation sent the same bytes, in the same order.",
        )


def _screen(first: str, root: Path, chapters: Sequence[Chapter]) -> str:
    words = IMAGE.sub("", BUTTON.sub(r"\1{ .md-button .md-button--primary }", first)).strip()
    picture = root / PICTURE
    drawn = picture.read_text(encoding="utf-8").strip() if IMAGE.search(first) else ""
    play = play_of_picture(root) if drawn and (root / SERVER).is_file() else ""
    return (
        f'<div class="first-screen" markdown="1">\n<div markdown="1">\n\n{words}\n\n</div>\n'
        f'<div><div class="picture plays" tabindex="0" role="group" aria-label="Picture"'
        f"{played(play)}>\n{drawn}\n"
        "</div></div>\n</div>\n\n"
        f"{_evidence(evidence(root, chapters))}"
    )


def _evidence(found: Iterator[Evidence]) -> str:
    items = [
        f"- **{each.number}** {each.words}" + (f" [{each.link}]({each.page})" if each.page else "")
        for each in found
    ]
    return "\n".join(['<div class="evidence" markdown="1">', "", *items, "", "</div>"])


def _cards(rows: str, minutes: dict[str, int]) -> str:
    cards = []
    for number, title, page, words in ROW.findall(rows):
        time = f" · {minutes[page]} minutes" if page in minutes else ""
        cards.append(f"- [{title}]({page}) <small>Chapter {number}{time}</small> {words}")
    return "\n".join(['<div class="cards" markdown="1">', "", *cards, "", "</div>\n"])
