"""How the files of bfnet depend on each other, and what they show to somebody else's code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import bfnet
from bfnet import ButterflyHandler, Limits

FILES = {path.stem: path for path in Path(bfnet.__path__[0]).glob("*.py")}
MODULES = sorted(FILES.keys() - {"__init__"})
FLOORS = [
    line.strip().split(", ")
    for line in re.findall(r"^    ([a-z, ]+)$", bfnet.__doc__, flags=re.MULTILINE)
]


def parsed(module):
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def imported_by(module):
    """The files of bfnet that one of them imports, also if only for a type checker."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bfnet."):
            yield node.module.removeprefix("bfnet.")
        elif isinstance(node, ast.Import):
            yield from (a.name.removeprefix("bfnet.") for a in node.names if "bfnet" in a.name)


def test_the_reading_order_and_the_floors_name_every_file():
    listed = re.findall(r"^\d+\. `(\w+)\.py`", bfnet.__doc__, flags=re.MULTILINE)
    assert sorted(listed) == MODULES
    assert sorted(name for floor in FLOORS for name in floor) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_file_imports_only_from_the_floors_below_it(module):
    (floor,) = [number for number, names in enumerate(FLOORS) if module in names]
    below = {name for names in FLOORS[:floor] for name in names}
    assert set(imported_by(module)) <= below


@pytest.mark.parametrize("module", MODULES)
def test_a_file_uses_no_private_name_of_another(module):
    tree = parsed(module)
    used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and is_private(n.attr)}
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if is_private(alias.name)
    }
    assert used <= set(made_in(tree))
    assert not imported


def is_private(name):
    return name.startswith("_") and not name.endswith("__")


def made_in(tree):
    """The names of methods, and of attributes that are set on `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and is_set_on_self(node):
            yield node.attr


def is_set_on_self(attribute):
    return isinstance(attribute.ctx, ast.Store) and ast.unparse(attribute.value) == "self"


def public(thing):
    return {name for name in dir(thing) if not name.startswith("_")}


def test_a_net_and_a_butterfly_show_what_is_promised_and_no_machinery(simulated):
    async def conversation(server):
        server.net.any_data(one_line)
        client = await server.connect()
        client.send(b"hello")
        await client.read(b"hello")
        ((butterfly, _),) = server.handler.butterflies.values()
        assert public(butterfly) == {"client_port", "drain", "ip", "read", "stop", "write"}
        assert public(server.net) == {
            *("any_data", "prefix_match", "regexp_match", "handle"),
            *("limits", "handshake_timeout", "most_owed"),
            *("handler", "host", "port", "serve_forever", "close"),
        }

    simulated.run(conversation)


async def one_line(data, butterfly, handler):
    butterfly.write(data)


def test_a_limit_that_does_not_exist_can_not_be_set():
    with pytest.raises(AttributeError):
        Limits().most_owned = 1


def test_the_two_settings_of_a_net_are_those_of_its_limits(simulated):
    async def conversation(server):
        server.net.most_owed = 4096
        server.net.handshake_timeout = 2.5
        limits = server.net.limits
        assert (limits.most_owed, limits.handshake_timeout) == (4096, 2.5)
        assert (server.net.most_owed, server.net.handshake_timeout) == (4096, 2.5)

    simulated.run(conversation)


def test_each_net_has_limits_of_its_own(simulated):
    async def conversation(server):
        second = await server.handler.create_server(("127.0.0.1", 0), None)
        second.limits.most_owed = 1
        assert server.net.limits.most_owed == 1024 * 1024

    simulated.run(conversation, ButterflyHandler)


def test_every_limit_says_what_happens_beyond_it():
    tree = parsed("limits")
    (limits,) = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    fields = [node for node in limits.body if isinstance(node, ast.AnnAssign)]
    for field in fields:
        said = limits.body[limits.body.index(field) + 1]
        assert isinstance(said, ast.Expr)
        assert "Beyond it: " in " ".join(said.value.value.split()), ast.unparse(field)
