"""A server of a few lines, and what a test asks of one that it has started."""

from __future__ import annotations

import socket
import ssl

import pexpect

from grader.certificate import development_certificate

ECHO = """
from bfnet import ButterflyHandler


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def echo(data, butterfly, handler):
        butterfly.write(data)

    return net
"""

MAIN = """
if __name__ == "__main__":
    from workbook.serving import run

    run(serve)
"""


def port_in(program: pexpect.spawn) -> str:
    """Wait until this server listens; return its port."""
    program.expect(r"port (\d+), with TLS")
    port = program.match[1]
    program.expect_exact("Ctrl-C stops the server.")
    return port


def with_tls(connection: socket.socket) -> ssl.SSLSocket:
    """The server's side of a TLS connection with the development certificate."""
    certificate = development_certificate()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context.wrap_socket(connection, server_side=True)
