"""Run the scenarios on another library's simulated loop, to compare it with ours.

    python tests/simnet/other_loops.py async-solipsism|simloop|simloom

None of the three is a dependency: install the one you ask for. simloop and simloom need Python
3.12. The figures in docs/decisions/simulator.md come from here. A scenario counts as "same" when
its protocols saw what they see on asyncio's own loop with sockets. Six scenarios reset a
connection. asyncio has no method for that, so they are left out here.
"""

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from scenarios import SCENARIOS
from scenarios.everyday import broadcast
from scenarios.stage import Recorder, Stage, _play, play_real, play_simulated

from simnet import calm

LONGEST = 500.0  # virtual seconds until a scenario is abandoned
REPEATS = 100


class NamedHost(Stage):
    """A stage for simloop, which names its machines and does not report a server's port."""

    async def serve(self, factory: Callable[[], Any]) -> None:
        def make() -> Any:
            self.accepted.append(factory())
            self._somebody_came.set()
            return self.accepted[-1]

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, it: self.complaints.append(repr(it["exception"])))
        self.port = 8080
        self.server = await loop.create_server(make, port=self.port)

    async def connect(self, factory: Callable[[], Any] = Recorder) -> Any:
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_connection(factory, "driver", self.port)
        self.connected.append(protocol)
        return protocol


async def in_time(scenario: Any, stage: Stage) -> None:
    async with asyncio.timeout(LONGEST):
        await _play(scenario, stage)


def play_solipsism(scenario: Any) -> dict[str, Any]:
    import async_solipsism

    stage = Stage()
    with asyncio.Runner(loop_factory=async_solipsism.EventLoop) as runner:
        runner.run(in_time(scenario, stage))
    return stage.outcome()


def play_simloop(scenario: Any) -> dict[str, Any]:
    from simloop import SimLoop

    stage = NamedHost()
    loop = SimLoop(0)
    loop.net.set_flow_control()
    loop.run_until_complete(in_time(scenario, stage))
    loop.close()
    return stage.outcome()


def play_simloom(scenario: Any) -> dict[str, Any]:
    import simloom

    stage = Stage()
    simloom.run(lambda: in_time(scenario, stage), seed=0)
    return stage.outcome()


PLAYERS = {
    "async-solipsism": play_solipsism,
    "simloop": play_simloop,
    "simloom": play_simloom,
    "simnet": lambda scenario: play_simulated(scenario, calm(0)),
    "sockets": play_real,
}


def main() -> None:
    play = PLAYERS[sys.argv[1]]
    count: Counter[str] = Counter()
    for scenario in SCENARIOS:
        if "reset" in scenario.__code__.co_names:
            continue
        try:
            found = "same" if play(scenario) == play_real(scenario) else "different"
        except Exception as error:
            found = f"failed, {type(error).__name__}"
        count[found.partition(",")[0]] += 1
        if found != "same":
            print(f"{scenario.__name__}: {found}")
    print(f"{sys.argv[1]}: {dict(count)} of {count.total()}")
    cost = statistics.median(seconds(play) for _ in range(REPEATS))
    print(f"the scenario {broadcast.__name__}: {cost * 1e3:.2f} ms of processor time")


def seconds(play: Callable[[Any], Any]) -> float:
    begin = time.process_time()
    play(broadcast)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
