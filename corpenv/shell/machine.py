"""What the kernel of a server tells to commands that ask."""

from datetime import timedelta

from corpenv.company import Company
from corpenv.company.hosts import ROOT, Process, Server
from corpenv.company.machines import find_file, last_pid, processes_of
from corpenv.company.servicing import moment_of
from corpenv.names import draw
from corpenv.shell.base import Seat

KERNEL, CPU = "6.1.0-28-amd64", "Intel Xeon Processor (Icelake)"

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
"""Source, place, sort and options of the file systems that every machine has."""
MOUNTED = "/run/mount/utab"
"""Where it is noted what was mounted since, a line each, its number last."""


def mounts_of(company: Company, server: Server) -> tuple[tuple[str, ...], ...]:
    """Every file system: source, place, sort and options."""
    file = find_file(company, server.id, MOUNTED)
    since = company.text(file.text).splitlines() if file else ()
    return (*MOUNTS, *(tuple(line.split()[:4]) for line in since))


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


def busy(seat: Seat, process: Process) -> int:
    """Tenths of a percent of one core that a process takes: more than a thousand if it takes more than one."""
    return process.cpu * seat.server.cores


def ran_for(seat: Seat, process: Process) -> int:
    """Seconds of a core that a process has had."""
    return max(0, seat.session.company.now - process.since) * busy(seat, process) // 1000


def tenths(number: int) -> str:
    """A number of tenths, with its point."""
    return f"{number // 10}.{number % 10}"


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
    company = seat.session.company
    pid = max(last_pid(company, seat.server), 900) + 11 + pid_drawn(seat, str(company.step)) % 23
    return Process(pid, seat.login.id, "-bash", since=company.now)


def everything(seat: Seat) -> list[Process]:
    """What runs on a server: its own first, the shell that asks and what let it in last."""
    shell = own_shell(seat)
    door = Process(shell.pid - 4, seat.login.id, f"sshd: {seat.login.id}@notty", since=shell.since)
    return [*of_system(seat), *processes_of(seat.session.company, seat.server), door, shell]
