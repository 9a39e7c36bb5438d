"""Packages: what is installed, and that nobody installs anything by hand; `dpkg` and `apt`."""

import re
from fnmatch import fnmatch

from corpenv.shell.base import Call, Command, Result

LIST = """
adduser 3.134 all add and remove users and groups
apt 2.6.1 amd64 commandline package manager
base-files 12.4+deb12u9 amd64 Debian base system miscellaneous files
bash 5.2.15-2+b7 amd64 GNU Bourne Again SHell
bind9-dnsutils 1:9.18.28-1~deb12u2 amd64 Clients provided with BIND 9
coreutils 9.1-1 amd64 GNU core utilities
cron 3.0pl1-162 amd64 process scheduling daemon
curl 7.88.1-10+deb12u8 amd64 command line tool for transferring data with URL syntax
debianutils 5.7-0.5~deb12u1 amd64 Miscellaneous utilities specific to Debian
dpkg 1.21.22 amd64 Debian package management system
e2fsprogs 1.47.0-2 amd64 ext2/ext3/ext4 file system utilities
file 1:5.44-3 amd64 Recognize the type of data in a file using "magic" numbers
findutils 4.9.0-4 amd64 utilities for finding files--find, xargs
git 1:2.39.5-0+deb12u1 amd64 fast, scalable, distributed revision control system
gpgv 2.2.40-1.1 amd64 GNU privacy guard - signature verification tool
grep 3.8-5 amd64 GNU grep, egrep and fgrep
gzip 1.12-1 amd64 GNU compression utilities
iproute2 6.1.0-3 amd64 networking and traffic control tools
iptables 1.8.9-2 amd64 administration tools for packet filtering and NAT
jq 1.6-2.1 amd64 lightweight and flexible command-line JSON processor
libc6 2.36-9+deb12u9 amd64 GNU C Library: Shared libraries
linux-image-6.1.0-28-amd64 6.1.119-1 amd64 Linux 6.1 for 64-bit PCs (signed)
login 1:4.13+dfsg1-1+b1 amd64 system login tools
logrotate 3.21.0-1 amd64 Log rotation utility
lsof 4.95.0-1 amd64 utility to list open files
mawk 1.3.4.20200120-3.1 amd64 Pattern scanning and text processing language
mount 2.38.1-5+deb12u2 amd64 tools for mounting and manipulating filesystems
nano 7.2-1+deb12u1 amd64 small, friendly text editor inspired by Pico
netcat-openbsd 1.219-1 amd64 TCP/IP swiss army knife
openssh-server 1:9.2p1-2+deb12u3 amd64 secure shell (SSH) server, for secure access from remote machines
openssl 3.0.15-1~deb12u1 amd64 Secure Sockets Layer toolkit - cryptographic utility
passwd 1:4.13+dfsg1-1+b1 amd64 change and administer password and group data
perl-base 5.36.0-7+deb12u1 amd64 minimal Perl system
procps 2:4.0.2-3 amd64 /proc file system utilities
python3 3.11.2-1+b1 amd64 interactive high-level object-oriented language (default python3 version)
rsync 3.2.7-1 amd64 fast, versatile, remote (and local) file-copying tool
rsyslog 8.2302.0-1 amd64 reliable system and kernel logging daemon
sed 4.9-1 amd64 GNU stream editor for filtering/transforming text
sudo 1.9.13p3-1+deb12u1 amd64 Provide limited super user privileges to specific users
systemd 252.33-1~deb12u1 amd64 system and service manager
tar 1.34+dfsg-1.2+deb12u1 amd64 GNU version of the tar archiving utility
util-linux 2.38.1-5+deb12u2 amd64 miscellaneous system utilities
vim-tiny 2:9.0.1378-2 amd64 Vi IMproved - enhanced vi editor - compact version
wget 1.21.3-1+deb12u1 amd64 retrieves files from the web
"""
PACKAGES = tuple(tuple(line.split(None, 3)) for line in LIST.strip().splitlines())
"""Name, version, architecture and what it is."""
OWNERS = {
    "coreutils": "cat chmod chown cp date dd df echo false id ln ls mkdir mv rm sort stat tail touch true uname wc",
    "bash": "bash", "curl": "curl", "git": "git", "grep": "grep egrep fgrep", "gzip": "gzip gunzip zcat", "jq": "jq",
    "procps": "free kill pgrep pkill ps sysctl top uptime w watch", "sed": "sed", "sudo": "sudo visudo", "tar": "tar",
    "openssh-client": "scp sftp ssh ssh-copy-id ssh-keygen", "systemd": "journalctl systemctl timedatectl systemd-run",
    "iproute2": "ip ss", "iptables": "iptables iptables-save iptables-restore", "wget": "wget", "rsync": "rsync",
    "util-linux": "dmesg fallocate findmnt lsblk lscpu logger nsenter setsid unshare", "findutils": "find xargs",
}  # fmt: skip
HEAD = """\
Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
"""
LOCK = "/var/lib/dpkg/lock-frontend"


