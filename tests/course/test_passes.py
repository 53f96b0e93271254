"""What has passed in a notebook is remembered, whatever the file looks like."""

import pytest

from course.passes import forget_passes, passed_in_notebooks, remember_passes


def test_passes_are_remembered_and_forgotten(tmp_path):
    assert passed_in_notebooks(tmp_path) == {}
    remember_passes(tmp_path, ["1.1", "1.2"])
    remember_passes(tmp_path, ["2.1"])
    assert passed_in_notebooks(tmp_path).keys() == {"1.1", "1.2", "2.1"}
    forget_passes(tmp_path, ["1.1", "1.2", "3.1"])
    assert passed_in_notebooks(tmp_path).keys() == {"2.1"}


def test_nothing_is_written_without_a_reason(tmp_path):
    remember_passes(tmp_path, [])
    forget_passes(tmp_path, ["1.1"])
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("damaged", ["", "[]", "{}", '{"passed": 5}', '{"passed": ["1.1"]}'])
def test_a_damaged_file_has_no_passes_and_is_replaced(tmp_path, damaged):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "notebooks.json").write_text(damaged)
    assert passed_in_notebooks(tmp_path) == {}
    remember_passes(tmp_path, ["1.1"])
    assert passed_in_notebooks(tmp_path).keys() == {"1.1"}
