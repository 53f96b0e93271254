"""A book of one small chapter, in a folder of its own, to make things from and to break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from course import Chapter

SOLUTION = '''\
"""Chapter 1: a greeter."""

# --8<-- [start:imports]
import asyncio

# --8<-- [end:imports]


# --8<-- [start:greet]
async def greet(name):
    """Give the greeting for a name."""
    # --8<-- [start:task-1.1]
    await asyncio.sleep(0)
    return f"Hello, {name}"
    # --8<-- [end:task-1.1]
# --8<-- [end:greet]


async def serve(bind, ssl_options):
    """Greet two."""
    # --8<-- [start:task-1.2]
    return [await greet("Ann"), await greet("Bob")]
    # --8<-- [end:task-1.2]


# --8<-- [start:main]
def main():
    """Say it."""
    print(asyncio.run(serve(None, None)))


if __name__ == "__main__":
    main()
# --8<-- [end:main]
'''

TASKS = """\
title = "A greeter"
minutes = 20
assumes = "chapter 0"

[[task]]
id = "1.1"
title = "greet"
points = 10
minutes = 5
hints = ["Say hello.", "Use an f-string."]

[[task]]
id = "1.2"
title = "greet two"
points = 5
minutes = 5
hints = ["Call it twice."]
"""

PAGE = '''\
# 1. A greeter

A greeting is [one line](#one-line). See the [solution](../../solutions/ch01_greeter.py),
the [starter](exercise.py), the [notebook](../../notebooks/ch01_greeter.ipynb) and
[more](../index.md).

<!-- quotes solutions/ch01_greeter.py:imports -->
```python
import asyncio
```

<!-- quotes solutions/ch01_greeter.py:greet -->
```python
async def greet(name):
    """Give the greeting for a name."""
    await asyncio.sleep(0)
    return f"Hello, {name}"
```

```python
print("<b>", await greet("Ann"))
```

This one fails:

<!-- raises -->
```python
1 / 0
```

This one is only shown:

```py
table[key](value)
```

## One line

<!-- page-only -->
Run `workbook check 1`.
<!-- /page-only -->

<!-- notebook-only
The page has more.
-->

## Tasks

### Task 1.1: greet

Do greet.

### Task 1.2: greet two

Do greet two.
'''

GRADER = '''\
"""A stand-in: a notebook's kernel looks in this folder first."""


def grade(chapter, serve):
    print(f"{chapter}: Task 1.1 is not written yet")
'''


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chapter:
    """The one chapter of a book of its own, whose root is the current folder."""
    monkeypatch.chdir(tmp_path)
    chapter = Chapter(Path(), "ch01_greeter")
    for file, text in {
        chapter.solution: SOLUTION,
        chapter.tasks: TASKS,
        chapter.page: PAGE,
        Path("chapters/index.md"): "# The book\n\n[The first](ch01_greeter/index.md)\n",
        Path("notebooks/grader.py"): GRADER,
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return chapter


@pytest.fixture
def change() -> Callable[[Path, str, str], None]:
    """Replaces a piece of text in a file; the piece must be there."""

    def change(file: Path, old: str, new: str) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return change
