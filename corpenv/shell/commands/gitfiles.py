"""`git`: repositories are files; what is pushed goes out."""

from corpenv.company.repositories import CONFIG, HEAD, INDEX, config_text, index_text
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.githistory import merge, move, reset, revert, stash
from corpenv.shell.commands.gitlooks import changes, counted, diff, log, paths_of, show
from corpenv.shell.commands.gitremotes import branch, checkout, cloned, hooked, push, remote, sent_to, unpushed
from corpenv.shell.repository import Repository, seconds_of
from corpenv.shell.tree import parent_of

CALLED = {"user.name": "GIT_AUTHOR_NAME", "user.email": "GIT_AUTHOR_EMAIL"}
"""Settings that say who commits, and the variables that do."""
NONE = "fatal: not a git repository (or any of the parent directories): .git\n"


def git(call: Call) -> Result:
    argv = list(call.argv)
    while argv[:1] in (["-C"], ["-c"]) and len(argv) > 1:
        key, _, value = argv[1].partition("=")
        call = call._replace(cwd=call.path(argv[1])) if argv[0] == "-C" else call
        if argv[0] == "-c" and key.lower() in CALLED:
            call = call._replace(env={**call.env, CALLED[key.lower()]: value})
        argv = argv[2:]
    if argv[:1] == ["--version"]:
        return Result("git version 2.39.5\n")
    words = [each for each in argv if each != "--no-pager"]
    if not words:
        return Result("usage: git [--version] [--help] [-C <path>] <command> [<args>]\n", "", 1)
    verb, rest = words[0], tuple(words[1:])
    try:
        return dispatched(call._replace(argv=rest), verb)
    except PermissionError:
        lock = f"{top_of(call)}/.git/index.lock"
        return Result("", f"fatal: Unable to create '{lock}': Permission denied\n", 128)


def dispatched(call: Call, verb: str) -> Result:
    """One of git's commands."""
    if verb == "init":
        return init(call)
    if verb in ("clone", "ls-remote"):
        return cloned(call, verb)
    if verb == "config" and "--global" in call.argv:
        return Result()
    if verb not in VERBS:
        return Result("", f"git: '{verb}' is not a git command. See 'git --help'.\n", 1)
    top = top_of(call)
    if not call.fs.exists(f"{top.rstrip('/')}/.git"):
        return Result("", NONE, 128)
    return VERBS[verb](call, Repository(call.fs, call.disk, top))


def top_of(call: Call) -> str:
    """The folder that git keeps, from where the shell stands upwards; the top of all if there is none."""
    top = call.cwd
    while not call.fs.exists(f"{top.rstrip('/')}/.git") and top != "/":
        top = parent_of(top)
    return top


def init(call: Call) -> Result:
    rest = [each for each in call.argv if not each.startswith("-")]
    top = call.path(rest[0]) if rest else call.cwd
    there = call.fs.exists(f"{top}/.git")
    if not there:
        repository = Repository(call.fs, call.disk, top)
        for name, text in ((HEAD, "ref: refs/heads/master\n"), (CONFIG, config_text({}, "master")), (INDEX, index_text({}))):  # fmt: skip  # noqa: E501
            repository.write(name, text)
        call.fs.mkdir(f"{top}/.git/hooks", True)
    if {"-q", "--quiet"} & set(call.argv):
        return Result()
    return Result(f"{'Reinitialized existing' if there else 'Initialized empty'} Git repository in {top}/.git/\n")


