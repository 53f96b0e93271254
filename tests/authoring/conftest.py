"""The fixtures `chapter` and `change` of a small book, and ports for kernels."""

import random
import socket

from jupyter_client.provisioning.local_provisioner import LocalPortCache

from tests.small_book import change, chapter

__all__ = ["change", "chapter"]


def port_below_the_ephemeral(self: LocalPortCache, ip: str) -> int:
    """A free port that no test gets when it binds port 0.

    A kernel binds its ports a second after they were chosen, and other tests run meanwhile.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)  # seeds do not make two alike
        with socket.socket() as probe:
            try:
                probe.bind((ip, port))
            except OSError:
                continue
            return port


setattr(LocalPortCache, "find_available_port", port_below_the_ephemeral)  # noqa: B010 - for mypy
