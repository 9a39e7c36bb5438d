"""What git keeps of a folder: commits, trees and contents, as files below `.git`.

A repository is nothing but files of a server, so that it is copied, taken away and looked at like any other. Objects
have the names that git gives them, of their own content; how they are packed is simpler than git's way.
"""

import json
from hashlib import sha1
from typing import NamedTuple

from corpenv.company.text import Spans, Text, constant

HEAD, CONFIG, INDEX = "HEAD", "config", "index"


class Commit(NamedTuple):
    """A commit: id of its tree, ids of what it stands on, who made it, when (seconds since 1970), and why."""

    tree: str
    parents: tuple[str, ...]
    author: str
    at: int
    message: str

    def text(self) -> str:
        """As it is kept."""
        parents = "".join(f"parent {each}\n" for each in self.parents)
        who = f"{self.author} {self.at} +0000"
        return f"tree {self.tree}\n{parents}author {who}\ncommitter {who}\n\n{self.message}\n"


def named(sort: str, content: str) -> str:
    """The name of an object of a sort (`blob`, `tree`, `commit`)."""
    data = content.encode()
    return sha1(f"{sort} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def place_of(name: str) -> str:
    """Where an object stands below `.git`."""
    return f"objects/{name[:2]}/{name[2:]}"


def blob_name(text: Text) -> str:
    """The name of a content; of a drawn one, of what does not change with the draw."""
    return named("blob", text if isinstance(text, str) else constant(text))


def kept(sort: str, content: Text) -> Text:
    """What stands in the file of an object."""
    head = f"{sort}\n"
    return Spans((head, *content.parts)) if isinstance(content, Spans) else head + content


def tree_text(entries: dict[str, tuple[int, str]]) -> str:
    """A tree as it is kept: mode, name of the content, path."""
    return "".join(f"{mode:o} {name} {path}\n" for path, (mode, name) in sorted(entries.items()))


def tree_of(text: str) -> dict[str, tuple[int, str]]:
    """Path → mode and name of the content."""
    rows = (line.split(" ", 2) for line in text.splitlines())
    return {words[2]: (int(words[0], 8), words[1]) for words in rows if len(words) == 3}


def commit_of(text: str) -> Commit | None:
    """A commit as it was kept; None if it is none."""
    head, _, message = text.partition("\n\n")
    lines = [line.partition(" ")[::2] for line in head.splitlines()]
    known = dict(lines)
    author, _, at = known.get("author", "").removesuffix(" +0000").rpartition(" ")
    if "tree" not in known or not at.isdigit():
        return None
    parents = tuple(value for key, value in lines if key == "parent")
    return Commit(known["tree"], parents, author, int(at), message.rstrip("\n"))


def config_text(remotes: dict[str, str], branch: str) -> str:
    """The settings of a repository."""
    text = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
    for name, url in remotes.items():
        text += f'[remote "{name}"]\n\turl = {url}\n\tfetch = +refs/heads/*:refs/remotes/{name}/*\n'
        text += f'[branch "{branch}"]\n\tremote = {name}\n\tmerge = refs/heads/{branch}\n'
    return text


def index_text(entries: dict[str, tuple[int, str]]) -> str:
    """What is staged."""
    return json.dumps({path: [mode, name] for path, (mode, name) in sorted(entries.items())}) + "\n"


def index_of(text: str) -> dict[str, tuple[int, str]]:
    """What is staged, as it was kept; nothing if somebody spoiled it."""
    try:
        return {str(path): (int(mode), str(name)) for path, (mode, name) in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def first_files(
    files: dict[str, tuple[int, Text]], remote: str, branch: str, author: str, commits: list[tuple[int, str]]
) -> dict[str, Text]:
    """What stands below `.git` where some files were committed, with a history that ends with them.

    Args:
        files: path in the folder → mode and content.
        commits: when and why, oldest first.
    """
    entries = {path: (mode, blob_name(text)) for path, (mode, text) in files.items()}
    tree = tree_text(entries)
    made: dict[str, Text] = {place_of(blob_name(text)): kept("blob", text) for _, text in files.values()}
    made[place_of(named("tree", tree))] = kept("tree", tree)
    last = ""
    for at, message in commits:
        text = Commit(named("tree", tree), (last,) if last else (), author, at, message).text()
        last = named("commit", text)
        made[place_of(last)] = kept("commit", text)
    made |= {HEAD: f"ref: refs/heads/{branch}\n", CONFIG: config_text({"origin": remote} if remote else {}, branch)}
    made |= {INDEX: index_text(entries), f"refs/heads/{branch}": f"{last}\n"}
    return made | ({f"refs/remotes/origin/{branch}": f"{last}\n"} if remote else {})
