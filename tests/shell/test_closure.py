"""The host's clock, chance, files, names and limits: each way to them that is known, and that it is closed."""
# ruff: noqa: E501 (a case stands on one line)

import os
import re

import pytest
from msgspec.structs import replace

from corpenv.events import FileWritten
from corpenv.shell.commands import COMMANDS
from corpenv.shell.programs import FOREIGN, PROGRAMS

EPOCH, DAY = "1930379400", "2031-03-04"
"""The simulated moment: 2031-03-04, 08:30."""

CLOCK = {
    "date": ("date +%s", EPOCH),
    "date past an alias": (r"\date +%s", EPOCH),
    "date as a command": ("command date +%s", EPOCH),
    "date through env": ("env date +%s", EPOCH),
    "date by its path": ("/bin/date +%s; /usr/bin/date +%F", f"{EPOCH}\n{DAY}"),
    "date put in the shell's place": ("exec date +%s", EPOCH),
    "date by busybox": ("busybox date", "bash: line 1: busybox: command not found"),
    "date in a shell of its own": ("bash -c 'date +%s'; sh -c 'date +%F'; eval date +%s", f"{EPOCH}\n{DAY}\n{EPOCH}"),
    "date for each of something": ("echo +%s | xargs date; find notes.txt -exec date +%F ';'", f"{EPOCH}\n{DAY}"),
    "date by a name that is put together": ("a=da; b=te; $a$b +%s; x=date; $x +%F", f"{EPOCH}\n{DAY}"),
    "date elsewhere": ("ssh job-1 date +%s", EPOCH),
    "date in a script": ("echo 'date +%s' > s; bash s; chmod +x s; ./s; . ./s", f"{EPOCH}\n{EPOCH}\n{EPOCH}"),
    "sleep": ("date +%s; sleep 0.2; date +%S", f"{EPOCH}\n00"),
    "awk's systime": ("awk 'BEGIN { print systime() }'", EPOCH),
    "awk's strftime": ("awk 'BEGIN { print strftime(\"%F\"), strftime(\"%s\", systime()) }'", f"{DAY} {EPOCH}"),
    "awk's strftime of another moment": ("awk 'BEGIN { print strftime(\"%F\", 86400) }'", "1970-01-02"),
    "awk from a file": ("echo 'BEGIN { print systime(), strftime(\"%F\") }' > p; awk -f p; gawk -f p; mawk -f p", f"{EPOCH} {DAY}\n{EPOCH} {DAY}\n{EPOCH} {DAY}"),
    "awk from a file that the line does not name": ("for i in sys time; do n=$n$i; done; echo \"BEGIN { print $n() }\" > p; awk -f p", EPOCH),
    "awk by a name in a variable": ("p='BEGIN { print systime() }'; awk \"$p\"", EPOCH),
    "awk that calls by name": ("awk 'BEGIN { f = \"systime\"; print @f() }'", EPOCH),
    "awk that asks date": ("awk 'BEGIN { \"date +%s\" | getline x; print x; system(\"date +%F\") }'", f"{EPOCH}\n{DAY}"),
    "awk in a script": ("echo \"awk 'BEGIN { print systime() }'\" > s; sh s", EPOCH),
    "another awk": ("nawk 'BEGIN { print systime() }'", "bash: line 1: nawk: command not found"),
    "jq's now": ("jq -n 'now | floor'", EPOCH),
    "jq's now as a text": ("jq -rn 'now | todate'", f"{DAY}T08:30:00Z"),
    "jq from a file": ("echo 'now | floor' > q; jq -n -f q; jq -nf q; jq --from-file q -n", f"{EPOCH}\n{EPOCH}\n{EPOCH}"),
    "jq with arguments": ("echo '{}' | jq --arg a 1 -c '[$a, (now | floor)]'", f'["1",{EPOCH}]'),
    "printf's time": ("printf '%(%s)T\\n' -1", EPOCH),
    "printf's time of nothing": ("printf '%(%F)T\\n'; printf '%(%s)T\\n' -2", f"{DAY}\n{EPOCH}"),
    "printf's time by a variable": ("f='%(%s)T'; printf \"$f\\n\" -1", EPOCH),
    "printf's time by a format that is put together": ("a='%'; b='(%s)T'; printf \"$a$b\\n\" -1", EPOCH),
    "printf into a variable": ("a='%'; b='(%s)T'; printf -v x \"$a$b\"; echo $x; printf -v 'y[1]' \"$a$b\" -1; echo ${y[1]}", f"{EPOCH}\n{EPOCH}"),
    "printf into a variable, in a script": ("a='%'; b='(%s)T'; echo \"printf -v x '$a$b'; echo \\$x\" > s; bash s; sh s; . ./s; chmod +x s; ./s", "\n".join([EPOCH] * 4)),
    "printf into a variable, further in": ("bash -c 'a=%; printf -v x \"$a(%s)T\"; echo $x'; f() { local x; printf -v x \"$1(%s)T\"; echo $x; }; f %", f"{EPOCH}\n{EPOCH}"),
    "printf of bytes and a time": ("a='%'; b='(%s)T'; printf \"$a$b\\n\\xff\" | head -1; printf '%''(%s)T\\n\\xff' | head -1", f"{EPOCH}\n{EPOCH}"),
    "printf as a command": ("command printf '%(%s)T\\n' -1; builtin printf '%(%s)T\\n'; env printf '%(%F)T\\n' -1", f"{EPOCH}\n{EPOCH}\n{DAY}"),
    "printf for each of something": ("echo -1 | xargs printf '%(%s)T\\n'", EPOCH),
    "printf in a script": ("echo 'printf \"%(%s)T\\n\" -1' > s; bash s; . ./s", f"{EPOCH}\n{EPOCH}"),
    "the shell's own clock": ("echo $EPOCHSECONDS ${EPOCHREALTIME%.*} $SECONDS", f"{EPOCH} {EPOCH} 0"),
    "the shell's own clock, further in": ("bash -c 'echo $EPOCHSECONDS'; echo 'echo $EPOCHSECONDS' > s; sh s", f"{EPOCH}\n{EPOCH}"),
    "times in listings": ("touch new; ls -l new | grep -o 'Mar.*'; stat -c %Y new", f"Mar  4 08:30 new\n{EPOCH}"),
    "the age of files in minutes": ("touch new; find . -mmin -1 -name new; find . -mmin +60 -name 'n*'; find . -mmin -60 -name 'n*'", "./new\n./notes.txt\n./new"),
    "the age of files in days": ("find . -mtime +3 -name 'n*'; find . -mtime -3 -name 'n*'", "./notes.txt"),
    "files newer than a moment": ("touch new; find . -newermt '1 minute ago' -name 'n*'; find . -newermt 2031-03-05", "./new"),
    "files newer than others": ("touch new; [ new -nt notes.txt ] && echo n; [[ notes.txt -ot new ]] && echo o; find . -newer notes.txt -name 'n*'", "n\no\n./new"),
    "how long something took": ("time true", "\nreal\t0m0.004s\nuser\t0m0.002s\nsys\t0m0.002s"),
    "a time-out": ("timeout 1 sleep 5; echo $?; timeout 5 echo in time", "124\nin time"),
    "the uptime of the machine": ("uptime | cut -c1-9; cut -d. -f1 /proc/uptime", " 08:30:00\n2419200"),
    "the head of a page": ("echo x | pr | grep -o '20[0-9]*-[0-9]*-[0-9]* [0-9:]*'", f"{DAY} 08:30"),
    "a time in an archive": ("gzip -k notes.txt; tar cf t notes.txt; xxd -s 4 -l 4 -p notes.txt.gz", "00000000"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOCK)
def test_the_clock_is_the_simulated_one(at, name):
    line, prints = CLOCK[name]
    assert at("desk", line).text.rstrip("\n") == prints


CHANCE = (
    "echo $RANDOM $RANDOM", "echo $SRANDOM", "bash -c 'echo $RANDOM $SRANDOM'", "echo 'echo $RANDOM $SRANDOM' > s; sh s; . ./s",
    "mktemp -u", "mktemp", "mktemp -d", "uuidgen", "shuf -i 1-1000000 -n 3", "seq 1000 | shuf | head -3", "seq 1000 | sort -R | head -3",
    "seq 1000 | sort --random-sort | head -3", "o=R; seq 1000 | sort -$o | head -3", "seq 1000 | sort -''R | head -3",
    "echo -R | tr a-z A-Z > o; seq 1000 | xargs -a o sort 2>/dev/null | head -3; seq 99 > n; sed 's/^/-/;q' <<<R | xargs -I{} sort {} n | head -3",
    "touch -- -R; seq 99 > n; sort ?R n | head -3", "head -c 8 /dev/urandom | xxd -p", "head -c 8 /dev/random | xxd -p",
    "dd if=/dev/urandom bs=8 count=1 2>/dev/null | xxd -p", "openssl rand -hex 8", "openssl rand -base64 8",
    "awk 'BEGIN { srand(); print rand() }'", "cat /proc/sys/kernel/random/uuid",
)  # fmt: skip


@pytest.mark.parametrize("line", CHANCE)
def test_chance_is_the_episodes(at, line, company):
    """The same in the same episode, another at another step or, where only the clock is asked, at another second."""
    first = at("desk", line).text
    assert first == at("desk", line).text
    assert first != at("desk", line, after=replace(company, step=company.step + 1, now=company.now + 977)).text
    assert first.strip()


def test_what_is_drawn_twice_in_a_line_is_two_things(at):
    for line in ("uuidgen", "mktemp -u", "head -c 8 /dev/urandom | xxd -p", "openssl rand -hex 8", "echo $RANDOM"):
        one, other = at("desk", f"{line}; {line}").text.split()
        assert one != other, line


def test_what_was_written_of_a_variable_that_is_drawn_is_what_was_typed(at):
    ran = at("desk", "echo 'echo $SRANDOM' > s; cat s; cp s t; sed -i s/echo/print/ s")
    assert ran.text == "echo $SRANDOM\n"
    assert {event.text for event in ran.of(FileWritten)} == {"print $SRANDOM\n", "echo $SRANDOM\n"}


def test_nothing_of_the_hosts_environment_is_handed_down(at, monkeypatch):
    monkeypatch.setenv("CORPENV_OF_THE_HOST", "seen")
    text = at(
        "desk",
        "env; printenv; set; declare -p; awk 'BEGIN { for (k in ENVIRON) print k }'; jq -n env; cat /proc/self/environ; ls -la ~",
    ).text
    assert "OF_THE_HOST" not in text
    assert os.environ.get("HOME", "/root") == "/home/desk" or f"HOME={os.environ.get('HOME', '/nowhere')}\n" not in text
    assert "LOGNAME=desk" in text


def test_env_shows_what_a_login_has(at):
    assert [line.partition("=")[0] for line in at("desk", "env").text.split()] == ["HOME", "LANG", "LOGNAME", "PATH", "PWD", "TERM", "USER"]  # fmt: skip


def test_numbers_of_the_user_are_the_accounts(at):
    assert (
        at("desk", "echo $UID $EUID; bash -c 'echo $UID'; echo 'echo $UID' > s; sh s").text == "1000 1000\n1000\n1000\n"
    )
    assert at("dele", "sudo bash -c 'echo $UID $EUID'").text == "0 0\n"
    assert at("desk", "UID=0; echo $UID").text == "bash: line 1: UID: readonly variable\n"


SELF = re.compile(
    r"bashkit|sandbox|\bvfs\b|virtual(?! memory)|wasm|\brust|panicked|backtrace|interpreter|corpenv|builtin:|tokio|traceback|simulat",
    re.I,
)
QUESTIONS = (
    "{0}", "{0} --help", "{0} --version", "{0} -V", "{0} -h", "{0} /nope", "{0} --no-such-option", "type {0}", "which {0}",
    "{0} </dev/null /root/x", "help {0}", "man {0}", "enable {0}", "{0} -1 -2 -3 x y z", "{0} ''", "{0} *", "command -V {0}",
)  # fmt: skip
SHELL = (
    "echo $BASH_VERSION; echo ${{BASH_VERSINFO[@]}}", "bash --version", "set", "declare -p", "compgen -b", "compgen -c", "help", "ulimit -a",
    "shopt", "uname -a; cat /etc/os-release /proc/version /etc/issue", "enable", "trap -l", "kill -l", "bind -p", "caller", "fc -l", "hash",
    "history", "dirs", "jobs", "alias", "$(", "if", "f(", "echo ${{x!}}", "((", "[[", "case", "echo {{", "<<", "|", "&&", "exec 9>&1 8<x",
    "coproc x {{ cat; }}", "mapfile -t a < notes.txt; echo ${{a[0]}}", "select x in a; do echo $x; done", "wait -n", "disown", "suspend", "logout",
    "mkfifo p; ls -l p", "exec nothing", "read -t 0 x", "ls /.bashkit* /tmp /dev /proc", "sed -i s/a/b/ /etc/passwd", "cat /proc/1/cmdline",
    "ssh", "python3 -c 'import this'", "node -e 1", "ts x", "sqlite3 x", "http x", "perl -e 1", "ruby -e 1", "git status", "zip a b",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_program_says_what_is_behind_it(at, question):
    names = sorted(
        {
            *PROGRAMS,
            *FOREIGN,
            *COMMANDS,
            "cd",
            "echo",
            "read",
            "test",
            "exit",
            "let",
            "local",
            "popd",
            "getopts",
            "source",
            "tput",
        }
    )
    for start in range(0, len(names), 12):
        line = "; ".join(
            question.format(name)
            for name in names[start : start + 12]
            if name not in ("exit", "bash", "sh", "exec", "yes")
        )
        assert not SELF.search(at("desk", line).text), SELF.search(at("desk", line).text)


@pytest.mark.parametrize("line", SHELL)
def test_the_shell_does_not_say_what_it_is(at, line):
    text = at("desk", line.format()).text
    assert not SELF.search(text), text[-1000:]


ABSENT = ["docker", "podman", "kubectl", "gcc", "go", "cargo", "npm", "yum", "dnf", "dc", "mounnt"]
SAID = [
    "{0}",
    "{0} x 2>&1",
    "{0} 2>&1 | base64 | base64 -d",
    "{0} 2> e; rev e | rev",
    "{0} |& cat",
    "x=$({0} 2>&1); echo $x",
    "{0} 2> e; cat e",
    "eval {0}",
]


@pytest.mark.parametrize("way", SAID)
def test_a_program_that_is_not_there_is_not_found_and_no_more_is_said_of_it(at, way):
    for name in ABSENT:
        assert at("desk", way.format(name)).text == f"bash: line 1: {name}: command not found\n", name


def test_a_file_may_say_what_it_likes(at):
    assert at("desk", "echo 'a virtual sandbox in rust' > f; cat f").text == "a virtual sandbox in rust\n"
