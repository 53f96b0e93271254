"""Options that commands share: a server's address, and the choice of a conversation.

They have their own file because `cli.py` and `serving.py` need them and must start quickly.
"""

from __future__ import annotations

from collections.abc import Callable

import click

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8001


def host_and_port(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options --host and --port to a click command."""
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


def conversation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options --test, --seed, --world and --solution to a click command."""
    options = (
        click.option("--test", metavar="NAME", default="", help="Words of the test's name."),
        click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Only this seed."),
        click.option(
            "--world",
            type=click.Choice(["child", "tls"]),
            help="Only on the simulated network, or only over TLS.",
        ),
        click.option("--solution", is_flag=True, help="With our solution, not with your file."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _not_empty(context: click.Context, option: click.Parameter, host: str) -> str:
    if not host:  # asyncio would listen on every address of this machine
        raise click.BadParameter(f"it is empty. Leave it out, or try {DEFAULT_HOST}.")
    return host