def status(call: Call, repository: Repository) -> Result:
    staged, lying = repository.staged(), repository.lying()
    ready = changes(repository.committed(repository.last), staged)
    loose = [each for each in changes(staged, lying) if each[1] in staged]
    unknown = [path for path in lying if path not in staged]
    if {"-s", "--short", "--porcelain"} & set(call.argv):
        short = {"new file": "A", "modified": "M", "deleted": "D"}
        rows = [f"{short[how]}  {path}" for how, path in ready]
        rows += [f" {short[how]} {path}" for how, path in loose] + [f"?? {path}" for path in unknown]
        return Result("".join(f"{row}\n" for row in rows))
    lines = [f"On branch {repository.branch}", *([] if repository.last else ["", "No commits yet"])]
    upstream = repository.ref(f"refs/remotes/origin/{repository.branch}")
    if upstream:
        ahead = len(unpushed(repository, upstream))
        by = f"Your branch is ahead of 'origin/{repository.branch}' by {ahead} commit{'s' if ahead > 1 else ''}.\n"
        lines += [f'{by}  (use "git push" to publish your local commits)' if ahead else f"Your branch is up to date with 'origin/{repository.branch}'."]  # fmt: skip  # noqa: E501
    lines.append("")
    for head, rows in (
        ('Changes to be committed:\n  (use "git restore --staged <file>..." to unstage)', [f"{how}:   {path}" for how, path in ready]),  # noqa: E501
        ('Changes not staged for commit:\n  (use "git add <file>..." to update what will be committed)\n  (use "git restore <file>..." to discard changes in working directory)', [f"{how}:   {path}" for how, path in loose]),  # noqa: E501
        ('Untracked files:\n  (use "git add <file>..." to include in what will be committed)', unknown),
    ):  # fmt: skip
        lines += [head, *(f"\t{row}" for row in rows), ""] if rows else []
    if not (ready or loose or unknown):
        lines.append("nothing to commit, working tree clean")
    elif not ready:
        lines.append('no changes added to commit (use "git add" and/or "git commit -a")' if loose else 'nothing added to commit but untracked files present (use "git add" to track)')  # fmt: skip  # noqa: E501
    return Result("\n".join(lines).rstrip("\n") + "\n")


def add(call: Call, repository: Repository) -> Result:
    rest = [each for each in call.argv if not each.startswith("-")]
    whole = {"-A", "--all", "-a"} & set(call.argv)
    if not rest and not whole:
        return Result("", "Nothing specified, nothing added.\n")
    paths = paths_of(call, repository, rest) if rest else [""]
    staged, lying = repository.staged(), repository.lying()
    for path, word in zip(paths, rest, strict=False):
        if path and not any(each == path or each.startswith(f"{path}/") for each in {**staged, **lying}):
            return Result("", f"fatal: pathspec '{word}' did not match any files\n", 128)
    repository.stage(repository.add(staged, paths))
    return Result()


def remove(call: Call, repository: Repository) -> Result:
    rest, staged = [each for each in call.argv if not each.startswith("-")], repository.staged()
    for path in paths_of(call, repository, rest):
        if path not in staged:
            return Result("", f"fatal: pathspec '{path}' did not match any files\n", 128)
        del staged[path]
        if "--cached" not in call.argv and call.fs.exists(f"{repository.top}/{path}"):
            call.fs.remove(f"{repository.top}/{path}")
    repository.stage(staged)
    return Result("".join(f"rm '{path}'\n" for path in paths_of(call, repository, rest)))


def commit(call: Call, repository: Repository) -> Result:
    if stopped := None if "--no-verify" in call.argv or "-n" in call.argv else hooked(call, repository, "pre-commit"):
        return stopped
    found, _ = options(call.argv, "mF", ("message", "author", "file"))
    last = repository.commit(repository.last) if "amend" in found else None
    stands_on = last.parents if last else (repository.last,) if repository.last else ()
    staged, before = repository.staged(), repository.committed(stands_on[0]) if stands_on else {}
    if "a" in found or "all" in found:
        staged = repository.add(staged, list(staged))
        repository.stage(staged)
    if staged == before and "allow-empty" not in found and last is None:
        return status(call._replace(argv=()), repository)._replace(code=1)
    message = message_of(call, found) or (last.message if last else "")
    if not message:
        return Result("", "Aborting commit due to empty commit message.\n", 1)
    login, server, company = call.seat.login, call.seat.server, call.seat.session.company
    name, mail = call.env.get("GIT_AUTHOR_NAME") or login.id, call.env.get("GIT_AUTHOR_EMAIL")
    author = found.get("author") or f"{name} <{mail or f'{login.id}@{server.id}.{company.world.domain}'}>"
    root = "" if stands_on else "(root-commit) "
    made = repository.record(staged, message, last.author if last else author, seconds_of(company), stands_on)
    hooked(call, repository, "post-commit")
    if {"q", "quiet"} & set(found):
        return Result()
    head = f"[{repository.branch} {root}{made[:7]}] {message.splitlines()[0]}"
    return Result(f"{head}\n{counted(repository, before, staged)}")


