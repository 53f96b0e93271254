"""The certificate that servers use during development.

A server needs a certificate and its private key. A client needs the authority that signed it. All
three are made on first use and kept in the user's cache folder, outside the checkout, so that no
key is ever committed. The authority's own key is deleted once it has signed, so nobody can make a
second certificate that our client would trust.

To see whether the files are still good, a client and a server use them for a handshake in memory,
which takes about two milliseconds. That finds a missing or truncated file, a key or an authority of
another certificate, a wrong name and an expired date. It needs only the standard library. trustme,
and the cryptography package below it, are slow to import and are needed only to make a certificate.

Writers hold a lock, and replace every file in one step. Readers need no lock. A reader that looks
between two replacements finds files that do not match, waits for the lock, and looks again.
"""

from __future__ import annotations

import datetime
import os
import ssl
import sys
import time
from pathlib import Path
from typing import NamedTuple

import click

from course.files import locked, write_atomically

NAMES = ("localhost", "127.0.0.1", "::1")
LIFETIME = datetime.timedelta(days=365)
KEY_LOG = "SSLKEYLOGFILE"  # where Python records the keys of TLS, so that Wireshark can read it
RENEW_BEFORE = datetime.timedelta(days=7)
LOCK_TIMEOUT = 20.0  # seconds; another process may be making it, on a busy machine


class Certificate(NamedTuple):
    """Three PEM files: the server's certificate, its private key, and the client's authority."""

    certificate: Path
    key: Path
    authority: Path


def development_certificate() -> Certificate:
    """Return this user's certificate for localhost. Make a new one if the old one is not good.

    Raises click.ClickException, with one line, if the cache folder cannot be used.
    """
    _ignore_unusable_key_log()
    try:
        folder = cache_folder()
    except RuntimeError as error:
        raise click.ClickException(
            f"No place for the development certificate: {error} Set XDG_CACHE_HOME to a folder."
        ) from error
    certificate = Certificate(
        folder / "certificate.pem", folder / "private-key.pem", folder / "authority.pem"
    )
    try:
        _keep_private(folder, certificate)
        if not is_good(certificate):
            _make_once(certificate)
    except TimeoutError as error:
        raise click.ClickException(
            f"The development certificate cannot be made in {folder}: {error.strerror}."
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"The development certificate cannot be kept in {folder}: {error.strerror or error}. "
            "Make that folder yours to write, or set XDG_CACHE_HOME to another one."
        ) from error
    return certificate


def unusable_key_log() -> str:
    """Return the path in SSLKEYLOGFILE that we ignored because it cannot be written, or ""."""
    return next(iter(_ignored), "")


_ignored: list[str] = []


def _ignore_unusable_key_log() -> None:
    """Take SSLKEYLOGFILE out of this process's environment if nothing can be written there.

    Otherwise every TLS context that Python makes would raise an error about it.
    """
    path = os.environ.get(KEY_LOG)
    if not path:
        return
    try:
        with open(path, "ab"):
            return
    except OSError as error:
        reason = error.strerror
    del os.environ[KEY_LOG]
    _ignored.append(path)
    click.echo(f"Warning: {KEY_LOG} is ignored. {path} cannot be written: {reason}.", err=True)


def cache_folder() -> Path:
    """Return our folder in the user's cache. It may not exist yet.

    https://specifications.freedesktop.org/basedir-spec/latest/ says to ignore a relative path.
    """
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if configured.is_absolute():
        return configured / "bfnet-workbook"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "bfnet-workbook"
    return Path.home() / ".cache" / "bfnet-workbook"


def is_good(certificate: Certificate) -> bool:
    """Return whether a client that trusts the authority accepts the certificate for a week."""
    try:
        expires = _shake_hands(certificate)
    except (ssl.SSLError, FileNotFoundError):
        return False
    return expires - time.time() > RENEW_BEFORE.total_seconds()


def _shake_hands(certificate: Certificate) -> float:
    """Return when the certificate expires, in seconds since the epoch.

    Raises ssl.SSLError or OSError when the handshake fails.
    """
    server_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    # Without a password, OpenSSL would ask the terminal for one when the key is damaged.
    server_context.load_cert_chain(certificate.certificate, certificate.key, password="")
    client_context = ssl.create_default_context(cafile=certificate.authority)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname="localhost")
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    for end in (client, server, client):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    shown = client.getpeercert()
    assert shown is not None  # a client context requires one for the handshake
    return ssl.cert_time_to_seconds(str(shown["notAfter"]))


def _keep_private(folder: Path, certificate: Certificate) -> None:
    """Make the folder, and give it and its files the permissions that a private key needs."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _permit(folder, 0o700)
    for path in certificate:
        if path.exists():
            _permit(path, 0o600)


def _permit(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)


def _make_once(certificate: Certificate) -> None:
    """Make the three files, unless another process made them while we waited for the lock."""
    with locked(certificate.key, LOCK_TIMEOUT):
        if not is_good(certificate):
            _make(certificate)


def _make(certificate: Certificate) -> None:
    import trustme

    authority = trustme.CA(organization_name="bfnet workbook")
    server = authority.issue_cert(
        *NAMES,
        common_name="localhost",
        organization_name="bfnet workbook",
        organization_unit_name="development certificate",
        not_after=datetime.datetime.now(datetime.UTC) + LIFETIME,
    )
    contents = {
        certificate.key: server.private_key_pem,
        certificate.certificate: server.cert_chain_pems[0],
        certificate.authority: authority.cert_pem,
    }
    for file, content in contents.items():
        write_atomically(file, content.bytes(), mode=0o600)
