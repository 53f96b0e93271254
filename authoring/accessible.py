"""A Markdown extension: tables that a screen reader can find its way in, and that scroll.

Markdown's tables have neither row headers nor a place to scroll in. Here each table is in a region
that can be reached and scrolled with the keyboard and has the name of the heading above it. The
first cell of each row is the row's header, and a header without words is a plain cell.
"""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

HEADINGS = ("h1", "h2", "h3", "h4")


# Markdown ships no types.
class AccessibleTables(Treeprocessor):  # type: ignore[misc]
    """Wraps each table, and marks what its headers are headers of."""

    def run(self, root: Element) -> None:
        """Change the page's tree in place."""
        heading = ""
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag in HEADINGS:
                    heading = "".join(child.itertext()).strip()
                elif child.tag == "table":
                    parent[place] = _region(child, heading)


def makeExtension(**settings: object) -> Extension:
    """Return the extension, for `markdown_extensions` in mkdocs.yml."""
    return _Tables(**settings)


class _Tables(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:
        # After the words in the cells have become elements, before the headings get their links.
        md.treeprocessors.register(AccessibleTables(md), "accessible tables", 6)


def _region(table: Element, heading: str) -> Element:
    label = f"Table: {heading}" if heading else "Table"
    region = Element(
        "div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": label}
    )
    region.tail, table.tail = table.tail, None
    region.append(table)
    table.set("class", "data")  # Material's script wraps the tables that have no class
    for cell in table.iterfind("thead/tr/th"):
        if "".join(cell.itertext()).strip():
            cell.set("scope", "col")
        else:
            cell.tag = "td"
    for row in table.iterfind("tbody/tr"):
        if len(row) and "".join(row[0].itertext()).strip():
            row[0].tag = "th"
            row[0].set("scope", "row")
    return region
