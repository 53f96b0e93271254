"""Who may import whom: the arrows of docs/design.md, and the boundary between judge and learner.

An import that is not allowed here is either a mistake or a change of the design: then change the
table, and docs/design.md with it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    *("bfnet", "simnet", "course", "room", "grader"),
    *("playground", "isolation", "classroom", "services", "workbook", "authoring"),
    "solutions",
)

ALLOWED = {
    "bfnet": set(),
    "simnet": set(),
    "course": set(),
    "room": {"simnet"},
    "grader": {"course", "room", "simnet", "click", "pytest", "trustme"},
    "playground": {"course", "grader", "room", "simnet"},
    "isolation": {"bfnet", "course", "grader", "room", "simnet", "pytest"},
    "classroom": {
        *("course", "grader", "isolation", "room", "simnet"),
        *("distributed", "jinja2", "markupsafe"),
    },
    "services": {"classroom", "course", "grader", "isolation"},
    "workbook": {
        *("bfnet", "course", "grader", "classroom", "isolation", "room", "services", "simnet"),
        *("click", "packaging", "prompt_toolkit", "rich", "uvloop", "watchfiles"),
    },
    "authoring": {
        *("course", "grader", "playground", "room", "simnet"),
        *("jupytext", "markdown", "mkdocs", "nbclient", "nbformat", "pexpect", "pyte", "ruff"),
    },
    "solutions": {"bfnet", "workbook"},
}
"""What the files of a package may import beside the standard library and themselves."""

APART = [
    ("room/worlds", "room.child"),  # the judge never shares a process with the learner's code
    ("room/child", "room.worlds"),
    ("room/child", "room.room"),
    ("room/child", "room.failure"),
    ("room/contract.py", "room"),  # the ground floor imports neither side
    ("room/wire.py", "room.child"),
    ("room/wire.py", "room.worlds"),
    ("grader/certificate.py", "pytest"),  # serving needs it, and no tests
    ("grader/certificate.py", "grader"),
]
"""A file or folder, and what nothing in it may import."""


def imports(file: Path) -> Iterator[str]:
    """The modules that a file names in its import statements, wherever they are."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively: write the package's name"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def files_of(package: str) -> list[Path]:
    packed = ROOT / "src" / package
    folder = packed if packed.is_dir() else ROOT / package
    files = sorted(folder.rglob("*.py"))
    assert files, f"there is no package {package}"
    return files


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_is_below_it(package: str) -> None:
    allowed = {*ALLOWED[package], package, *sys.stdlib_module_names}
    found = {
        f"{file.relative_to(ROOT)} imports {module}"
        for file in files_of(package)
        for module in imports(file)
        if module.partition(".")[0] not in allowed
    }
    assert found == set()


@pytest.mark.parametrize(("place", "forbidden"), APART)
def test_two_sides_stay_apart(place: str, forbidden: str) -> None:
    path = ROOT / "src" / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    found = {
        f"{file.relative_to(ROOT)} imports {module}"
        for file in files
        for module in imports(file)
        if module == forbidden or module.startswith(f"{forbidden}.")
    }
    assert found == set()


def test_solutions_use_the_command_only_to_be_run() -> None:
    for file in files_of("solutions"):
        module = ast.parse(file.read_text(encoding="utf-8"))
        above = [node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {getattr(node, "module", None) or "" for node in above}
        assert not any(name.startswith("workbook") for name in names), file


def test_graders_import_nothing_of_the_learners() -> None:
    for file in sorted((ROOT / "tests" / "chapters").glob("*.py")):
        modules = {module.partition(".")[0] for module in imports(file)}
        assert modules <= {"pytest", "room", *sys.stdlib_module_names}, file


def modules_of_tests() -> list[Path]:
    """What tests import from each other: every folder of theirs is on the path at the same time."""
    files = [*(ROOT / "tests").glob("*/*.py"), *(ROOT / "tests").glob("*/*/__init__.py")]
    assert files
    return [file for file in sorted(files) if file.name != "conftest.py"]


def test_two_modules_of_tests_never_share_a_name() -> None:
    found: dict[str, Path] = {}
    for file in modules_of_tests():
        name = file.parent.name if file.name == "__init__.py" else file.stem
        assert found.setdefault(name, file) == file
        assert name not in {*sys.stdlib_module_names, *PACKAGES}, file


def test_nothing_is_imported_from_a_conftest() -> None:
    """There are several of this name, and the import gets that of the folder named last."""
    for file in (ROOT / "tests").rglob("*.py"):
        assert not any(module.partition(".")[0] == "conftest" for module in imports(file)), file


@pytest.mark.parametrize(
    ("use", "absent"),
    [
        ("from room import open_room", "pytest workbook grader course click"),
        ("import room.child.main, room.child.simulated", "pytest workbook grader room.failure"),
        ("import workbook.serving", "pytest room rich"),
        ("import playground.bridge", "pytest workbook grader"),
        ("import workbook.commands.grade", "distributed dask"),
        ("import classroom.cluster.worker", "workbook distributed"),
        ("from course import solution", "pytest room workbook click"),
        ("import bfnet", "ctypes pytest"),
    ],
)
def test_what_is_used_loads_nothing_else(use: str, absent: str) -> None:
    program = f"{use}\nimport sys\nprint(*sorted(set('{absent}'.split()) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == ""
