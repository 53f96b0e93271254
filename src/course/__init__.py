"""What every package knows about the course: its chapters, their files and their tasks.

- `chapter.py`    where a chapter's files are, and the root of the checkout
- `tasks.py`      what a chapter's tasks.toml says
- `sections.py`   a solution and its marked sections
- `files.py`      files written whole or not at all, and locks
- `solution.py`   the server of a finished chapter
- `errors.py`     a mistake in one of these files, as FILE:LINE: what is wrong

It imports only the standard library. The grader, the command and authoring build on it.
"""

from course.chapter import Chapter, all_chapters, chapter_of_test, find_root
from course.errors import SourceError
from course.solution import solution

__all__ = ["Chapter", "SourceError", "all_chapters", "chapter_of_test", "find_root", "solution"]
