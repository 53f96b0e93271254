"""`workbook connect`: join a server, from a terminal or through a pipe.

The client trusts only the authority of the development certificate. That authority signed one
certificate, and its key is gone. So a server that passes the check belongs to this user. The client
always asks for the name localhost, whatever address of this machine the server listens on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import sys

import click

from grader.certificate import development_certificate
from workbook.checkout.project import workbook_command
from workbook.client.tls import TlsClient, open_tls

SERVER_NAME = "localhost"
"""The name that must be in the certificate."""

PATIENCE = 10.0
"""Seconds in which a server must accept the connection and finish the handshake."""


def connect(host: str, port: int, name: str | None) -> None:
    """Talk to the server until either side closes the connection. Ctrl-C leaves at once.

    `name`, if given, is sent first, as the answer to the prompt for a nickname. Raises
    click.ClickException, with one line, when there is no server or it cannot be trusted.
    """
    context = ssl.create_default_context(cafile=development_certificate().authority)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_converse(host, port, context, name))


async def _converse(host: str, port: int, context: ssl.SSLContext, name: str | None) -> None:
    client = await _open(host, port, context)
    try:
        if _can_edit_lines():
            from workbook.client.terminal import converse_in_terminal

            if name is not None:
                client.write(_first_line(name))
            click.echo(f"Connected to {host}, port {port}; its certificate is good. Ctrl-D leaves.")
            await converse_in_terminal(client, name)
        else:
            from workbook.client.pipe import converse_through_pipe

            await converse_through_pipe(client, _first_line(name) if name is not None else b"")
    finally:
        client.close()


def _first_line(name: str) -> bytes:
    """Return the answer to the prompt for a nickname, as it is sent."""
    return name.encode(errors="surrogateescape") + b"\n"


def _can_edit_lines() -> bool:
    """Return whether both ends of our input and output are a terminal that can move its cursor."""
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stdout.isatty():
        return False
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


async def _open(host: str, port: int, context: ssl.SSLContext) -> TlsClient:
    """Connect. Every error becomes one line."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await open_tls(host, port, context, SERVER_NAME)
    except (OSError, UnicodeError) as error:
        raise click.ClickException(_reason(error, host, port)) from error


def _reason(error: OSError | UnicodeError, host: str, port: int) -> str:
    server = f"the server on {host}, port {port},"
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"Not connected: {server} does not show your development certificate "
                f"({error.verify_message}). If it is yours, stop it and start it again."
            )
        case ssl.SSLEOFError() | ConnectionResetError() | BrokenPipeError():
            return f"Not connected: {server} hung up before TLS was set up. See what it logged."
        case ssl.SSLError():
            return (
                f"Not connected: {server} does not speak TLS the way this client does "
                f"({error.reason})."
            )
        case TimeoutError():
            return f"Not connected: {server} did not answer within {PATIENCE:.0f} seconds."
        case socket.gaierror() | UnicodeError():
            return f"The host {host!r} is unknown. Leave --host out for a server on this machine."
        case ConnectionRefusedError() | OSError(errno=None):  # None: refused by several addresses
            return (
                f"No server is listening on {host}, port {port}. Start one in another terminal "
                f"first: {workbook_command()} run CHAPTER"
            )
    return f"{host}, port {port}, cannot be reached: {os.strerror(error.errno or 0)}."
