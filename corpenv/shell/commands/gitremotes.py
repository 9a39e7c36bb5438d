"""`git` with others: remotes, branches, clones, and what is pushed."""

import re
from shlex import quote

from corpenv.company.hosts import EXECUTE
from corpenv.company.network import reached
from corpenv.company.repositories import CONFIG, config_text
from corpenv.shell.base import Call, Result
from corpenv.shell.commands.githistory import author_of
from corpenv.shell.commands.remote import arrive
from corpenv.shell.flows import SSH, connect
from corpenv.shell.repository import Repository

URL = re.compile(r"(?:(https?|ssh|git)://)?(?:([\w.-]+)@)?([\w.-]+)(?::(\d+)(?=/))?[:/](.+)")
PORTS = {"https": 443, "http": 80, "git": 9418, "ssh": SSH}
REMOTE_TROUBLE = "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n"  # noqa: E501


def remote(call: Call, repository: Repository) -> Result:
    known, words = repository.remotes(), [each for each in call.argv if not each.startswith("-")]
    if not words:
        rows = [f"{name}\t{url} ({way})" for name, url in known.items() for way in ("fetch", "push")]
        return Result("".join(f"{row}\n" for row in (rows if "-v" in call.argv else known)))
    verb, rest = words[0], words[1:]
    if verb == "add" and len(rest) == 2:
        if rest[0] in known:
            return Result("", f"error: remote {rest[0]} already exists.\n", 3)
        known[rest[0]] = rest[1]
    elif verb == "set-url" and len(rest) == 2 and rest[0] in known:
        known[rest[0]] = rest[1]
    elif verb in ("remove", "rm") and rest and rest[0] in known:
        del known[rest[0]]
    elif verb == "get-url" and rest and rest[0] in known:
        return Result(f"{known[rest[0]]}\n")
    else:
        return Result("", f"error: No such remote: '{rest[0] if rest else ''}'\n", 2)
    repository.write(CONFIG, config_text(known, repository.branch))
    return Result()


def unpushed(repository: Repository, upstream: str) -> list[str]:
    """Commits of the branch that a remote has not, newest first."""
    has = set(repository.history(upstream))
    return [each for each in repository.history(repository.last) if each not in has]


def push(call: Call, repository: Repository) -> Result:
    """Commits go to a remote, with everything that is new in them."""
    words = [each for each in call.argv if not each.startswith("-")]
    name, known = words[0] if words else "origin", repository.remotes()
    url = known.get(name) or (name if URL.fullmatch(name) and words else "")
    branch, _, there = (words[1] if len(words) > 1 else repository.branch).lstrip("+").partition(":")
    there = (there or (repository.branch if branch == "HEAD" else branch)).removeprefix("refs/heads/")
    tip = repository.last if branch in (repository.branch, "HEAD") else repository.ref(f"refs/heads/{branch}")
    if not url:
        return Result("", f"fatal: '{name}' does not appear to be a git repository\n{REMOTE_TROUBLE}", 128)
    if not tip:
        return Result("", f"error: src refspec {branch} does not match any\nerror: failed to push some refs to '{url}'\n", 1)  # fmt: skip  # noqa: E501
    if stopped := hooked(call, repository, "pre-push"):
        return stopped
    before = repository.ref(f"refs/remotes/{name}/{there}") if name in known else ""
    last = repository.ref(f"refs/remotes/{name}/{branch}")
    has = {*repository.history(before), *repository.history(last)}
    new = [each for each in repository.history(tip) if each not in has]
    tags = tagged(repository) if {"--tags", "--follow-tags", "--mirror"} & set(call.argv) else []
    if tip == before and not tags:
        return Result("", "Everything up-to-date\n")
    text, paths = content(repository, new, before, author_of(call))
    told = sent_to(call, url, "\n".join([*filter(None, [text]), *([there] if there != branch else []), *tags]), paths)
    if told:
        return Result("", told, 128)
    if name in known:
        repository.write(f"refs/remotes/{name}/{there}", f"{tip}\n")
    what = f"{before[:7]}..{tip[:7]}  {branch} -> {there}" if before else f"* [new branch]      {branch} -> {there}"
    return Result("", f"To {url}\n   {what}\n")


