"""Where a server is: the two options that serving and connecting share, and their defaults.

Apart from the rest because nothing here is slow to import.
"""

from __future__ import annotations

from collections.abc import Callable

import click

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8001


def host_and_port(command: Callable[..., None]) -> Callable[..., None]:
    """Give a click command the options --host and --port."""
    host = click.option(
        "--host",
        default=DEFAULT_HOST,
        show_default=True,
        callback=_not_empty,
        help="Name or address of the server.",
    )
    port = click.option(
        "--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535)
    )
    return host(port(command))


def _not_empty(context: click.Context, option: click.Parameter, host: str) -> str:
    if not host:  # asyncio would take it for every address of this machine
        raise click.BadParameter(f"it is empty. Leave it out, or try {DEFAULT_HOST}.")
    return host
