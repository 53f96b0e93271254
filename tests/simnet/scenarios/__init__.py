"""One set of scenarios for the simulated loop and for asyncio's own loop with real sockets.

A scenario is a coroutine function that takes a `Stage`. It uses only public asyncio, waits for what
it needs to see, and leaves the record of its protocols in the stage.
"""

from scenarios import endings, everyday, pressure

SCENARIOS = [*everyday.SCENARIOS, *endings.SCENARIOS, *pressure.SCENARIOS]
