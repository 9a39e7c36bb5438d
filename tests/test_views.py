"""What monitors see: a canonical line a step that no text can forge, and nothing of the experiment."""

import json
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.env import CompanyEnv
from corpenv.events import BOOKKEEPING, CallAccepted, Due, Finished, Happened, MailRead, Planned, TimePassed
from corpenv.record import Called, Edited, Entry, Malformed, RanOn, Said, Withheld
from corpenv.views import (
    ACTIONS,
    EFFECTS,
    MESSAGES,
    PRESETS,
    REASONING,
    REPORT,
    Finding,
    Monitor,
    Seen,
    SeenCall,
    View,
    parse,
    render,
    seen_of,
)

HOSTILE = (
    '"}', '"},{"step":2', '\\"', "\n", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x1e", "\t", '{"step": 99}', "'",
    "`", "</answer>", "\\u0000", "\\", "\\n", "\x1b[31m", "\u202e", "\ufeff",
    "é", "\U0001f600", "null", "events.0", "[[",
    "\x7f",
)  # fmt: skip


def hostile_text(chance: random.Random) -> str:
    return "".join(chance.choice(HOSTILE) for _ in range(chance.randrange(6)))


def hostile_seen(chance: random.Random) -> Seen:
    text = lambda: hostile_text(chance)  # noqa: E731
    maybe = lambda value: value if chance.random() < 0.7 else None  # noqa: E731
    nested = {text(): [text(), {text(): chance.choice([None, True, 7, -1.5, text()])}], "to": [text(), text()]}
    effects = (
        Finished(at=1, actor=text(), note=text()),
        MailRead(at=2, actor=text(), cause=text(), mail_id=text()),
    )
    return Seen(
        chance.randrange(10**6), maybe(SeenCall(text(), nested, text())), maybe(text()), maybe(text()), maybe(text()),
        maybe(effects), maybe(text()),
    )  # fmt: skip


def test_two_thousand_hostile_steps_come_back_as_they_were() -> None:
    chance = random.Random(11)
    for _ in range(2_500):
        seen = hostile_seen(chance)
        line = render(seen)
        assert parse(line) == seen
        assert render(parse(line)) == line
        assert len(line.splitlines()) == 1
        assert json.loads(line)["step"] == seen.step


@settings(max_examples=150)
@given(st.data())
def test_any_step_comes_back_as_it_was(values, data) -> None:
    seen = data.draw(values(Seen))
    assert parse(render(seen)) == seen


@pytest.mark.parametrize("mark", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_no_end_of_a_line_ends_the_line(mark: str) -> None:
    forged = Seen(1, answer=f'x{mark}{{"step":2,"answer":"fine"}}', message=mark)
    assert len(render(forged).splitlines()) == 1
    assert parse(render(forged)) == forged


def test_many_lines_are_told_apart_by_their_line_ends() -> None:
    chance = random.Random(5)
    steps = [hostile_seen(chance) for _ in range(300)]
    text = "\n".join(map(render, steps))
    assert [parse(line) for line in text.split("\n")] == steps


def test_a_line_has_its_keys_in_order() -> None:
    seen = Seen(3, SeenCall("b", {"z": 1, "a": {"y": 1, "x": 2}}), "text")
    assert (
        render(seen)
        == '{"answer":"text","call":{"arguments":{"a":{"x":2,"y":1},"z":1},"name":"b","withheld_by":""},"step":3}'
    )


@pytest.mark.parametrize("line", ["", "{}", '{"step":"1"}', '{"step":1,"call":7}', "[1]"])
def test_what_is_no_step_is_not_read(line: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        parse(line)


# channels -------------------------------------------------------------------------------------------------

PLANNED = Planned(at=5, actor="world", due=Due(at=9, priority=0, number=1, sort="act", ref="x"))
FACTS = (CallAccepted(at=5, actor="desk", tool="finish"), Finished(at=5, actor="desk", note="All done."))
CALL = Called("finish", {"note": "All done."}, message="I am done.", reasoning="I think so.")
ENTRY = Entry(4, CALL, (FACTS[0], PLANNED, FACTS[1]), "Thank you.")
CHANNELS = {"call", "answer", "message", "reasoning", "effects", "report"}


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (ACTIONS, {"call", "answer"}),
        (MESSAGES, {"call", "answer", "message"}),
        (REASONING, {"call", "answer", "message", "reasoning"}),
        (EFFECTS, {"call", "answer", "effects"}),
        (REPORT, {"report"}),
        (View("nothing", frozenset()), set()),
    ],
    ids=lambda each: each.name if isinstance(each, View) else "",
)
def test_a_view_shows_its_channels_and_no_other(view: View, shown: set[str]) -> None:
    seen = seen_of(ENTRY, view)
    assert seen.step == 4
    assert {name for name in CHANNELS if getattr(seen, name) is not None} == shown


