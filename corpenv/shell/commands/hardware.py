"""What a server is made of: processors, disks, file systems, its clock, and what its kernel said."""

import shlex

from corpenv.events import FileWritten
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.delegated import result
from corpenv.shell.entering import denied
from corpenv.shell.machine import CPU, KERNEL, built, load_of, memory_of, mounts_of
from corpenv.shell.zones import FOLDER, LOCAL, ZONES, local, name_of_machine, zone_of_machine


def lscpu(call: Call) -> Result:
    cores = call.seat.server.cores
    rows = (
        ("Architecture:", "x86_64"), ("CPU op-mode(s):", "32-bit, 64-bit"), ("Byte Order:", "Little Endian"),
        ("CPU(s):", str(cores)), ("On-line CPU(s) list:", f"0-{cores - 1}" if cores > 1 else "0"),
        ("Vendor ID:", "GenuineIntel"), ("Model name:", CPU), ("Thread(s) per core:", "1"),
        ("Core(s) per socket:", str(cores)), ("Socket(s):", "1"),
    )  # fmt: skip
    return Result("".join(f"{name:<24} {value}\n" for name, value in rows))


def lsblk(call: Call) -> Result:
    size = f"{call.seat.server.disk}G"
    head = "NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS"
    return Result(f"{head}\nvda    254:0    0 {size:>5}  0 disk \n└─vda1 254:1    0 {size:>5}  0 part /\n")


def findmnt(call: Call) -> Result:
    """One file system, or all as a tree."""
    _, rest = options(call.argv, "tTo")
    every = mounts_of(call.seat.session.company, call.seat.server)
    root = [each for each in every if each[1] == "/"]
    below = [each for each in every if each[1] != "/"]
    if rest:
        shown = [(place, each) for each in every if (place := each[1]) in rest or each[0] in rest]
    else:
        last = len(below) - 1
        marked = [(f"{'└─' if place == last else '├─'}{each[1]}", each) for place, each in enumerate(below)]
        shown = [("/", root[0]), *marked]
    width = max((len(name) for name, _ in shown), default=6)
    rows = [f"{name:<{width}} {each[0]:<9} {each[2]:<8} {each[3]}" for name, each in shown]
    head = f"{'TARGET':<{width}} SOURCE    FSTYPE   OPTIONS"
    return Result("".join(f"{row}\n" for row in [head, *rows])) if rows else Result("", "", 1)


def timedatectl(call: Call) -> Result:
    """The clock of a server, which nobody sets by hand, and its zone, which root can."""
    _, rest = options(call.argv)
    if rest[:1] == ["list-timezones"]:
        return Result("".join(f"{name}\n" for name in sorted(ZONES) if "/" in name or name == "UTC"))
    if rest[:1] == ["set-timezone"] and len(rest) == 2:
        return set_zone(call, rest[1])
    if rest[:1] not in ([], ["status"], ["show"]):
        return Result("", "Failed to set time: Interactive authentication required.\n" if not call.seat.is_root else "Failed to set time: Automatic time synchronization is enabled\n", 1)  # fmt: skip  # noqa: E501
    now, here = call.seat.session.clock, local(zone_of_machine(call), call.seat.session.clock)
    rows = (
        ("Local time", f"{here:%a %Y-%m-%d %H:%M:%S %Z}"), ("Universal time", f"{now:%a %Y-%m-%d %H:%M:%S} UTC"),
        ("RTC time", f"{now:%a %Y-%m-%d %H:%M:%S}"), ("Time zone", f"{name_of_machine(call)} ({here:%Z, %z})"),
        ("System clock synchronized", "yes"), ("NTP service", "active"), ("RTC in local TZ", "no"),
    )  # fmt: skip
    return Result("".join(f"{name:>25}: {value}\n" for name, value in rows))


def set_zone(call: Call, name: str) -> Result:
    """The machine keeps another zone from now on."""
    if not call.seat.is_root:
        denied(call.seat, "write", LOCAL)
        return Result("", "Failed to set time zone: Interactive authentication required.\n", 1)
    if name not in ZONES:
        return Result("", f"Failed to set time zone: Invalid or not installed time zone '{name}'\n", 1)
    call.seat.session.do(
        FileWritten, server=call.seat.server.id, path=LOCAL, text=FOLDER + name, mode=0o777, sort="link"
    )
    return Result()


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


def getconf(call: Call) -> Result:
    """What programs ask of a machine."""
    cores = str(call.seat.server.cores)
    values = {
        "_NPROCESSORS_ONLN": cores, "_NPROCESSORS_CONF": cores, "PAGE_SIZE": "4096", "PAGESIZE": "4096",
        "LONG_BIT": "64", "ARG_MAX": "2097152", "CLK_TCK": "100", "NAME_MAX": "255", "PATH_MAX": "4096",
    }  # fmt: skip
    if not call.argv or call.argv[0] not in values:
        return call.fail(f"Unrecognized variable `{call.argv[0]}'" if call.argv else "missing variable name", 2)
    return Result(f"{values[call.argv[0]]}\n")


def virtual(call: Call) -> Result:
    """What it is a guest of."""
    return Result("kvm\n")


def swapon(call: Call) -> Result:
    """There is no swap."""
    asked = {"-s", "-h", "--show", "--summary"} & set(call.argv) or not call.argv
    return Result() if asked else call.fail("cannot open: Permission denied", 255)


def vmstat(call: Call) -> Result:
    """One line of what the machine does, since it was booted."""
    total, used = memory_of(call.seat)
    cached, load = (total - used) // 3, int(load_of(call.seat).split()[0].replace(".", ""))
    busy = min(100, load // call.seat.server.cores)
    row = f"{load // 100:>2}  0      0 {total - used - cached:>6}  20480 {cached:>6}    0    0     3    11   88  171 "
    head = (
        "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n"
        " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n"
    )
    return Result(f"{head}{row}{busy:>2}  0 {100 - busy:>2}  0  0\n")


def zcat(call: Call) -> Result:
    """What is packed, unpacked on the screen."""
    names = [each for each in call.argv if not each.startswith("-")]
    return result(call.within(shlex.join(["gunzip", "-c", *names]), call.stdin, ""))


COMMANDS: dict[str, Command] = {
    "lscpu": lscpu, "lsblk": lsblk, "findmnt": findmnt, "timedatectl": timedatectl, "dmesg": dmesg, "zcat": zcat,
    "getconf": getconf, "systemd-detect-virt": virtual, "swapon": swapon, "vmstat": vmstat,
}  # fmt: skip
ACTING = ("timedatectl",)
