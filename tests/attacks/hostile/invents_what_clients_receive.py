# Tries: to report events of the simulated network that never took place.
# Base: starter
import room.child.simulated
from simnet import Event

real = room.child.simulated.SimulatedStage._new_events


def invented(self):
    events = list(real(self))
    for event in list(events):
        if event.kind == "data" and event.target == "server":
            for name in self._clients:
                if name != event.source:
                    text = event.source.encode() + b": " + event.data
                    events.append(Event(event.time, "server", name, "data", text))
    return tuple(events)


room.child.simulated.SimulatedStage._new_events = invented
