"""What every part of the house knows about the course: its chapters and what is in them.

- `chapter.py`    where a chapter's files are, and the root of the checkout
- `tasks.py`      what a chapter's tasks.toml says
- `sections.py`   a solution with its marked sections
- `files.py`      files written whole or not at all, and locks
- `solution.py`   the server of a finished chapter
- `errors.py`     a mistake in one of these sources, as FILE:LINE: what is wrong

It imports the standard library only. The grader, the command and authoring build on it.
"""

from course.chapter import Chapter, all_chapters, chapter_of_test, find_root
from course.errors import SourceError
from course.solution import solution

__all__ = ["Chapter", "SourceError", "all_chapters", "chapter_of_test", "find_root", "solution"]
