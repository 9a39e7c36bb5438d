"""Archives: `tar`, whose times are simulated ones."""

import gzip
import io
import tarfile
import zlib

from corpenv.shell.base import Call, Command, Result, absolute, options
from corpenv.shell.disk import LARGEST
from corpenv.shell.tree import parent_of

MOST_MEMBERS = 500


def tar(call: Call) -> Result:
    argv = call.argv
    if argv and not argv[0].startswith("-"):
        argv = (f"-{argv[0]}", *argv[1:])
    found, rest = options(argv, "fC", ("file", "directory", "exclude"))
    name, folder = found.get("f") or found.get("file") or "-", found.get("C") or found.get("directory") or "."
    if "c" in found or "create" in found:
        packed = "z" in found or ("a" in found and name.endswith("gz"))
        return created(call, name, folder, rest, packed, "remove-files" in found)
    data = call.stdin.encode() if name == "-" else content(call, call.path(name))
    if data is None:
        return told(f"{name}: Cannot open: No such file or directory")
    if not ({"t", "x", "list", "extract"} & set(found)):
        return Result("", "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n", 2)
    try:
        plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
            members = archive.getmembers()[:MOST_MEMBERS]
            texts = {each.name: archive.extractfile(each).read() for each in members if each.isfile()}  # type: ignore[union-attr]
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        return Result("", "tar: This does not look like a tar archive\ntar: Error is not recoverable: exiting now\n", 2)
    names = [f"{each.name}{'/' if each.isdir() else ''}" for each in members]
    if "x" not in found and "extract" not in found:
        return Result("".join(f"{each}\n" for each in names))
    modes = {each.name: each.mode & 0o777 for each in members}
    err = "".join(
        extracted(call, call.path(folder), each, texts.get(each.rstrip("/")), modes[each.rstrip("/")]) for each in names
    )
    return Result("".join(f"{each}\n" for each in names) if "v" in found else "", err, 2 if err else 0)


def told(text: str) -> Result:
    """A complaint that ends it."""
    return Result("", f"tar: {text}\ntar: Error is not recoverable: exiting now\n", 2)


def content(call: Call, path: str) -> bytes | None:
    """The bytes of a file that can be read."""
    if not call.disk.tree.may_read(path):
        return None
    try:
        return bytes(call.fs.read_file(path))
    except (RuntimeError, OSError):
        return None


def created(call: Call, name: str, folder: str, rest: list[str], packed: bool, removes: bool) -> Result:
    """A new archive of files and folders, which may be all that is left of them."""
    if not rest:
        return Result("", "tar: Cowardly refusing to create an empty archive\n", 2)
    out, err, base = io.BytesIO(), "", call.path(folder)
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for each in rest:
            err += added(call, archive, absolute(base, each), each.strip("/") or ".")
    data = gzip.compress(out.getvalue(), mtime=0) if packed else out.getvalue()
    target = call.path(name)
    nowhere = target == "/dev/null"
    if name != "-" and not nowhere and (not call.disk.tree.may_write(target) or not call.fs.exists(parent_of(target))):
        return told(f"{name}: Cannot open: Permission denied")
    if name != "-" and not nowhere:
        call.fs.write_file(target, data)
    for each in rest if removes and not err else ():
        call.fs.remove(absolute(base, each), True)
    tail = "tar: Exiting with failure status due to previous errors\n" if err else ""
    return Result(data.decode("utf-8", "replace") if name == "-" else "", err + tail, 2 if err else 0)


def added(call: Call, archive: tarfile.TarFile, path: str, name: str) -> str:
    """A file or folder goes into an archive; what cannot be read is told."""
    if not call.disk.tree.reaches(path) or not call.fs.exists(path):
        return f"tar: {name}: Cannot stat: No such file or directory\n"
    known, seat = call.disk.tree.files.get(path), call.seat
    info = tarfile.TarInfo(name)
    info.mtime = int(seat.session.clock.timestamp()) - (seat.session.company.now - known.at if known else 0)
    info.uname = known.owner if known else seat.login.id
    info.gname = known.group if known else seat.login.groups[0]
    if call.fs.stat(path)["file_type"] == "directory":
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(info)
        names = sorted(str(each["name"]) for each in call.fs.read_dir(path))
        return "".join(added(call, archive, f"{path}/{each}", f"{name}/{each}") for each in names)
    data = content(call, path)
    if data is None:
        return f"tar: {name}: Cannot open: Permission denied\n"
    if archive.offset > LARGEST * 4:
        return f"tar: {name}: Cannot write: No space left on device\n"
    info.size, info.mode = len(data), known.mode & 0o777 if known else 0o644
    archive.addfile(info, io.BytesIO(data))
    return ""


def extracted(call: Call, folder: str, name: str, data: bytes | None, mode: int) -> str:
    """A member of an archive becomes a file or a folder, with its mode; names that lead elsewhere do not."""
    path = call.path(f"{folder}/{name.rstrip('/')}")
    if not path.startswith(folder.rstrip("/") + "/"):
        return f"tar: {name}: Member name contains '..'\n"
    if name.endswith("/"):
        if not call.fs.exists(path) and call.disk.tree.may_write(path):
            call.fs.mkdir(path, recursive=True)
        return ""
    try:
        call.fs.write_file(path, data or b"")
        call.fs.chmod(path, mode & ~call.disk.mask)
    except (RuntimeError, OSError):
        return f"tar: {name}: Cannot open: Permission denied\n"
    return ""


COMMANDS: dict[str, Command] = {"tar": tar}
ACTING = ("tar",)
