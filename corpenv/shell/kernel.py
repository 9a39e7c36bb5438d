"""What stands under /proc: what the kernel of a server tells as files."""

from corpenv.company.hosts import Process
from corpenv.shell.base import Seat
from corpenv.shell.machine import CPU, KERNEL, built, everything, load_of, memory_of, mounts_of, up_for

HERTZ = 100
CORE = """\
processor\t: {core}
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
model name\t: {model}
stepping\t: 6
microcode\t: 0xd0003b9
cpu MHz\t\t: 2394.374
cache size\t: 16384 KB
physical id\t: 0
siblings\t: {cores}
core id\t\t: {core}
cpu cores\t: {cores}
flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ss ht syscall nx
bogomips\t: 4788.74
"""
NET = """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: {lo:>7} {los:>7}    0    0    0     0          0         0 {lo:>8} {los:>7}    0    0    0     0       0          0
  eth0: {got:>7} {gots:>7}    0    0    0     0          0         0 {sent:>8} {sents:>7}    0    0    0     0       0          0
"""  # noqa: E501 - as wide as it is


def proc_files(seat: Seat) -> dict[str, str]:
    """Everything there, by what its path is below /proc."""
    running, company, cores = everything(seat), seat.session.company, seat.server.cores
    up, (total, used) = up_for(seat), memory_of(seat)
    drawn = f"{seat.session.drawn('uuid'):016x}{seat.session.drawn('uuid'):016x}"
    made = f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"
    mounts = mounts_of(company, seat.server)
    of_kernel = {
        "/uptime": f"{up}.17 {up * seat.server.cores * 9 // 10}.42\n",
        "/version": f"Linux version {KERNEL} (gcc 12.2.0) {built(seat)}\n",
        "/cmdline": f"BOOT_IMAGE=/boot/vmlinuz-{KERNEL} root=/dev/vda1 ro quiet\n",
        "/loadavg": f"{load_of(seat)} 1/{len(running) + 81} {running[-1].pid}\n",
        "/meminfo": f"MemTotal:       {total:>8} kB\nMemFree:        {(total - used) // 2:>8} kB\n"
        f"MemAvailable:   {total - used:>8} kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
        "/cpuinfo": "\n".join(CORE.format(core=core, cores=cores, model=CPU) for core in range(cores)),
        "/stat": stat_of(seat, up),
        "/net/dev": net_of(up),
        "/mounts": "".join(f"{' '.join(each)} 0 0\n" for each in mounts),
        "/swaps": "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
        "/sys/kernel/hostname": f"{seat.server.id}\n",
        "/sys/kernel/osrelease": f"{KERNEL}\n",
        "/sys/kernel/random/uuid": f"{made}\n",
        "/filesystems": "nodev\tproc\nnodev\tsysfs\nnodev\ttmpfs\n\text4\n",
        "/partitions": f"major minor  #blocks  name\n\n 254        0 {seat.server.disk * 1_048_576} vda\n",
    }
    own = Process(running[-1].pid + 1, seat.login.id, "cat")
    of_processes = {path: text for each in running for path, text in told_of(seat, each, str(each.pid))}
    return of_kernel | of_processes | dict(told_of(seat, own, "self"))


def stat_of(seat: Seat, up: int) -> str:
    """What the processors did since the server was booted."""
    first, *others = (int(each.replace(".", "")) for each in load_of(seat).split())
    busy, all_of_it = up * first * HERTZ // 100, up * seat.server.cores * HERTZ
    return (
        f"cpu  {busy} 0 {busy // 4} {max(0, all_of_it - busy)} 1207 0 311 0 0 0\nctxt {up * 211}\n"
        f"btime {int(seat.session.clock.timestamp()) - up}\nprocesses {others[0] + up // 40}\nprocs_running 1\n"
    )


def net_of(up: int) -> str:
    """What went over the network since then."""
    return NET.format(lo=up * 3, los=up // 29, got=up * 641, gots=up * 2, sent=up * 207, sents=up)


def told_of(seat: Seat, process: Process, name: str) -> list[tuple[str, str]]:
    """What stands under /proc of a process."""
    login = seat.server.logins.get(process.account)
    uid, word = login.uid if login else 100, process.name.rstrip(":").removeprefix("-")
    state = "T (stopped)" if process.paused else "S (sleeping)"
    ids = "\t".join([str(uid)] * 4)
    unit = f"system.slice/{process.service}.service" if process.service else f"user.slice/user-{uid}.slice"
    return [
        (f"/{name}/cmdline", process.command.replace(" ", "\0") + "\0"),
        (f"/{name}/comm", f"{word}\n"),
        (f"/{name}/cgroup", f"0::/{'init.scope' if process.pid == 1 else unit}\n"),
        (f"/{name}/status", f"Name:\t{word}\nState:\t{state}\nPid:\t{process.pid}\nUid:\t{ids}\nGid:\t{ids}\n"),
    ]
