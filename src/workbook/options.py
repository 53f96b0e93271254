"""Options that commands share: a server's address, and the choice of a conversation.

They have their own file because `cli.py` and `serving.py` need them and must start quickly.
"""

from __future__ import annotations

from collections.abc import Callable

import click

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8001


class Number(click.IntRange):
    """A whole number in a range. Its errors are sentences."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number. Calls `fail` for anything else, as click expects."""
        try:
            number = int(str(value))
        except ValueError:
            self.fail(f"{str(value)!r} is not a number.", param, ctx)
        if self.min is not None and number < self.min:
            self.fail(f"{number} is too small: it has to be at least {self.min:g}.", param, ctx)
        if self.max is not None and number > self.max:
            self.fail(f"{number} is too big: it can be at most {self.max:g}.", param, ctx)
        return number


def host_and_port(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options --host and --port to a click command."""
    host = click.option(
        "--host",
        default=DEFAULT_HOST,
        show_default=True,
        callback=_not_empty,
        help="Name or address of the server.",
    )
    port = click.option("--port", default=DEFAULT_PORT, show_default=True, type=Number(0, 65535))
    return host(port(command))


def conversation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options --test, --seed, --world and --solution to a click command."""
    options = (
        click.option(
            "--test", metavar="NAME", default="", help="The test's name, or words from it."
        ),
        click.option("--seed", type=Number(0), metavar="N", help="Use only this seed."),
        click.option(
            "--world",
            type=click.Choice(["child", "tls"]),
            help="Only the simulated network, or only TLS.",
        ),
        click.option("--solution", is_flag=True, help="Use our solution instead of your file."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _not_empty(context: click.Context, option: click.Parameter, host: str) -> str:
    if not host:  # asyncio would listen on every address of this machine
        raise click.BadParameter(f"it is empty. Leave it out, or try {DEFAULT_HOST}.")
    return host
