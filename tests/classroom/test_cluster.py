"""`workbook grade --cluster`, with a real scheduler and real workers."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_processes import (
    CHECKOUT,
    NAME,
    Cluster,
    certificates,
    cluster,
    grade,
    hand_in,
    hand_in_one,
    judgements,
    start_grading,
    times_judged,
)

from classroom.cluster import worker
from classroom.cluster.call import call_for, judgement_in
from classroom.cluster.connection import Address
from classroom.errors import ClassError
from isolation import Job, Level, best_level
from isolation import machine as this_machine
from isolation.session import temporary_folder

WITHOUT_ISOLATION = (
    "from isolation import Level, machine; machine.best_level = lambda: Level.PROCESS"
)
OLDER = "from classroom.cluster import worker; worker.code_version = lambda: '0.1.0+older'"
KILLER = """
import os, signal
judge = os.getppid()
with open(f"/proc/{judge}/stat") as file:
    os.kill(int(file.read().rpartition(")")[2].split()[1]), signal.SIGKILL)
"""

pytestmark = pytest.mark.skipif(
    best_level() == Level.PROCESS, reason="a cluster needs isolation on its machines"
)


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without workers."""
    with cluster(tmp_path_factory.mktemp("dask")) as running:
        yield running


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return certificates(tmp_path_factory.mktemp("tls") / "keys")


@pytest.fixture(scope="module")
def encrypted(
    tmp_path_factory: pytest.TempPathFactory, keys: tuple[Path, Path, Path]
) -> Iterator[Cluster]:
    """A scheduler and two workers that speak TLS."""
    ca, certificate, key = map(str, keys)
    tls = ("--tls-ca-file", ca, "--tls-cert", certificate, "--tls-key", key)
    with cluster(tmp_path_factory.mktemp("dask"), tls) as running:
        running.worker()
        running.worker()
        yield running


def client_files(keys: tuple[Path, Path, Path]) -> tuple[str | Path, ...]:
    return "--cluster-ca", keys[0], "--cluster-cert", keys[1], "--cluster-key", keys[2]


def test_a_worker_that_is_killed_loses_nothing(place: Path, tmp_path: Path) -> None:
    hand_in(place, right=6, wrong=2)
    with cluster(tmp_path) as running:
        running.worker()
        killed = running.worker()
        process = start_grading(place, running.address)
        assert process.stdout
        for line in process.stdout:
            if line.startswith("1 of 8"):
                break
        killed.kill()
        rest, _ = process.communicate(timeout=120)
    assert process.returncode == 0, rest
    assert rest.count("20 of 20") == 6
    assert rest.count("0 of 20") == 6 + 2
    assert times_judged(place) == {1: 8}
    assert {line["level"] for line in judgements(place)} == {best_level().value}


def test_the_command_that_is_killed_continues(
    place: Path, encrypted: Cluster, keys: tuple[Path, Path, Path]
) -> None:
    hand_in(place, right=4, wrong=2)
    process = start_grading(place, encrypted.address, *client_files(keys))
    assert process.stdout
    with process.stdout:
        for line in process.stdout:
            if line.startswith("2 of 6"):
                break
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    before = len(judgements(place))
    assert 2 <= before < 6
    status, output = grade(place, encrypted.address, *client_files(keys))
    assert status == 0, output
    assert f"({before} were graded before)" in output
    assert output.count("20 of 20") == 4
    assert times_judged(place) == {1: 6}


def test_a_file_that_kills_workers_is_an_error_of_its_own(place: Path, tmp_path: Path) -> None:
    hand_in(place, right=1, wrong=0)
    hand_in_one(place, "killer", KILLER)
    with cluster(tmp_path, failures=0) as running:
        workers = [running.worker(WITHOUT_ISOLATION) for _ in range(3)]
        status, output = grade(place, running.address, "--unsafe")
        alive = [each for each in workers if each.poll() is None]
    assert status == 1
    assert "Workers died again and again while they graded this file." in output
    assert "s0 ✓ ✓ 20 of 20" in output
    assert len(alive) == 1
    assert {line["outcome"] for line in judgements(place)} == {"graded", "broke"}


def test_a_scheduler_that_goes_away_ends_the_run_and_loses_nothing(
    place: Path, tmp_path: Path
) -> None:
    hand_in(place, right=3, wrong=0)
    with cluster(tmp_path) as running:
        running.worker()
        process = start_grading(place, running.address)
        assert process.stdout
        for line in process.stdout:
            if line.startswith("1 of 3"):
                break
        running.scheduler.kill()
        rest, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    said = " ".join(rest.split())
    assert f"Error: The scheduler at {running.address} is gone. What was graded is kept" in said
    assert "Traceback" not in said, rest
    assert times_judged(place).keys() == {1}


