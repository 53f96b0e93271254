"""A file that cannot be served: one sentence of why, the same in every world."""

import sys

import pytest

from room import Room, RoomFailure


@pytest.fixture
def wrong_with(worlds):
    """What is wrong with a program whose room cannot even be opened."""

    def open_on(path):
        with pytest.raises(RoomFailure) as caught:
            Room(worlds(path).open())
        wrong = caught.value.wrong
        return wrong.kind, wrong.message, wrong.line

    return open_on


def test_there_is_no_such_file(wrong_with, tmp_path):
    path = tmp_path / "ch01.py"
    message = f"{path} cannot be read: No such file or directory"
    assert wrong_with(path) == ("missing", message, 0)


def test_the_file_is_a_folder(wrong_with, tmp_path):
    assert wrong_with(tmp_path) == ("missing", f"{tmp_path} cannot be read: Is a directory", 0)


def test_a_line_that_is_not_python(wrong_with, program):
    path = program("import asyncio\n\nbutterfly.nick = nick.\n")
    message = "program.py, line 3: invalid syntax: butterfly.nick = nick."
    assert wrong_with(path) == ("syntax", message, 3)


def test_bytes_that_are_not_text(wrong_with, program):
    path = program("")
    path.write_bytes(b"name = '\xff'\n")
    kind, message, _ = wrong_with(path)
    assert kind == "syntax"
    assert message.startswith("program.py")


@pytest.mark.parametrize("line", [b"# gr\xfc\xdfe", b"name = 'gr\xfc\xdfe'"])
def test_a_file_in_another_encoding_is_refused_as_python_does(wrong_with, program, line):
    path = program("import asyncio\n")
    path.write_bytes(path.read_bytes() + line + b"\n")
    kind, message, number = wrong_with(path)
    assert (kind, number) == ("syntax", 2)
    assert message.startswith("program.py, line 2: (unicode error) 'utf-8' codec can't decode byte")


def test_a_file_may_declare_its_encoding(room_of, echo):
    path = echo()
    path.write_bytes(b"# -*- coding: latin-1 -*-\n# gr\xfc\xdfe\n" + path.read_bytes())
    room_of(path).stop()


@pytest.mark.parametrize("before", [b"", b"x = 1\n", b"x = 1\n" * 2])
def test_a_letter_that_is_not_utf_8(wrong_with, tmp_path, before):
    path = tmp_path / "program.py"
    path.write_bytes(before + b"# gr\xfc\xdfe\n")
    kind, message, line = wrong_with(path)
    assert kind == "syntax"
    assert "'utf-8' codec can't decode byte 0xfc" in message
    assert line == before.count(b"\n") + 1


def test_a_null_byte(wrong_with, program):
    kind, message, _ = wrong_with(program("name = '\0'\n"))
    assert kind == "syntax"
    assert "null bytes" in message


def test_an_import_of_what_is_not_there(wrong_with, program):
    path = program("import asyncio\nimport asincio\n")
    message = "program.py cannot be imported: ModuleNotFoundError: No module named 'asincio'"
    assert wrong_with(path) == ("import", message, 2)


def test_an_exception_at_import(wrong_with, program):
    path = program("def begin():\n    return 1 / 0\n\nbegin()\n")
    message = "program.py cannot be imported: ZeroDivisionError: division by zero"
    assert wrong_with(path) == ("raised", message, 2)


def test_an_exception_that_cannot_be_printed(wrong_with, program):
    path = program("""
        class Shy(Exception):
            def __str__(self):
                raise ValueError

        raise Shy
    """)
    message = "program.py cannot be imported: Shy: (a Shy that cannot be printed)"
    assert wrong_with(path) == ("raised", message, 6)


def test_no_serve(wrong_with, program):
    message = "program.py has no serve: it needs an `async def serve(bind, ssl_options)`"
    assert wrong_with(program("def server(): pass\n")) == ("no serve", message, 0)


def test_serve_without_async(wrong_with, program):
    message = "serve is not async: it has to begin with `async def serve`"
    path = program("\ndef serve(bind, ssl_options): pass\n")
    assert wrong_with(path) == ("not async", message, 2)


def test_serve_that_is_no_function(wrong_with, program):
    kind, _, _ = wrong_with(program("serve = 8001\n"))
    assert kind == "not async"


def test_serve_with_the_wrong_arguments(wrong_with, program):
    path = program("\nasync def serve(bind): pass\n")
    message = "serve raised TypeError: serve() takes 1 positional argument but 2 were given"
    assert wrong_with(path) == ("serve raised", message, 2)


def test_serve_that_raises(wrong_with, program):
    path = program("""
        async def serve(bind, ssl_options):
            raise NotImplementedError("Something: send the bytes back")
    """)
    message = "serve raised NotImplementedError: Something: send the bytes back"
    assert wrong_with(path) == ("serve raised", message, 3)


def test_serve_that_returns_nothing(wrong_with, program):
    path = program("async def serve(bind, ssl_options): pass\n")
    message = "serve returned None: it has to end with `return net`"
    assert wrong_with(path) == ("not served", message, 0)


def test_serve_that_returns_something_else(wrong_with, program):
    path = program("async def serve(bind, ssl_options): return 'net'\n")
    message = "serve returned a str that listens on no port"
    assert wrong_with(path) == ("not served", message, 0)


def test_serve_that_does_not_return(wrong_with, echo):
    path = echo(in_serve="await (await asyncio.start_server(echo, *bind)).serve_forever()")
    kind, message, line = wrong_with(path)
    assert kind == "serve waits"
    assert message == "serve does not return: it has to end with `return net`, and wait for nobody"
    assert "serve_forever" in path.read_text().splitlines()[line - 1]


def test_a_server_without_tls(tls, program):
    path = program("""
        import asyncio

        async def serve(bind, ssl_options):
            return await asyncio.start_server(lambda reader, writer: writer.write(b"hi"), *bind)
    """)
    room = Room(tls(path).open())
    with pytest.raises(RoomFailure) as caught:
        room.connect("alice")
    assert caught.value.wrong.kind == "no tls"


def test_a_room_begins_with_a_program_that_remembers_nothing(worlds, program):
    made = worlds(
        program("""
            import asyncio

            seen = []

            async def serve(bind, ssl_options):
                seen.append(1)
                print(len(seen))
                assert len(seen) == 1
                return await asyncio.start_server(print, *bind)
        """)
    )
    Room(made.open()).close()
    Room(made.open()).close()


def test_a_file_called_like_a_module_of_python_stands_in_for_nothing(room_of, echo, tmp_path):
    path = echo(at_import="import colorsys; colorsys.ONE_THIRD").rename(tmp_path / "colorsys.py")
    room_of(path).stop()


def test_a_module_beside_the_program_can_be_imported(room_of, program, echo, monkeypatch):
    monkeypatch.setattr("sys.path", [*sys.path])
    program("GREETING = 'hi'\n", "greeting_beside.py")
    room_of(echo(at_import="from greeting_beside import GREETING")).stop()


@pytest.mark.parametrize("worlds", ["child"], indirect=True)
def test_a_forgotten_await_in_serve_is_told_once_and_not_printed(worlds, program):
    path = program(
        """
        async def wanted():
            return None

        async def serve(bind, ssl_options):
            wanted().any_data
        """
    )
    with pytest.raises(RoomFailure) as caught:
        Room(worlds(path).open())
    assert "'coroutine' object has no attribute 'any_data'" in str(caught.value)
    assert "RuntimeWarning" not in str(caught.value)
