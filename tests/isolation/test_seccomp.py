"""The filters refuse what they should, allow the rest, and are what their rules make."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from isolation import seccomp
from isolation.seccomp.rules import MACHINES, REFUSED, filter_for

ALLOWED = 0x7FFF0000
EPERM = 0x50000 | errno.EPERM
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
CALLS = {  # read, mmap, execve, kill, clone, clone3, socket, ioctl
    "x86_64": (0, 9, 59, 62, 56, 435, 41, 16),
    "aarch64": (63, 222, 221, 129, 220, 435, 198, 29),
}
THREAD = 0x3D0F00  # the flags with which the C library starts a thread


def run(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the kernel would do: a filter is a little program on the call's number and arguments."""
    arch = MACHINES[machine].arch if arch is None else arch
    data = struct.pack("=IIQ6Q", number, arch, 0, *arguments, *[0] * (6 - len(arguments)))
    program = [*struct.iter_unpack("=HBBI", filter_for(machine))]
    value = at = 0
    while True:
        code, yes, no, operand = program[at]
        at += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("=I", data, operand)
            case 0x54:
                value &= operand
            case 0x15:
                at += yes if value == operand else no
            case 0x35:
                at += yes if value >= operand else no
            case 0x45:
                at += yes if value & operand else no
            case 0x06:
                return int(operand)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_committed_filter_is_what_the_rules_make(machine: str) -> None:
    assert Path(seccomp.__file__).with_name(f"{machine}.bpf").read_bytes() == filter_for(machine)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_refused_call_is_refused(machine: str) -> None:
    column = MACHINES[machine].column
    numbers = [both[column] for both in REFUSED.values() if both[column] is not None]
    assert {run(machine, number) for number in numbers if number is not None} == {EPERM}


@pytest.mark.parametrize("machine", MACHINES)
def test_what_python_needs_is_allowed(machine: str) -> None:
    read, mmap, execve, kill, clone, _, socket, ioctl = CALLS[machine]
    assert {run(machine, number) for number in (read, mmap, execve, kill)} == {ALLOWED}
    assert run(machine, clone, THREAD) == ALLOWED
    assert run(machine, ioctl, 1, 0x5401) == ALLOWED  # TCGETS
    for family in (1, 2, 10):
        assert run(machine, socket, family, 1 | 0o2004000) == ALLOWED  # a stream, nonblocking
    assert run(machine, socket, 1, 2) == ALLOWED  # datagrams stay in a UNIX socket


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments_decide_about_some_calls(machine: str) -> None:
    *_, clone, clone3, socket, ioctl = CALLS[machine]
    for namespace in (
        0x80,
        0x20000,
        0x2000000,
        0x4000000,
        0x8000000,
        *(2**n for n in (28, 29, 30)),
    ):
        assert run(machine, clone, namespace | 17) == EPERM
    assert run(machine, clone3) == 0x50000 | errno.ENOSYS
    assert run(machine, ioctl, 0, 0x5412) == EPERM
    assert run(machine, socket, 16, 3) == 0x50000 | errno.EAFNOSUPPORT  # netlink
    assert run(machine, socket, 2, 2) == EPERM  # UDP
    assert run(machine, socket, 10, 3) == EPERM  # raw


def test_another_abi_is_no_way_around() -> None:
    assert run("x86_64", 0x40000000 | 101) == EPERM
    assert run("x86_64", 26, arch=0x40000003) == 0x80000000  # 32 bits: the process is killed


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine: str) -> None:
    if not HEADERS[machine].is_file():
        pytest.skip("the kernel's headers are not installed")
    text = HEADERS[machine].read_text()
    there = {name: int(number) for name, number in re.findall(r"#define __NR3?_?(\w+) (\d+)", text)}
    column = MACHINES[machine].column
    for name, numbers in REFUSED.items():
        if numbers[column] is not None and name in there:
            assert (name, there[name]) == (name, numbers[column])
