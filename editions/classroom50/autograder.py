"""Grades a submission on Classroom 50: the service starts this in the student's checkout.

It belongs into CLASSROOM/autograders/ASSIGNMENT/ of your `classroom50` repository, with the folder
`workbook` beside it. It makes an environment for the grader, grades as root, so that the student's
program can run as a user who owns nothing, and writes ./result.json. If nothing can be graded, it
ends with an error, which the service shows, and writes no result.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent / "workbook"
LONGEST = 600  # seconds for one submission
SAID_BY_THE_SERVICE = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def main() -> int:
    """Grade the current folder. Returns the exit status."""
    checkout = Path.cwd()
    result = checkout / "result.json"
    if result.is_dir() or result.is_symlink():
        return fail("result.json is in the student's repository: it has to be a plain file there.")
    result.unlink(missing_ok=True)  # one that the student has committed
    try:
        identity = {key: os.environ[name] for key, name in SAID_BY_THE_SERVICE.items()}
    except KeyError as error:
        return fail(f"{error.args[0]} is not set: Classroom 50 starts this, with its own settings.")
    identity["review"] = os.environ.get("REVIEW_URL") or identity["commit"]
    identity["owner"] = os.environ.get("OWNER", "")
    identity["datetime"] = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        try:
            python = environment(Path(folder))
            graded = grade(python, checkout, identity)
        except subprocess.TimeoutExpired:
            return fail(f"The grading did not end within {LONGEST} seconds.")
        except subprocess.CalledProcessError as error:
            return fail(f"The grader cannot be installed: {error.stderr[-500:]}")
    if graded.returncode != 0:
        return fail(graded.stderr.strip()[-1000:] or "The grader ended with an error.")
    result.write_text(json.dumps(json.loads(graded.stdout), indent=2), encoding="utf-8")
    return 0


def environment(folder: Path) -> str:
    """Make an environment with the grader in it, and return its Python.

    For tests, WORKBOOK_PYTHON names one that is there.
    """
    if ready := os.environ.get("WORKBOOK_PYTHON"):
        return ready
    subprocess.run(
        [sys.executable, "-m", "venv", folder / "venv"], check=True, capture_output=True, text=True
    )
    python = str(folder / "venv" / "bin" / "python")
    pins = ["--constraint", str(BUNDLE / "requirements.txt")]
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins]
    subprocess.run([*install, str(BUNDLE)], check=True, capture_output=True, text=True)
    folder.chmod(0o755)  # the student's program needs the Python in it, and runs as another user
    return python


def grade(
    python: str, checkout: Path, identity: "dict[str, str]"
) -> "subprocess.CompletedProcess[str]":
    """Run the grader, as root where that is possible."""
    root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    command = [python, "-I", "-m", "services.classroom50", str(BUNDLE), str(checkout)]
    return subprocess.run(
        [*root, *command, json.dumps(identity)],
        capture_output=True,
        text=True,
        timeout=LONGEST,
        cwd=BUNDLE,
        check=False,
    )


def fail(why: str) -> int:
    """Say why nothing was graded, as an error of the run."""
    print(f"::error::{' '.join(why.split())}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
