"""Every promise of bfnet is tested on the simulated network, on plain sockets, and on TLS."""

from __future__ import annotations

import asyncio
import gc
import logging
import ssl
from pathlib import Path

import pytest
import trustme
from client import Client

from bfnet import ButterflyHandler
from simnet import SimulatedLoop

HERE = Path(__file__).parent
WAIT_AT_MOST = 20  # seconds; a test that needs them has failed


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for index, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(folder / "certificate.pem", append=index > 0)
    authority.cert_pem.write_to_path(folder / "authority.pem")
    return folder


class World:
    """Where a conversation takes place: a loop, and TLS or none."""

    def __init__(self, certificates, caplog, loop_factory, encrypted):
        self.certificates = certificates
        self.caplog = caplog
        self.loop_factory = loop_factory
        self.encrypted = encrypted

    def run(self, conversation, handler_class=ButterflyHandler, expect_traceback=False):
        """Serve, hold the conversation, stop; then nothing may be left of it."""
        gc.freeze()  # from here on the collector sees what this conversation makes, and no more
        try:
            with asyncio.Runner(debug=True, loop_factory=self.loop_factory) as runner:
                result = runner.run(self._hold(conversation, handler_class))
            gc.collect()  # an object that warns when it is collected does it now, in this test
        finally:
            gc.unfreeze()
        tracebacks = [r for r in self.caplog.records if r.exc_info and r.levelno > logging.DEBUG]
        assert bool(tracebacks) == expect_traceback, tracebacks
        return result

    async def _hold(self, conversation, handler_class):
        handler = handler_class.get_handler(log_level=logging.DEBUG)
        net = await self.listen(handler)
        server = Server(self, handler, net)
        async with asyncio.timeout(WAIT_AT_MOST):
            result = await conversation(server)
            await handler.stop()
        for client in server.clients:
            client.abort()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not connections_of(net)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert open_transports() == []
        return result

    async def listen(self, handler):
        """A net with short timeouts: two of the three worlds have real clocks."""
        net = await handler.create_server(("127.0.0.1", 0), self.ssl_options)
        net.limits.finish_timeout = 0.05
        net.limits.cancel_timeout = 0.05
        net.limits.flush_timeout = 0.2
        return net

    @property
    def ssl_options(self):
        if not self.encrypted:
            return None
        return (self.certificates / "certificate.pem", self.certificates / "key.pem", None)

    def client_context(self):
        return ssl.create_default_context(cafile=self.certificates / "authority.pem")


class Server:
    """What a conversation gets: the handler, its net, and clients that connect to it."""

    def __init__(self, world, handler, net):
        self.world = world
        self.handler = handler
        self.net = net
        self.clients = []

    @property
    def connections(self):
        return connections_of(self.net)

    async def connect(self):
        client = await self.connect_without_tls()
        if self.world.encrypted:
            await client.start_tls(self.world.client_context())
        return client

    async def connect_without_tls(self):
        client = await Client.connect("127.0.0.1", self.net.port)
        self.clients.append(client)
        return client


def open_transports():
    gc.collect()
    return [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, asyncio.Transport) and not thing.is_closing()
    ]


def connections_of(net):
    """Every connection of which anything is left. The framework does not show them."""
    return net._hub.connections


@pytest.fixture
def tls(certificates, caplog):
    return World(certificates, caplog, asyncio.new_event_loop, encrypted=True)


@pytest.fixture
def sockets(certificates, caplog):
    return World(certificates, caplog, asyncio.new_event_loop, encrypted=False)


@pytest.fixture
def simulated(certificates, caplog):
    return World(certificates, caplog, SimulatedLoop, encrypted=False)


@pytest.fixture(params=["simulated", "sockets", "tls"])
def world(request):
    return request.getfixturevalue(request.param)
