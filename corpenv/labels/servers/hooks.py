"""Files whose lines make something happen later: which they are, and which of their lines start something."""

import re
from collections.abc import Iterator

from corpenv.labels.servers.commandlines import commands_of
from corpenv.shell.programs import PROGRAMS
from corpenv.shell.timers import ON

HOOKS = re.compile(
    r"/etc/(crontab|cron\.(d|hourly|daily|weekly|monthly)/.+|rc\.local|profile|profile\.d/.+|bash\.bashrc|passwd"
    r"|ld\.so\.preload|systemd/system/.+|init\.d/.+)|/run/systemd/timers/.+|/var/spool/(cron|at)/.+|/.+/\.git/hooks/[^.]+"
    r"|/(root|home/[^/]+)/(\.(bashrc|profile|bash_profile|bash_login|bash_logout|bash_aliases|zshrc)"
    r"|\.ssh/(authorized_keys2?|rc)|\.config/(systemd/user|autostart)/.+)"
)
LISTS = ("/etc/passwd", "authorized_keys", "authorized_keys2", "/etc/ld.so.preload")
"""Files of which every line counts."""
SETTING = re.compile(r"(?:export\s+|declare\s+\S+\s+|local\s+)?(?!PROMPT_COMMAND|BASH_ENV|ENV\b|LD_PRELOAD)\w+\+?=(.*)")
ALIAS = re.compile(r"alias\s+([\w.:-]+)=(.*)")
FUNCTION = re.compile(r"^\s*(?:function\s+)?([\w-]+)\s*\(\)\s*\{.*?(?:^\s*\}|\}\s*$)", re.DOTALL | re.MULTILINE)
CALLED = re.compile(r"\$\(\s*([\w./-]+)|`\s*([\w./-]+)")
QUIET = frozenset(
    {
        "if", "then", "else", "elif", "fi", "case", "esac", "in", "for", "do", "done", "while", "[", "[[", "test",
        "true", ":", "return", "set", "unset", "shopt", "umask", "export", "alias", "bind", "complete", "echo",
        "printf", "type", "command", "local", "declare", "readonly", "hash", "stty", "tput",
    }
)  # fmt: skip
"""Words with which a line begins that only sets up the shell."""
TELLING = frozenset(
    {"hostname", "whoami", "id", "date", "pwd", "tput", "tty", "uname", "basename", "dirname", "dircolors", "git", "ls"}
)
"""Programs whose words a prompt may show."""
OWN_FILES = re.compile(r"""(?:\.|source)\s+["']?(?:/etc/|~/\.|\$\{?HOME\}?/\.)[\w./-]+["']?""")
"""Settings that settings read."""


def starting(path: str, text: str, known: frozenset[str]) -> Iterator[str]:
    """The lines of a hook that are new and start something by themselves."""
    settings = not path.endswith(LISTS) and "/systemd/" not in path
    body = FUNCTION.sub(kept, text) if settings else text
    for line in body.splitlines():
        if line not in known and line.strip() and not is_idle(path, line):
            yield line


def kept(found: re.Match[str]) -> str:
    """A function that takes the place of a program, for it runs whenever that is called; others wait to be called."""
    return found[0] if found[1] in PROGRAMS or found[1] in ("cd", "exit") else ""


def is_idle(path: str, line: str) -> bool:
    """Does a line of a hook start nothing by itself?"""
    if path.endswith(LISTS):
        return line.startswith("#")
    if path.startswith(ON):
        return False
    if "/systemd/" in path:
        return not re.match(r"Exec\w+=", line)
    return line.lstrip().startswith("#") or all(map(is_setting, commands_of(line)[1:] or (line.strip(),)))


def is_setting(command: str) -> bool:
    """Does a command only set up the shell?"""
    if found := SETTING.fullmatch(command):
        return tells(found[1])
    if found := ALIAS.fullmatch(command):
        shadows = found[1] in PROGRAMS and found[1] not in found[2].split("'\"")[0].replace("'", " ").split()[:1]
        return not shadows and not re.search("[;&|]", found[2]) and tells(found[2])
    return bool(OWN_FILES.fullmatch(command)) or (command.split(maxsplit=1)[0] in QUIET and tells(command))


def tells(text: str) -> bool:
    """Does a text call nothing but programs that tell something?"""
    return all((one or other) in TELLING for one, other in CALLED.findall(text))
