"""What tests of several packages share."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

CHECKOUT = Path(__file__).parents[1]

# Started in the background (`make test &`, nohup), we inherit an ignored SIGINT, and so would the
# programs that tests press Ctrl-C on. A handler stays: `workbook watch` has one when it checks.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure() -> None:
    """Measure graded programs too, under `make coverage`: their environment is nearly empty."""
    if measured := os.environ.get("COVERAGE_PROCESS_CONFIG"):
        from room.worlds import process

        bare = process.environment
        process.environment = lambda mark: bare(mark) | {"COVERAGE_PROCESS_CONFIG": measured}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for all tests, so that a certificate is made once and not for each."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def environment(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What programs see that a test starts; a warning in any of them is output that it notices."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.chdir(CHECKOUT)


@pytest.hookimpl(optionalhook=True)  # only pytest-xdist calls it, for -n auto
def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: half of the time a test waits, for a deadline or another process."""
    return min(2 * (os.cpu_count() or 1), 8)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Hand out tests one by one, and together those that share something expensive.

    `--dist loadgroup` is meant for this, but its groups have no effect with pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Groups(config, log)


def group_of(nodeid: str) -> str:
    """What a test shares: a notebook's cells its kernel, a chapter's tests the graded program in
    one world, tests of the load generator the program that they compile. Others share nothing.
    """
    if nodeid.startswith("notebooks/") or "/test_load_generator.py" in nodeid:
        return nodeid.partition("::")[0]
    if nodeid.startswith("tests/chapters/"):
        return re.sub("::.*\\[", "[", nodeid)
    return nodeid
