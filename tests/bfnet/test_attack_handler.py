"""Handlers that are made in the wrong place."""

from __future__ import annotations

import asyncio

import pytest

from bfnet import ButterflyHandler


class OfAnotherLoop(ButterflyHandler):
    pass


def test_a_handler_of_another_loop_does_not_listen_on_a_loop_that_does_not_run(sockets):
    another = asyncio.new_event_loop()

    async def conversation(server):
        handler = OfAnotherLoop.get_handler(loop=another)
        with pytest.raises(RuntimeError, match="different event loop from the one"):
            await handler.create_server(("127.0.0.1", 0), None)

    sockets.run(conversation)
    another.close()


def test_a_handler_may_be_mixed_with_classes_that_look_at_their_subclasses():
    class Remembers:
        def __init_subclass__(cls, *, called: str):
            cls.called = called

    class Mixed(ButterflyHandler, Remembers, called="mixed"):
        pass

    assert Mixed.called == "mixed"
