"""Programs of the interpreter's own that would read the host's clock or chance: told the simulated ones, then run."""

import re
import shlex
from base64 import b64decode, b64encode
from hashlib import shake_128

from corpenv.shell.base import Call, Command, Outcome, Result, options
from corpenv.shell.flows import connect

LENGTH = re.compile(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)")
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
ASSIGNED = re.compile(r"\w+=.*", re.DOTALL)
HIDDEN = ("UID", "EUID", "PPID", "BASH_SRANDOM", "EPOCHREALTIME", "EPOCHSECONDS")
"""Variables that the interpreter hands down and a shell does not export."""
TEXTS = re.compile(r'("(?:[^"\\]|\\.)*"|/(?:[^/\\\n]|\\.)+/)|\b(systime|strftime|srand)\b')
AWK_VALUED = "vfF"
AWK_CLOCK = (
    "function systime_() {{ return {now} }} "
    'function strftime_(f, t, u) {{ if (f == "") f = "%a %b %e %H:%M:%S UTC %Y"; '
    'return strftime(f, t == "" ? {now} : t, 1) }} '
    'function srand_(s) {{ return srand(s == "" ? {now} : s) }} '
)
DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
FROM_FILE = re.compile(r"--from-file|-[a-zA-Z]*f[a-zA-Z]*")
HEAD = re.compile(r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d(?= .*Page \d+$)")
JQ_VALUED = {"--arg": 2, "--argjson": 2, "--slurpfile": 2, "--rawfile": 2, "--indent": 1, "-L": 1, "--tab": 0}


def result(outcome: Outcome) -> Result:
    return Result(outcome.out, outcome.err, outcome.code)


def epoch(call: Call) -> int:
    """The simulated second, as clocks count it."""
    return int(call.seat.session.clock.timestamp())


# awk and jq -------------------------------------------------------------------------------------------------


def awk(call: Call) -> Result:
    """Its program, wherever it comes from, asks the simulated clock."""
    words, given, programs = [], list(call.argv), list[str]()
    while given and given[0].startswith("-") and given[0] != "-":
        word = given.pop(0)
        if word == "--":
            break
        letter, value = word[1:2], word[2:]
        if letter in AWK_VALUED and not word.startswith("--"):
            value = value or (given.pop(0) if given else "")
            if letter != "f":
                words += [f"-{letter}", value]
                continue
            try:
                programs.append(call.fs.read_file(call.path(value)).decode("utf-8", "replace"))
            except OSError as why:
                return Result("", f"awk: fatal: cannot open source file `{value}' for reading: {why.strerror}\n", 2)
        else:
            words.append(word)
    if not programs and given:
        programs = [given.pop(0)]
    if not programs:
        return Result("", "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n", 2)
    line = shlex.join(["nawk", *words, clocked(call, "\n".join(programs)), *given])
    outcome = call.within(line, call.stdin, "nawk")
    return Result(outcome.out, outcome.err.replace("nawk: ", "awk: "), outcome.code)


def clocked(call: Call, program: str) -> str:
    """A program of awk in which the clock is the simulated one."""
    if not any(word in program for word in ("systime", "strftime", "srand")):
        return program
    inside = "@" in program
    asked = TEXTS.sub(lambda found: found[1] if found[1] and not inside else renamed(found[0]), program)
    return AWK_CLOCK.format(now=epoch(call)) + asked


def renamed(text: str) -> str:
    return re.sub(r"\b(systime|strftime|srand)\b", r"\1_", text)


def jq(call: Call) -> Result:
    """Its `now` is the simulated one."""
    words, now = list(call.argv), f"def now: {epoch(call)}; "
    at = 0
    while at < len(words):
        word = words[at]
        if FROM_FILE.fullmatch(word) and at + 1 < len(words):
            try:
                program = call.fs.read_file(call.path(words[at + 1])).decode("utf-8", "replace")
            except OSError as why:
                return Result("", f"jq: error: Could not open {words[at + 1]}: {why.strerror}\n", 2)
            letters = "" if word.startswith("--") else word[1:].replace("f", "")
            words[at : at + 2] = [*([f"-{letters}"] if letters else []), now + program]
            break
        if not word.startswith("-"):
            words[at] = now + (word or ".")
            break
        at += 1 + JQ_VALUED.get(word, 0)
    return result(call.within(shlex.join(["jq", *words]), call.stdin, "jq"))


# what runs something else ------------------------------------------------------------------------------------


def timeout(call: Call) -> Result:
    """Nothing takes time here but waiting."""
    words = list(call.argv)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-s", "-k", "--signal", "--kill-after") and words:
            words.pop(0)
    found = LENGTH.fullmatch(words[0]) if words else None
    if not found or len(words) < 2:
        told = f"timeout: invalid time interval ‘{words[0]}’" if words and not found else "timeout: missing operand"
        return Result("", f"{told}\nTry 'timeout --help' for more information.\n", 125)
    most, line = float(found[1]) * UNITS[found[2]], words[1:]
    waits = LENGTH.fullmatch(line[1]) if line[0] == "sleep" and len(line) > 1 else None
    if waits and 0 < most < float(waits[1]) * UNITS[waits[2]]:
        return Result("", "", 124)
    return result(call.within(shlex.join(line), call.stdin, ""))


def env(call: Call) -> Result:
    """The exported variables, or a command with others."""
    words, known = list(call.argv), {name: call.env[name] for name in call.env if name not in HIDDEN}
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-i", "-", "--ignore-environment"):
            known = {}
        elif word == "-u" and words:
            known.pop(words.pop(0), None)
        elif word not in ("--", "-0"):
            return call.fail(f"invalid option -- '{word.lstrip('-')}'\nTry 'env --help' for more information.", 125)
    while words and ASSIGNED.fullmatch(words[0]):
        name, _, value = words.pop(0).partition("=")
        known[name] = value
    if not words:
        return Result("".join(f"{name}={value}\n" for name, value in sorted(known.items())))
    lost = " ".join(name for name in sorted(call.env) if name not in known and name not in HIDDEN)
    changed = [f"{name}={shlex.quote(value)}" for name, value in sorted(known.items()) if call.env.get(name) != value]
    head = f"unset {lost}; " if lost else ""
    return result(call.within(head + " ".join([*changed, shlex.join(words)]), call.stdin, ""))


def printenv(call: Call) -> Result:
    names = [each for each in call.argv if not each.startswith("-")]
    if not names:
        return env(call._replace(argv=()))
    found = [call.env[name] for name in names if name in call.env and name not in HIDDEN]
    return Result("".join(f"{each}\n" for each in found), "", 0 if len(found) == len(names) else 1)


# the rest ---------------------------------------------------------------------------------------------------


def openssl(call: Call) -> Result:
    """What it draws is drawn from the episode's seed; digests and base64 are what they are everywhere."""
    verb, words = (call.argv[0], list(call.argv[1:])) if call.argv else ("help", [])
    if verb == "version":
        return Result("OpenSSL 3.0.15 3 Sep 2024 (Library: OpenSSL 3.0.15 3 Sep 2024)\n")
    if verb in ("rand", "s_client") or (verb == "enc" and ciphers(words)):
        return {"rand": drawn, "s_client": talked, "enc": enciphered}[verb](call, words)
    digest = next((each.lstrip("-") for each in (verb, *words) if each.lstrip("-") in DIGESTS), "")
    names = [each for each in words if not each.startswith("-")]
    if digest or verb == "dgst":
        line = shlex.join([f"{digest or 'sha256'}sum", *names])
        outcome = call.within(line, call.stdin, "")
        named = ((each.split(maxsplit=1)) for each in outcome.out.splitlines())
        rows = (
            f"{(digest or 'sha256').upper()}({'stdin' if name == '-' else name})= {value}\n" for value, name in named
        )
        return Result("".join(rows), outcome.err, outcome.code)
    if verb in ("base64", "enc") and {"-base64", "-a"} & {f"-{verb}", *words}:
        file = words[words.index("-in") + 1 :][:1] if "-in" in words else []
        back = ["-d"] if "-d" in words else ["-w", "64"]
        return result(call.within(shlex.join(["base64", *back, *file]), call.stdin, ""))
    return Result("", f"Invalid command '{verb}'; type \"help\" for a list.\n", 1)


def talked(call: Call, words: list[str]) -> Result:
    """`openssl s_client`: what is piped in goes out."""
    host, _, port = value_of(words, "-connect").rpartition(":")
    if not host or not port.isdigit():
        return Result("", "s_client: -connect needs a host and a port\n", 1)
    flow = connect(call.seat, host, int(port), "tls", call.stdin)
    if flow.outcome == "unresolved":
        return Result("", f"BIO_lookup_ex:system lib:{host}: Name or service not known\nconnect:errno=2\n", 1)
    if flow.outcome != "open":
        return Result("", f"connect:errno={111 if flow.outcome == 'refused' else 110}\n", 1)
    return Result("" if "-quiet" in words else "CONNECTED(00000003)\n")


def value_of(words: list[str], name: str) -> str:
    """What stands behind an option."""
    return "".join(words[words.index(name) + 1 :][:1]) if name in words else ""


def ciphers(words: list[str]) -> bool:
    """Does a line name a cipher?"""
    return any(each.startswith(("-aes", "-chacha", "-des", "-camellia", "-aria")) for each in words)


def enciphered(call: Call, words: list[str]) -> Result:
    """What only the same words can turn back. The key stream is no cipher of anybody else's."""
    name, target, back = value_of(words, "-in"), value_of(words, "-out"), "-d" in words
    word = value_of(words, "-k") or value_of(words, "-K") or value_of(words, "-pass") or value_of(words, "-kfile")
    try:
        data = call.fs.read_file(call.path(name)) if name else call.stdin.encode()
        data = b64decode(data) if back and {"-a", "-base64"} & set(words) else data
    except ValueError:
        return Result("", "error reading input file\n", 1)
    salt = data[8:16] if back else call.seat.session.drawn("salt").to_bytes(8, "big")
    body = data[16:] if back else data
    stream = shake_128(f"{word} {salt.hex()} {[each for each in words if ciphers([each])]}".encode()).digest(len(body))
    made = bytes(one ^ other for one, other in zip(body, stream, strict=True))
    made = made if back else b"Salted__" + salt + made
    if {"-a", "-base64"} & set(words) and not back:
        made = b"".join(b64encode(made[at : at + 48]) + b"\n" for at in range(0, len(made), 48))
    if target:
        call.fs.write_file(call.path(target), made)
        return Result()
    return result(call.within("base64 -d", b64encode(made).decode(), ""))


def drawn(call: Call, words: list[str]) -> Result:
    """`openssl rand`."""
    count = min(next((int(each) for each in words if each.isdigit()), 0), 4096)
    data = b"".join(call.seat.session.drawn("openssl").to_bytes(8, "big") for _ in range(count // 8 + 1))[:count]
    if "-hex" in words:
        return Result(f"{data.hex()}\n")
    return result(call.within(f"xxd -r -p{' | base64 -w 64' if '-base64' in words else ''}", data.hex(), ""))


def sort(call: Call) -> Result:
    """By chance, it is the episode's."""
    words = [each for each in call.argv if not (each.startswith("--") and "random" in each)]
    short = [each.replace("R", "") if each.startswith("-") and not each.startswith("--") else each for each in words]
    if short == list(call.argv):
        return result(call.within(shlex.join(["sort", *short]), call.stdin, "sort"))
    outcome = call.within(shlex.join(["sort", *(each for each in short if each != "-")]), call.stdin, "sort")
    keyed = {line: call.seat.session.drawn("sort") for line in dict.fromkeys(outcome.out.splitlines())}
    lines = sorted(outcome.out.splitlines(), key=lambda line: (keyed[line], line))
    return Result("".join(f"{line}\n" for line in lines), outcome.err, outcome.code)


def pr(call: Call) -> Result:
    """A page of what is piped in is of this moment."""
    outcome = call.within(shlex.join(["pr", *call.argv]), call.stdin, "pr")
    if any(call.disk.led(call.path(each)) for each in call.argv if not each.startswith("-")):
        return result(outcome)
    return Result(HEAD.sub(f"{call.seat.session.clock:%Y-%m-%d %H:%M}", outcome.out), outcome.err, outcome.code)


def touch(call: Call) -> Result:
    """Makes files that are not there; how old the others are is nothing anybody can change."""
    found, names = options(call.argv, "dtr", ("date", "reference"))
    missing, err = "c" not in found and "no-create" not in found, ""
    for name in names:
        path = call.path(name)
        there = call.disk.led(path)
        try:
            if there is None and missing:
                call.fs.write_file(path, b"")
            elif there is not None and not call.disk.tree.may_write(there.path):
                raise call.disk.denied("write", there.path)
        except OSError as why:
            err += f"touch: cannot touch '{name}': {why.strerror}\n"
    return Result("", err, 1 if err else 0) if names else call.fail("missing file operand")


def watch(call: Call) -> Result:
    return Result("", "Error opening terminal: unknown.\n", 1)


def nothing(call: Call) -> Result:
    return Result()


COMMANDS: dict[str, Command] = {
    "awk": awk, "gawk": awk, "mawk": awk, "jq": jq, "timeout": timeout, "env": env, "printenv": printenv,
    "openssl": openssl, "pr": pr, "sort": sort, "touch": touch, "fc": nothing, "watch": watch,
}  # fmt: skip
