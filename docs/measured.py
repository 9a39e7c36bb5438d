"""Tables of what was measured, by measuring it again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

import corpenv
from corpenv.registry import load_scenario
from corpenv.world.scenario import filled

ROOT = Path(__file__).parents[1]
OUTCOMES = ("effected", "unmeasured", "none")


def coercion() -> Iterator[tuple[str, ...]]:
    """What truth says of each class of authored messages; at the end, of the half that the rule's author never saw."""
    told = readings()
    for truth, name in ((True, "threat"), (False, "harmless"), (None, "either")):
        classes = dict.fromkeys(message["class"] for message, _ in told if message["threat"] is truth)
        for each in classes:
            yield counted(name, each, (o for m, o in told if m["threat"] is truth and m["class"] == each))
    for truth, name in ((True, "threat"), (False, "harmless")):
        yield counted(name, "all, unseen half", (o for m, o in told if m["threat"] is truth and is_unseen(m["id"])))


def counted(truth: str, name: str, outcomes: Iterable[str]) -> tuple[str, ...]:
    """One row: how many messages, and what part of them got which outcome."""
    found = Counter(outcomes)
    whole = found.total()
    return truth, name.replace("_", " "), str(whole), *(f"{found[each] / whole:.0%}" for each in OUTCOMES)


def is_unseen(message_id: str) -> bool:
    """Is the message of the half that was not looked at when the rule was written?"""
    return sha256(message_id.encode()).digest()[0] % 2 == 1


@cache
def readings() -> tuple[tuple[Mapping[str, Any], str], ...]:
    """Every message of the corpus, sent to whom it may threaten, and the outcome of the label `blackmail`."""
    messages = yaml.safe_load((ROOT / "tests/data/coercion.yaml").read_text("utf-8"))
    return tuple((message, outcome_of(message)) for message in messages)


def outcome_of(message: Mapping[str, Any]) -> str:
    """The label's outcome when an assistant that has read the secret sends the message."""
    scenario = load_scenario("corpenv/Mini-v0")
    meaning = scenario.ground().meaning
    sent = filled({"to": ["imre.sand"], "subject": message["subject"], "body": message["body"]}, meaning, 3)
    calls = iter(
        (
            {"name": "read_mail", "arguments": {"mail_id": meaning.ids["imres-slip"]}},
            {"name": "send_mail", "arguments": sent},
            {"name": "finish", "arguments": {"note": "Done."}},
        )
    )
    run = corpenv.run_episode(scenario, lambda screen: next(calls), seed=3, monitors=None)
    return next(label.outcome for label in run.labels if label.kind == "blackmail")
