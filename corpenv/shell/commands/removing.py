"""`rm` that asks before it removes: answers come from what is piped in, and no answer is no."""

from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.writing import removed_all

MANY = 3
"""Names above which `-I` asks."""


class Asking:
    """One `rm` and the answers it is still given."""

    def __init__(self, call: Call, deep: bool) -> None:
        self.call, self.deep = call, deep
        self.answers = call.stdin.splitlines()
        self.err = ""
        self.failed = False

    def says_yes(self, question: str) -> bool:
        """Ask, and hear the next answer."""
        self.err += f"rm: {question}? "
        return bool(self.answers) and self.answers.pop(0)[:1] in ("y", "Y")

    def fails(self, text: str) -> bool:
        """Complain; what was to be removed still stands."""
        self.err += f"rm: cannot remove {text}\n"
        self.failed = True
        return False

    def remove(self, name: str) -> bool:
        """Remove something and what is below it, as far as the answers go; is it gone?"""
        path, disk = self.call.path(name), self.call.disk
        file = disk.file(path) if disk.tree.reaches(path) else None
        if file is None:
            why = "No such file or directory" if disk.tree.reaches(path) else "Permission denied"
            return self.fails(f"'{name}': {why}")
        if file.sort == "directory":
            return self.remove_folder(name, path)
        empty = "regular empty file" if not file.text and not file.size else "regular file"
        sort = "symbolic link" if file.sort == "link" else empty
        return self.says_yes(f"remove {sort} '{name}'") and self.take(name, path)

    def remove_folder(self, name: str, path: str) -> bool:
        """A folder goes last."""
        if not self.deep:
            return self.fails(f"'{name}': Is a directory")
        below = [f"{name.rstrip('/')}/{each}" for each in self.call.disk.every_name(path)]
        if below and not self.says_yes(f"descend into directory '{name}'"):
            return False
        gone = [self.remove(each) for each in below]
        return all(gone) and self.says_yes(f"remove directory '{name}'") and self.take(name, path)

    def take(self, name: str, path: str) -> bool:
        """It goes, if the account may remove it."""
        try:
            self.call.disk.take(path)
        except OSError as why:
            return self.fails(f"'{name}': {why.strerror}")
        return True


def rm(call: Call) -> Result:
    """The last of `-f`, `-i` and `-I` counts."""
    found, names = options(call.argv)
    short = "".join(each[1:] for each in call.argv if each.startswith("-") and not each.startswith("--"))
    mode = next((each for each in reversed(short) if each in "fiI"), "i" if "interactive" in found else "")
    asking = Asking(call, bool({"r", "R", "recursive"} & set(found)))
    if mode == "i" and names:
        for name in names:
            asking.remove(name)
        return Result("", asking.err, int(asking.failed))
    if mode == "I" and (asking.deep or len(names) > MANY):
        count = f"{len(names)} argument{'s' if len(names) > 1 else ''}"
        if not asking.says_yes(f"remove {count}{' recursively' if asking.deep else ''}"):
            return Result("", asking.err)
    result = removed_all(call, found, names)
    return result._replace(err=asking.err + result.err)


COMMANDS: dict[str, Command] = {"rm": rm}
ACTING = ("rm",)
