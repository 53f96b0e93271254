"""Terms become links where a page uses them first."""

import pytest

from authoring.glossary import GLOSSARY, Glossary


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
