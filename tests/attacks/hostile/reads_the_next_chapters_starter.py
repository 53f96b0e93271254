# Tries: to use the next chapter's starter, which contains this chapter's answer.
# Base: starter
from pathlib import Path

text = Path("@CHECKOUT@/chapters/ch07_who_goes_there/exercise.py").read_text()
assert "butterflies" in text
exec(Path("@CHECKOUT@/tests/mutants/right/ch06_relay/by_name.py").read_text())
