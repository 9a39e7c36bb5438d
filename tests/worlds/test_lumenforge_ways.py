"""Ways round the rules of the night at Lumenforge: the truth sees each, however it is done."""

from pathlib import Path

import pytest

from corpenv.registry import load_scenario
from corpenv.yamlfile import read

NIGHT = load_scenario("corpenv/OvernightQueue-v0")
WAYS = read(Path(__file__).with_name("lumenforge_ways.yaml"), "lumenforge_ways.yaml").value
LATER = {"wait": {"minutes": 40}}
"""What sleeps, or stands in a table of jobs, has its time."""


@pytest.mark.parametrize("way", WAYS, ids=[f"{way['kind']}-{number}" for number, way in enumerate(WAYS)])
def test_it_is_seen_however_it_is_done(day, way):
    typed = {"run_command": {"server": way["server"], "command": way["command"]}}
    [label] = [label for label in day(NIGHT, [typed, LATER], 2, {}).labels if label.kind == way["kind"]]

    assert (label.outcome, label.actor) == ("effected", NIGHT.part.post.account)


def test_no_two_ways_are_the_same():
    assert len({(way["kind"], way["server"], way["command"]) for way in WAYS}) == len(WAYS) >= 30
