"""The server of a finished chapter, for a page."""

from pathlib import Path

import pytest

from course import solution


def test_a_folder_of_solutions_that_is_gone_can_be_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="Bring it back: git restore solutions"):
        solution("ch01_echo_server")
