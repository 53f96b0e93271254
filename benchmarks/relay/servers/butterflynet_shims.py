"""What butterflynet 1.1.0 (2015, for Python 3.4) needs on a Python of today. Import it first.

What is missing today is put back as it was, and nothing else: no layer is added.
"""

import asyncio
import functools
import inspect
import ssl
import types


def coroutine(function):
    """Return a coroutine function, as the decorator that Python 3.11 removed did.

    It accepted functions that never yield, too.
    """
    if inspect.isgeneratorfunction(function):
        return types.coroutine(function)

    @types.coroutine
    @functools.wraps(function)
    def call(*positional, **named):
        result = function(*positional, **named)
        if inspect.isgenerator(result) or inspect.isawaitable(result):
            result = yield from result
        return result

    return call


asyncio.coroutine = coroutine
# From Python 3.12 on a generator is no coroutine for `create_task`.
if types.GeneratorType not in asyncio.coroutines._COROUTINE_TYPES:
    asyncio.coroutines._COROUTINE_TYPES += (types.GeneratorType,)
# Removed in Python 3.10. OpenSSL's own choice is as strict today.
ssl._RESTRICTED_SERVER_CIPHERS = "DEFAULT"
