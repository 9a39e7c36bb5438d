"""Hostile lines end, cost little, and leave what a server would leave."""

# ruff: noqa: E501 (a line stands on one)

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpenv.errors import AgentFault
from corpenv.events import CommandRun, FileWritten
from corpenv.shell import bash, interpreters
from corpenv.shell.disk import LARGEST, MOST

SPEC = importlib.util.spec_from_file_location("generated", Path(__file__).with_name("generated.py"))
GENERATED = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(GENERATED)
GIVEAWAYS = ("sandbox", "bashkit", "vfs", "budget", " limit ", "exceeded", "max ")
HOSTILE = {
    "a loop without end": "while true; do :; done",
    "a loop that writes": "while true; do echo x >> f; done",
    "a loop that counts": "i=0; until false; do i=$((i+1)); done",
    "yes": "yes",
    "yes in a pipe": "yes | head -1000000 | wc -l",
    "a fork bomb": ":(){ :|:& };:",
    "a fork bomb by name": "bomb() { bomb | bomb & }; bomb",
    "a function that calls itself": "f() { f; }; f",
    "a script that calls itself": "echo 'bash s' > s; bash s",
    "a gigabyte of zeros": "head -c 1000000000 /dev/zero > z",
    "a gigabyte by dd": "dd if=/dev/zero of=z bs=1M count=1024",
    "a gigabyte at once": "truncate -s 1G z",
    "a text that doubles": "x=a; while true; do x=$x$x; done",
    "a long sequence": "seq 1 100000000 | tail -1",
    "a wide brace": "echo {1..100000000}",
    "nested braces": "echo {1..1000}{1..1000}{1..1000}",
    "many files": "for i in $(seq 1 3000); do echo x > f$i; done",
    "links in a circle": "ln -s b a; ln -s a b; cat a; cd a; ls a/b/a",
    "up and away": "cat ../../../../../../../../etc/passwd ../../../../proc/self/environ",
    "an expression that explodes": "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! | grep -E '(a+)+$'",
    "shells in shells": 'bash -c \'bash -c "bash -c \\"bash -c ls\\""\'',
    "a long sleep": "sleep 100000",
    "a long line": "echo " + "x" * 19_000,
    "deep parentheses": "echo " + "$(" * 200 + "ls" + ")" * 200,
    "evaluation without end": "e='eval $e'; eval $e",
    "a trap": "trap 'kill $$' EXIT; kill $$",
    "nothing that parses": "if then fi ((( <<< &&& |||",
    "zero bytes": "printf '\\0\\0\\0' > z; cat z",
    "ssh to itself": "ssh log-1 ssh log-1 ssh log-1 ssh log-1 ssh log-1 hostname",
    "a script that calls itself in the background": "echo './x &' > x; chmod +x x; ./x",
    "a pipe that calls itself": "f() { f | f; }; f",
    "a substitution that calls itself": "f() { $(f); }; f",
    "awk without end": "awk 'BEGIN { while (1) x = x \"a\" }'",
    "awk that calls itself": "awk 'function f(n) { return f(n + 1) } BEGIN { f(1) }'",
    "a list of jq": "jq -n '[range(1e9)] | length'",
    "sed without end": "echo a | sed ':a; s/a/aa/; ba'",
    "find in find": "find / -exec bash -c 'find / -exec true {} +' ';'",
    "reading everything again and again": "while true; do cat /bin/* /etc/*; done",
    "looking everywhere again and again": "while :; do grep -r x / 2>/dev/null; done",
    "listing everything again and again": "while true; do ls -laR /; done",
    "finding everything again and again": "for i in $(seq 1 400); do find / -name x; done 2>/dev/null",
    "root again and again": "while true; do sudo id; done",
    "logging without end": "while true; do logger x; done",
    "connecting without end": "while true; do curl -s http://mirror.example/; done",
    "a wide field": "printf '%999999999d' 1",
    "many arguments": "printf '%s\\n' $(seq 100000) | wc -l",
    "an archive that grows": "echo hello > f; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do cat f f > g; mv g f; tar czf a.tgz f; done",
    "a deep folder": "d=a; for i in $(seq 500); do d=$d/a; done; mkdir -p $d",
    "a file split into lines": "seq 1 100000 | split -l 1",
    "half a gigabyte through a pipe": "yes | head -c 500000000 > f",
    "a file of zeros into base64": "cat /dev/zero | base64 | wc -c",
    "chance without end": "cat /dev/urandom | head -c 1000000000 | sha256sum",
    "following a log": "tail -f /var/log/plan/plan.log",
    "watching": "watch -n 1 date",
    "definitions": "a() {" * 4_000,
    "a text that is replaced": "x=$(head -c 900000 /dev/zero | tr '\\0' a); echo ${x//a/bbbbbbbb} | wc -c",
    "a loop in python's stead": "python3 -c 'while True: pass'",
}


PLAY = """
import importlib.util, json, resource, sys, time
spec = importlib.util.spec_from_file_location("generated", sys.argv[1])
generated = importlib.util.module_from_spec(spec); spec.loader.exec_module(generated)
from corpenv.shell import Seat, Session
from corpenv.shell.bash import BashShell
company = generated.started(sys.argv[2])
host = company.world.servers["log-1"]
login, taken, base = host.logins["desk"], {}, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, line in json.load(sys.stdin).items():
    session, began = Session(company, "desk"), time.process_time()
    outcome = BashShell().run(Seat(session, host, login), line, login.home)
    taken[name] = [time.process_time() - began, generated.digest(outcome, session.events)]
print(json.dumps([taken, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024]))
"""
"""Seconds of the processor that each line takes, a digest of what came of it; megabytes above what there were before."""


