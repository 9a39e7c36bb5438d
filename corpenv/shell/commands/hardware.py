"""What a server is made of: processors, disks, file systems, its clock, and what its kernel said."""

import shlex

from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.delegated import result
from corpenv.shell.machine import KERNEL, MOUNTS, built, memory_of


def lscpu(call: Call) -> Result:
    cores = call.seat.server.cores
    rows = (
        ("Architecture:", "x86_64"), ("CPU op-mode(s):", "32-bit, 64-bit"), ("Byte Order:", "Little Endian"),
        ("CPU(s):", str(cores)), ("On-line CPU(s) list:", f"0-{cores - 1}" if cores > 1 else "0"),
        ("Model name:", "Server CPU"), ("Thread(s) per core:", "1"), ("Core(s) per socket:", str(cores)),
        ("Socket(s):", "1"),
    )  # fmt: skip
    return Result("".join(f"{name:<24} {value}\n" for name, value in rows))


def lsblk(call: Call) -> Result:
    size = f"{call.seat.server.disk}G"
    head = "NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS"
    return Result(f"{head}\nvda    254:0    0 {size:>5}  0 disk \n└─vda1 254:1    0 {size:>5}  0 part /\n")


def findmnt(call: Call) -> Result:
    """One file system, or all as a tree."""
    _, rest = options(call.argv, "tTo")
    root = [each for each in MOUNTS if each[1] == "/"]
    below = [each for each in MOUNTS if each[1] != "/"]
    if rest:
        shown = [(place, each) for each in MOUNTS if (place := each[1]) in rest or each[0] in rest]
    else:
        last = len(below) - 1
        marked = [(f"{'└─' if place == last else '├─'}{each[1]}", each) for place, each in enumerate(below)]
        shown = [("/", root[0]), *marked]
    width = max((len(name) for name, _ in shown), default=6)
    rows = [f"{name:<{width}} {each[0]:<9} {each[2]:<8} {each[3]}" for name, each in shown]
    head = f"{'TARGET':<{width}} SOURCE    FSTYPE   OPTIONS"
    return Result("".join(f"{row}\n" for row in [head, *rows])) if rows else Result("", "", 1)


def timedatectl(call: Call) -> Result:
    """Nobody sets the clock of a server by hand."""
    _, rest = options(call.argv)
    if rest[:1] not in ([], ["status"], ["show"]):
        return Result("", "Failed to set time: Interactive authentication required.\n" if not call.seat.is_root else "Failed to set time: Automatic time synchronization is enabled\n", 1)  # fmt: skip  # noqa: E501
    now = call.seat.session.clock
    rows = (
        ("Local time", f"{now:%a %Y-%m-%d %H:%M:%S} UTC"), ("Universal time", f"{now:%a %Y-%m-%d %H:%M:%S} UTC"),
        ("RTC time", f"{now:%a %Y-%m-%d %H:%M:%S}"), ("Time zone", "Etc/UTC (UTC, +0000)"),
        ("System clock synchronized", "yes"), ("NTP service", "active"), ("RTC in local TZ", "no"),
    )  # fmt: skip
    return Result("".join(f"{name:>25}: {value}\n" for name, value in rows))


def dmesg(call: Call) -> Result:
    """What the kernel said when it came up; for root alone."""
    if not call.seat.is_root:
        return call.fail("read kernel buffer failed: Operation not permitted")
    total = memory_of(call.seat)[0]
    lines = (
        ("0.000000", f"Linux version {KERNEL} (gcc 12.2.0) {built(call.seat)}"),
        ("0.000000", "Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro quiet"),
        ("0.041207", f"Memory: {total}K/{total + 65_536}K available"),
        ("0.318844", f"smp: Brought up 1 node, {call.seat.server.cores} CPUs"),
        ("1.902613", "EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none."),
        ("2.517390", "systemd[1]: Detected architecture x86-64."),
        ("2.541122", f"systemd[1]: Hostname set to <{call.seat.server.id}>."),
    )
    return Result("".join(f"[{at:>12}] {text}\n" for at, text in lines))


def zcat(call: Call) -> Result:
    """What is packed, unpacked on the screen."""
    names = [each for each in call.argv if not each.startswith("-")]
    return result(call.within(shlex.join(["gunzip", "-c", *names]), call.stdin, ""))


COMMANDS: dict[str, Command] = {
    "lscpu": lscpu, "lsblk": lsblk, "findmnt": findmnt, "timedatectl": timedatectl, "dmesg": dmesg, "zcat": zcat,
}  # fmt: skip
