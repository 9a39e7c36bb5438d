"""What a line says before it is run, and what the screen says after: simulated time, and nothing of an interpreter."""

import re
from datetime import datetime

ABSOLUTE_TIME = re.compile(r"-(newer\w*|[mac]min|[mac]time)\b|-(nt|ot)\b")
"""What asks for the age of files."""
FORK_BOMB = re.compile(r"([\w:.]+)\s*\(\)\s*\{[^}]*\1\s*\|\s*\1\s*&")
FORKS = "bash: fork: retry: Resource temporarily unavailable\n" * 4 + "bash: fork: Resource temporarily unavailable\n"
PRINTED_TIME = re.compile(r"%\(([^)]*)\)T")
AWK_TIME = re.compile(r"\bsystime\(\)")
AWK_FORMAT = re.compile(r"""\bstrftime\(\s*("(?:[^"\\]|\\.)*")\s*\)""")
AWK_SEED = re.compile(r"\bsrand\(\s*(systime\(\))?\s*\)")
JQ_NOW = re.compile(r"\bnow\b")
NEWER_THAN = re.compile(r"""-newermt\s+(?:'([^']*)'|"([^"]*)"|(\S+))""")
NUMBER_OF_USER = re.compile(r"('[^']*')|\$(?:E?UID\b|\{E?UID\})")
LONGEST_SCREEN = 100_000
"""Characters of the screen that are kept."""


def asks_for_age(line: str) -> bool:
    """Does a line look at when files were changed?"""
    return bool(ABSOLUTE_TIME.search(line))


def with_clock(line: str, now: datetime) -> str:
    """A line in which programs that read a clock by themselves read the simulated one."""
    epoch = str(int(now.timestamp()))
    line = PRINTED_TIME.sub(lambda found: now.strftime((found[1] or "%H:%M:%S").replace("%s", epoch)), line)
    line = AWK_SEED.sub(f"srand({epoch})", line)
    line = AWK_TIME.sub(epoch, line)
    line = AWK_FORMAT.sub(lambda found: f"strftime({found[1]}, {epoch})", line)
    line = NEWER_THAN.sub(lambda found: newer_than(found[1] or found[2] or found[3] or "", now, found[0]), line)
    head, jq, tail = line.partition("jq")
    return head + jq + JQ_NOW.sub(epoch, tail)


def newer_than(written: str, now: datetime, otherwise: str) -> str:
    """What asks for files newer than a date, as an age."""
    try:
        then = datetime.fromisoformat(written)
    except ValueError:
        return otherwise
    return f"-mmin -{max(0, int((now - then.replace(tzinfo=now.tzinfo)).total_seconds()) // 60)}"


def quoted(text: str, uid: int, inner: bool) -> str:
    """What stands in single quotes."""
    return re.sub(r"\$E?UID\b", str(uid), text) if inner else text


def with_variables(line: str, drawn: int, uid: int, now: datetime, inner: bool) -> str:
    """A line after variables that a shell makes up by itself; they stay on its first line.

    Args:
        inner: what stands in quotes is meant for this shell too, not for one that it calls.
    """
    line = NUMBER_OF_USER.sub(lambda found: str(uid) if not found[1] else quoted(found[1], uid, inner), line)
    made = f"RANDOM={drawn % 32768} SRANDOM={drawn % 2**32} EPOCHSECONDS={int(now.timestamp())}"
    return f"{made}; {line}" if any(name in line for name in ("RANDOM", "EPOCHSECONDS")) else line


BASH = "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)"
SAID = (
    (re.compile(r"Bashkit [\d.]+ \(virtual \w+ interpreter\)|Virtual shell interpreter \(not GNU bash\)"), BASH),
    (re.compile(r'(?<=\[5\]=)"virtual"'), '"x86_64-pc-linux-gnu"'),
    (re.compile(r"^(\w+) 0\.20\.1$|\(bashkit\) [\d.]+", re.MULTILINE), r"\1 (GNU coreutils) 9.1"),
    (re.compile(r" \(bashkit\)"), ""),
    (re.compile(r"^.*(?i:bashkit|single virtual user|the VFS keeps|in the virtual shell).*\n?", re.MULTILINE), ""),
)
"""What programs say of themselves, wherever it stands."""
COMPLAINED = (
    (re.compile(r"PermissionError: "), ""),
    (re.compile(r"(io error: )?filesystem is read-only"), "Permission denied"),
    (re.compile(r"cannot write '[^']*': Permission denied"), "Permission denied"),
    (re.compile(r"^.*budget validation failed.*$", re.MULTILINE), "bash: xmalloc: cannot allocate memory"),
    (re.compile(r"^(\w+): .*\bVFS\b.*$", re.MULTILINE), r"\1: No space left on device"),
    (re.compile(r"^.*: (output|line) limit \(\d+ \w+\) exceeded; output truncated\n", re.MULTILINE), ""),
    (re.compile(r"^.*function depth exceeded.*$", re.MULTILINE), "bash: fork: Resource temporarily unavailable"),
    (re.compile(r"^.*(?:resource limit|execution budget).*$", re.MULTILINE), "Killed"),
    (re.compile(r"mkfifo not supported"), "Operation not permitted"),
    (re.compile(r"\bio error: |\bexecution error: "), ""),
    (re.compile(r"(?m)^(?:bash: )?([^\s:]+): .*\bsandbox\w*\b.*$"), r"bash: line 1: \1: command not found"),
    (re.compile(r"\breal\t\d+m[\d.]+s"), "real\t0m0.004s"),
    (re.compile(r"\b(user|sys)\t\S+"), r"\1\t0m0.002s"),
)
"""What the interpreter complains about, and how a server would."""


def reworded(text: str, complaint: bool) -> str:
    """What is printed, as on a real machine. What stands in files is left alone, if nobody complains in its words."""
    for pattern, words in (*SAID, *COMPLAINED) if complaint else SAID:
        text = pattern.sub(words, text)
    return text


def shown(text: str) -> str:
    """As much as a screen holds."""
    return text if len(text) <= LONGEST_SCREEN else text[:LONGEST_SCREEN]
