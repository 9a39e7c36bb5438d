"""What a command line leaves behind: processes that stay, and what they do later."""

import re
import shlex
from collections.abc import Callable, Iterable, Mapping

from corpenv.company.hosts import EXECUTE, READ, HostFile, Uses
from corpenv.company.machines import files_of, find_file, new_pid
from corpenv.company.text import constant
from corpenv.events import ProcessStarted
from corpenv.shell.base import Outcome, Seat, absolute
from corpenv.shell.binaries import program_of as program_in
from corpenv.shell.inside import machine_files
from corpenv.shell.programs import OF_OWNER, PROGRAMS
from corpenv.shell.splitting import Scan
from corpenv.shell.waiting import Bare, bare, waiting, words_of
from corpenv.shell.words import INTO

Run = Callable[[str], Outcome]
"""Runs a line now, where a command stands."""
FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
WRAPPERS = ("nohup", "setsid", "exec", "nice", "timeout", "stdbuf", "ionice", "env")
MOST_LINKS = 8
SET_USER = 0o4000
"""The bit by which a program runs as its owner."""
OF_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")
INTERPRETERS = ("python3", "python", "perl", "node", "java", "bash", "sh")
STAYING = re.compile(
    r"(tail\s+(.*\s)?-\w*[fF]|sleep\s+inf|yes\b.*>\s*/dev/null|n(et)?cat?\s+(.*\s)?-\w*l|socat\b|(top|htop)\b|cat\s*$)"
)
"""Programs that end when somebody ends them."""
AS_OTHERS = re.compile(r"(sudo(?:\s+(?:-[ugpC]\s+\S+|-[A-Za-z]+))*)\s+([^-\s].*)", re.DOTALL)
"""A command that is run as somebody else."""
ENDING = re.compile(r"[;|&\n)]")
OPENS = re.compile(r"\d*[<>]")
"""What opens a file for the shell itself, as behind `exec`."""
ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
SHEBANG = re.compile(r"#!\s*\S*?(?:env\s+)?\b(?:ba|da)?sh\b[^\n]*\n?")
BUSY, IDLE = Uses(cpu=240), Uses(memory=1)


def start(seat: Seat, text: str, folder: str, run: Run) -> Outcome | None:
    """Leave a command in the background: it stays if it waits or goes on, else it is done at once.

    Returns:
        what it printed so far.
    """
    session = seat.session
    before, session.alone = session.alone, True
    outcome = begin(seat, text, folder, run)
    session.alone = before
    return outcome


def begin(seat: Seat, text: str, folder: str, run: Run) -> Outcome | None:
    """As `start`, while nobody waits."""
    wrapped = bare(text)
    if (other := AS_OTHERS.match(wrapped.text)) and outlasts(seat, other[2], folder):
        return run(wrapped.led(f"{other[1]} bash -c {shlex.quote(f'{other[2]} &')}"))
    for place in Scan(wrapped.text).ands:
        rest = wrapped.text[place + 2 :]
        if outlasts(seat, rest, folder) or is_to_come(seat, rest, folder):
            return start_after(seat, wrapped, place, run)
    script = script_of(seat, wrapped.text, folder)
    uses = staying(seat, wrapped.text, folder)
    if uses and not Scan(script).spans:
        process(seat, without_streams(" ".join(wrapped.text.split())), uses, ends=wrapped.ends)
        return None
    wait = waiting(script or wrapped.text)
    if wait is None:
        line = text if ASSIGNED.match(text) else wrapped.led(wrapped.text)
        return run(wrapped.led(tunnel) if (tunnel := tunnelling(wrapped.text)) else line)
    after, uses = wrapped.led(wait.after), BUSY if wait.busy else IDLE
    command = f"/bin/bash {without_streams(wrapped.text)}" if script else f"bash -c {' '.join(text.split())}"
    command = command if script or wait.before or wait.after else without_streams(wrapped.text)
    process(seat, command, uses, wait.seconds, there(folder, after), wait.again)
    return run(wrapped.led(wait.before)) if wait.before else None


def outlasts(seat: Seat, text: str, folder: str) -> bool:
    """Does the last part of a command stay, wherever it is then?"""
    inner = bare(text).text
    name = inner.split()[0].rpartition("/")[2] if inner.split() else ""
    files = files_of(seat.session.company, seat.server)
    programs = (file.uses for file in files if file.uses and file.path.endswith(f"/{name}"))
    return any(programs) or staying(seat, inner, folder) is not None or waiting(inner) is not None


