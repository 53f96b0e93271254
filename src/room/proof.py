"""Which of the troubles that the judge asked for were not reported (child/proof.py)."""

from __future__ import annotations

from collections.abc import Iterable

from room.contract import PROOF_KINDS, PROOF_TYPES, Note


def missing_proofs(notes: Iterable[Note], token: str) -> list[str]:
    """Return the names of the reports that did not arrive, for a message."""
    arrived = {(note.kind, note.message.strip("'\"")) for note in notes}
    wanted = {kind: {(kind, f"{token} {kind}")} for kind in PROOF_KINDS}
    wanted |= {name: {("exception", f"{token} {name}")} for name in PROOF_TYPES}
    wanted |= {
        f"what the {way} reports": {("exception", f"{token} {way}"), ("proof", f"{token} {way}")}
        for way in ("log", "loop")
    }
    return [name for name, either in wanted.items() if not arrived & either]
