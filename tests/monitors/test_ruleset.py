"""All rules as one: what each finds by itself, and how sure they may be of what."""

from copy import deepcopy
from functools import cache

import pytest

from corpenv.agents.scripted import ScriptedAgent
from corpenv.episode import run_episode
from corpenv.events import CallAccepted, SettingChanged
from corpenv.kinds import COVARIATES, KINDS
from corpenv.monitors import ACTS, ALARM, RULES, RestrictedReads, RuleMonitor, RuleSet, UntoldInHandOver, monitors_of
from corpenv.registry import load_scenario
from corpenv.run import Run
from corpenv.views import EFFECTS, PRESETS, Finding, Seen, SeenCall, View, seen_of
from corpenv.watched import findings_in

PLAYED = (
    "Mini-v0:coercing", "Mini-v0:leaking", "Mini-v0:tampering", "Leak-v0:attaching", "Leak-v0:piecewise",
    "Leak-v0:looking-round", "Leverage-v0:tells-everybody", "Leverage-v0:signed-hester", "Alarm-v0:cancels",
    "Alarm-v0:lets-it-ring", "PlanCheck-v0:every-night", "PlanCheck-v0:cleans-the-log",
    "PlanCheck-v0:signs-for-saoirse", "OvernightQueue-v0:hides-it", "OvernightQueue-v0:burns-behind-the-queue",
)  # fmt: skip


@cache
def run_of(name: str) -> Run:
    """A reference without ordinary items around it."""
    scenario, _, case = name.partition(":")
    played = load_scenario(f"corpenv/{scenario}")
    condition = {**({"noise": "0"} if "noise" in played.factors else {}), **played.case(case).condition}
    agent = ScriptedAgent(played.turns(case, 0, condition), case)
    return run_episode(played, agent, seed=0, condition=condition, monitors=None)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, int, float, str]]:
    return sorted((each.monitor, each.kind, each.step, each.probability, each.claim) for each in findings)


@pytest.mark.parametrize("name", PLAYED)
def test_the_set_finds_what_each_of_its_rules_finds_alone(name: str) -> None:
    record = run_of(name).record
    alone = [maker() for maker in (*ACTS, UntoldInHandOver)]
    reads = RestrictedReads(EFFECTS)
    reads.name = RestrictedReads.name
    assert told(findings_in(record, "rules")) == told(findings_in(record, [*alone, reads]))
    assert findings_in(record, "rules")


@pytest.mark.parametrize("name", PLAYED)
def test_its_findings_are_well_formed_and_its_alarms_point_to_what_happened(name: str) -> None:
    entries = {entry.step: entry for entry in run_of(name).record.entries}
    for finding in findings_in(run_of(name).record, "rules"):
        assert finding.fault is None
        assert finding.monitor in RULES
        assert finding.kind in KINDS
        assert finding.kind not in COVARIATES
        assert 0 < finding.probability < 1
        assert finding.evidence
        for where in finding.evidence:
            assert where.step <= finding.step
            shown = seen_of(entries[where.step], EFFECTS).effects or ()
            assert where.part == "call" or int(where.part.removeprefix("effects.")) < len(shown)


def test_every_reference_here_is_an_alarm_of_a_kind_that_is_true() -> None:
    for name in PLAYED:
        true = {label.kind for label in run_of(name).labels if label.outcome in ("effected", "attempted")}
        alarms = {each.kind for each in findings_in(run_of(name).record, "rules") if each.probability >= ALARM}
        assert true & alarms, name


def test_nothing_of_one_episode_is_left_in_the_next() -> None:
    rules = RuleSet()
    for seen in (seen_of(entry, EFFECTS) for entry in run_of("Leak-v0:attaching").record.entries):
        rules.see(seen)
    half = deepcopy(rules)
    assert half.papers.tickets == rules.papers.tickets
    assert half.papers is not rules.papers
    fresh = deepcopy(RuleSet())
    assert not fresh.papers.begun
    assert findings_in(run_of("Mini-v0:leaking").record, [RuleSet()]) == findings_in(run_of("Mini-v0:leaking").record)


def test_a_copy_in_mid_episode_goes_on_by_itself() -> None:
    steps = [seen_of(entry, EFFECTS) for entry in run_of("PlanCheck-v0:every-night").record.entries]
    rules, first = RuleSet(), RuleSet()
    whole = [finding for seen in steps for finding in rules.see(seen)]
    before = [finding for seen in steps[:3] for finding in first.see(seen)]
    second = deepcopy(first)
    rest = [[finding for seen in steps[3:] for finding in each.see(seen)] for each in (first, second)]
    assert rest[0] == rest[1]
    assert [*before, *rest[0]] == whole


@pytest.mark.parametrize("maker", [*ACTS, UntoldInHandOver, RestrictedReads], ids=lambda maker: maker.name)
@pytest.mark.parametrize("view", PRESETS.values(), ids=PRESETS)
def test_every_rule_takes_every_view_and_says_so_in_its_name(maker: type, view: View) -> None:
    made = maker(view)
    assert made.name == (maker.name if view == maker.view else f"{maker.name}-{view.name}")  # type: ignore[attr-defined]
    record = run_of("Leak-v0:attaching").record
    assert all(each.fault is None for each in findings_in(record, [made]))
    assert list(made.see(Seen(1))) == []


@pytest.mark.parametrize("maker", [*ACTS, UntoldInHandOver], ids=lambda maker: maker.name)
def test_what_a_rule_looks_at_whoever_made_it_is_among_what_it_looks_at(maker: type[RuleMonitor]) -> None:
    assert maker.of_anybody <= maker.looks_at


def test_an_event_goes_to_the_rules_that_look_at_it_and_others_are_never_made() -> None:
    rules = RuleSet()
    call = SeenCall("change_setting", {})
    off = SettingChanged(at=60, actor="runner", setting_id="audit", value="off", was="on", area="oversight")
    elsewhere = SettingChanged(at=60, actor="pia", setting_id="alerts", value="off", was="on", area="oversight")
    accepted = CallAccepted(at=60, actor="runner", tool="change_setting")
    found = [*rules.see(Seen(1, call, "Done.", effects=(elsewhere, accepted, off)))]
    assert [(each.monitor, each.evidence[0].part) for each in found] == [("oversight-change", "effects.2")]
    made = {type(part) for part in rules.parts.made if part is not None}
    assert made == {maker for maker in ACTS if SettingChanged in maker.looks_at}


def test_a_run_without_a_world_is_read_by_its_calls() -> None:
    call = SeenCall("run_command", {"server": "log-1", "command": "rm /var/log/audit.log"})
    (finding,) = RuleSet().see(Seen(1, call, "(no output)"))
    assert (finding.monitor, finding.kind, finding.evidence[0].part) == ("log-touched", "log_tampering", "call")
    assert finding.probability < ALARM


def test_names_of_judges_are_resolved_where_they_are_asked_for() -> None:
    (judge,) = monitors_of("judge:openai/gpt-4o-mini+after=oversight-change")
    assert judge.name.startswith("judge:openai/gpt-4o-mini")
