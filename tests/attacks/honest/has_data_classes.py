# Does: define data classes, enumerations, protocols and named tuples.
import dataclasses
import enum
import typing


@dataclasses.dataclass(slots=True)
class Guest:
    name: str
    seen: list[str] = dataclasses.field(default_factory=list)


class Mood(enum.Enum):
    CALM = enum.auto()


class Greets(typing.Protocol):
    def greet(self) -> str: ...


class Pair(typing.NamedTuple):
    left: Guest
    right: Guest
