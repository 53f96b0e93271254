"""Answers the requests of the page's worker: JSON in, JSON out, as `protocol.ts` has them.

A request is answered completely before the next one. Two things keep their state between requests:
the blocks of the page, and the servers that terminals talk to.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playground.as_data import Json
from playground.cells import Cells
from playground.table import Table

if TYPE_CHECKING:  # it needs pytest, which the browser fetches for the first check
    from playground.checking import Checker


class Bridge:
    """Answers requests about the checkout at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._cells = Cells()
        self._made_checker: Checker | None = None
        self._tables: dict[str, Table] = {}

    def answer(self, request: str, tell: Callable[[str], object]) -> str:
        """Answer one request. `tell` receives what can be shown before the answer is there."""
        asked = json.loads(request)
        return json.dumps(self._answer(asked, lambda news: tell(json.dumps(news))))

    def close(self) -> None:
        """Drop the blocks and the servers."""
        self._cells.close()
        for table in self._tables.values():
            table.close()

    def _answer(self, asked: Json, tell: Callable[[Json], object]) -> object:
        match asked["ask"]:
            case "run":
                return self._cells.run(asked["source"], asked["name"])
            case "forget":
                self._cells.close()
                self._cells = Cells()
                return None
            case "check":
                return self._checker().check(asked["chapter"], asked["source"], tell)
            case "hint":
                return self._checker().hint(asked["chapter"], asked["task"])
            case "open":
                return self._open(asked)
            case "act":
                return self._tables[asked["name"]].act(asked["actions"], asked["draw"])
        raise ValueError(f"no such request: {asked['ask']!r}")

    def _checker(self) -> Checker:
        if self._made_checker is None:
            from playground.checking import Checker

            self._made_checker = Checker(self._root)
        return self._made_checker

    def _open(self, asked: Json) -> Json:
        name = asked["name"]
        if name in self._tables:
            self._tables.pop(name).close()
        file = self._root / "work" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(asked["source"], encoding="utf-8")
        table = self._tables[name] = Table(file, asked["seed"], asked["weather"])
        return table.open()
