"""The README: its terminals are real, and its numbers are those of today."""

from pathlib import Path

import pytest

from authoring import readme, recordings
from authoring.front_page import Evidence

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("name", recordings.RECORDINGS)
def test_a_recording_is_what_the_commands_show_today(name):
    recorded = recordings.shown(REPOSITORY)[name]
    today = recordings.RECORDINGS[name](REPOSITORY)
    assert recordings.steady(recorded) == recordings.steady(today)
    assert len({len(line) for line in recorded.splitlines()}) == 1


def test_only_times_and_ports_are_left_out_of_the_comparison():
    assert recordings.steady("09:13:35  port 8001: hello") == "hh:mm:ss  port: hello"


def test_the_numbers_are_written_between_the_marks(tmp_path, monkeypatch):
    numbers = [Evidence("7", "things.", "page.md", "See them"), Evidence("8", "others.")]
    monkeypatch.setattr(readme, "evidence", lambda root, chapters: iter(numbers))
    (tmp_path / "chapters").mkdir()
    (tmp_path / "README.md").write_text(
        "# A\n\n<!-- evidence -->\nold\n<!-- /evidence -->\n\nmore\n"
    )
    assert readme.make_readme(tmp_path) == (
        "# A\n\n<!-- evidence -->\n- **7** things. [See them](chapters/page.md)\n- **8** others.\n"
        "<!-- /evidence -->\n\nmore\n"
    )
