"""Links each name of the reference to the section of a chapter that explains it.

The source is the table on the reference page, which leads from a section to its names. On the site,
each of these names gets the way back, as a line below its heading.
"""

import re

_ROW = re.compile(
    r'<tr>\s*<t[dh][^>]*>(?P<section><a href="[^"#]*ch\d\d_[^"]*">.*?</a>)</t[dh]>'
    r"(?P<names>.*?)</tr>",
    re.DOTALL,
)
_NAME = re.compile(r'<a href="#([\w.]+)">')
_HEADING = re.compile(r'<h[3-5] id="([\w.]+)".*?</h[3-5]>', re.DOTALL)


def with_ways_back(html: str) -> str:
    """Return the page's HTML with a line below the heading of each name in the table."""
    sections = {
        name: row["section"] for row in _ROW.finditer(html) for name in _NAME.findall(row["names"])
    }

    def with_line(heading: re.Match[str]) -> str:
        section = sections.get(heading[1])
        line = f'\n<p class="explained">Explained in chapter {section}</p>' if section else ""
        return heading[0] + line

    return _HEADING.sub(with_line, html)
