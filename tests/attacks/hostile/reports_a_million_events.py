# Tries: to keep the judge busy with events.
# Base: starter
import room.child.simulated
from simnet import Event

many = tuple(Event(0.0, "server", "alice", "data", b"x") for _ in range(100_000))
room.child.simulated.SimulatedStage._new_events = lambda self: many
