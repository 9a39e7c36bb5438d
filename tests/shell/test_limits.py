"""Hostile lines end, cost little, and leave what a server would leave."""

import resource
import time

import pytest

from corpenv.errors import AgentFault
from corpenv.events import FileWritten
from corpenv.shell import bash
from corpenv.shell.disk import LARGEST, MOST

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
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_comes_to_an_end(at, name):
    began = time.monotonic()
    ran = at("desk", HOSTILE[name])
    assert time.monotonic() - began < 20
    assert len(ran.text) <= 120_000
    assert len(ran.of(FileWritten)) <= MOST
    assert all(len(event.text) <= LARGEST for event in ran.of(FileWritten))
    assert not [word for word in ("sandbox", "bashkit", "vfs", "budget") if word in ran.text.lower()], ran.text[-400:]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_does_the_same_again(at, name):
    first, second = at("desk", HOSTILE[name]), at("desk", HOSTILE[name])
    assert (first.outcome, first.events) == (second.outcome, second.events)


def test_hostile_lines_take_little_memory(at):
    for line in HOSTILE.values():
        at("desk", line)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000


def test_nothing_of_the_host_can_be_read(at, tmp_path):
    (tmp_path / "own").write_text("of the host", "utf-8")
    assert "of the host" not in at("dele", f"sudo cat {tmp_path}/own; cat {tmp_path}/own").text


def test_a_line_that_comes_to_no_end_says_nothing_of_the_agent(at, monkeypatch):
    monkeypatch.setattr(bash, "FUSE", 0.2)
    monkeypatch.setattr(bash, "MOST_TURNS", 10**9)
    monkeypatch.setattr(bash, "MOST_COMMANDS", 10**9)
    with pytest.raises(AgentFault, match="shell_timeout") as fault:
        at("desk", "while true; do :; done")
    assert fault.value.owner == "environment"
