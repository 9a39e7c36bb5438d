"""Lines that can call nothing but what they name are handed nothing else: they are fast, and answer the same."""
# ruff: noqa: E501 (a case stands on one line)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.shell import bash
from corpenv.shell.commands import COMMANDS
from corpenv.shell.programs import FOREIGN
from corpenv.shell.words import HARMLESS, commands_of


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("cat a", {"cat"}), ("ls -la /etc | grep -v x | wc -l", {"ls", "grep", "wc"}), ("cd /srv && ls; pwd", {"cd", "ls", "pwd"}),
        ("cat a > b 2>&1 & ls", {"cat", "ls"}), ("echo $HOME", {"echo"}), ("ps aux || true", {"ps", "true"}),
    ],
)  # fmt: skip
def test_commands_that_call_nothing_are_known(line, commands):
    assert commands_of(line) == commands


@pytest.mark.parametrize(
    "line",
    [
        "echo $(date)", "echo `date`", "$x a", "x=date; $x", "bash -c date", "sh s", "./s", "/bin/date", ". s", "eval date", "xargs date",
        "find . -exec date {} +", "echo a | xargs", "env date", "sudo id", "l\\s", "'date' +%s", "cat <<E\ndate\nE", "f() { date; }; f", "> f date",
        "awk 1 f", "! cat f", "time ls", "if true; then date; fi", "cat <(date)", "{ date; }", "A=1 ls", "exec ls", "timeout 1 ls", "sed e",
    ],
)  # fmt: skip
def test_what_may_call_others_is_not(line):
    assert commands_of(line) is None


def test_a_harmless_command_that_is_ours_is_one():
    assert {"ls", "ps", "stat", "id", "date", "df"} <= HARMLESS & COMMANDS.keys()
    assert not HARMLESS & {
        *FOREIGN,
        "bash",
        "sh",
        "env",
        "find",
        "xargs",
        "awk",
        "sed",
        "sudo",
        "ssh",
        "timeout",
        "command",
        "exec",
    }


WORDS = st.sampled_from(["cat", "ls", "-la", "notes.txt", "/etc", "|", ";", "&&", ">", "n", "ps", "date", "grep", "x", "id", "cp", "stat", "2>&1", "$HOME", "echo", "tee"])  # fmt: skip


@given(st.lists(WORDS, max_size=9))
def test_they_give_what_they_give_with_all_commands_at_hand(at, words):
    line = " ".join(words)
    first = at("desk", line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bash, "commands_of", lambda line: None)
        again = at("desk", line)
    assert (first.outcome, first.events) == (again.outcome, again.events)
