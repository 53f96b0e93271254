"""One set of scenarios, run on the simulated loop and on asyncio's own loop with real sockets.

A scenario is a coroutine function that takes a `Stage`. It uses public asyncio only, waits for what
it needs to see, and leaves behind what its protocols saw.
"""

from scenarios import endings, everyday, pressure

SCENARIOS = [*everyday.SCENARIOS, *endings.SCENARIOS, *pressure.SCENARIOS]