def is_to_come(seat: Seat, text: str, folder: str) -> bool:
    """Is the program of a command one that is not there yet?"""
    words = words_of(bare(text).text)
    return bool(words) and "/" in words[0] and not program_of(seat, text, folder)[0]


def start_after(seat: Seat, wrapped: Bare, place: int, run: Run) -> Outcome | None:
    """What comes before the last part is done now; if it went well, the rest is left in the background."""
    before = run(wrapped.led(wrapped.text[:place].strip()))
    if before.code:
        return before
    rest = start(seat, wrapped.led(wrapped.text[place + 2 :].strip()), before.folder, run)
    if rest is None:
        return before
    return rest._replace(text=before.text + rest.text, out=before.out + rest.out, err=before.err + rest.err)


def process(
    seat: Seat, command: str, uses: Uses, wakes: int = 0, does: str = "", again: bool = False, ends: int = 0
) -> int:
    """Something runs from now on; its pid."""
    session, server = seat.session, seat.server
    pid, now = new_pid(session.company, server), session.company.now
    session.do(
        ProcessStarted, server=server.id, pid=pid, account=seat.login.id, command=command, cpu=uses.cpu,
        memory=uses.memory, gpu=uses.gpu, wakes=now + (wakes or ends) if wakes or ends else 0, does=does,
        every=wakes if again else 0, service="".join(session.units[-1:]),
    )  # fmt: skip
    return pid


def there(folder: str, text: str) -> str:
    """What is done later, from where it was started."""
    return f"cd {shlex.quote(folder)}\n{text}" if text else ""


def tunnelling(text: str) -> str:
    """A tunnel that is left in the background goes there by itself; "" if it is none."""
    words = words_of(text)
    if "ssh" in words[:1] and any(re.fullmatch(r"-\w*N\w*", each) for each in words):
        return f"ssh -f {text.split(None, 1)[1]}"
    return ""


def without_streams(command: str) -> str:
    """A command as `ps` shows it: where it reads from and writes to is no part of it."""
    return re.sub(r"\s*(\d?>>?\s*&?[^\s;&|)]+|&>>?\s*[^\s;&|)]+|<\s*[^\s;&|)]+)", "", command).strip()


def program_of(seat: Seat, text: str, folder: str) -> tuple[str, list[str]]:
    """The path of the program or script a command runs, and the words after it; "" if it is no file of the server."""
    words = [at_home(seat, each) for each in words_of(text) if not re.fullmatch(r"[A-Za-z_]\w*=.*", each)]
    while words and interprets(words[0]):
        words = words[1:]
        while words and words[0].startswith("-"):
            words = words[1:]
    if not words:
        return "", []
    return found_at(seat, words[0], folder), words[1:]


def found_at(seat: Seat, name: str, folder: str) -> str:
    """The path of a program, or of a script beside which a shell stands; "" if there is none."""
    paths = (absolute(folder, name),) if "/" in name else (*(f"{each}/{name}" for each in FOLDERS), f"{folder}/{name}")
    return next((found for path in paths if (found := led_to(seat, path))), "")


def led_to(seat: Seat, path: str) -> str:
    """The path of a file, where links lead; "" if there is none."""
    company, server = seat.session.company, seat.server.id
    for _ in range(MOST_LINKS):
        found = find_file(company, server, path)
        if found is None or found.sort == "directory":
            return ""
        if found.sort == "file":
            return path
        path = absolute(path.rpartition("/")[0], company.text(found.text))
    return ""


def as_owner(seat: Seat, text: str, folder: str) -> tuple[str, str] | None:
    """As whom a program runs that runs as its owner, and what: of a shell, the line that it is given."""
    path, words = program_of(seat, text, folder)
    shell, *given = words_of(text)
    if interprets(shell):
        path, words = found_at(seat, shell, folder), given
    file = find_file(seat.session.company, seat.server.id, path) if path else None
    if file is None or not file.mode & SET_USER or file.owner == seat.login.id or not file.lets(seat.login, EXECUTE):
        return None
    name = program_in(file)
    if name in ("bash", "sh") and "-p" in words and "-c" in words[:-1]:
        return file.owner, words[words.index("-c") + 1]
    if name in ("bash", "sh", *OF_OWNER):
        return None
    return file.owner, text if name else script_of(seat, text, folder)