def message_of(call: Call, found: dict[str, str]) -> str:
    """A message as it is given, or as it stands in a file.

    Raises:
        OSError: the file cannot be read.
    """
    text = (found.get("m") or found.get("message") or "").replace("\n", "\n\n").strip()
    name = found.get("F") or found.get("file") or ""
    if not name or text:
        return text
    return (call.stdin if name == "-" else call.fs.read_file(call.path(name)).decode("utf-8", "replace")).strip()


def files_known(call: Call, repository: Repository) -> Result:
    return Result("".join(f"{path}\n" for path in repository.staged()))


def tag(call: Call, repository: Repository) -> Result:
    """Names for commits."""
    found, rest = options(call.argv, "mnF", ("message", "file"))
    prefix = f"{repository.top}/.git/refs/tags/"
    if not rest or "l" in found:
        return Result("".join(f"{path[len(prefix) :]}\n" for path in sorted(call.disk.tree.files) if path.startswith(prefix)))  # fmt: skip  # noqa: E501
    if "d" in found:
        if not repository.ref(f"refs/tags/{rest[0]}"):
            return Result("", f"error: tag '{rest[0]}' not found.\n", 1)
        call.fs.remove(f"{prefix}{rest[0]}")
        return Result(f"Deleted tag '{rest[0]}'\n")
    tip = repository.meant(rest[1] if len(rest) > 1 else "HEAD")
    if message := message_of(call, found):
        repository.keep("tag", f"object {tip}\ntype commit\ntag {rest[0]}\n\n{message}\n")
    repository.write(f"refs/tags/{rest[0]}", f"{tip}\n")
    return Result()


def parsed(call: Call, repository: Repository) -> Result:
    """`git rev-parse`."""
    words = [each for each in call.argv if not each.startswith("-")]
    if "--show-toplevel" in call.argv:
        return Result(f"{repository.top}\n")
    if "--abbrev-ref" in call.argv:
        return Result(f"{repository.branch}\n")
    name = repository.meant(words[0] if words else "HEAD")
    return Result(f"{name[:7] if '--short' in call.argv else name}\n") if name else Result("", f"fatal: ambiguous argument '{words[0]}'\n", 128)  # fmt: skip  # noqa: E501


def config(call: Call, repository: Repository) -> Result:
    """Settings of one's own are nothing that anybody here looks at."""
    words = [each for each in call.argv if not each.startswith("-")]
    name = words[0].split(".") if words else []
    if len(name) == 3 and name[0] == "remote" and len(words) == 1:
        url = repository.remotes().get(name[1], "")
        return Result(f"{url}\n" if url else "", "", 0 if url else 1)
    return Result("", "", 0 if len(words) > 1 else 1)


def fetch(call: Call, repository: Repository) -> Result:
    """A remote is asked, and has nothing new."""
    url = next(iter(repository.remotes().values()), "")
    told = sent_to(call, url, f"git fetch {url}", ()) if url else ""
    return Result("", told, 128) if told else Result("" if call.name == "fetch" else "Already up to date.\n")


VERBS = {
    "status": status, "add": add, "rm": remove, "mv": move, "commit": commit, "log": log, "diff": diff, "show": show,
    "stash": stash, "reset": reset, "revert": revert, "merge": merge, "push": push, "remote": remote, "branch": branch,
    "checkout": checkout, "switch": checkout, "restore": checkout, "tag": tag, "ls-files": files_known,
    "rev-parse": parsed, "config": config, "fetch": fetch, "pull": fetch,
}  # fmt: skip
COMMANDS: dict[str, Command] = {"git": git}
ACTING = tuple(COMMANDS)
