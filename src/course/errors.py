"""The one error that authors meet: a place in a source file, what is wrong there and what to do."""

import os
from pathlib import Path


class SourceError(Exception):
    """`FILE:LINE: what is wrong`. Lines count from 1; FILE is as seen from the current folder."""

    def __init__(self, file: Path, line: int, problem: str) -> None:
        super().__init__(f"{os.path.relpath(file)}:{line}: {problem}")
        self.line = line
        self.problem = problem
