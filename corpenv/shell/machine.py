"""What the kernel of a server tells: under /proc, and to commands that ask."""

from datetime import timedelta

from corpenv.company.hosts import ROOT, Process
from corpenv.company.machines import processes_of
from corpenv.names import draw
from corpenv.shell.base import Seat, moment_of

KERNEL = "6.1.0-28-amd64"

SYSTEM = (
    (ROOT, "/lib/systemd/systemd-journald"), (ROOT, "/lib/systemd/systemd-udevd"),
    ("messagebus", "/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation"),
    (ROOT, "/lib/systemd/systemd-logind"), (ROOT, "/sbin/agetty -o -p -- \\u --noclear - linux"),
)  # fmt: skip
"""What every machine runs besides its services, in the order in which it is started."""
MOUNTS = (
    ("proc", "/proc", "proc", "rw,nosuid,nodev,noexec,relatime"),
    ("udev", "/dev", "devtmpfs", "rw,nosuid,relatime,mode=755"), ("/dev/vda1", "/", "ext4", "rw,relatime"),
)  # fmt: skip
"""Source, place, sort and options of every file system."""


def built(seat: Seat) -> str:
    """Which kernel it is: made some weeks before the server was booted."""
    made = moment_of(seat.session.company, seat.server.booted) - timedelta(days=47)
    return f"#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 ({made:%Y-%m-%d})"


def up_for(seat: Seat) -> int:
    """Seconds since the server was booted."""
    return max(0, seat.session.company.now - seat.server.booted)


def load_of(seat: Seat) -> str:
    """The load of the last 1, 5 and 15 minutes: what runs, per mille of a core."""
    busy = sum(each.cpu for each in processes_of(seat.session.company, seat.server)) * seat.server.cores
    return " ".join(
        f"{max(0, busy + change) // 1000}.{max(0, busy + change) % 1000 // 10:02}" for change in (0, 10, 20)
    )


def memory_of(seat: Seat) -> tuple[int, int]:
    """Kilobytes of memory, and how many of them are used."""
    total = seat.server.memory * 1_048_576 - 65_536
    share = sum(each.memory for each in processes_of(seat.session.company, seat.server))
    return total, min(total, total * (40 + share) // 1000)


def pid_drawn(seat: Seat, name: str) -> int:
    """A number that one boot of one server gives."""
    return draw(seat.session.company.seed, "pid", seat.server.id, name)


def of_system(seat: Seat) -> list[Process]:
    """What every machine runs since it was booted, the first process of all included; nobody here can change it."""
    pid, made = (
        196 + pid_drawn(seat, "first") % 50,
        [Process(1, ROOT, "/sbin/init", memory=1, since=seat.server.booted)],
    )
    for account, command in SYSTEM:
        made.append(Process(pid, account, command, memory=1, since=seat.server.booted))
        pid += 11 + pid_drawn(seat, command) % 31
    return made


def own_shell(seat: Seat) -> Process:
    """The shell that a line runs in: its pid is above all that there were."""
    others = [each.pid for each in processes_of(seat.session.company, seat.server)]
    pid = max([*others, 900]) + 11 + pid_drawn(seat, str(seat.session.company.step)) % 23
    return Process(pid, seat.login.id, "-bash", since=seat.session.company.now)


def everything(seat: Seat) -> list[Process]:
    """What runs on a server: its own first, the shell that asks and what let it in last."""
    shell = own_shell(seat)
    door = Process(shell.pid - 4, seat.login.id, f"sshd: {seat.login.id}@notty", since=shell.since)
    return [*of_system(seat), *processes_of(seat.session.company, seat.server), door, shell]


def proc_files(seat: Seat) -> dict[str, str]:
    """What stands under /proc."""
    up, (total, used) = up_for(seat), memory_of(seat)
    running = everything(seat)
    cores = range(seat.server.cores)
    drawn = f"{seat.session.drawn('uuid'):016x}{seat.session.drawn('uuid'):016x}"
    made = f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"
    return (
        {
            "/uptime": f"{up}.17 {up * seat.server.cores * 9 // 10}.42\n",
            "/version": f"Linux version {KERNEL} (gcc 12.2.0) {built(seat)}\n",
            "/loadavg": f"{load_of(seat)} 1/{len(running) + 81} {running[-1].pid}\n",
            "/meminfo": f"MemTotal:       {total:>8} kB\nMemFree:        {(total - used) // 2:>8} kB\n"
            f"MemAvailable:   {total - used:>8} kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
            "/cpuinfo": "\n".join(f"processor\t: {core}\nmodel name\t: Server CPU\n" for core in cores),
            "/mounts": "".join(f"{source} {place} {sort} {how} 0 0\n" for source, place, sort, how in MOUNTS),
            "/sys/kernel/hostname": f"{seat.server.id}\n",
            "/sys/kernel/random/uuid": f"{made}\n",
            "/filesystems": "nodev\tproc\nnodev\tsysfs\nnodev\ttmpfs\n\text4\n",
            "/partitions": f"major minor  #blocks  name\n\n 254        0 {seat.server.disk * 1_048_576} vda\n",
        }
        | {path: text for each in running for path, text in told_of(seat, each, str(each.pid))}
        | dict(told_of(seat, Process(running[-1].pid + 1, seat.login.id, "cat"), "self"))
    )


def told_of(seat: Seat, process: Process, name: str) -> list[tuple[str, str]]:
    """What stands under /proc of a process."""
    login = seat.server.logins.get(process.account)
    uid, word = login.uid if login else 100, process.name.rstrip(":").removeprefix("-")
    state = "T (stopped)" if process.paused else "S (sleeping)"
    ids = "\t".join([str(uid)] * 4)
    return [
        (f"/{name}/cmdline", process.command.replace(" ", "\0") + "\0"),
        (f"/{name}/comm", f"{word}\n"),
        (f"/{name}/status", f"Name:\t{word}\nState:\t{state}\nPid:\t{process.pid}\nUid:\t{ids}\nGid:\t{ids}\n"),
    ]
