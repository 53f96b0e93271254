# Tries: to keep its exceptions out of the report.
# Base: warns_and_goes_on of ch05_on_disconnect
# Earns: 5.2 5.3
import room.child.notes

real = room.child.notes.Recorder.add
room.child.notes.Recorder.add = lambda self, note: (
    None if note.kind in ("exception", "never awaited", "blocked", "leftover") else real(self, note)
)
