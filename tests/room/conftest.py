"""Programs to be judged, and the three worlds to run them in."""

import textwrap
from types import SimpleNamespace

import pytest
import trustme

from room import Room
from room.in_process import InProcess
from room.worlds.simulated import Child
from room.worlds.tls import Tls

ECHO = """
import asyncio, ctypes, logging, os, signal, ssl, stat, sys, threading, time

libc = ctypes.CDLL(None)

def context(ssl_options):
    if ssl_options is None:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*ssl_options)
    return made

async def echo(reader, writer):
    while data := await reader.read(65536):
        {on_data}
        writer.write(data)
    writer.close()

{at_import}

async def serve(bind, ssl_options):
    {in_serve}
    return await asyncio.start_server(echo, *bind, ssl=context(ssl_options))
"""


@pytest.fixture
def program(tmp_path):
    """Writes a program; returns its path."""

    def write(source, name="program.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(source))
        return path

    return write


@pytest.fixture
def echo(program):
    """Writes an echo server that also does what it is told, as statements on one line."""

    def write(at_import="pass", in_serve="pass", on_data="pass"):
        return program(ECHO.format(at_import=at_import, in_serve=in_serve, on_data=on_data))

    return write


@pytest.fixture
def line_of():
    """The number of the line of a program that has this in it."""
    return lambda path, text: path.read_text().partition(text)[0].count("\n") + 1


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A server's certificate and key, and the authority that vouches for it, as PEM files."""
    folder = tmp_path_factory.mktemp("certificate")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    paths = SimpleNamespace(
        chain=folder / "server.pem", key=folder / "server.key", authority=folder / "authority.pem"
    )
    authority.cert_pem.write_to_path(paths.authority)
    issued.private_key_pem.write_to_path(paths.key)
    issued.cert_chain_pems[0].write_to_path(paths.chain)
    return paths


@pytest.fixture
def child():
    """Makes worlds in a child process, with a short deadline, and ends them."""
    made = []

    def make(path, deadline=2.0):
        made.append(Child(path, deadline))
        return made[-1]

    yield make
    for worlds in made:
        worlds.close()


@pytest.fixture
def tls(certificate):
    """Makes worlds of real sockets, with a short deadline, and ends them."""
    made = []

    def make(path, deadline=2.0):
        paths = certificate.chain, certificate.key, certificate.authority
        made.append(Tls(path, *paths, deadline))
        return made[-1]

    yield make
    for worlds in made:
        worlds.close()


@pytest.fixture(params=["in process", "child", "tls"])
def worlds(request):
    """Makes worlds of each kind in turn."""
    if request.param == "in process":
        return InProcess
    return request.getfixturevalue(request.param)


@pytest.fixture
def room_of(worlds):
    """Opens a room on a program, in each kind of world in turn."""

    rooms = []

    def open_on(path, **options):
        rooms.append(Room(worlds(path).open(), **options))
        return rooms[-1]

    yield open_on
    for room in rooms:
        room.close()
