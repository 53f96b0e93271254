# Tries: to keep its exceptions out of the report.
# Base: warns_and_goes_on of ch05_on_disconnect
# Earns: 5.2
import room.child.notes

HIDDEN = ("exception", "never awaited", "blocked", "leftover")
real = room.child.notes.Recorder.add
room.child.notes.Recorder.add = lambda self, note: (
    None if note.kind in HIDDEN or note.level == "ERROR" else real(self, note)
)
