"""The README: its terminals are real, and its numbers are those of today."""

import re
from pathlib import Path

import pytest

from authoring import recordings
from authoring.readme import make_readme

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("name", recordings.RECORDINGS)
def test_a_recording_is_what_the_commands_show_today(name):
    recorded = recordings.shown(REPOSITORY)[name]
    today = recordings.RECORDINGS[name](REPOSITORY)
    assert recordings.steady(recorded) == recordings.steady(today)
    assert len({len(line) for line in recorded.splitlines()}) == 1


def test_only_times_and_ports_are_left_out_of_the_comparison():
    assert recordings.steady("09:13:35  port 8001: hello") == "hh:mm:ss  port: hello"


def test_the_numbers_are_written_between_the_marks(tmp_path):
    (tmp_path / "README.md").write_text(
        "# A\n\n<!-- evidence -->\nold\n<!-- /evidence -->\n\nmore\n"
    )
    text = make_readme(tmp_path)
    assert re.fullmatch(
        r"# A\n\n<!-- evidence -->\n(- \*\*.*\n)+<!-- /evidence -->\n\nmore\n", text
    )
    assert "old" not in text
