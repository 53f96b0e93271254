"""Takes a page's description, for search engines and shared links, from the page itself."""

import re

LONGEST = 200  # characters

_SKIPPED = re.compile(
    r"^```.*?^```$"  # a block of code
    r"|<!--.*?-->|^#.*?$|^\|.*?$|^!\[.*?\]\([^)]*\)$|^<.*?$|^\*\*\[.*?$",
    re.DOTALL | re.MULTILINE,
)
_ABOUT = re.compile(r"<!-- about -->.*?<!-- /about -->", re.DOTALL)


def description(markdown: str) -> str:
    """Return the first sentences of the first paragraph, as plain text; "" if there is none."""
    paragraphs = _SKIPPED.sub("", _ABOUT.sub("", markdown)).split("\n\n")
    first = next((each for each in paragraphs if each.strip()), "")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", first)
    plain = " ".join(re.sub(r"[*`]", "", plain).split())
    found = ""
    for sentence in re.split(r"(?<=[.?]) (?=[A-Z])", plain):
        if found and len(found) + len(sentence) >= LONGEST:
            break
        found = f"{found} {sentence}".strip()
    return found
