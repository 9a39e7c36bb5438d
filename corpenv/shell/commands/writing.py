"""Commands that make files and take them away."""

import re

from corpenv.shell.base import Call, Command, Result, options


def tee(call: Call) -> Result:
    """Where it must not write it says so, and goes on."""
    err = ""
    for name in (each for each in call.argv if not each.startswith("-")):
        path = call.path(name)
        try:
            if {"-a", "--append"} & set(call.argv) and call.fs.exists(path):
                call.fs.append_file(path, call.stdin.encode())
            else:
                call.fs.write_file(path, call.stdin.encode())
        except OSError as error:
            err += f"tee: {name}: {error.strerror}\n"
    return Result(call.stdin, err, 1 if err else 0)


def removed_all(call: Call, found: dict[str, str], rest: list[str]) -> Result:
    """`rm` takes away what the account may take away, and names the rest."""
    deep, err = bool({"r", "R", "recursive"} & set(found)), ""
    force = "f" in found or "force" in found
    if not rest:
        return Result() if force else call.fail("missing operand\nTry 'rm --help' for more information.")
    for name in rest:
        path = call.path(name)
        if path == "/":
            told = "it is dangerous to operate recursively on '/'"
            err += f"rm: {told}\nrm: use --no-preserve-root to override this failsafe\n"
        elif not call.disk.tree.reaches(path):
            err += f"rm: cannot remove '{name}': Permission denied\n"
        elif not stands(call, path):
            err += "" if force else f"rm: cannot remove '{name}': No such file or directory\n"
        else:
            err += removed(call, path, name, deep)
    return Result("", err, 1 if err else 0)


def stands(call: Call, path: str) -> bool:
    """Is there something, be it a link that leads nowhere?"""
    return call.disk.file(path) is not None


def removed(call: Call, path: str, name: str, deep: bool) -> str:
    """One path is taken away with what is below it; or what is complained about."""
    known = call.disk.tree.files.get(path)
    link = known is not None and known.sort == "link"
    if not link and call.fs.stat(path)["file_type"] == "directory":
        if not deep:
            return f"rm: cannot remove '{name}': Is a directory\n"
        names = sorted(str(each["name"]) for each in call.fs.read_dir(path))
        err = "".join(removed(call, f"{path}/{each}", f"{name.rstrip('/')}/{each}", deep) for each in names)
        if err:
            return err
    try:
        call.fs.remove(path)
    except OSError as error:
        return f"rm: cannot remove '{name}': {error.strerror}\n"
    return ""


def mktemp(call: Call) -> Result:
    found, rest = options(call.argv, "p")
    form = rest[0] if rest else f"{found.get('p') or '/tmp'}/tmp.XXXXXXXXXX"
    if "XXX" not in form:
        return call.fail(f"too few X's in template ‘{form}’")
    drawn = format(call.seat.session.drawn("mktemp"), "x").rjust(16, "0")
    name = re.sub("X+$", lambda found: drawn[: len(found[0])], form)
    path = call.path(name)
    try:
        if "d" in found:
            call.fs.mkdir(path)
        else:
            call.fs.write_file(path, b"")
        call.fs.chmod(path, 0o700 if "d" in found else 0o600)
    except OSError as error:
        what = "directory" if "d" in found else "file"
        return call.fail(f"failed to create {what} via template ‘{form}’: {error.strerror}")
    return Result(f"{name}\n")


COMMANDS: dict[str, Command] = {"tee": tee, "mktemp": mktemp}
