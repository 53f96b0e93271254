"""Reaches a scheduler, or says in one line why that fails.

`distributed` tries until its time is over, and then says only that it was. So whether somebody
listens, and whether the certificates fit, is tried here first.
"""

from __future__ import annotations

import logging
import socket
import ssl
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import distributed
from distributed.security import Security

from classroom.errors import ClassError

TIMEOUT = 10.0  # seconds for each step


@dataclass(frozen=True)
class Address:
    """Where a scheduler is, such as tls://10.0.0.5:8786, and the files for TLS.

    Files that are not given are those of Dask's own configuration.
    """

    url: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_private(self) -> bool:
        """Whether all is encrypted, and both sides have to show certificates."""
        return self.url.startswith("tls://")

    @property
    def is_this_machine(self) -> bool:
        """Whether nothing goes over a network. Raises `ClassError` for what is not an address."""
        host, _ = self.host_and_port()
        return host in ("localhost", "::1") or host.startswith("127.")

    def host_and_port(self) -> tuple[str, int]:
        """Return both. Raises `ClassError` for what is not an address."""
        wanted = "Write it as tls://HOST:PORT or tcp://HOST:PORT, such as tls://10.0.0.5:8786."
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ClassError(f"--cluster: {self.url!r} is not an address. {wanted}") from None
        if parts.scheme not in ("tcp", "tls") or not host or not port or parts.path.strip("/"):
            raise ClassError(f"--cluster: {self.url!r} is not an address. {wanted}")
        return host, port


def connect(address: Address) -> distributed.Client:
    """Return a client of the scheduler. Raises `ClassError`, with one line that says what to do."""
    host, port = address.host_and_port()
    security = _security(address)
    _try(address, host, port, security)
    _silence()
    warnings.filterwarnings("ignore", module="distributed")
    try:
        return distributed.Client(
            address.url, security=security, timeout=TIMEOUT, set_as_default=False
        )
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClassError(
            f"{address.url} does not answer as a Dask scheduler does ({_first_line(error)}). Is it "
            f"one, started with {'' if address.is_private else 'or without '}TLS, and as new as "
            f"here (distributed {version('distributed')})?"
        ) from None


def _silence() -> None:
    """Let `distributed` log nothing: it shows tracebacks, and we say it in one line."""
    for name in [*logging.root.manager.loggerDict]:
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _security(address: Address) -> Security:
    given = {
        "tls_ca_file": address.ca,
        "tls_client_cert": address.certificate,
        "tls_client_key": address.key,
    }
    if not address.is_private and any(given.values()):
        raise ClassError(f"--cluster: {address.url} has no TLS. With certificates, use tls://.")
    security = Security(
        require_encryption=address.is_private,
        **{name: str(file) for name, file in given.items() if file},
    )
    if address.is_private and not {"ca_file", "cert"} <= {*_files(security)}:
        raise ClassError(
            "TLS needs certificates: add --cluster-ca, --cluster-cert and --cluster-key, or write "
            "them into Dask's configuration."
        )
    return security


def _try(address: Address, host: str, port: int, security: Security) -> None:
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT) as connection:
            if address.is_private:
                context = _context(security)
                with context.wrap_socket(connection, server_hostname=host) as encrypted:
                    encrypted.recv(1)  # with TLS 1.3, only now it is known whether ours is accepted
    except ssl.SSLCertVerificationError as error:
        raise ClassError(
            f"{address.url} has a certificate that your --cluster-ca has not signed "
            f"({error.verify_message})."
        ) from None
    except ssl.SSLError as error:
        raise ClassError(
            f"TLS with {address.url} failed ({error.reason or error}). Does it speak TLS, and has "
            "the same --cluster-ca signed its certificate and yours?"
        ) from None
    except OSError as error:
        raise ClassError(
            f"No scheduler can be reached at {address.url}: {error.strerror or error}. Is "
            "`dask scheduler` running there, and does a firewall let you through?"
        ) from None


def _context(security: Security) -> ssl.SSLContext:
    try:
        context = security.get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:  # an ssl.SSLError too
        named = ", ".join(_files(security).values())
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise ClassError(f"The certificates cannot be used ({reason}): {named}.") from None
    assert isinstance(context, ssl.SSLContext)
    return context


def _files(security: Security) -> dict[str, str]:
    """Return the files that a client uses, by what they are."""
    found = security.get_tls_config_for_role("client")
    return {name: found[name] for name in ("ca_file", "cert", "key") if found[name]}


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
