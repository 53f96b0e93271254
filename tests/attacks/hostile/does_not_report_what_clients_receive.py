# Tries: to hide bytes that its clients should not receive, in both worlds.
# Base: tells_the_sender_too of ch06_relay
# Worlds: child tls
# Deadline: 40
import sys
if "room.child.simulated" in sys.modules:
    import room.child.simulated as _sim
    _real = _sim.SimulatedStage._new_events
    def _new(self):
        return tuple(e for e in _real(self) if not (e.kind == "data" and e.data.startswith(e.target.encode() + b": ")))
    _sim.SimulatedStage._new_events = _new
else:
    import room.child.sockets as _sock
    _real_states = _sock.StandingLoop.states
    _hidden = {}
    _real_write = Butterfly.write
    def _write(self, data):
        nick = getattr(self, "nick", None)
        if nick is not None and data.startswith(nick + b": "):
            _hidden[self.client_port] = _hidden.get(self.client_port, 0) + len(data) + 22
        return _real_write(self, data)
    Butterfly.write = _write
    _sock.StandingLoop.states = lambda self: {p: s._replace(sent=s.sent - (_hidden.get(p, 0) if s.sent > 3000 or True else 0)) for p, s in _real_states(self).items()}
