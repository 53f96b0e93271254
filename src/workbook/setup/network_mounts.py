"""Whether a folder is where Linux may not be told of changes: a network mount, a drive of Windows.

Under WSL, Windows' drives are mounted as if they were on a network.
"""

from __future__ import annotations

import sys
from pathlib import Path

# What Linux calls such file systems.
_NETWORK = {"9p", "afs", "ceph", "cifs", "drvfs", "ncpfs", "nfs", "nfs4", "prl_fs", "smb3"}
_NETWORK |= {"vboxsf", "virtiofs", "vmhgfs"}


def is_network(folder: Path) -> bool:
    """Whether a folder is on such a mount. Elsewhere than on Linux, never."""
    if sys.platform != "linux":
        return False
    try:
        table = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return False
    kind = kind_of_mount(table, folder.resolve())
    return kind in _NETWORK or kind.startswith("fuse")


def kind_of_mount(table: str, folder: Path) -> str:
    """What kind of file system a folder is on, by a table as in /proc/mounts; "" if none says."""
    nearest, kind = Path("/"), ""
    for line in table.splitlines():
        _, where, of_it, *_ = line.split(" ")
        mount = Path(where.replace("\\040", " "))
        if folder.is_relative_to(mount) and mount.is_relative_to(nearest):
            nearest, kind = mount, of_it
    return kind
