"""Writes the filters: `python -m isolation.seccomp`."""

from __future__ import annotations

from pathlib import Path

from isolation.seccomp.rules import MACHINES, filter_for

if __name__ == "__main__":
    for name in MACHINES:
        Path(__file__).with_name(f"{name}.bpf").write_bytes(filter_for(name))