def tagged(repository: Repository) -> list[str]:
    """The tags of a repository, with what was written to them."""
    prefix, objects = f"{repository.top}/.git/refs/tags/", f"{repository.top}/.git/objects/"
    files = repository.disk.tree.files
    names = [path[len(prefix) :] for path in sorted(files) if path.startswith(prefix) and files[path].sort == "file"]
    texts = [repository.disk.text(files[path]) for path in sorted(files) if path.startswith(objects)]
    return [*names, *(text.partition("\n\n")[2] for text in texts if text.startswith("tag\n"))]


def hooked(call: Call, repository: Repository, name: str) -> Result | None:
    """What a hook says that keeps something from being done; None if there is none, or it lets it be done."""
    path = f"{repository.top}/.git/hooks/{name}"
    file = repository.disk.tree.files.get(path)
    if file is None or not file.mode & EXECUTE:
        return None
    outcome = call.within(f"cd {quote(repository.top)} && {quote(path)}", "", "")
    return Result(outcome.out, outcome.err, outcome.code) if outcome.code else None


def content(repository: Repository, names: list[str], before: str, own: str) -> tuple[str, tuple[str, ...]]:
    """What commits bring that was not there before, and the paths it was read from.

    Args:
        own: how the account is called where it commits; another name is told too.
    """
    texts: list[str] = []
    paths: dict[str, None] = {}
    known = {name for _, name in repository.committed(before).values()}
    for each in reversed(names):
        made = repository.commit(each)
        texts += [made.message, *([] if made.author == own else [made.author])] if made else []
        for path, (_, name) in sorted(repository.committed(each).items()):
            if name not in known:
                known.add(name)
                texts += [path, repository.object(name)]
                paths[f"{repository.top}/{path}"] = None
    return "\n".join(texts), tuple(paths)


def sent_to(call: Call, url: str, text: str, paths: tuple[str, ...]) -> str:
    """Commits go to an address; or what is said instead."""
    found = URL.fullmatch(url)
    if url.startswith("/") or not found:
        there = call.fs.exists(f"{call.path(url)}/.git") or call.fs.exists(f"{call.path(url)}/HEAD")
        return "" if there else f"fatal: '{url}' does not appear to be a git repository\n{REMOTE_TROUBLE}"
    scheme, host = found[1] or "ssh", found[3]
    if scheme == "ssh":
        arrival = arrive(call, f"{found[2]}@{host}" if found[2] else host, text, paths)
        return f"{arrival.told}{REMOTE_TROUBLE}" if arrival.told else ""
    port = int(found[4]) if found[4] else PORTS[scheme]
    trouble = why_not(call, url, host, port)
    known = any(page.startswith(f"{scheme}://{host}") for page in call.seat.server.pages)
    inside = reached(call.seat.session.company, call.seat.server, host, port).server is not None
    lets_in = not trouble and (known or inside)
    hello = f"GET /{found[5]}/info/refs?service=git-receive-pack"
    connect(call.seat, host, port, scheme, text if lets_in or trouble else hello, paths if lets_in or trouble else ())
    return trouble if trouble or lets_in else f"fatal: could not read Username for 'https://{host}': No such device or address\n"  # fmt: skip  # noqa: E501


def why_not(call: Call, url: str, host: str, port: int) -> str:
    """What is said where nobody answers, or ""."""
    outcome = reached(call.seat.session.company, call.seat.server, host, port).outcome
    why = {
        "unresolved": f"Could not resolve host: {host}",
        "timed_out": f"Failed to connect to {host} port {port} after 134000 ms: Couldn't connect to server",
        "refused": f"Failed to connect to {host} port {port} after 1 ms: Couldn't connect to server",
    }.get(outcome, "")
    return f"fatal: unable to access '{url}': {why}\n" if why else ""


