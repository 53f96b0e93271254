# Does: make temporary files, and never remove one.
import tempfile

KEPT = tempfile.NamedTemporaryFile(delete=False)
with tempfile.TemporaryDirectory() as folder, open(f"{folder}/note", "w") as note:
    note.write("hello")