def dpkg(call: Call) -> Result:
    letters = [each for each in call.argv if each.startswith("-")]
    names = [each for each in call.argv if not each.startswith("-")]
    if {"--print-architecture"} & set(letters):
        return Result("amd64\n")
    if {"-S", "--search"} & set(letters):
        return owners(call, names)
    if {"-l", "--list"} & set(letters) or call.name == "dpkg-query":
        return listed(call, names)
    if {"-s", "--status"} & set(letters):
        found = [each for each in PACKAGES if each[0] in names]
        rows = (f"Package: {name}\nStatus: install ok installed\nVersion: {version}\nDescription: {what}\n" for name, version, _, what in found)  # fmt: skip  # noqa: E501
        missing = [each for each in names if each not in {one[0] for one in found}]
        err = "".join(f"dpkg-query: package '{each}' is not installed and no information is available\n" for each in missing)  # fmt: skip  # noqa: E501
        return Result("\n".join(rows), err, 1 if missing else 0)
    return locked(call)


def listed(call: Call, names: list[str]) -> Result:
    """The packages that are there, as a table."""
    found = [each for each in PACKAGES if not names or any(fnmatch(each[0], name) for name in names)]
    if not found:
        return Result("", "".join(f"dpkg-query: no packages found matching {name}\n" for name in names), 1)
    widths = [max(len(each[place]) for each in found) for place in range(3)]
    widths = [max(width, least) for width, least in zip(widths, (14, 12, 12), strict=True)]
    heads = ("Name", "Version", "Architecture", "Description")
    rows = [" ".join(f"{cell:<{width}}" for cell, width in zip(each, widths, strict=False)) for each in (heads, *found)]
    lines = [f"{'ii ' if place else '||/'} {row} {each[3]}" for place, (row, each) in enumerate(zip(rows, (heads, *found), strict=True))]  # fmt: skip  # noqa: E501
    bar = "+++-" + "-".join("=" * width for width in (*widths, 65))
    return Result(HEAD + "\n".join([lines[0], bar, *lines[1:], ""]))


def owners(call: Call, names: list[str]) -> Result:
    """Which package a file came from."""
    out, err = "", ""
    for name in names:
        program = name.rpartition("/")[2]
        package = next((each for each, programs in OWNERS.items() if program in programs.split()), "")
        out += f"{package}: {name}\n" if package else ""
        err += "" if package else f"dpkg-query: no path found matching pattern {name}\n"
    return Result(out, err, 1 if err else 0)


def apt(call: Call) -> Result:
    """Packages are installed by whoever looks after the server."""
    verb, *names = [each for each in call.argv if not each.startswith("-")] or [""]
    if verb == "list":
        shown = [each for each in PACKAGES if not names or any(fnmatch(each[0], name) for name in names)]
        return Result("".join(["Listing... Done\n", *(f"{name}/stable,now {version} {arch} [installed]\n" for name, version, arch, _ in shown)]))  # fmt: skip  # noqa: E501
    if verb in ("search", "show"):
        rows = [f"{name}/stable,now {version} {arch} [installed]\n  {what}\n" for name, version, arch, what in PACKAGES if names and re.search(re.escape(names[0]), f"{name} {what}")]  # fmt: skip  # noqa: E501
        return Result("".join(["Sorting... Done\nFull Text Search... Done\n", *rows]) if verb == "search" else "\n".join(rows))  # fmt: skip  # noqa: E501
    return locked(call)


def locked(call: Call) -> Result:
    """What changes packages is for root, and not even for root here."""
    if not call.seat.is_root:
        told = f"E: Could not open lock file {LOCK} - open (13: Permission denied)\n"
        return Result("", f"{told}E: Unable to acquire the dpkg frontend lock ({LOCK}), are you root?\n", 100)
    return Result(
        "Reading package lists... Done\n", "E: The repository index is held by the configuration management.\n", 100
    )


COMMANDS: dict[str, Command] = {"apt": apt, "apt-get": apt, "dpkg": dpkg, "dpkg-query": dpkg}
