"""What the kernel of a server tells: under /proc, and to commands that ask."""

from corpenv.company.machines import processes_of
from corpenv.shell.base import Seat

KERNEL = "6.1.0-28-amd64"
BUILT = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)"


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


def proc_files(seat: Seat) -> dict[str, str]:
    """What stands under /proc."""
    up, (total, used) = up_for(seat), memory_of(seat)
    running = processes_of(seat.session.company, seat.server)
    cores = range(seat.server.cores)
    drawn = f"{seat.session.drawn('uuid'):016x}{seat.session.drawn('uuid'):016x}"
    made = f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"
    return {
        "/uptime": f"{up}.17 {up * seat.server.cores * 9 // 10}.42\n",
        "/version": f"Linux version {KERNEL} (gcc 12.2.0) {BUILT}\n",
        "/loadavg": f"{load_of(seat)} 1/{len(running) + 90} {max([each.pid for each in running], default=1)}\n",
        "/meminfo": f"MemTotal:       {total:>8} kB\nMemFree:        {(total - used) // 2:>8} kB\n"
        f"MemAvailable:   {total - used:>8} kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
        "/cpuinfo": "\n".join(f"processor\t: {core}\nmodel name\t: Server CPU\n" for core in cores),
        "/mounts": "/dev/vda1 / ext4 rw,relatime 0 0\n",
        "/sys/kernel/hostname": f"{seat.server.id}\n",
        "/sys/kernel/random/uuid": f"{made}\n",
    } | {f"/{each.pid}/cmdline": each.command.replace(" ", "\0") + "\0" for each in running}
