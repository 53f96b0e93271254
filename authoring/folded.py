"""Folds the sections of a long page: each heading stays, and what is under it opens on a click."""

import re

_SECTION = re.compile(r"^(## .*)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)


def with_folded_sections(markdown: str) -> str:
    """Return the Markdown with what is under each heading of the second level folded."""

    def folded(found: re.Match[str]) -> str:
        name = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found[1]).removeprefix("## ")
        return (
            f'{found[1]}\n\n<details class="section" markdown="1">\n'
            f"<summary>All of {name}</summary>\n\n{found[2].strip()}\n\n</details>\n\n"
        )

    return _SECTION.sub(folded, markdown)
