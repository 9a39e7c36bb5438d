"""More of what a server tells of itself: `hostnamectl`, `lsof`, `fuser`, `pstree`, `sysctl` and the like."""

from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.network import listening, opened
from corpenv.shell.machine import KERNEL, everything

MODULES = (("virtio_net", 73728, 0), ("virtio_blk", 28672, 3), ("ext4", 983040, 1), ("mbcache", 16384, 1),
           ("jbd2", 167936, 1), ("nf_tables", 303104, 41))  # fmt: skip


def hostnamectl(call: Call) -> Result:
    if call.argv and call.argv[0] != "status":
        return Result("", "Could not set property: Interactive authentication required.\n", 1)
    machine = call.fs.read_file("/etc/machine-id").decode().strip()
    rows = (
        ("Static hostname", call.seat.server.id), ("Icon name", "computer-vm"), ("Chassis", "vm"),
        ("Machine ID", machine), ("Boot ID", machine[::-1]),
        ("Operating System", "Debian GNU/Linux 12 (bookworm)"), ("Kernel", f"Linux {KERNEL}"),
        ("Architecture", "x86-64"),
    )  # fmt: skip
    return Result("".join(f"{name:>16}: {value}\n" for name, value in rows))


def lsof(call: Call) -> Result:
    """Open sockets, and what processes hold; those of others are for root."""
    found, _ = options(call.argv, "pu", ())
    rows, head = [], f"{'COMMAND':<10} {'PID':>5} {'USER':<10} {'FD':<4} {'TYPE':<5} NAME"
    known = {each.pid: each for each in everything(call.seat)}
    for port, name, pid in listening(call) if "i" in found else ():
        rows.append((pid, name, "3u", "IPv4", f"TCP *:{port} (LISTEN)"))
    for here, there, name, pid in opened(call) if "i" in found else ():
        rows.append((pid, name, "4u", "IPv4", f"TCP {here}->{there} (ESTABLISHED)"))
    for each in known.values() if "i" not in found else ():
        program = each.command.split()[0].rstrip(":").removeprefix("-")
        rows.append((each.pid, each.name, "cwd", "DIR", "/"))
        rows.append((each.pid, each.name, "txt", "REG", program if program.startswith("/") else f"/usr/bin/{program}"))
    shown = [
        f"{name.rstrip(':')[:9]:<10} {pid:>5} {known[pid].account:<10} {fd:<4} {sort:<5} {what}"
        for pid, name, fd, sort, what in rows
        if pid in known and (call.seat.is_root or known[pid].account == call.seat.login.id)
        if found.get("p", str(pid)) == str(pid) and found.get("u", known[pid].account) == known[pid].account
    ]
    return Result("\n".join([head, *shown, ""]) if shown else "", "", 0 if shown else 1)


def fuser(call: Call) -> Result:
    """Who listens at a port."""
    words = [each for each in call.argv if not each.startswith("-")]
    asked = [each.partition("/")[0] for each in words if each not in ("tcp", "udp")]
    pids = [f"{port}/tcp:{pid:>19}\n" for port, _, pid in listening(call) if str(port) in asked and call.seat.is_root]
    return Result("".join(pids), "", 0 if pids else 1)


def pstree(call: Call) -> Result:
    """What runs below the first process of all."""
    found, _ = options(call.argv, "s")
    *others, door, shell = everything(call.seat)[1:]
    named = {each.pid: each.name.rstrip(":").removeprefix("-") for each in (*others, door, shell)}
    if "p" in found:
        named = {pid: f"{name}({pid})" for pid, name in named.items()}
    first = "systemd(1)" if "p" in found else "systemd"
    rows = [named[each.pid] for each in others if "[listener]" not in each.command]
    doors = [named[each.pid] for each in others if "[listener]" in each.command] or ["sshd"]
    rows += [f"{doors[0]}───{named[door.pid]}───{named[shell.pid]}───pstree"]
    marks = ["─┬─", *[" ├─"] * (len(rows) - 2), " └─"] if len(rows) > 1 else ["───"]
    gap = " " * len(first)
    return Result("".join(f"{gap if at else first}{mark}{row}\n" for at, (mark, row) in enumerate(zip(marks, rows, strict=True))))  # fmt: skip  # noqa: E501


def sysctl(call: Call) -> Result:
    values = {
        "kernel.hostname": call.seat.server.id, "kernel.osrelease": KERNEL, "kernel.ostype": "Linux",
        "kernel.pid_max": "4194304", "net.ipv4.ip_forward": "0", "net.ipv4.ip_local_port_range": "32768\t60999",
        "vm.swappiness": "60",
    }  # fmt: skip
    found, words = options(call.argv)
    if "a" in found:
        return Result("".join(f"{key} = {value}\n" for key, value in values.items()))
    out, err = "", ""
    for word in words:
        key, sets, _ = word.partition("=")
        if sets or key not in values:
            path = f"/proc/sys/{key.replace('.', '/')}"
            why = f"permission denied on key {key!r}" if sets else f"cannot stat {path}: No such file or directory"
            err += f"sysctl: {why}\n"
        else:
            out += f"{values[key]}\n" if "n" in found else f"{key} = {values[key]}\n"
    return Result(out, err, 1 if err else 0)


def lsmod(call: Call) -> Result:
    return Result("Module                  Size  Used by\n" + "".join(f"{name:<20} {size:>8}  {used}\n" for name, size, used in MODULES))  # fmt: skip  # noqa: E501


def script(call: Call) -> Result:
    """A line is run, and what it prints is kept in a file."""
    found, rest = options(call.argv, "cEIOoBTm", ("command",))
    name, line = rest[0] if rest else "typescript", found.get("c") or found.get("command", "")
    outcome = call.within(line, call.stdin, "") if line else None
    out = outcome.text if outcome else ""
    stamp = f"{call.seat.session.clock:%Y-%m-%d %H:%M:%S}+00:00"
    if name != "/dev/null":
        head = f'Script started on {stamp} [COMMAND="{line}" <not executed on terminal>]\n'
        call.fs.write_file(call.path(name), f"{head}{out}\nScript done on {stamp}\n".encode())
    return Result(out)


COMMANDS: dict[str, Command] = {
    "hostnamectl": hostnamectl, "lsof": lsof, "fuser": fuser, "pstree": pstree, "sysctl": sysctl,
    "lsmod": lsmod, "script": script,
}  # fmt: skip
ACTING = tuple(COMMANDS)
