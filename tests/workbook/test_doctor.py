"""workbook doctor: what is wrong with a set-up, and how to mend it. And when it comes by itself."""

import ast
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections import namedtuple
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pexpect
import pytest
from command_line import CHECKOUT, say
from graded_course import ASKS_WRONGLY, NAME, add_graders

from grader import certificate
from workbook.commands import doctor as module
from workbook.commands.doctor import examine, who_listens
from workbook.setup import environment
from workbook.setup.environment import BAD, GOOD, NOTE, Finding


@pytest.fixture
def checkout(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with all that belongs to one, whose own code is what runs."""
    add_graders(course)
    for name in ("requirements.txt", "pyproject.toml", "Makefile"):
        shutil.copy(CHECKOUT / name, course)
    for chapter in (course / "chapters").iterdir():
        (chapter / "index.md").touch()
        (course / "tests" / "chapters" / f"test_{chapter.name}.py").touch()
    (course / "src").symlink_to(CHECKOUT / "src")
    (course / ".venv").symlink_to(sys.prefix)
    return course


def found(checkout: Path, what: str) -> Finding:
    (finding,) = [finding for finding in examine(checkout) if finding.what == what]
    return finding


def test_keys_of_tls_that_cannot_be_recorded_are_worth_a_note(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate, "_ignored", [])
    monkeypatch.setenv("SSLKEYLOGFILE", str(checkout / "missing" / "keys"))
    finding = found(checkout, "SSLKEYLOGFILE")
    assert finding.state == NOTE
    assert finding.remedy.endswith("unset SSLKEYLOGFILE")


# All is well


def test_in_a_sound_checkout_nothing_has_to_be_mended(checkout: Path) -> None:
    result = say("doctor")
    assert [line for line in result.output.splitlines() if line.startswith("bad")] == []
    assert re.search(r"\nEverything works\. Go on with: \S*workbook\n$", result.output)
    assert result.exit_code == 0
    for what in ("Python", "Packages", "Certificate", "TLS", "A check"):
        assert f"good  {what}: " in result.output


def test_in_a_terminal_it_has_marks_and_fits(
    checkout: Path, terminal: Callable[..., pexpect.spawn]
) -> None:
    program = terminal("-m", "workbook", "doctor")
    program.expect(pexpect.EOF)
    assert re.search(r"✓.*Python +3\.\d+", program.before)
    assert "Traceback" not in program.before


# What can be wrong


def test_what_is_wrong_has_a_remedy_and_the_exit_status_says_so(checkout: Path) -> None:
    (checkout / "solutions" / f"{NAME}.py").unlink()
    result = say("doctor")
    assert result.exit_code == 1
    assert (
        f"bad   Checkout: missing: solutions/{NAME}.py\n"
        f"      Bring back what is missing: git restore solutions/{NAME}.py\n"
    ) in result.output
    assert re.search(
        r"\n\d problems? to fix\. Then look again: \S*workbook doctor\n$", result.output
    )


def test_many_files_that_are_missing_are_counted(checkout: Path) -> None:
    shutil.rmtree(checkout / "solutions")
    (checkout / "Makefile").unlink()
    finding = found(checkout, "Checkout")
    assert finding.state == BAD
    assert finding.detail.endswith("and 1 more")
    assert finding.remedy == "Bring back what is missing: git restore Makefile solutions"


def test_a_chapter_that_is_not_complete_is_not_checked(checkout: Path) -> None:
    shutil.rmtree(checkout / "solutions")
    finding = found(checkout, "A check")
    assert (finding.state, finding.detail) == (BAD, "no chapter is complete")


def test_a_solution_that_was_changed_is_found_by_checking_it(checkout: Path) -> None:
    (checkout / "solutions" / f"{NAME}.py").write_text(ASKS_WRONGLY)
    finding = found(checkout, "A check")
    assert finding.state == BAD
    assert finding.detail.startswith("our own solution to chapter 1 does not pass: alice expected")
    assert finding.remedy.startswith("If you have changed them: git restore solutions/")


def test_a_work_folder_that_is_none_is_found(checkout: Path) -> None:
    (checkout / "work").write_text("in the way")
    finding = found(checkout, "Your work")
    assert finding.state == BAD
    assert finding.detail == "work/ cannot be written to: File exists"


def test_a_cache_that_cannot_be_used_is_found(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    finding = found(checkout, "Certificate")
    assert finding.state == BAD
    assert "cannot be kept in /dev/null/bfnet-workbook" in finding.detail


def test_a_full_disk_is_found(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(0, 0, 5_000_000))
    assert found(checkout, "Disk") == Finding(
        BAD, "Disk", "5 MB free", "Free some space: about 100 MB is enough."
    )


def test_a_network_that_is_closed_is_found(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused() -> None:
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(module, "_hello_over_tls", refused)
    finding = found(checkout, "TLS")
    assert finding.state == BAD
    assert finding.detail == "no connection to this machine: refused"


def test_a_port_in_use_is_told_with_who_has_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    monkeypatch.setattr(module, "DEFAULT_PORT", port)
    finding = found(checkout, "Port")
    assert finding.state == NOTE
    assert re.fullmatch(rf"{port} is in use by \S+ \(process {os.getpid()}\)", finding.detail)
    assert finding.remedy.endswith(f"run 1 --port {port + 1}")


def test_a_port_that_nobody_has_is_nobodys(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert str(os.getpid()) in who_listens(port)
    listener.close()
    assert who_listens(port) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, only lsof knows")
def test_linux_itself_knows_who_has_a_port(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    port = listener.getsockname()[1]
    assert re.fullmatch(rf"\S+ \(process {os.getpid()}\)", who_listens(port))
    listener.close()
    assert who_listens(port) == ""


def test_without_openssl_there_is_another_way(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    finding = found(checkout, "openssl")
    assert finding.state == NOTE
    assert "workbook connect" in finding.remedy


def test_a_terminal_that_lacks_letters_is_told(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poor = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(module.sys, "stdout", poor)
    assert found(checkout, "Letters").state == NOTE


def test_a_check_of_the_doctors_that_fails_itself_does_not_end_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls_ill(_: Path) -> Finding:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(module, "_disk", falls_ill)
    assert found(checkout, "Disk").detail == "by zero"
    assert found(checkout, "Letters").state == GOOD


# The environment


def test_an_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 1))
    finding = environment.python()
    assert finding.state == BAD
    assert finding.detail.endswith(" is older than 99.1")
    assert "make run PYTHON=python99.1" in finding.remedy


def test_another_checkouts_command_is_told(checkout: Path) -> None:
    (checkout / "src").unlink()
    shutil.copytree(CHECKOUT / "src" / "workbook", checkout / "src" / "workbook")
    finding = environment.environment(checkout)
    assert finding.state == BAD
    assert (
        finding.detail == f"this workbook command belongs to {CHECKOUT}, but you are in {checkout}"
    )


def test_another_environment_than_ours_is_worth_a_note(checkout: Path) -> None:
    (checkout / ".venv").unlink()
    (checkout / ".venv").mkdir()
    assert environment.environment(checkout).state == NOTE


def test_no_environment_is_worth_a_note(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.sys, "prefix", sys.base_prefix)
    assert environment.environment(checkout).detail.startswith("none: ")


@pytest.mark.parametrize(
    ("needs", "pin", "state", "says"),
    [
        (
            "click>=8.2",
            "click==9999",
            NOTE,
            r"not in the versions that requirements.txt names: click \S+ \(==9999\)",
        ),
        (
            "click>=9999",
            "click==9999",
            BAD,
            r"in versions that do not work: click \S+ \(click>=9999\)",
        ),
        ("nothing-such>=1", "nothing-such==1", BAD, "not installed: nothing-such"),
        ("click>=8.2", 'click==1 ; sys_platform == "plan9"', GOOD, "the 1 needed, .*"),
        ("click>=8.2", "nothing-such==1", GOOD, "the 1 needed, .*"),
        ('nothing-such>=1; sys_platform == "plan9"', "click==9999", GOOD, "the 0 needed, .*"),
        ('nothing-such>=1; python_version > "3"', "a==1", BAD, "not installed: nothing-such"),
    ],
)
def test_packages_are_compared_with_what_is_needed_and_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needs: str, pin: str, state: str, says: str
) -> None:
    requirements = {"bfnet-workbook": [needs, 'jupyterlab>=9999; extra == "notebooks"']}
    monkeypatch.setattr(environment.metadata, "requires", requirements.get)
    (tmp_path / "requirements.txt").write_text(f"# made\n{pin}\n    # via x\n")
    finding = environment.packages(tmp_path)
    assert finding.state == state
    assert re.fullmatch(says, finding.detail)


def test_a_workbook_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "DISTRIBUTION", "nothing-such")
    finding = environment.packages()
    assert finding.state == BAD
    assert finding.detail == "unknown, because nothing-such itself is not installed"
    assert finding.remedy.startswith("make clean, then make run")


def test_an_old_python_can_read_what_tells_of_it() -> None:
    for file in ("__main__.py", "setup/environment.py"):
        source = (CHECKOUT / "src" / "workbook" / file).read_text()
        ast.parse(source, feature_version=(3, 8))


# When it comes by itself


def run_without(package: str, tmp_path: Path, *arguments: str) -> str:
    """What `workbook` prints where this package cannot be imported."""
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nsys.modules[{package!r}] = None\n"  # an import of it fails
    )
    path = os.pathsep.join([str(tmp_path), str(CHECKOUT / "src")])
    program = subprocess.run(
        [sys.executable, "-m", "workbook", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert program.returncode == 1
    assert program.stdout == ""
    return program.stderr


@pytest.mark.parametrize(
    ("package", "arguments"), [("click", ("list",)), ("rich", ("list",)), ("tomllib", ())]
)
def test_what_cannot_be_imported_is_told_without_a_traceback(
    tmp_path: Path, package: str, arguments: tuple[str, ...]
) -> None:
    told = run_without(package, tmp_path, *arguments)
    assert re.match(rf"Error: the workbook cannot start: .*\b{package}\b", told)
    assert "To fix it: make clean, then make run" in told
    assert "Traceback" not in told


def test_in_an_empty_environment_the_packages_are_named(tmp_path: Path) -> None:
    """As after an install that was interrupted: only the standard library is there, and we are."""
    ours = metadata.distribution("bfnet-workbook").read_text("METADATA") or ""
    (tmp_path / "bfnet_workbook-0.dist-info").mkdir()
    (tmp_path / "bfnet_workbook-0.dist-info" / "METADATA").write_text(ours)
    path = os.pathsep.join([str(tmp_path), str(CHECKOUT / "src")])
    program = subprocess.run(
        [sys.executable, "-S", "-m", "workbook"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert program.returncode == 1
    assert program.stderr == (
        "Error: the workbook cannot start: No module named 'click'.\n"
        "Packages: not installed: pytest, click, jinja2, prompt_toolkit, rich, trustme, "
        "watchfiles, packaging.\n"
        "To fix it: make clean, then make run. This makes the environment again and leaves work/ "
        "alone.\n"
    )


def test_what_the_system_refuses_is_told_with_what_the_doctor_finds(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("site")
    (elsewhere / "sitecustomize.py").write_text(
        "import errno, workbook.commands.status\n"
        "def full(*_):\n"
        "    raise OSError(errno.ENOSPC, 'No space left on device', 'work/x')\n"
        "workbook.commands.status.show_overview = full\n"
    )
    (checkout / "work").write_text("in the way")
    site = sysconfig.get_path("purelib")
    path = os.pathsep.join([str(elsewhere), str(CHECKOUT / "src"), site])
    program = subprocess.run(
        [sys.executable, "-m", "workbook"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert program.returncode == 1
    assert "\nError: work/x: No space left on device.\nThe doctor found:\n" in program.stderr
    assert "bad   Your work: work/ cannot be written to: File exists" in program.stderr
    assert "Traceback" not in program.stderr
