"""Command lines that nobody wrote: pieces of shell put together by drawn numbers. Run as a program, it plays them.

`python generated.py planned.py count` plays that many on the log server, each on the company as it began, with the lines
of the realism cases before them, and prints a digest of every answer and its events.
"""
# ruff: noqa: E501 (a shape of a line stands on one)

import gc
import hashlib
import json
import sys
from pathlib import Path
from runpy import run_path

from corpenv.names import draw

FILES = (
    "notes.txt", "count.sh", "/srv/data/orders.csv", "/etc/plan/limits.yaml", "/etc/plan/token", "/etc/passwd", "/nope",
    "/var/log/syslog", "a", "b/c", "'x y'", "/tmp/t", "/srv/drop/d", "~/n", "/etc/plan/checker.conf", "/root/plan.txt",
    "*.txt", "/etc/*", "$f", "../desk/notes.txt", "/usr/bin/ls", "/dev/null", "/proc/uptime",
)  # fmt: skip
SOURCES = (
    "cat {0}", "ls -la {0}", "echo {1}", "ps aux", "head -n {2} {0}", "grep -n {1} {0}", "find {0} -type f", "date +%F-%s",
    "find {0} -mmin -{2}000 -print", "stat -c '%n %y %a' {0}", "sed 's/a/{1}/' {0}", "awk '{{print NR, $1, systime()}}' {0}",
    "printf '%s %(%H)T\\n' {1} -1", "seq {2}", "env", "wc -c {0}", "sort -R {0}", "shuf -i 1-{2}", "uptime", "df -h",
    "head -c {2} /dev/urandom | xxd -p", "echo $RANDOM $SRANDOM $EPOCHSECONDS $EPOCHREALTIME $SECONDS", "id", "tac {0}",
    "ls -t /etc /srv/data", "du -a {0}", "who", "jq -n '[{2}, now]'", "openssl rand -hex {2}", "mktemp", "uuidgen",
    "journalctl -n {2}", "systemctl status audit", "crontab -l", "ss -tln", "curl -s http://mirror.example/{1}", "history",
    "test -w {0} && echo w", "[ {0} -nt notes.txt ] && echo newer", "time true", "base64 {0}", "diff {0} notes.txt",
    "cut -d, -f{2} {0}", "md5sum {0}", "pwd", "sudo -l", "ssh job-1 date", "git status", "python3 -c 'print(1)'", "pr {0}",
    "od -c {0}", "nl {0}", "basename {0}", "realpath {0}", "tree /srv", "cat /proc/sys/kernel/random/uuid", "xargs -n1 echo",
)  # fmt: skip
FILTERS = (
    "wc -l", "head -{2}", "tail -n {2}", "sort -u", "grep -c {1}", "tr a-z A-Z", "rev", "cut -c1-{2}", "tee {0}", "uniq -c",
    "sed -n '{2}p'", "awk '{{print length($0)}}'", "xargs echo", "base64", "sha256sum", "gzip -c | zcat", "fold -w {2}", "cat",
)  # fmt: skip
CHANGES = (
    "echo {1} > {0}", "echo {1} >> {0}", "cp {0} {3}", "mv {0} {3}", "rm -rf {0}", "mkdir -p {0}", "touch {0}", "ln -s {0} {3}",
    "chmod {2}44 {0}", "sed -i s/a/{1}/ {0}", "tar czf {0} {3}", "gzip {0}", "truncate -s {2} {0}", "install -m 600 {0} {3}",
    "dd if={0} of={3}", "tee {0} < {3}", "cd {0}", "f={0}", "export A={1}", "chown dele {0}", "patch {0} < {3}",
    "split -l {2} {0}", "rmdir {0}", "scp {0} job-1:", "kill {2}131", "echo '0 * * * * {1}' | crontab -", "logger {1}",
)  # fmt: skip
WORDS = ("oil", "x", "3.10", "plan", "a b", "ÿé", "-n", "%s", "rail", "0")
SHAPES = (
    "{a}", "{a} | {p}", "{a} | {p} | {q}", "{c}; {a}", "{c}; {d}; {a}", "{c} && {a} || echo no", "for f in {f} {g}; do {a}; done",
    "if {a} >/dev/null 2>&1; then {c}; else {d}; fi; ls", "x=$({a}); echo \"$x\" | {p}", "while read f; do {c}; done < {f}; {a}",
    "f() {{ {a}; {c}; }}; f {f} | {p}", "({c}; {a}) 2>&1 | {p}", "{a} > {f}; {b} < {f}; cat {f}", "bash -c '{s}'; {a}",
    "{a} & {b}; wait", "cat <<E | {p}\n$(echo {w})\nE\n{c}", "timeout 5 {a}; echo $?", "env B=1 {a}", "[[ -r {f} ]] && {a}",
    "case {w} in o*) {a};; *) {b};; esac", "for i in 1 2 3; do {c}; done; {a}", "find . -name '*t' -exec {e} {{}} \\;; {c}",
)  # fmt: skip


def lines(count: int) -> list[str]:
    """That many lines, always the same."""
    return [line(number) for number in range(count)]


def line(number: int) -> str:
    """One line."""
    taken = 0

    def one(of: tuple[str, ...]) -> str:
        nonlocal taken
        taken += 1
        return of[draw(0, "generated", str(number), str(taken)) % len(of)]

    def filled(of: tuple[str, ...]) -> str:
        return one(of).format(one(FILES), one(WORDS), one(tuple("1234567")), one(FILES))

    return one(SHAPES).format(
        a=filled(SOURCES), b=filled(SOURCES), c=filled(CHANGES), d=filled(CHANGES), p=filled(FILTERS), q=filled(FILTERS),
        f=one(FILES), g=one(FILES), w=one(WORDS), s=filled(SOURCES).replace("'", '"'), e=one(("cat", "wc -c", "ls -l", "rm")),
    )  # fmt: skip


def played(planned: str, count: int) -> list[str]:
    """A digest for each line: what it printed, its exit code, where it stood, and its events."""
    from corpenv.shell import Seat, Session
    from corpenv.shell.bash import BashShell
    from corpenv.yamlfile import read

    company = started(planned)
    host = company.world.servers["log-1"]
    cases = read(Path(__file__).with_name("realism.yaml"), "realism.yaml").value
    every = [(case["as"], case["run"]) for case in cases] + [("desk", each) for each in lines(count)]
    digests = []
    for who, each in every:
        session, login = Session(company, "desk"), host.logins[who]
        outcome = BashShell().run(Seat(session, host, login), each, login.home)
        digests.append(digest(outcome, session.events))
    return digests


def digest(outcome, events) -> str:
    """What a line printed, its exit code, where it stood and its events, in short."""
    from corpenv.record import encode

    told = [*map(str, outcome), *(encode(event).decode() for event in events)]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def started(planned: str):
    """The bindery at the start, with its servers; `planned` is the file that says which."""
    from corpenv.env import CompanyEnv

    env = CompanyEnv("corpenv/Mini-v0", {"tier": "P4"}, run_path(planned)["planned"]())
    env.reset(seed=7)
    return env.company


if __name__ == "__main__":
    gc.disable()  # little of what is made here is garbage
    print(json.dumps(played(sys.argv[1], int(sys.argv[2]))))
