"""Options that commands share: where a server is, and which conversation is meant.

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


def which_conversation(command: Callable[..., None]) -> Callable[..., None]:
    """Give a click command --test, --seed, --world and --solution."""
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
    if not host:  # asyncio would take it for every address of this machine
        raise click.BadParameter(f"it is empty. Leave it out, or try {DEFAULT_HOST}.")
    return host