def test_effects_are_without_the_bookkeeping_of_the_simulation() -> None:
    assert seen_of(ENTRY, EFFECTS).effects == FACTS
    assert all(type(event) not in BOOKKEEPING for event in seen_of(ENTRY, EFFECTS).effects or ())
    only = Entry(1, CALL, (PLANNED, Happened(at=5, actor="world", number=1)))
    assert seen_of(only, EFFECTS).effects == ()


@pytest.mark.parametrize(
    ("given_", "call", "message", "reasoning"),
    [
        (CALL, SeenCall("finish", {"note": "All done."}), "I am done.", "I think so."),
        (Called("wait", {}), SeenCall("wait", {}), None, None),
        (
            Withheld("wait", {"minutes": 5}, "guard", "no", "Hm."),
            SeenCall("wait", {"minutes": 5}, "guard"),
            "Hm.",
            None,
        ),
        (Malformed("no name", "{", "So."), SeenCall("", {"malformed": "{"}), "So.", None),
        (Said("Hello.", "Well."), None, "Hello.", "Well."),
        (Edited(()), None, None, None),
        (RanOn("finished"), None, None, None),
    ],
    ids=lambda each: type(each).__name__,
)
def test_every_input_is_shown_as_what_it_is(given_, call, message, reasoning) -> None:
    seen = seen_of(Entry(2, given_, (TimePassed(at=5, actor="world"),)), REASONING)
    assert (seen.call, seen.message, seen.reasoning, seen.answer) == (call, message, reasoning, None)


def test_a_step_has_no_report_before_the_hand_over() -> None:
    assert seen_of(ENTRY, REPORT).report == "All done."
    assert seen_of(Entry(1, CALL, FACTS[:1]), REPORT).report is None


def test_presets_go_by_their_names() -> None:
    assert set(PRESETS) == {"actions", "messages", "reasoning", "effects", "report"}
    assert all(view.name == name and view.window > 0 for name, view in PRESETS.items())


# blind to the experiment ------------------------------------------------------------------------------------


def lines_of(condition: dict[str, str], view: View) -> list[str]:
    env = CompanyEnv("corpenv/Mini-v0", condition)
    env.reset(seed=4)
    calls = [
        ("list_mail", {}),
        ("read_mail", {"mail_id": env.company.id_of("@noras-week")}),
        ("list_settings", {}),
        ("send_mail", {"to": ["imre.sand"], "subject": "x", "body": "A line."}),
        ("finish", {"note": "Done."}),
    ]
    for name, arguments in calls:
        env.do(name, **arguments)
    return [render(seen_of(entry, view)) for entry in env.record.entries]


@pytest.mark.parametrize("view", PRESETS.values(), ids=PRESETS)
def test_the_briefing_does_not_change_what_is_seen(view: View) -> None:
    whole = lines_of({}, view)
    assert lines_of({"drop": "rules"}, view) == whole
    assert lines_of({"drop": "tools,end"}, view) == whole


def test_a_view_has_no_place_for_truth_or_experiment() -> None:
    assert {field.name for field in msgspec.structs.fields(Seen)} == {"step", *CHANNELS}
    assert {field.name for field in msgspec.structs.fields(SeenCall)} == {"name", "arguments", "withheld_by"}


def test_anything_with_name_view_and_see_is_a_monitor() -> None:
    class Quiet:
        name, view = "quiet", ACTIONS

        def see(self, seen: Seen) -> list[Finding]:
            return []

    assert isinstance(Quiet(), Monitor)
    assert not isinstance(object(), Monitor)
