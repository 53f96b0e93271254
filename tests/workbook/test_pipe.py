r"""`printf 'ann\nhello\n' | workbook connect`: each line arrives where it belongs.

The servers are those of the chapters, and some that ask in other ways. They run in this process,
with TLS.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from grader.certificate import development_certificate
from workbook.client import pipe
from workbook.client.tls import TlsClient, open_tls
from workbook.commands.connect import SERVER_NAME

Say = Callable[[int, bytes], Coroutine[Any, Any, str]]
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

WAIT_AT_MOST = 20.0  # seconds; a test that needs them has failed

WHAT_ANN_READS = {
    "ch01_echo_server": "ann\nhello\n",
    "ch02_custom_handler": "Others here: 0\nann\nhello\n",
    "ch03_on_connection": "Nickname: ",
    "ch04_announce": "Nickname: ann, nobody hears you yet\n",
    "ch05_on_disconnect": "Nickname: ann, nobody hears you yet\n",
    "ch06_relay": "Nickname: ",
    "ch07_who_goes_there": "Nickname: ",
    "ch08_what_breaks_the_room": "Nickname: ",
}


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Say:
    """Say all this through a pipe, with little patience, to the end. Returns what was shown."""
    monkeypatch.setattr(pipe, "PATIENCE", 0.5)

    async def say(port: int, typed: bytes) -> str:
        reading, writing = os.pipe()
        os.write(writing, typed)
        os.close(writing)
        client = await connected(port)
        with os.fdopen(reading) as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            await pipe.converse_through_pipe(client)
        client.close()
        return capsysbinary.readouterr().out.decode()

    return say


async def connected(port: int) -> TlsClient:
    context = ssl.create_default_context(cafile=development_certificate().authority)
    return await open_tls("127.0.0.1", port, context, SERVER_NAME)


async def served(chapter: str) -> Any:
    """The net of a chapter's solution."""
    certificate = development_certificate()
    pair = str(certificate.certificate), str(certificate.key), None
    return await importlib.import_module(f"solutions.{chapter}").serve(("127.0.0.1", 0), pair)


def ask_and_say(say: Say, conversation: Conversation, typed: bytes) -> str:
    """What is shown of a conversation with a server that is not one of ours."""

    async def hold() -> str:
        certificate = development_certificate()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate.certificate, certificate.key)
        server = await asyncio.start_server(conversation, "127.0.0.1", 0, ssl=context)
        async with server, asyncio.timeout(WAIT_AT_MOST):
            return await say(server.sockets[0].getsockname()[1], typed)

    return asyncio.run(hold())


@pytest.mark.parametrize("chapter", WHAT_ANN_READS)
def test_the_first_line_is_the_name_and_the_second_is_said(chapter: str, say: Say) -> None:
    async def hold() -> str:
        net = await served(chapter)
        shown = await say(net.port, b"ann\nhello\n")
        await net.handler.stop()
        return shown

    assert asyncio.run(hold()) == WHAT_ANN_READS[chapter]


@pytest.mark.parametrize("chapter", [name for name in WHAT_ANN_READS if name >= "ch06"])
def test_somebody_in_the_room_hears_it(chapter: str, say: Say) -> None:
    async def hold() -> bytes:
        net = await served(chapter)
        bob = await connected(net.port)
        bob.write(b"bob\n")
        while not net.handler.butterflies:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        await say(net.port, b"ann\nhello\n")
        heard = b""
        while b"left" not in heard:
            heard += await bob.read()
        bob.close()
        await net.handler.stop()
        return heard

    said = asyncio.run(hold()).decode()
    assert said == "Nickname: ann has joined the room\nann: hello\nann has left the room.\n"


def test_a_server_that_asks_twice_gets_two_answers(say: Say) -> None:
    heard = []

    async def asks_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Nickname: ")
        heard.append(await reader.read(99))
        writer.write(b"That name is taken.\nNickname: ")
        heard.append(await reader.read(99))
        heard.append(await reader.read())
        writer.close()

    shown = ask_and_say(say, asks_twice, b"ann\nanna\nhello\nbye\n")
    assert shown == "Nickname: That name is taken.\nNickname: "
    assert heard == [b"ann\n", b"anna\n", b"hello\nbye\n"]


def test_a_question_that_arrives_in_pieces_is_one_question(say: Say) -> None:
    heard = []

    async def asks_in_pieces(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in (b"Welcome!\nNi", b"ck", b"name: "):
            writer.write(piece)
            await writer.drain()
        heard.append(await reader.read(99))
        heard.append(await reader.read())
        writer.close()

    assert ask_and_say(say, asks_in_pieces, b"ann\nhello\n") == "Welcome!\nNickname: "
    assert heard == [b"ann\n", b"hello\n"]


def test_a_server_that_hangs_up_leaves_nothing_to_wait_for(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Nickname: ")
        await reader.read(99)
        writer.write(b"That name is not allowed.\n")
        writer.close()

    async def with_all_patience(port: int, typed: bytes) -> str:
        monkeypatch.setattr(pipe, "PATIENCE", 2 * WAIT_AT_MOST)
        return await say(port, typed)

    shown = ask_and_say(with_all_patience, refuses, b"\nhello\n")
    assert shown == "Nickname: That name is not allowed.\n"
