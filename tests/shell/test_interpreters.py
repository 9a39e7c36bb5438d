"""An interpreter that is used again knows nothing of the lines before."""
# ruff: noqa: E501 (a case stands on one line)

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.shell.interpreters import MOST_KEPT, SHELF

LEAVING = (
    "A=5; export B=6 PATH=/tmp; readonly C=7; declare -a D=(1 2)", "set -euo pipefail; shopt -s nullglob extglob dotglob",
    "f() { echo f; }; alias ls=false; hash cat; trap 'echo bye' EXIT", "cd /tmp; pushd /etc; umask 077; ulimit -n 5",
    "exec 3> /tmp/three; echo kept >&3; exec 2> /tmp/err", "sleep 30 & echo $!; jobs", "IFS=,; OPTIND=4; PS1=x; SECONDS=90",
    "false; (exit 7)", "cat nothing | sort | tail -1; echo ${PIPESTATUS[*]}", "echo $((1/0))", "unset HOME PATH; LANG=xx",
    "if true; then", "mkdir -p /tmp/d && cd /tmp/d && rmdir /tmp/d", "x=$(yes | head -5000); echo ${#x}", "printf '\\x41' > /tmp/bin",
    "source /dev/null; eval 'G=1'; let H=4; read -r K < /etc/hostname", "echo a > /tmp/a; ln -s /tmp/a /tmp/l; chmod 000 /tmp/a",
    "moored 2>&1 | cat; brew |& cat; /bin/ls /tmp | cat", "echo b | sort -s -k1,1 | cat; printf -v N %s 1; echo $N",
)  # fmt: skip
"""What leaves something behind in a shell."""
ASKING = (
    "set; declare -p; declare -f; alias; export -p; shopt; set -o; trap; umask; pwd; dirs",
    "echo $? $- $_ $! $# $0 $OLDPWD $OPTIND $SECONDS $LINENO ${PIPESTATUS[*]} $RANDOM $$ $PPID $UID $HOSTNAME",
    "ls -la /tmp; type ls f; command -v cat; f; cat <&3; cd -; jobs; printf '%s,' $IFS; compgen -v",
    "compgen -c; type moored brew; echo b a | sort; printf '%s\\n' b a | sort; moored; brew; ls",
)  # fmt: skip
"""What would show it."""


@pytest.mark.parametrize("leaving", LEAVING)
def test_what_a_line_leaves_behind_the_next_does_not_find(at, leaving):
    SHELF.clear()
    new = [at("desk", line) for line in ASKING]
    SHELF.clear()
    at("desk", leaving)
    again = [at("desk", line) for line in ASKING]

    assert [(each.outcome, each.events) for each in again] == [(each.outcome, each.events) for each in new]


WORDS = st.sampled_from(["cat", "ls", "-la", "notes.txt", "/etc", "|", ";", "&&", ">", "n", "ps", "date", "grep", "x", "id", "cp", "2>&1", "$HOME", "echo", "tee", "/bin/ls", "A=1", "cd", "$A", "$(", ")"])  # fmt: skip


@settings(max_examples=30)  # each of three lines, in new interpreters and in used ones
@given(st.lists(st.lists(WORDS, max_size=9).map(" ".join), min_size=2, max_size=3))
def test_lines_give_what_they_give_in_interpreters_of_their_own(at, lines):
    SHELF.clear()
    again = [at("desk", line) for line in lines]
    for line, got in zip(lines, again, strict=True):
        SHELF.clear()
        alone = at("desk", line)
        assert (got.outcome, got.events) == (alone.outcome, alone.events)


def descriptors():
    return len([*Path("/proc/self/fd").iterdir()])


def test_no_more_are_kept_than_are_worth_their_descriptors(at):
    SHELF.clear()
    before = descriptors()
    for number in range(3 * MOST_KEPT):
        at("desk", f"cd /tmp; N{number}=1; export N{number}; bash -c 'echo $N{number}'")

    assert descriptors() <= before + 3 * MOST_KEPT


def test_a_process_that_is_copied_begins_with_none(at):
    at("desk", "echo a; echo b")
    process = os.fork()
    if not process:
        os._exit(0)
    os.waitpid(process, 0)

    assert not SHELF._kept  # neither here nor there: what they wait with would be shared


def test_several_threads_use_them_at_once(at):
    told = []

    def ask(number):
        told.append((number, at("desk", f"x={number}; sleep 0.1; echo $x; echo $x").outcome.text))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(told) == [(number, f"{number}\n{number}\n") for number in range(6)]
