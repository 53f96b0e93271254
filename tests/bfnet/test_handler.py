"""Which handler one gets."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref

import pytest

from bfnet import ButterflyHandler


class Mine(ButterflyHandler):
    pass


def test_the_same_class_on_the_same_loop_gives_the_running_handler(simulated):
    async def conversation(server):
        assert ButterflyHandler.get_handler() is server.handler

    simulated.run(conversation)


def test_a_subclass_never_gets_its_bases_handler(simulated):
    async def conversation(server):
        mine = Mine.get_handler()
        assert type(mine) is Mine
        assert Mine.get_handler() is mine
        assert ButterflyHandler.get_handler() is server.handler

    simulated.run(conversation)


def test_another_loop_has_another_handler():
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    one, two = Mine.get_handler(loop=first), Mine.get_handler(loop=second)
    assert one is not two
    assert one.loop is first
    first.close()
    second.close()


def test_a_stopped_handler_is_followed_by_a_new_one_and_serves_no_more(simulated):
    async def conversation(server):
        await server.handler.stop()
        assert ButterflyHandler.get_handler() is not server.handler
        with pytest.raises(RuntimeError, match=r"get_handler\(\) returns a new one"):
            await server.handler.create_server(("127.0.0.1", 0), None)

    simulated.run(conversation)


def test_a_handler_that_nobody_holds_keeps_no_loop_alive():
    loop = asyncio.new_event_loop()
    Mine.get_handler(loop=loop)
    gone = weakref.ref(loop)
    loop.close()
    del loop
    gc.collect()
    assert gone() is None


def test_without_a_loop_the_error_says_what_to_do():
    with pytest.raises(RuntimeError, match="pass a loop"):
        ButterflyHandler.get_handler()


def test_a_buffer_of_nothing_is_refused(simulated):
    async def conversation(server):
        with pytest.raises(ValueError, match="at least 1 byte"):
            Mine.get_handler(buffer_size=0)

    simulated.run(conversation)


def test_the_log_level_is_that_of_the_handlers_logger(simulated):
    async def conversation(server):
        assert Mine.get_handler(log_level=logging.ERROR).logger.level == logging.ERROR

    simulated.run(conversation)


def test_everyone_is_registered_under_ip_and_port_by_default(world):
    async def conversation(server):
        @server.net.any_data
        async def echo(data, butterfly, handler):
            butterfly.write(data)

        client = await server.connect()
        client.send(b"hello")
        await client.read(b"hello")
        ((key, (butterfly, data_loop)),) = server.handler.butterflies.items()
        assert key == f"{butterfly.ip}:{butterfly.client_port}"
        assert not data_loop.done()

    world.run(conversation)
