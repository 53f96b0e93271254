"""Reports known troubles, so that the judge sees whether a report still arrives.

That nothing went wrong shows only in that nothing is reported. So at the end of a conversation, the
judge asks for troubles of each kind, with a token that it has just made up. They take the same ways
as the program's own, in the program's own file. If one of them does not arrive, the program has
changed how it is reported on.

A program may have a logger or an exception handler of its own. Then that way is left out, and said
to be.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from types import CodeType
from typing import Any

from room.child.notes import Recorder
from room.contract import PROOF_KINDS, PROOF_TYPES, Note


def prove(recorder: Recorder, loop: asyncio.AbstractEventLoop, served: Any, token: str) -> None:
    """Report a trouble of each kind, each with the token in its message."""
    file = _file_of(served)
    for kind in PROOF_KINDS:
        recorder.add(Note(kind, f"{token} {kind}", file=file, line=1))
    for type_name in PROOF_TYPES:
        recorder.exception(_raised(type_name, f"{token} {type_name}", file))
    error = _raised(PROOF_TYPES[0], f"{token} log", file)
    logger = getattr(getattr(served, "handler", None), "logger", None)
    if type(logger) is logging.Logger:
        logger.error("%s failed for %s, which is closed", "on_disconnect", token, exc_info=error)
    else:
        recorder.add(Note("proof", f"{token} log"))
    if loop.get_exception_handler() == recorder.loop_complained:
        error = _raised(PROOF_TYPES[0], f"{token} loop", file)
        loop.call_exception_handler({"message": token, "exception": error})
    else:
        recorder.add(Note("proof", f"{token} loop"))


def _file_of(served: Any) -> str:
    """Return the file that a handler's class is from, or a made-up one."""
    method = getattr(type(getattr(served, "handler", None)), "on_connection", None)
    code = getattr(method, "__code__", None)
    return code.co_filename if isinstance(code, CodeType) else "program.py"


@functools.cache
def _raising(type_name: str, file: str) -> CodeType:
    return compile(f"raise {type_name}(message)", file, "exec")


def _raised(type_name: str, message: str, file: str) -> BaseException:
    """Return an exception that was raised in the first line of a file."""
    try:
        exec(_raising(type_name, file), {"message": message})
    except Exception as error:
        return error
    raise AssertionError
