"""Terms become links where a page uses them first."""

import re
from pathlib import Path

import pytest

from authoring.glossary import GLOSSARY, Glossary
from authoring.site_page import make_site_page
from course import all_chapters


@pytest.fixture
def glossary(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / GLOSSARY).write_text("# Glossary\n\n## handler\n\n## data handler\n\n## TLS\n")
    return Glossary(tmp_path)


def test_the_first_use_is_linked_and_no_other(glossary):
    linked = "A [handler](../glossary.md#handler) is a handler."
    assert glossary.link("A handler is a handler.") == linked
    assert glossary.link("The handler again.") == "The handler again."


def test_a_longer_term_is_taken_whole(glossary):
    linked = "Two [data handlers](../glossary.md#data-handler)."
    assert glossary.link("Two data handlers.") == linked


def test_capital_letters_and_stars_are_kept(glossary):
    assert glossary.link("*Handler*, tls") == (
        "*[Handler](../glossary.md#handler)*, [tls](../glossary.md#tls)"
    )


@pytest.mark.parametrize(
    "other",
    [
        "`handler`",
        "# The handler",
        "| handler | a row |",
        "[the handler](page.md)",
        "```py\nhandler\n```",
        "<summary>handler</summary>",
        "handlers_of",
    ],
)
def test_what_is_no_prose_stays_as_it_is(glossary, other):
    assert glossary.link(other) == other


def test_without_a_glossary_nothing_is_linked(tmp_path):
    assert Glossary(tmp_path).link("A handler.") == "A handler."


def test_a_part_of_a_longer_term_is_another_thing(glossary):
    glossary.link("Two data handlers.")
    assert glossary.link("A data handler, and a safety net.") == "A data handler, and a safety net."
    assert glossary.link("The handler.") == "The [handler](../glossary.md#handler)."


def test_after_the_first_chapters_everyday_words_are_known(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / GLOSSARY).write_text("# Glossary\n\n## server\n\n## TLS\n")
    later = Glossary(tmp_path, is_beginning=False)
    assert later.link("A server, TLS") == "A server, [TLS](../glossary.md#tls)"


# The real book

REPOSITORY = Path(__file__).parents[2]
CHAPTERS = [pytest.param(each, id=each.name) for each in all_chapters(REPOSITORY)]

# Words that a page only stresses, and sentences that it quotes.
STRESSED = """
S, S in https, after, begins, bytes that it cannot, changed size during iteration, characters,
cleaned, every, have, https, instead of, its, not, not finished yet, other, without,
wake me in three seconds, and let the others go on, was never awaited
"""
# Words in a chapter, and the headings of what they mean.
FORMS = {
    "calm": "choppy weather", "choppy": "choppy weather", "categories": "Unicode category",
    "cancelled": "cancel", "listens": "listen", "overriding": "override", "registered": "register",
    "task": "asyncio task",
}  # fmt: skip


def headings():
    text = (REPOSITORY / GLOSSARY).read_text(encoding="utf-8")
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_the_glossary_is_in_order():
    assert headings() == sorted(headings(), key=str.lower)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_word_that_a_chapter_introduces_is_in_the_glossary(chapter):
    stressed = {" ".join(each.lower().split()) for each in STRESSED.split(",")}
    known = {each.lower() for each in headings()}
    page = re.sub(r"^```.*?^```$|`[^`]*`", "", chapter.page.read_text(), flags=re.M | re.S)
    for word in re.findall(r"(?<![*\w])\*([^*]{2,40})\*(?![*\w])", page):
        word = FORMS.get(" ".join(word.split()).lower(), " ".join(word.split()))
        parts = {each.strip() for each in word.lower().split(",")}
        known_form = {word.lower(), word.lower().removesuffix("s")} & known
        assert known_form or parts <= stressed, f"{word!r} is neither in the glossary nor stressed"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_link_goes_to_what_the_word_means(chapter):
    page = " ".join(make_site_page(chapter).split())
    for before, word in re.findall(r"(\S+) \[([^\]]+)\]\(\.\./glossary\.md#", page):
        assert (before.lower(), word) not in {("safety", "net"), ("data", "handler")}
        assert before.lower().strip("(*") not in ("about", "assumes")
    assert "](../glossary.md#" not in "".join(
        re.findall(r'<details class="tip".*?</details>', page)
    )