def test_hidden_tests_are_sent_and_leave_nothing_behind(place: Path, tmp_path: Path) -> None:
    solution = (CHECKOUT / "solutions" / f"{NAME}.py").read_text()
    hand_in_one(place, "ann", solution)
    hidden = tmp_path / "hidden" / f"test_{NAME}.py"
    hidden.parent.mkdir()
    hidden.write_text(HIDDEN)
    file = place / "ann" / f"{NAME}.py"
    job = Job(CHECKOUT, NAME, file, ("child",), seeds=1, first_seed=7, hidden_tests=hidden)
    call = call_for(job, Level.USER, is_private=True)
    hidden.unlink()
    before = {*temporary_folder().glob(f"grad*-{os.getpid()}-*")}
    judgement = judgement_in(worker.grade(call))
    names = {result.function: result.verdict for result in judgement.results}
    assert names["test_a_secret_of_the_teacher"] == "failed"
    assert [*names.values()].count("failed") == 1 < len(names)
    assert {*temporary_folder().glob(f"grade-{os.getpid()}-*")} == set()
    left = {*temporary_folder().glob(f"grad*-{os.getpid()}-*")} - before
    assert len(left) <= 1  # the session's own


HIDDEN = '''
import pytest


@pytest.mark.task("1.1")
def test_a_secret_of_the_teacher(room):
    """A client that says nothing receives a greeting."""
    alice = room.connect("alice")
    alice.expect("Hello")
'''


def call_of(file: Path, least: Level = Level.USER, is_private: bool = True) -> dict[str, object]:
    job = Job(CHECKOUT, NAME, file, ("child",), seeds=1)
    return call_for(job, least, is_private)


def test_a_worker_refuses_another_version(tmp_path: Path) -> None:
    file = tmp_path / "empty.py"
    file.touch()
    call = call_of(file) | {"version": "0.1.0+older"}
    assert "another version" in worker.grade(call)["refused"]


def test_a_worker_refuses_when_it_holds_programs_too_loosely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "empty.py"
    file.touch()
    monkeypatch.setattr(this_machine, "best_level", lambda: Level.PROCESS)
    assert "at the level 'process', and 'separate user'" in worker.grade(call_of(file))["refused"]
    monkeypatch.setattr(this_machine, "best_level", lambda: Level.USER)
    plain = call_of(file, is_private=False)
    assert "a cluster without TLS obeys anyone" in worker.grade(plain)["refused"]


def test_a_scheduler_without_workers(place: Path, idle: Cluster) -> None:
    hand_in(place, right=1, wrong=0)
    status, output = grade(place, idle.address)
    assert status == 1
    assert output.startswith(f"Error: The scheduler at {idle.address} has no workers. Start one")


@pytest.mark.parametrize(
    ("preload", "said"),
    [
        (WITHOUT_ISOLATION, "isolates programs at the level 'process', and 'sandbox' is asked for"),
        (OLDER, "has version 0.1.0+older of the workbook, and this machine"),
    ],
)
def test_a_worker_that_cannot_be_used(place: Path, tmp_path: Path, preload: str, said: str) -> None:
    hand_in(place, right=1, wrong=0)
    with cluster(tmp_path) as running:
        running.worker(preload)
        status, output = grade(place, running.address, "--minimum-isolation", "sandbox")
    assert status == 1
    assert output.startswith("Error: The worker at tcp://127.0.0.1:")
    assert said in output
    assert output.endswith("Nothing was handed over.")


@pytest.mark.parametrize("url", ["localhost:8786", "tcp://localhost", "http://[x", "tls://:1"])
def test_what_is_not_an_address(url: str) -> None:
    with pytest.raises(ClassError, match=r"is not an address. Write it as tls://HOST:PORT"):
        Address(url).host_and_port()


@pytest.mark.parametrize(
    ("url", "is_private", "is_this_machine"),
    [
        ("tcp://127.0.0.1:8786", False, True),
        ("tcp://[::1]:8786", False, True),
        ("tcp://10.0.0.5:8786", False, False),
        ("tls://10.0.0.5:8786", True, False),
    ],
)
def test_what_goes_over_a_network_in_the_clear_is_known(
    url: str, is_private: bool, is_this_machine: bool
) -> None:
    address = Address(url)
    assert (address.is_private, address.is_this_machine) == (is_private, is_this_machine)


def test_nobody_listens(place: Path) -> None:
    hand_in(place, right=1, wrong=0)
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        output = grade(place, f"tcp://127.0.0.1:{port}")[1]
    assert output.startswith(f"Error: No scheduler can be reached at tcp://127.0.0.1:{port}: Conn")


def test_tls_with_the_wrong_certificates(
    place: Path, encrypted: Cluster, keys: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    hand_in(place, right=1, wrong=0)
    address = encrypted.address
    others = certificates(tmp_path / "others")
    attempts = {
        "has a certificate that your --cluster-ca has not signed": client_files(others),
        "has the same --cluster-ca signed its certificate and yours": (
            *client_files(keys)[:2],
            *client_files(others)[2:],
        ),
        "The certificates cannot be used": (*client_files(keys)[:4], *client_files(others)[4:]),
        "TLS needs certificates: add --cluster-ca": (),
    }
    for said, files in attempts.items():
        output = grade(place, address, *files)[1]
        assert output.startswith("Error: ")
        assert said in output
    output = grade(place, address.replace("tls", "tcp"))[1]
    assert "does not answer as a Dask scheduler does" in output


def test_tls_with_a_scheduler_that_has_none(
    place: Path, idle: Cluster, keys: tuple[Path, Path, Path]
) -> None:
    hand_in(place, right=1, wrong=0)
    output = grade(place, idle.address.replace("tcp", "tls"), *client_files(keys))[1]
    assert output.startswith("Error: TLS with tls://127.0.0.1:")
