"""The error that authors see: a place in a source file, what is wrong there and what to do."""

import os
from pathlib import Path


class SourceError(Exception):
    """A mistake in a file, as `FILE:LINE: what is wrong`.

    Lines count from 1. FILE is relative to the current folder.
    """

    def __init__(self, file: Path, line: int, problem: str) -> None:
        super().__init__(f"{os.path.relpath(file)}:{line}: {problem}")
        self.line = line
        self.problem = problem
