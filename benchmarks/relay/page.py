"""Writes the tables of a benchmark into the page that shows them."""

from __future__ import annotations

from collections.abc import Mapping


def fill(page: str, tables: Mapping[str, str]) -> str:
    """Return the page's text with each table in the place that has its name.

    Raises ValueError when the page has no place for one of them.
    """
    for name, text in tables.items():
        before, opened, rest = page.partition(f"<!-- {name} -->\n\n")
        _, closed, after = rest.partition(f"\n\n<!-- /{name} -->\n")
        if not opened or not closed:
            raise ValueError(f"The page needs <!-- {name} --> and, below it, <!-- /{name} -->.")
        page = before + opened + text + closed + after
    return page
