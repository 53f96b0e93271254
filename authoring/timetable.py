"""Writes the timetable into the page for teachers: minutes and tasks of each chapter."""

import re
from pathlib import Path

from authoring.chapters import find_chapters
from course.tasks import read_tasks

PAGE = Path("chapters/for-teachers.md")

_TABLE = re.compile(r"^<!-- timetable -->\n.*?^<!-- /timetable -->$", re.DOTALL | re.MULTILINE)


def make_page(root: Path) -> str:
    """Return the page's text with the timetable that the chapters' tasks.toml make."""
    rows = ["| chapter | minutes | tasks | points |", "|---|---:|---:|---:|"]
    minutes = 0
    for chapter in find_chapters(root):
        about = read_tasks(chapter)
        minutes += about.minutes
        points = sum(task.points for task in about.tasks)
        link = f"[{chapter.number}. {about.title}]({chapter.name}/index.md)"
        rows.append(f"| {link} | {about.minutes} | {len(about.tasks)} | {points} |")
    rows.append("")
    rows.append(f"All of it takes {minutes // 60} hours and {minutes % 60} minutes.")
    table = "\n".join(["<!-- timetable -->", "", *rows, "", "<!-- /timetable -->"])
    return _TABLE.sub(lambda _: table, (root / PAGE).read_text(encoding="utf-8"))
