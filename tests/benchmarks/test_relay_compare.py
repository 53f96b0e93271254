"""Two states of bfnet beside each other: where they come from, and what is made of their costs."""

import subprocess

import click
import pytest

from benchmarks.relay import compare
from benchmarks.relay.compare import Cell

SMALL, LARGE = Cell("small", {"members": 10}), Cell("large", {"members": 1000})


@pytest.fixture
def checkout(tmp_path):
    """A repository with one commit, whose bfnet has been changed since."""
    folder = tmp_path / "checkout"
    (folder / compare.PACKAGE).mkdir(parents=True)
    file = folder / compare.PACKAGE / "net.py"
    file.write_text("before")
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "begin"]):
        subprocess.run([*git, *command], check=True)
    file.write_text("now")
    return folder


def test_both_states_are_copies(checkout):
    with compare.both("HEAD", checkout) as (before, now):
        assert (before / "bfnet" / "net.py").read_text() == "before"
        assert (now / "bfnet" / "net.py").read_text() == "now"
        assert checkout not in now.parents
    assert not now.exists()


def test_a_revision_that_does_not_exist_is_one_clear_line(checkout):
    with (
        pytest.raises(click.ClickException, match=r"no src/bfnet of 'nowhere': .*") as raised,
        compare.both("nowhere", checkout),
    ):
        pass
    assert len(raised.value.message.splitlines()) == 1


def test_each_round_begins_with_the_other_one_and_compares_neighbors(tmp_path):
    before, now = tmp_path / "before", tmp_path / "now"
    order = []

    def measure(source, load):
        order.append((source.name, load["members"]))
        busy = 3 if len(order) > 4 else 1  # the machine, in the second round
        return busy * (2.0 if source == now else 1.0)

    found = compare.ratios(before, now, [SMALL, LARGE], 2, measure)
    assert found == {"small": [2.0, 2.0], "large": [2.0, 2.0]}
    assert order == [
        *(("before", 10), ("now", 10), ("before", 1000), ("now", 1000)),
        *(("now", 10), ("before", 10), ("now", 1000), ("before", 1000)),
    ]


def test_the_table_has_a_median_a_cell_and_their_geometric_mean():
    table = compare.table({"small": [2.0, 9.0, 1.0], "large": [0.5, 0.5, 0.5]}).splitlines()
    assert [line.split() for line in table[1:]] == [
        ["small", "2.000", "(1.000,", "9.000)"],
        ["large", "0.500", "(0.500,", "0.500)"],
        ["geometric", "mean", "1.000"],
    ]
