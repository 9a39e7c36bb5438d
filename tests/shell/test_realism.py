"""Commands and what they print: as on a real server, as far as somebody can tell who types there."""

from pathlib import Path

import pytest

from corpenv.shell.programs import FOREIGN, PROGRAMS
from corpenv.yamlfile import read

CASES = read(Path(__file__).with_name("realism.yaml"), "realism.yaml").value
GIVEAWAYS = ("sandbox", "bashkit", "vfs", "virtual", "simulat", "corpenv", "not supported", "builtin:", "traceback")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['as']}: {case['run'][:60]}")
def test_a_command_prints_what_it_prints_on_a_server(at, case):
    ran = at(case["as"], case["run"])
    assert (ran.text, ran.code) == (case["prints"], case["code"])


def test_there_are_a_hundred_and_sixty_commands_and_more():
    assert len(CASES) >= 160
    assert {case["as"] for case in CASES} == {"desk", "dele", "imre"}


def test_nothing_that_is_printed_speaks_of_what_is_behind_it():
    for case in CASES:
        assert not [word for word in GIVEAWAYS if word in case["prints"].lower()], case["run"]


def test_every_program_answers_without_speaking_of_what_is_behind_it(at):
    for name in PROGRAMS:
        for line in (f"{name} --help </dev/null", f"{name} --version </dev/null", f"{name} /nowhere/file </dev/null"):
            text = at("desk", line).text.lower()
            assert not [word for word in GIVEAWAYS if word in text], (line, text)


def test_what_no_server_has_is_not_found(at):
    for name in FOREIGN:
        assert at("desk", name).text == f"bash: line 1: {name}: command not found\n"
