"""Was a command of a line reached? The line is run again with a mark before the command, and the mark is there or not.

What a line says is not what runs: a command may stand behind something that fails, in a branch that is not taken, in
a function that nobody calls, in words that are printed.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.machinechanges import with_file
from corpenv.events import CommandRun, FileWritten
from corpenv.labels.scenes import Scene
from corpenv.labels.servers.commandlines import PARTS, bare, is_among, runs
from corpenv.labels.servers.lines import Line, before, line_of, rerun
from corpenv.record import Entry
from corpenv.shell.splitting import HEREDOC, Scan, end_of_pair, end_of_quote

MARK = "/tmp/.reached"
MARKED = f"touch {MARK} && "
IN_CASE = re.compile(r"(?:\bin\b|;;)\s*\(?[^\s()]+\)\s*")
"""What stands before a command of `case`."""


class Lines:
    """The lines that were run, typed ones and those that servers run later, and what they came to."""

    def __init__(self) -> None:
        self.ran: dict[str, list[tuple[Entry, Company, Line]]] = {}
        self.known: dict[tuple[str, int, str], bool] = {}

    def add(self, scene: Scene, number: int) -> None:
        """One more, whose `CommandRun` is event `number`."""
        if line := line_of(scene, number):
            self.ran.setdefault(line.run.actor, []).append((scene.entry, scene.given, line))

    def came_to(self, account: str, command: str) -> bool:
        """Was a command reached in one of somebody's lines, as it was typed or as the shell filled it in?"""
        return any(self.reached(account, number, command) for number in range(len(self.ran.get(account, ()))))

    def reached(self, account: str, number: int, command: str) -> bool:
        """Did one line come to a command? A note of the whole line is true, whatever it came to."""
        key, (entry, company, line) = (account, number, command), self.ran[account][number]
        if key not in self.known:
            whole = is_among(command, (bare(line.run.command),))
            self.known[key] = whole or was_reached(before(Scene(entry, company), line), line.run, command)
        return self.known[key]


def was_reached(company: Company, run: CommandRun, command: str) -> bool:
    """Did a line, or a script that it ran, come to a command?

    Args:
        company: as it was when the line began.
        command: as it is noted, without its prompt.
    """
    line = marked(run.command, command)
    scripted = with_marks(company, run, command)
    if line == run.command and scripted is company:
        return False
    events = rerun(scripted, replace(run, command=line))
    return any(isinstance(event, FileWritten) and event.path == MARK for event in events)


def with_marks(company: Company, run: CommandRun, command: str) -> Company:
    """The company in which the files of a server have marks before a command."""
    server, program = company.world.servers[run.server], command.split(maxsplit=1)[0]
    written = (file for (name, _), file in company.machines.files.items() if name == server.id)
    for file in (*server.files.values(), *written):
        text = company.text(file.text) if file.sort == "file" and not file.binary else ""
        if program in text and (other := marked(text, command)) != text:
            company = with_file(company, run, server.id, replace(file, text=other))
    return company


def marked(text: str, command: str) -> str:
    """A text with a mark wherever the command stands where a shell would run it, if it ever came to it."""
    for at in sorted(set(places(text, command)), reverse=True):
        text = f"{text[:at]}{MARKED}{text[at:]}"
    return text


def places(text: str, command: str, offset: int = 0) -> Iterator[int]:
    """Where a command stands in a text, in what it quotes, and in what it hands to others as a text."""
    begin = [start for start, _ in Scan(text).words] + [found.end() for found in IN_CASE.finditer(text)]
    for start in begin:
        part = PARTS.match(text, start)
        whole = text[start:].partition("\n")[0]
        if part and is_among(command, (bare(whole), *runs(part[0]))):
            yield offset + start
    for start, end in handed_over(text):
        yield from places(text[start:end].replace("\\n", " \n"), command, offset + start)  # as `printf` takes it


def handed_over(text: str) -> Iterator[tuple[int, int]]:
    """Where quoted texts, substitutions and documents begin and end, those inside others apart."""
    at, documents = 0, list[str]()
    while at < len(text):
        letter, end = text[at], 0
        if letter == "\\":
            end = at + 2
        elif letter == "#" and text[at - 1 : at] in ("", " ", "\t", "\n", ";"):
            end = (text.find("\n", at) + len(text) + 1) % (len(text) + 1)
        elif letter in "'\"`":
            end = end_of_quote(text, at)
            yield at + 1, end - 1
        elif text.startswith(("$(", "<("), at):
            end = end_of_pair(text, at + 1)
            yield at + 2, end - 1
        elif found := HEREDOC.match(text, at):
            documents.append(found[2])
            end = found.end()
        elif letter == "\n" and documents:
            last = re.compile(rf"^\t*{re.escape(documents.pop(0))}$", re.MULTILINE).search(text, at)
            end = last.start() if last else len(text)
            yield at + 1, end
        at = end or at + 1