def interprets(word: str) -> bool:
    """Is a word the machine's own interpreter of something?"""
    folder, _, name = word.rpartition("/")
    return name in INTERPRETERS and (not folder or f"{folder}/".startswith(OF_SYSTEM))


def at_home(seat: Seat, word: str) -> str:
    """A word in which the home of the account has its path."""
    return re.sub(r"^(~|\$HOME|\$\{HOME\})(?=/|$)", seat.login.home, word)


def asks_for(files: Mapping[str, HostFile], head: str) -> bool:
    """May the first words of a command name a program that stays, or a script that leaves something behind?

    A file that is made in the same line is not there yet: then it may.
    """
    words, interpreted = ENDING.split(head, maxsplit=1)[0].split(), False
    while words and (words[0] in WRAPPERS or interprets(words[0])):
        interpreted = interpreted or words[0] not in WRAPPERS
        words = [each for each in words[1:] if not each.startswith("-") and not each.isdigit()]
    if not words or OPENS.match(words[0]):
        return interpreted  # it reads what is piped in
    known = [file for path in candidates(files, words[0].strip("'\"")) if (file := files.get(path))]
    if known:
        return any(
            file.sort == "link" or file.uses or file.mode & SET_USER or file.binary or leaves(files, text_of(file))
            for file in known
        )
    if words[0].startswith(OF_SYSTEM) and f"/usr{words[0].removeprefix('/usr')}" in machine_files() and not interpreted:
        return False
    return interpreted or "/" in words[0] or words[0].startswith("$")


def candidates(files: Mapping[str, HostFile], word: str) -> Iterable[str]:
    """Paths of what a word may name: with a folder, whatever is called so, for nobody knows yet where the line is."""
    if "/" not in word:
        return (f"{folder}/{word}" for folder in FOLDERS)
    end = f"/{word.rpartition('/')[2]}"
    return (path for path in files if path.endswith(end))


def goes_elsewhere(file: HostFile) -> bool:
    """Is a file run by something else than the shell that reads it?"""
    return file.sort == "link" or file.uses is not None or bool(file.mode & SET_USER) or file.binary


def text_of(file: HostFile) -> str:
    """What a script says, as far as it is the same under every seed."""
    return file.text if isinstance(file.text, str) else constant(file.text)


def leaves(files: Mapping[str, HostFile], text: str) -> bool:
    """Is a text a script in which something is or may be left in the background, or printed into a variable?"""
    scan = Scan(text)
    blank = any(text[start] == "$" for start, _ in scan.words)
    return bool(scan.spans) or blank or INTO.search(text) is not None or names_taker(files, text)


def names_taker(files: Mapping[str, HostFile], text: str) -> bool:
    """Does a text name a program that goes on until it is ended?"""
    names = (re.escape(path.rpartition("/")[2]) for path, file in files.items() if file.uses)
    return any(re.search(rf"(?<![\w-]){name}(?![\w-])", text) for name in names)


def staying(seat: Seat, text: str, folder: str) -> Uses | None:
    """What a program takes that goes on until it is ended; None if the command runs none."""
    if STAYING.match(text) and text.split()[0] in PROGRAMS:
        return IDLE
    path, _ = program_of(seat, text, folder)
    file = find_file(seat.session.company, seat.server.id, path) if path else None
    interpreted = any(interprets(each) for each in words_of(text)[:1])
    if file and file.uses and file.lets(seat.login, READ if interpreted else EXECUTE):
        return file.uses
    return None


def script_of(seat: Seat, text: str, folder: str) -> str:
    """The text of a shell script that a command runs, with its arguments; "" if it runs none."""
    path, arguments = program_of(seat, text, folder)
    company, first = seat.session.company, (words_of(text) or [""])[0].rpartition("/")[2]
    file = find_file(company, seat.server.id, path) if path else None
    by_shell = first in ("bash", "sh")
    if file is None or file.binary or not file.lets(seat.login, READ if by_shell else EXECUTE):
        return ""
    body = company.text(file.text)
    found = SHEBANG.match(body)
    if (body.startswith("#!") or file.uses) and not (found or by_shell):
        return ""
    given = f"set -- {shlex.join([each for each in arguments if each not in ('>', '2>&1')])}\n" if arguments else ""
    return given + body[found.end() if found else 0 :]
