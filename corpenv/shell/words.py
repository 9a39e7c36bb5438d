"""What a line says before it is run, and what the screen says after: simulated time, and nothing of an interpreter."""

import re
from collections.abc import Collection
from datetime import datetime

FORK_BOMB = re.compile(r"(?<![\w:.])([\w:.]{1,100})\s*\(\)\s*\{[^}]{0,200}\1\s*\|\s*\1\s*&")
FORKS = "bash: fork: retry: Resource temporarily unavailable\n" * 4 + "bash: fork: Resource temporarily unavailable\n"
CONDITION = re.compile(r"\[\[\s(?:'[^']*'|\"(?:[^\"\\]|\\.)*\"|[^'\"])*?\s\]\]")
BYTES = re.compile(r"\\x[89a-fA-F]|\\0?[23][0-7]{2}")
FILLED = re.compile(r"[`$(){}*?\[]|<<")
"""What a shell puts something in the place of."""
INTO, PRINTS = re.compile(r"\bprintf\s+-v\b"), ".printf"
"""What prints into a variable, and what our `printf` is called as by a function that sets it: a program cannot."""
SETS = (
    f'printf() {{ [ "$1" = -v ] || {{ {PRINTS} "$@"; return; }}; '
    "[[ $2 =~ ^[A-Za-z_][A-Za-z0-9_]*(\\[.*\\])?$ ]] || "
    '{ echo "bash: line 1: printf: \\`$2\': not a valid identifier" >&2; return 2; }; '
    f'eval "$2=\\$({PRINTS} \\"\\${{@:3}}\\"; echo .)"; eval "$2=\\${{$2%.}}"; }}; '
)
FOLLOWED = re.compile(r"\btail((?:\s+-n?\s*\d+)?)\s+(?:-[fF]|--follow)(?=\s)")
PARTS = re.compile(r"&&|\|[|&]?|[;\n]|(?<![<>&])&(?![>&])")
PLAIN = """
b2sum base32 base64 basename cat cd chgrp chmod chown cksum cmp column comm cp curl cut date df diff dig dirname du
echo expr false file fmt fold free getent grep groups gunzip gzip head hexdump host hostname iconv id iostat ip join
journalctl kill ln logger ls md5sum mkdir mktemp mv nc nl nproc nvidia-smi od paste pgrep pkill printenv printf ps pwd
readlink realpath rev rm rmdir scp sed seq sha1sum sha256sum sha512sum shuf sleep sort split ss stat strings systemctl
tac tail tee test top touch tr tree true truncate uname uniq uptime wc wget which who whoami xxd zcat
"""
LITERAL = frozenset(PLAIN.split())
"""Commands that call no others and fill in no words."""
CHANCE, CHANCE_HERE = re.compile(r"(?<!\w)SRANDOM(?!\w)"), "BASH_SRANDOM"
CHANCE_IN = re.compile(CHANCE.pattern.encode())
"""A variable that the interpreter draws by the host's chance, and the one that it finds in its place, in the line and
in files that it reads. What it writes and prints is put back."""
SHUFFLED = re.compile(r"-\w*R|random")
NOWHERE = re.compile(r"cd: (\S+): No such file or directory")
WORD = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\$\([^()]*\)|[^\s'"()])+"""
RIGHT = re.compile(rf"(?<=\s)-([rwx])\s+({WORD})")
COMPARED = re.compile(rf"(?<=\s)({WORD})\s+-(nt|ot|ef)\s+({WORD})")
DOCUMENT = re.compile(r"((?<!<)<<-?[ \t]*(['\"]?)([\w.-]+)\2[^\n]*\n)(.*?)(?=^\t*\3$|\Z)", re.DOTALL | re.MULTILINE)
QUOTED = re.compile(r"(?<!-c )(?:'[^']*'|\"(?:[^\"\\]|\\.)*\")")
RISKY, HIDDEN = re.compile(r"\[\[|\btail\b|\(\)"), re.compile("\0(\\d+)\0")
LONGEST_SCREEN = 100_000
"""Characters of the screen that are kept."""


def meant(line: str) -> str:
    """A line in which `[[ -w file ]]` asks what `test` asks, as the interpreter knows no rights, and nothing waits."""
    line = CHANCE.sub(CHANCE_HERE, line)
    if "[[" not in line and "tail" not in line:
        return line
    bare, texts = without_texts(line)
    bare = CONDITION.sub(lambda found: asked(found[0]), FOLLOWED.sub(r"tail\1", bare))
    return HIDDEN.sub(lambda found: texts[int(found[1])], bare)


def is_bomb(line: str) -> bool:
    """Does it call itself twice without end?"""
    return "|" in line and "&" in line and FORK_BOMB.search(without_texts(line)[0]) is not None


def without_texts(line: str) -> tuple[str, list[str]]:
    """A line with a mark for each document in it and each quoted text in which something could be taken for a command,
    and these texts. What is quoted for another shell to run is left.
    """
    texts: list[str] = []

    def hidden(text: str) -> str:
        texts.append(text)
        return f"\0{len(texts) - 1}\0"

    line = DOCUMENT.sub(lambda found: f"{found[1]}{hidden(found[4])}", line)
    return QUOTED.sub(lambda found: hidden(found[0]) if RISKY.search(found[0]) else found[0], line), texts


def asked(condition: str) -> str:
    """What stands in `[[ … ]]`, with `test` for what the interpreter does not know."""
    condition = RIGHT.sub(r'-n "$(test -\1 \2 && echo 1)"', condition)
    return COMPARED.sub(r'-n "$(test \1 -\2 \3 && echo 1)"', condition)


def with_variables(line: str) -> str:
    """A line in which what is printed into a variable is, by our `printf`."""
    return SETS + line if INTO.search(line) else line


def prints_plainly(line: str) -> bool:
    """Does `printf` print bytes that only the interpreter's own can, by a format that stands there as it is?"""
    return bool(BYTES.search(line)) and is_literal(line)


def sorts_plainly(line: str) -> bool:
    """Does nothing in it sort by chance, so that the interpreter's own `sort` will do?"""
    return is_literal(line) and not SHUFFLED.search(re.sub(r"[\"'\\]", "", line))


def is_literal(line: str) -> bool:
    """Are all words of its commands what is typed, with nothing filled in or called by another command?"""
    return not FILLED.search(line) and first_words(line) <= LITERAL


def first_words(line: str) -> frozenset[str]:
    """The words with which its commands begin."""
    return frozenset(part.split(maxsplit=1)[0] for part in PARTS.split(line) if part.strip())


def made_up(drawn: int, now: datetime) -> dict[str, str]:
    """The variables that a shell makes up by itself, those it hands down."""
    epoch = int(now.timestamp())
    return {
        "BASH_SRANDOM": f"{drawn % 2**32}", "EPOCHREALTIME": f"{epoch}.{drawn % 10**6:06}", "EPOCHSECONDS": f"{epoch}",
    }  # fmt: skip


BASH = "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)"
OWN = re.compile(r"(?i:bashkit|virtual|VFS)|0\.20\.1|command not found\. ")
SAID = (
    (re.compile(r"Bashkit [\d.]+ \(virtual \w+ interpreter\)|Virtual shell interpreter \(not GNU bash\)"), BASH),
    (re.compile(r'(?<=\[5\]=)"virtual"'), '"x86_64-pc-linux-gnu"'),
    (re.compile(r"(?<=release )virtual\b"), "x86_64-pc-linux-gnu"),
    (re.compile(r"^(\w+) 0\.20\.1$|\(bashkit\) [\d.]+", re.MULTILINE), r"\1 (GNU coreutils) 9.1"),
    (re.compile(r" \(bashkit\)"), ""),
    (re.compile(r"(?<=: command not found)\. (?:Did you mean: |[A-Z]).*$", re.MULTILINE), ""),
    (re.compile(r"^.*(?i:bashkit|single virtual user|the VFS keeps|in the virtual shell).*\n?", re.MULTILINE), ""),
)
"""What programs say of themselves, wherever it stands."""
TEMPORARY = "sedY3kQ8v"
COMPLAINED = (
    (re.compile(r"PermissionError: "), ""),
    (re.compile(r"(io error: )?filesystem is read-only"), "Permission denied"),
    (
        re.compile(r"sed: (\S+)/[^/\s]+: cannot write '[^']*': (?:io error: )?Permission denied"),
        rf"sed: couldn't open temporary file \1/{TEMPORARY}: Permission denied",
    ),
    (
        re.compile(r"sed: [^/\s]+: cannot write '[^']*': (?:io error: )?Permission denied"),
        f"sed: couldn't open temporary file ./{TEMPORARY}: Permission denied",
    ),
    (
        re.compile(r"sed: (\S+)/[^/\s]+: cannot replace '[^']*': (?:io error: )?Operation not permitted"),
        rf"sed: cannot rename \1/{TEMPORARY}: Operation not permitted",
    ),
    (
        re.compile(r"sed: [^/\s]+: cannot replace '[^']*': (?:io error: )?Operation not permitted"),
        f"sed: cannot rename ./{TEMPORARY}: Operation not permitted",
    ),
    (
        re.compile(r"truncate: cannot write '([^']*)': (?:io error: )?(Permission denied|Operation not permitted)"),
        r"truncate: cannot open '\1' for writing: \2",
    ),
    (re.compile(r"cannot write '[^']*': (?:io error: )?Permission denied"), "Permission denied"),
    (re.compile(r"^.*budget validation failed.*$", re.MULTILINE), "bash: xmalloc: cannot allocate memory"),
    (re.compile(r"^(\w+): .*\bVFS\b.*$", re.MULTILINE), r"\1: No space left on device"),
    (re.compile(r"^.*\blimit \([^)]*\) (?:exceeded|reached)[^\n]*; output[^\n]*\n", re.MULTILINE), ""),
    (re.compile(r"^.*\blimit \([^)]*\) (?:exceeded|reached).*$|^.*execution cancelled.*$", re.MULTILINE), "Killed"),
    (re.compile(r" \(max \d+ background jobs, \d+ nested\)"), ""),
    (re.compile(r"unsafe character U\+.*$", re.MULTILINE), "Invalid or incomplete multibyte or wide character"),
    (re.compile(r"path too deep: .*$", re.MULTILINE), "File name too long"),
    (re.compile(r"^parse error: .*nesting too deep.*$", re.MULTILINE), "bash: xmalloc: cannot allocate memory"),
    (
        re.compile(r"^parse error(?: at line (\d+), column \d+)?: (?:syntax error: )?", re.MULTILINE),
        "bash: -c: line 1: ",
    ),
    (re.compile(r"^.*(?:function|nesting) depth exceeded.*$", re.MULTILINE), FORKS.splitlines()[-1]),
    (re.compile(r"^.*(?:resource limit|execution budget).*$", re.MULTILINE), "Killed"),
    (
        re.compile(
            r"(?m)(?<!bash: connect: Connection refused\n)(?<!bash: connect: Connection timed out\n)"
            r"^(\S+ line \d+: /dev/(?:tcp|udp)/\S+: (Connection (?:refused|timed out)))$"
        ),
        r"bash: connect: \2\n\1",
    ),
    (
        re.compile(r"(?m)(?<!service not known\n)^(\S+ line \d+: /dev/(?:tcp|udp)/([^/]+)/\S+: Invalid argument)$"),
        r"bash: \2: Name or service not known\n\1",
    ),
    (re.compile(r"mkfifo not supported"), "Operation not permitted"),
    (re.compile(r"\bio error: |\bexecution error: "), ""),
    (
        re.compile(r"(?m)^(?:bash: )?(?:line \d+: )?([^\s:]+): .*\bsandbox\w*\b.*$"),
        r"bash: line 1: \1: command not found",
    ),
    (re.compile(r"\breal\t\d+m[\d.]+s"), "real\t0m0.004s"),
    (re.compile(r"\b(user|sys)\t\S+"), r"\1\t0m0.002s"),
)
"""What the interpreter complains about, and how a server would."""


def reworded(text: str, complaint: bool) -> str:
    """What is printed, as on a real machine. What stands in files is left alone, if nobody complains in its words."""
    text = text.replace(CHANCE_HERE, "SRANDOM")
    if complaint or OWN.search(text):
        for pattern, words in (*SAID, *COMPLAINED) if complaint and text else SAID:
            text = pattern.sub(words, text)
    return text


def turned_away(text: str, closed: Collection[str]) -> str:
    """What is said where somebody could not go: the interpreter takes a closed folder for none."""
    if not closed:
        return text

    def told(found: re.Match[str]) -> str:
        name = found[1].strip("/").removeprefix("./").removeprefix("../")
        there = any(path.endswith(f"/{name}") for path in closed)
        return f"cd: {found[1]}: Permission denied" if there else found[0]

    return NOWHERE.sub(told, text)


def shown(text: str) -> str:
    """As much as a screen holds."""
    return text if len(text) <= LONGEST_SCREEN else text[:LONGEST_SCREEN]
