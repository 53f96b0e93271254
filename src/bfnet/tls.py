"""TLS without a socket.

`ssl.MemoryBIO` is a buffer in memory that OpenSSL reads from or writes to as if it were a socket.
A `Channel` owns two of them. Ciphertext that arrived goes into one, and plaintext comes out of
`decrypt`; plaintext goes into `encrypt`, and ciphertext that has to be sent comes out of the other.
Nothing here waits, sends or knows an event loop. Two things follow. A channel can be tested with
bytes alone. And the connection that owns it can do everything that a plain one can: it may answer
after the client has finished sending (asyncio's own TLS cannot), and an idle connection costs about
20 kB instead of 280.

Sources: https://docs.python.org/3/library/ssl.html#memory-bio-support and RFC 8446.
"""

from __future__ import annotations

import contextlib
import os
import ssl

DECRYPT_AT_MOST = 65536
"""Bytes taken from OpenSSL in one call. A TLS record holds at most 16384."""


class Channel:
    """The server's side of one TLS connection."""

    __slots__ = ("_incoming", "_outgoing", "_tls", "established", "fault", "peer_finished")

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.established = False
        """Whether the handshake is over."""
        self.peer_finished = False
        """Whether the peer has said that it sends no more (a `close_notify` alert)."""
        self.fault: ssl.SSLError | None = None
        """What was wrong with the first record that `decrypt` could not open, if any."""

    def feed(self, ciphertext: memoryview | bytes) -> None:
        """Take in bytes that arrived."""
        self._incoming.write(ciphertext)

    def handshake(self) -> bool:
        """Go as far in the handshake as the bytes allow; True once it is over.

        Raises `ssl.SSLError` if what the peer sent is not acceptable TLS.
        """
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        self.established = True
        return True

    def decrypt(self) -> bytes:
        """Return all plaintext that is complete, which may be none.

        A damaged record sets `fault`. What arrived before it is good, and is returned.
        """
        pieces = []
        try:
            while piece := self._tls.read(DECRYPT_AT_MOST):
                pieces.append(piece)
            self.peer_finished = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self.fault = error
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def encrypt(self, plaintext: bytes) -> bytes:
        """Return the ciphertext to send for `plaintext`."""
        sent = self._tls.write(plaintext)
        while sent < len(plaintext):
            sent += self._tls.write(memoryview(plaintext)[sent:])
        return self._outgoing.read()

    def close_notify(self) -> bytes:
        """Return the ciphertext that tells the peer that nothing more will come."""
        with contextlib.suppress(ssl.SSLError):  # the peer has not answered in kind, and need not
            self._tls.unwrap()
        return self._outgoing.read()

    def to_send(self) -> bytes:
        """Return what OpenSSL wants to send by itself: handshake, session tickets, alerts."""
        return self._outgoing.read()


def server_context(
    certificate: str | os.PathLike[str], key: str | os.PathLike[str], password: str | None
) -> ssl.SSLContext:
    """Return Python's default settings for a server, TLS 1.2 or later, with this certificate.

    `certificate` and `key` are paths to PEM files; `password` opens an encrypted key.
    Raises `FileNotFoundError` or `PermissionError` for a file that cannot be read, and `ValueError`
    for files that do not go together. Each message names the file.
    """
    for role, path in (("certificate", certificate), ("key", key)):
        _must_be_readable(role, path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A function, because OpenSSL asks on the terminal when an encrypted key has no password.
        context.load_cert_chain(certificate, key, lambda: password or "")
    except ssl.SSLError as error:
        raise ValueError(_what_is_wrong(error, certificate, key, password)) from None
    return context


def _must_be_readable(role: str, path: str | os.PathLike[str]) -> None:
    try:
        with open(path, "rb"):
            return
    except OSError as error:
        sentence = f"the {role} file {os.fspath(path)!r} cannot be read: {error.strerror}"
        raise type(error)(error.errno, sentence) from None


def _what_is_wrong(
    error: ssl.SSLError,
    certificate: str | os.PathLike[str],
    key: str | os.PathLike[str],
    password: str | None,
) -> str:
    certificate, key = os.fspath(certificate), os.fspath(key)
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"the key {key!r} does not belong to the certificate {certificate!r}"
    with open(key, "rb") as file:
        encrypted = b"ENCRYPTED" in file.read()
    if encrypted and not password:
        return f"the key {key!r} is encrypted: pass its password as the third value"
    if encrypted:
        return f"the password does not open the key {key!r} (or {certificate!r} is damaged)"
    return f"{certificate!r} and {key!r} are not a certificate and its key in PEM format"
