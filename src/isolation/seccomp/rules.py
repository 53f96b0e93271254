"""Which system calls are refused, and the filter program that refuses them.

Everything that Python needs is allowed. Refused is what reaches other processes, the kernel's
configuration, other namespaces, memory that no limit counts, or networks other than TCP.

A filter is a list of instructions of classic BPF: `struct sock_filter` in linux/filter.h, run on
`struct seccomp_data` in linux/seccomp.h. Numbers of system calls differ between processors. They
are from the kernel's headers, and a test compares them where those headers are installed.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator
from typing import NamedTuple


class Machine(NamedTuple):
    """A kind of processor: its AUDIT_ARCH constant, and its column in the table below."""

    arch: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}

REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other processes: their memory, their files, their limits
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    # ways around this filter, and large parts of the kernel that Python does not need
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # the machine itself
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "adjtimex": (159, 171),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # memory that outlives a process, or that no limit counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
}
"""Their numbers on x86_64 and aarch64; None where a call does not exist."""

CLONE, CLONE3, SOCKET, IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)

NAMESPACES = 0x7E020080  # every CLONE_NEW... flag of linux/sched.h, also that of time
FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
STREAM = 1  # SOCK_STREAM
TERMINAL = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX type into a terminal

_X32 = 0x40000000  # the calls of another ABI of the same processor, which would be a way around
_NUMBER, _ARCH, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in seccomp_data; an argument's lower half
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def filter_for(machine: str) -> bytes:
    """Return the filter for a kind of processor, as the kernel takes it."""
    return b"".join(struct.pack("=HBBI", *each) for each in _program(MACHINES[machine]))


def _program(machine: Machine) -> Iterator[Instruction]:
    yield from _load(_ARCH)
    yield from _unless(_EQUAL, machine.arch, _KILL)
    yield from _load(_NUMBER)
    if machine.column == 0:
        yield from _when(_AT_LEAST, _X32, _refusal(errno.EPERM))
    for numbers in REFUSED.values():
        if (number := numbers[machine.column]) is not None:
            yield from _when(_EQUAL, number, _refusal(errno.EPERM))
    # The flags of clone3 are in memory, which a filter cannot read. The C library then uses clone.
    yield from _when(_EQUAL, CLONE3[machine.column], _refusal(errno.ENOSYS))
    yield from _block(CLONE[machine.column], [*_load(_FIRST), *_when(_ANY_BIT, NAMESPACES)])
    yield from _block(IOCTL[machine.column], [*_load(_SECOND), *_for_each(TERMINAL)])
    yield from _block(SOCKET[machine.column], [*_socket()])
    yield _RETURN, 0, 0, _ALLOW


def _socket() -> Iterator[Instruction]:
    """Refuse every kind of socket but UNIX and TCP."""
    yield from _load(_FIRST)
    unix, inet, inet6 = FAMILIES
    yield _EQUAL, 7, 0, unix  # over all the rest of this block
    yield _EQUAL, 2, 0, inet
    yield _EQUAL, 1, 0, inet6
    yield _RETURN, 0, 0, _refusal(errno.EAFNOSUPPORT)
    yield from _load(_SECOND)
    yield _AND, 0, 0, 0xF  # the other bits are SOCK_NONBLOCK and SOCK_CLOEXEC
    yield from _unless(_EQUAL, STREAM, _refusal(errno.EPERM))


def _block(number: int, inside: list[Instruction]) -> Iterator[Instruction]:
    """Run instructions for one system call, and allow what they do not refuse."""
    yield _EQUAL, 0, len(inside) + 1, number
    yield from inside
    yield _RETURN, 0, 0, _ALLOW


def _for_each(values: tuple[int, ...]) -> Iterator[Instruction]:
    for value in values:
        yield from _when(_EQUAL, value)


def _load(offset: int) -> Iterator[Instruction]:
    yield _LOAD, 0, 0, offset


def _when(test: int, value: int, result: int | None = None) -> Iterator[Instruction]:
    yield test, 0, 1, value
    yield _RETURN, 0, 0, _refusal(errno.EPERM) if result is None else result


def _unless(test: int, value: int, result: int) -> Iterator[Instruction]:
    yield test, 1, 0, value
    yield _RETURN, 0, 0, result


def _refusal(error: int) -> int:
    return _ERROR | error
