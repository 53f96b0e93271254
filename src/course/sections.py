"""A solution and its sections.

Sections are marked as in pymdownx's snippets: `# --8<-- [start:NAME]` and `# --8<-- [end:NAME]`,
each alone on its line. We read them ourselves for three reasons: the starter needs the lines and
not only the text, a message about a mistake has to name its line, and pymdownx does not accept the
period in a section's name (`task-3.1`).
"""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from course.errors import SourceError

MARKER = re.compile(r"(?P<indent> *)# --8<-- \[(?P<edge>start|end):(?P<name>[a-z][a-z0-9_.-]*)\]")


@dataclass(frozen=True)
class Section:
    """A section between two marker lines.

    `start` and `end` are the indexes of these lines, from 0. `indent` is the whitespace in front of
    the start marker.
    """

    name: str
    start: int
    end: int
    indent: str


class MarkedSource:
    """The lines of a file, without line ends, and its sections by name, in order of their start."""

    def __init__(self, file: Path) -> None:
        """Read the file. Raises `SourceError` for a misspelled, unclosed or repeated marker."""
        self.file = file
        self.lines = file.read_text(encoding="utf-8").splitlines()
        self.sections = _find_sections(file, self.lines)

    def text(self) -> str:
        """Return the whole file without marker lines."""
        return self._text_between(0, len(self.lines))

    def section_text(self, name: str) -> str:
        """Return the section's lines, dedented, without marker lines."""
        section = self.sections[name]
        return textwrap.dedent(self._text_between(section.start, section.end))

    def _text_between(self, start: int, end: int) -> str:
        lines = (line for line in self.lines[start:end] if not MARKER.fullmatch(line))
        text = "\n".join(lines).strip("\n") + "\n"
        return re.sub(r"\n{4,}", "\n\n\n", text)  # left where a marker was between blank lines


def _find_sections(file: Path, lines: list[str]) -> dict[str, Section]:
    found: dict[str, Section] = {}
    open_markers: list[tuple[str, int, str]] = []
    for index, line in enumerate(lines):
        if "--8<--" not in line:
            continue
        marker = MARKER.fullmatch(line)
        if marker is None:
            raise SourceError(
                file, index + 1, "not a marker: write # --8<-- [start:NAME] alone on its line"
            )
        name = marker["name"]
        if marker["edge"] == "start":
            if name in found or any(name == other for other, _, _ in open_markers):
                raise SourceError(
                    file, index + 1, f"section {name} starts a second time: rename one"
                )
            open_markers.append((name, index, marker["indent"]))
            continue
        if not open_markers or open_markers[-1][0] != name:
            inside = (
                f"section {open_markers[-1][0]} ends first" if open_markers else "nothing is open"
            )
            raise SourceError(file, index + 1, f"section {name} ends here, but {inside}")
        _, start, indent = open_markers.pop()
        found[name] = Section(name, start, index, indent)
    if open_markers:
        name, start, _ = open_markers[-1]
        raise SourceError(
            file, start + 1, f"section {name} is never closed: add # --8<-- [end:{name}]"
        )
    return dict(sorted(found.items(), key=lambda item: item[1].start))
