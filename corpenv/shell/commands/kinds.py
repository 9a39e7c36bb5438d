"""`file`: of what kind a file is, by its first bytes."""

import re
import shlex

from corpenv.company.hosts import HostFile
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.binaries import MAGIC, build_id, program_of

SHEBANG = re.compile(rb"#!\s*(\S*/)?(?:env\s+)?([\w.]+)")
SCRIPTS = {
    "sh": "POSIX shell script", "dash": "POSIX shell script", "bash": "Bourne-Again shell script",
    "python": "Python script", "perl": "Perl script",
}  # fmt: skip
DEVICES = {
    "/dev/null": "character special (1/3)", "/dev/zero": "character special (1/5)",
    "/dev/random": "character special (1/8)", "/dev/urandom": "character special (1/9)",
}  # fmt: skip
JOURNAL = b"LPKSHHRH"


def file(call: Call) -> Result:
    """A line for each, as wide as the longest name."""
    found, names = options(call.argv, "mF")
    if not names:
        return Result("", "Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n", 1)
    width = max(map(len, names)) + 1
    kinds = [kind_of(call, name) for name in names]
    rows = kinds if {"b", "brief"} & set(found) else [f"{f'{name}:':<{width}} {kind}" for name, kind in zip(names, kinds, strict=True)]  # fmt: skip  # noqa: E501
    return Result("".join(f"{row}\n" for row in rows))


def kind_of(call: Call, name: str) -> str:
    """Of what kind a file is, or why nobody can say."""
    path = call.path(name)
    here = call.disk.tree.files.get(path)
    if here is not None and here.sort == "link":
        leads = call.seat.session.company.text(here.text)
        return f"{'symbolic' if call.fs.exists(path) else 'broken symbolic'} link to {leads}"
    there = call.disk.led(path)
    if there is None:
        why = "Permission denied" if not call.disk.tree.reaches(path) else "No such file or directory"
        return f"cannot open `{name}' ({why})"
    if there.path in DEVICES:
        return DEVICES[there.path]
    if there.sort == "directory":
        return "sticky, directory" if there.mode & 0o1000 else "directory"
    try:
        return kind_inside(call, there, call.fs.read_file(path))
    except PermissionError:
        return "regular file, no read permission"


def kind_inside(call: Call, there: HostFile, content: bytes) -> str:
    """Of what kind a file is that can be read."""
    if content.startswith(MAGIC):
        return kind_of_binary(there)
    if content.startswith(JOURNAL):
        return "Journal file, online"
    if found := SHEBANG.match(content):
        name = re.sub(r"[\d.]+$", "", found[2].decode("latin-1"))
        kind = SCRIPTS.get(name, f"a {found[0][2:].decode('latin-1').strip()} script")
        return f"{kind}, {letters_of(content)} text executable"
    outcome = call.within(shlex.join(["file", there.path]), "", "file")
    kind = outcome.out.partition(": ")[2].strip() or "data"
    return f"{kind} data" if kind == "JSON text" else kind


def kind_of_binary(there: HostFile) -> str:
    """A program, as its header says."""
    number = build_id(program_of(there) or there.path).hex()
    set_user = "setuid " if there.mode & 0o4000 else ""
    return (
        f"{set_user}ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, "
        f"interpreter /lib64/ld-linux-x86-64.so.2, BuildID[sha1]={number}, for GNU/Linux 3.2.0, stripped"
    )


def letters_of(content: bytes) -> str:
    """In what a text is written."""
    return "ASCII" if content.isascii() else "Unicode text, UTF-8"


COMMANDS: dict[str, Command] = {"file": file}
