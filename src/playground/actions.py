"""What clients and the clock do: as the actions of protocol.ts, and as calls of a room."""

from __future__ import annotations

from playground.as_data import Json
from room import Client, Room
from room.contract import Command
from room.transcript import shown_name

_NAMES = {"eof": "half-close", "sleep": "wait"}  # where protocol.ts has another word


def as_action(command: Command) -> Json:
    """Return a command of a script as an action of protocol.ts."""
    action = dict(command)
    action["do"] = _NAMES.get(action["do"], action["do"])
    if "client" in action:
        action["client"] = shown_name(action["client"])
    if "pieces" in action:
        action["pieces"] = [piece.decode("latin-1") for piece in action["pieces"]]
    if "acts" in action:
        action["actions"] = [as_action(each) for each in action.pop("acts")]
    return action


def perform(action: Json, room: Room, clients: dict[str, Client]) -> None:
    """Perform an action. `clients` are those that have connected, by the action's name for them.

    An action of a client that has not connected does nothing.
    """
    name = action.get("client", "")
    if name and action["do"] != "connect" and name not in clients:
        return  # the server of this time has let fewer in
    match action["do"]:
        case "connect":
            clients[name] = room.connect(name)
        case "send":
            clients[name].send(*(piece.encode("latin-1") for piece in action["pieces"]))
        case "half-close":
            clients[name].half_close()
        case "close":
            clients[name].close()
        case "reset":
            clients[name].reset()
        case "pause":
            clients[name].stop_reading()
        case "resume":
            clients[name].resume_reading()
        case "wait":
            room.sleep(action["seconds"])
        case "at once":
            with room.at_once():
                for each in action["actions"]:
                    perform(each, room, clients)
