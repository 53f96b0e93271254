"""Reports the results of a check to programs: `workbook check --json`.

The format is that of Exercism's test runners, version 3 ("The Test Runner Interface" in
exercism/docs), so that programs that read theirs can read ours. Three keys of a test are our own:
`task` ("3.1"; `task_id` is its number within the chapter), `world` and `seed`.
"""

from __future__ import annotations

import json
from typing import Any

from grader.report import PASSED, Result, place_of, summarize
from workbook.checking.grade import Graded

LONGEST_OUTPUT = 500  # characters, as the interface requires
_CUT = "\n(the rest is left out)"


def as_json(graded: Graded) -> str:
    """Return the results as a JSON object over several lines. The interface defines its keys."""
    summary = summarize(graded.results)
    if graded.trouble or summary is None:
        return _json("pass" if graded.passed else "error", graded.trouble, graded.results)
    all_broke = all(_status(result) == "error" for result in graded.results)
    if all_broke:  # "error" is for when no test could say anything
        return _json("error", summary.first.text, graded.results)
    return _json("fail", "", graded.results)


def trouble_as_json(message: str) -> str:
    """Return the JSON object for a file that could not be graded."""
    return _json("error", message, ())


def _json(status: str, message: str, results: tuple[Result, ...]) -> str:
    in_order = sorted(results, key=lambda each: (each.line, each.world))
    found: dict[str, Any] = {"version": 3, "status": status}
    found |= {"message": message} if message else {}
    return json.dumps({**found, "tests": [_test(result) for result in in_order]}, indent=2)


def _test(result: Result) -> dict[str, Any]:
    over_tls = " (over TLS)" if result.world == "tls" else ""
    return {
        "name": f"{result.test}{over_tls}",
        "status": _status(result),
        **({"message": result.text} if result.text else {}),
        **({"output": _shortened(result.printed)} if result.printed else {}),
        "test_code": result.code,
        "task_id": place_of(result.task)[1],
        "task": result.task,
        "world": result.world,
        "seed": result.seed,
    }


def _status(result: Result) -> str:
    if result.verdict == PASSED:
        return "pass"
    return "error" if result.kind else "fail"


def _shortened(output: str) -> str:
    if len(output) <= LONGEST_OUTPUT:
        return output
    return output[: LONGEST_OUTPUT - len(_CUT)] + _CUT
