"""The certificate for development, made once, kept in private, mended when it is damaged."""

import asyncio
import datetime
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest

from course.files import locked
from grader import certificate as module
from grader.certificate import Certificate, cache_folder, development_certificate, is_good


@pytest.fixture(autouse=True)
def fresh_cache(environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def contents(certificate: Certificate) -> list[bytes]:
    return [path.read_bytes() for path in certificate]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def greeting_from(certificate: Certificate, name: str) -> bytes:
    """What a client reads that asks for this name and trusts the authority only."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    async with await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context) as server:
        reader, writer = await asyncio.open_connection(
            *server.sockets[0].getsockname(),
            ssl=ssl.create_default_context(cafile=certificate.authority),
            server_hostname=name,
        )
        greeting = await reader.read()
        writer.close()
        return greeting


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_client_that_trusts_the_authority_accepts_each_name_of_this_machine(name: str) -> None:
    assert asyncio.run(greeting_from(development_certificate(), name)) == b"hello"


def test_a_client_that_asks_for_another_name_refuses() -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(greeting_from(development_certificate(), "example.org"))


def test_it_is_kept_in_the_cache_folder_for_nobody_else_to_read(tmp_path: Path) -> None:
    kept = development_certificate()
    assert kept.key == tmp_path / "bfnet-workbook" / "private-key.pem"
    assert mode(kept.key) == 0o600
    assert mode(kept.key.parent) == 0o700


def test_the_key_of_the_authority_is_not_kept() -> None:
    kept = development_certificate()
    private = [path for path in kept.key.parent.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert private == [kept.key]
    assert kept.key.read_bytes().count(b"BEGIN") == 1
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        ssl.create_default_context().load_cert_chain(kept.authority, kept.key)


def test_it_is_used_again() -> None:
    first = contents(development_certificate())
    assert contents(development_certificate()) == first


def test_it_is_used_until_a_week_before_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIFETIME", datetime.timedelta(days=7, minutes=5))
    first = contents(development_certificate())
    assert contents(development_certificate()) == first


def test_it_is_replaced_in_its_last_week(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "LIFETIME", datetime.timedelta(days=7, minutes=-5))
        first = contents(development_certificate())
    assert contents(development_certificate()) != first


@pytest.mark.parametrize("file", Certificate._fields)
def test_it_is_replaced_when_a_file_is_missing(file: str) -> None:
    kept = development_certificate()
    getattr(kept, file).unlink()
    assert is_good(development_certificate())


@pytest.mark.parametrize("file", Certificate._fields)
def test_it_is_replaced_when_a_file_is_empty(file: str) -> None:
    kept = development_certificate()
    getattr(kept, file).write_bytes(b"")
    assert is_good(development_certificate())


@pytest.mark.parametrize("file", Certificate._fields)
def test_it_is_replaced_when_a_file_is_cut_off(file: str) -> None:
    path = getattr(development_certificate(), file)
    path.write_bytes(path.read_bytes()[:100])
    assert is_good(development_certificate())


@pytest.mark.parametrize("file", Certificate._fields)
def test_it_is_replaced_when_a_file_is_garbage(file: str) -> None:
    kept = development_certificate()
    getattr(kept, file).write_bytes(b"\x00\xffgarbage" * 100)
    assert is_good(development_certificate())


@pytest.mark.parametrize("file", Certificate._fields)
def test_it_is_replaced_when_a_file_belongs_to_another_one(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = development_certificate()
    with monkeypatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
        other = development_certificate()
    getattr(kept, file).write_bytes(getattr(other, file).read_bytes())
    assert not is_good(kept)
    assert is_good(development_certificate())


def test_an_encrypted_key_is_replaced_and_nobody_is_asked_for_its_password() -> None:
    kept = development_certificate()
    encrypted = subprocess.run(
        ["openssl", "ec", "-aes128", "-passout", "pass:secret"],
        check=True,
        input=kept.key.read_bytes(),
        capture_output=True,
    )
    kept.key.write_bytes(encrypted.stdout)
    assert b"ENCRYPTED" in kept.key.read_bytes()
    assert is_good(development_certificate())


def test_permissions_that_became_too_wide_are_mended_and_nothing_else() -> None:
    kept = development_certificate()
    before = contents(kept)
    kept.key.chmod(0o644)
    kept.key.parent.chmod(0o755)
    assert contents(development_certificate()) == before
    assert mode(kept.key) == 0o600
    assert mode(kept.key.parent) == 0o700


def test_what_a_killed_process_left_half_written_does_not_matter() -> None:
    kept = development_certificate()
    kept.certificate.unlink()
    half = kept.key.with_name(f".{kept.key.name}.new")
    half.write_bytes(b"half of a k")
    assert is_good(development_certificate())
    assert not half.exists()


def test_processes_that_make_it_at_once_get_the_same() -> None:
    program = (
        "from grader.certificate import development_certificate as get;"
        "print([path.read_text() for path in get()])"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    seen = {process.communicate(timeout=60)[0] for process in started}
    assert seen == {f"{[path.read_text() for path in development_certificate()]}\n"}


def test_a_folder_that_cannot_be_made_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(click.ClickException) as caught:
        development_certificate()
    assert caught.value.message == (
        f"The development certificate cannot be kept in {tmp_path}/file/bfnet-workbook: "
        "Not a directory. Make that folder yours to write, or set XDG_CACHE_HOME to another one."
    )


def test_a_lock_that_stays_taken_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_TIMEOUT", 0.1)
    kept = development_certificate()
    kept.authority.unlink()
    with locked(kept.key, timeout=0), pytest.raises(click.ClickException) as caught:
        development_certificate()
    assert caught.value.message == (
        f"The development certificate cannot be made in {tmp_path}/bfnet-workbook: another program "
        "has kept it locked for 0.1 seconds. If one was stopped with Ctrl-Z, continue it with fg "
        "in its terminal, then try again."
    )


def test_a_folder_in_the_place_of_a_file_is_one_clear_line() -> None:
    kept = development_certificate()
    kept.key.unlink()
    kept.key.mkdir()
    with pytest.raises(click.ClickException, match="Is a directory"):
        development_certificate()


def test_without_a_configured_folder_it_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == Path("/home/ann/.cache/bfnet-workbook")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path("/home/ann/Library/Caches/bfnet-workbook")


def test_a_relative_folder_is_ignored_as_the_specification_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == Path("/home/ann/.cache/bfnet-workbook")


def test_nothing_slow_is_imported_to_use_a_good_one() -> None:
    development_certificate()
    program = (
        "import sys; from grader.certificate import development_certificate as get; get();"
        "print({'trustme', 'cryptography'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout == "set()\n"


# SSLKEYLOGFILE


def test_keys_of_tls_that_cannot_be_recorded_are_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "_ignored", [])
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "missing" / "keys"))
    assert asyncio.run(greeting_from(development_certificate(), "localhost")) == b"hello"
    assert capsys.readouterr().err == (
        f"Warning: SSLKEYLOGFILE is ignored. {tmp_path}/missing/keys cannot be written: "
        "No such file or directory.\n"
    )
    assert module.unusable_key_log() == f"{tmp_path}/missing/keys"


def test_keys_of_tls_are_recorded_where_they_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    assert asyncio.run(greeting_from(development_certificate(), "localhost")) == b"hello"
    assert "SECRET" in (tmp_path / "keys").read_text()
    assert capsys.readouterr().err == ""