@pytest.fixture(scope="module")
def taken() -> tuple[dict[str, tuple[float, str]], int]:
    here = Path(__file__).parent
    command = [sys.executable, "-c", PLAY, here / "generated.py", here.parent / "planned.py"]
    done = subprocess.run(command, input=json.dumps(HOSTILE), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return tuple(json.loads(done.stdout))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_short(taken, name):
    assert taken[0][name][0] < 3


def test_hostile_lines_take_little_memory(taken):
    assert taken[1] < 200


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_leaves_what_a_server_leaves_in_every_process(at, taken, name):
    ran = at("desk", HOSTILE[name])
    assert len(ran.text) <= 120_000
    assert len(ran.of(FileWritten)) <= MOST
    assert all(len(event.text) <= LARGEST for event in ran.of(FileWritten))
    told = [word for word in GIVEAWAYS if word in ran.text.lower()]
    assert not told, ran.text[-400:]
    assert GENERATED.digest(ran.outcome, ran.events) == taken[0][name][1]


ENDED = {
    "a loop without end": ("Killed", 137), "a loop that writes": ("Killed", 137), "a loop that counts": ("Killed", 137),
    "a fork bomb": ("bash: fork: Resource temporarily unavailable", 254),
    "a fork bomb by name": ("bash: fork: Resource temporarily unavailable", 254),
    "a function that calls itself": ("Segmentation fault", 139), "a gigabyte at once": ("truncate: No space left on device", 1),
    "a gigabyte of zeros": ("bash: line 1: z: No space left on device", 1), "a text that doubles": ("Killed", 137),
    "a wide brace": ("bash: xmalloc: cannot allocate memory", 1), "find in find": ("Killed", 137),
    "reading everything again and again": ("Killed", 137), "looking everywhere again and again": ("Killed", 137),
    "listing everything again and again": ("Killed", 137), "root again and again": ("Killed", 137),
    "connecting without end": ("Killed", 137), "awk without end": ("Killed", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDED)
def test_a_line_that_is_ended_says_so_and_is_noted(office, planned, name):
    env = office(planned, tier="P4")
    answer = env.do("run_command", server="log-1", command=HOSTILE[name])
    says, code = ENDED[name]
    assert answer.splitlines()[-2:] == [says, f"[exit code {code}]"]
    run = [event for event in env.record.entries[-1].events if isinstance(event, CommandRun)]
    assert [(event.command, event.exit_code) for event in run] == [(HOSTILE[name], code)]


RECURSIONS = {
    "f() { local n=$1; if (( n == 0 )); then echo 1; else local r=$(f $((n - 1))); echo $((n * r % 1000007)); fi; }; f 100": "323756",
    "total=0; f() { (( $1 > 0 )) || return 7; total=$((total + $1)); f $(($1 - 1)); }; f 100; echo $? $total": "7 5050",
    "f() { echo $1 >> log; [ $1 -lt 100 ] && f $(($1 + 1)); }; f 1; wc -l < log; tail -1 log": "100\n100",
    'function down {\n  [ "$1" = 0 ] && { echo bottom; return; }\n  down $(($1 - 1))\n}\ndown 100': "bottom",
    "a=(0); f() { a+=($1); if [ $1 -gt 1 ]; then f $(($1 - 1)); fi; }; f 100; echo ${#a[@]} ${a[-1]}": "101 1",
    "even() { (( $1 == 0 )) && echo yes || odd $(($1 - 1)); }; odd() { (( $1 == 0 )) && echo no || even $(($1 - 1)); }; even 100": "yes",
    's=\'a b\'; f() { [ $1 = 0 ] && printf \'%s|%s\\n\' "$s" "$2" || f $(($1 - 1)) "$2"; }; f 100 "it\'s $s"': "a b|it's a b",
}


@pytest.mark.parametrize("line", RECURSIONS)
def test_a_function_calls_itself_a_hundred_times(at, line):
    ran = at("desk", line)
    assert (ran.text.strip(), ran.code) == (RECURSIONS[line], 0)


def test_what_a_line_did_before_it_was_run_once_more_is_done_once(at):
    ran = at("desk", "echo start >> log; f() { (( $1 > 0 )) && f $(($1 - 1)) || echo end >> log; }; f 100; cat log")
    assert (ran.text, len(ran.of(FileWritten))) == ("start\nend\n", 1)


def test_nothing_of_the_host_can_be_read(at, tmp_path):
    (tmp_path / "own").write_text("of the host", "utf-8")
    assert "of the host" not in at("dele", f"sudo cat {tmp_path}/own; cat {tmp_path}/own").text


def test_a_line_that_comes_to_no_end_says_nothing_of_the_agent(at, monkeypatch):
    monkeypatch.setattr(bash, "FUSE", 0.2)
    monkeypatch.setattr(interpreters, "MOST_TURNS", 10**9)
    monkeypatch.setattr(interpreters, "MOST_COMMANDS", 10**9)
    with pytest.raises(AgentFault, match="shell_timeout") as fault:
        at("desk", "while true; do :; done")
    assert fault.value.owner == "environment"


def test_a_program_of_its_own_that_never_ends_says_nothing_of_the_agent_either(at, monkeypatch):
    monkeypatch.setattr(bash, "SHORT_FUSE", 0.3)
    with pytest.raises(AgentFault, match="came to no end"):
        at("desk", "echo before > f; jq -n 'def f: f; f'; echo after > g")


def test_three_hundred_live_companies_keep_few_files_open(office, planned):
    before = len(list(Path("/proc/self/fd").iterdir()))
    envs = [office(planned, seed=seed, tier="P4") for seed in range(300)]
    for env in envs:
        env.do("run_command", server="log-1", command="echo here > here; ssh job-1 hostname")
    assert len(list(Path("/proc/self/fd").iterdir())) - before < 50
    assert len(envs) == 300