def cloned(call: Call, verb: str) -> Result:
    """A copy of a repository that lies on this server; others are asked, and have nothing for us."""
    words = [each for each in call.argv if not each.startswith("-")]
    if not words:
        return Result("", "fatal: You must specify a repository to clone.\n", 128)
    url, name = words[0], words[0].rstrip("/").rpartition("/")[2].removesuffix(".git")
    target = call.path(words[1] if len(words) > 1 else name)
    head = "" if verb == "ls-remote" else f"Cloning into '{words[1] if len(words) > 1 else name}'...\n"
    source = call.path(url)
    if call.fs.exists(f"{source}/.git") and verb == "clone":
        return copied(call, Repository(call.fs, call.disk, source), target, head)
    found = URL.fullmatch(url)
    if url.startswith(("/", ".")) or not found:
        return Result("", f"fatal: repository '{url}' does not exist\n", 128)
    asked, scheme, host = f"git {verb} {url}", found[1] or "ssh", found[3]
    if scheme == "ssh":
        arrival = arrive(call, f"{found[2]}@{host}" if found[2] else host, asked)
        told = arrival.told or f"fatal: '{found[5]}' does not appear to be a git repository\n"
        return Result("", f"{head}{told}{REMOTE_TROUBLE}", 128)
    port = int(found[4]) if found[4] else PORTS[scheme]
    connect(call.seat, host, port, scheme, asked)
    told = why_not(call, url, host, port) or f"fatal: repository '{url}' not found\n"
    return Result("", f"{head}{told}", 128)


def copied(call: Call, source: Repository, target: str, head: str) -> Result:
    """A repository stands a second time."""
    if call.fs.exists(target):
        return Result("", f"fatal: destination path '{target}' already exists and is not an empty directory.\n", 128)
    call.fs.mkdir(target, True)
    there = Repository(call.fs, call.disk, target)
    for path in sorted(call.disk.tree.files):
        if path.startswith(f"{source.top}/.git/") and call.disk.tree.files[path].sort == "file":
            there.write(path[len(f"{source.top}/.git/") :], call.fs.read_file(path).decode("utf-8", "replace"))
    there.write(CONFIG, config_text({"origin": source.top}, source.branch))
    there.write(f"refs/remotes/origin/{source.branch}", f"{source.last}\n")
    there.lay({}, source.committed(source.last))
    return Result("", f"{head}done.\n")


def branch(call: Call, repository: Repository) -> Result:
    words = [each for each in call.argv if not each.startswith("-")]
    prefix = f"{repository.top}/.git/refs/heads/"
    known = [path[len(prefix) :] for path in sorted(call.disk.tree.files) if path.startswith(prefix)]
    if "--show-current" in call.argv:
        return Result(f"{repository.branch}\n")
    if not words:
        return Result("".join(f"{'*' if each == repository.branch else ' '} {each}\n" for each in known))
    if {"-d", "-D"} & set(call.argv):
        if words[0] not in known:
            return Result("", f"error: branch '{words[0]}' not found.\n", 1)
        call.fs.remove(f"{prefix}{words[0]}")
        return Result(f"Deleted branch {words[0]}.\n")
    if words[0] in known:
        return Result("", f"fatal: A branch named '{words[0]}' already exists.\n", 128)
    repository.write(f"refs/heads/{words[0]}", f"{repository.last}\n")
    return Result()


def checkout(call: Call, repository: Repository) -> Result:
    """Another branch, or files as they were committed."""
    words = [each for each in call.argv if not each.startswith("-") or each == "--"]
    if {"-b", "-c", "-B"} & set(call.argv) and words:
        repository.write(f"refs/heads/{words[0]}", f"{repository.last}\n")
        repository.write("HEAD", f"ref: refs/heads/{words[0]}\n")
        return Result("", f"Switched to a new branch '{words[0]}'\n")
    if words and (tip := repository.ref(f"refs/heads/{words[0]}")) and "--" not in words:
        repository.write("HEAD", f"ref: refs/heads/{words[0]}\n")
        repository.lay(repository.staged(), repository.committed(tip))
        return Result("", f"Switched to branch '{words[0]}'\n")
    return restored(call, repository, [each for each in words if each != "--"])


def restored(call: Call, repository: Repository, words: list[str]) -> Result:
    """Files as they are staged or were committed."""
    commit = repository.meant(words[0]) if len(words) > 1 else ""
    source = repository.committed(commit) if commit else repository.staged()
    for word in words[1:] if commit else words:
        path = call.path(word).removeprefix(repository.top).strip("/")
        chosen = [each for each in source if not path or each == path or each.startswith(f"{path}/")]
        if not chosen:
            return Result("", f"error: pathspec '{word}' did not match any file(s) known to git\n", 1)
        for each in chosen:
            call.fs.write_file(f"{repository.top}/{each}", repository.object(source[each][1]).encode())
    return Result("", f"Updated {len(words)} path from the index\n" if words else "")
