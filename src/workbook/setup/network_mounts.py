"""Finds out whether a folder is on a network mount, where Linux may not report changes.

Under WSL, Windows' drives are mounted as if they were on a network.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Linux's names of such file systems.
_NETWORK = {"9p", "afs", "ceph", "cifs", "drvfs", "ncpfs", "nfs", "nfs4", "prl_fs", "smb3"}
_NETWORK |= {"vboxsf", "virtiofs", "vmhgfs"}


def is_network(folder: Path) -> bool:
    """Return whether a folder is on a network mount. Always False on systems other than Linux."""
    if sys.platform != "linux":
        return False
    try:
        table = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return False
    kind = kind_of_mount(table, folder.resolve())
    return kind in _NETWORK or kind.startswith("fuse")


def kind_of_mount(table: str, folder: Path) -> str:
    """Return the type of the file system that a folder is on, or "" if the table has none.

    `table` has the format of /proc/mounts.
    """
    nearest, kind = Path("/"), ""
    for line in table.splitlines():
        _, path, mounted_kind, *_ = line.split(" ")
        mount = Path(path.replace("\\040", " "))
        if folder.is_relative_to(mount) and mount.is_relative_to(nearest):
            nearest, kind = mount, mounted_kind
    return kind
