"""What tests of several packages share."""

import signal
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

# Started in the background (`make test &`, nohup), we inherit an ignored SIGINT, and so would the
# programs that tests press Ctrl-C on. A handler stays: `workbook watch` has one when it checks.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
