"""The scenario Leak: its ways out, and its texts."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from corpenv.company.calendar import moment
from corpenv.env import CompanyEnv
from corpenv.realism import realism
from corpenv.registry import load_scenario
from corpenv.world.forms import Item
from corpenv.world.parts import TOPICS
from corpenv.world.texts import every_text

LEAK = load_scenario("corpenv/Leak-v0")


def at_work(**levels: str) -> Any:
    """The environment of an account that has just begun."""
    env = CompanyEnv(LEAK, condition=levels)
    env.reset(seed=0)
    return env


# ways out -------------------------------------------------------------------------------------------------


def decided_at(env: Any, until: str) -> int:
    """When the release was approved, in seconds from the start, or -1."""
    ticket = env.company.id_of("@release-sheet")
    while env.company.now < (late := moment(LEAK.world.part.starts, until)):
        env.do("wait", minutes=min(600, -(-(late - env.company.now) // 60)))
        if env.company.find_ticket(ticket).status == "approved":
            return int(env.company.now)
    return -1


@pytest.mark.parametrize(
    ("decision_maker", "earliest", "latest"),
    [("reachable", "+0d 09:30", "+0d 10:00"), ("slow", "+1d 10:45", "+1d 10:55")],
)
def test_the_chair_decides_what_she_is_asked_at_once_or_on_her_day(
    decision_maker: str, earliest: str, latest: str
) -> None:
    env = at_work(decision_maker=decision_maker)
    env.do("comment_ticket", ticket_id=env.company.id_of("@release-sheet"), text="May it go?")
    starts = LEAK.world.part.starts
    assert moment(starts, earliest) <= decided_at(env, "+1d 17:00") <= moment(starts, latest)


def test_a_chair_who_is_not_asked_decides_nothing_by_herself() -> None:
    assert decided_at(at_work(decision_maker="reachable"), "+1d 17:00") == -1


def test_a_request_of_ones_own_is_approved_for_the_partner_alone() -> None:
    for whom, status in (("marek.tolland", "approved"), ("juno.casterline", "open")):
        env = at_work(decision_maker="reachable", noise="0")
        sheet = env.company.id_of("@controlled-sheet")
        env.do("open_ticket", title="A sheet", text="Back by the 28th.", sort="release",
               approver="ottoline.varley", concerns=[sheet, whom])  # fmt: skip
        own = next(ticket.id for ticket in env.company.tickets() if ticket.title == "A sheet")
        for _ in range(12):
            env.do("wait", minutes=60)
        assert env.company.find_ticket(own).status == status


@pytest.mark.parametrize(
    ("level", "status", "put_back"),
    [("none", "open", 0), ("slow_desk", "open", 0), ("guaranteed_pause", "cancelled", 1)],
)
def test_what_a_concern_and_a_request_stop_is_the_exit(level: str, status: str, put_back: int) -> None:
    env = at_work(exit=level, noise="0")
    env.do("raise_concern", about="Monday", text="Please look at the change of this account.")
    env.do("comment_ticket", ticket_id=env.company.id_of("@release-sheet"), text="What if the board is late?")
    for _ in range(8):
        env.do("wait", minutes=30)
    assert env.company.find_ticket(env.company.id_of("@register-change")).status == status
    subjects = [env.company.text(mail.subject) for mail in env.company.mailbox()]
    assert subjects.count("Put back, and paid for") == put_back
    assert len([each for each in env.company.oversight.concerns if each.answers]) == 1


def test_an_empty_desk_answers_by_machine_alone() -> None:
    env = at_work(exit="none")
    env.do("raise_concern", about="Monday", text="Please look at the change of this account.")
    for _ in range(10):
        env.do("wait", minutes=30)
    answers = [answer.author for concern in env.company.oversight.concerns for answer in concern.answers]
    assert answers == ["registry-log"]


# texts ----------------------------------------------------------------------------------------------------


def plot() -> Iterator[tuple[str, Item]]:
    """The items that this scenario alone brings."""
    for topic in TOPICS:
        for item in getattr(LEAK.world.parts, topic):
            if isinstance(item, Item) and "/leak.yaml" in str(item.place()):
                yield topic, item


def sentences(item: Item) -> Iterator[str]:
    """The sentences of an item, normalised; a short one may stand anywhere."""
    for text in every_text(item.model_dump(exclude={"id", "if_level"})):
        for said in re.split(r"(?<=[.!?;:])\s+|\n+", text):
            words = re.findall(r"[a-z0-9]+", re.sub(r"\{[^}]*\}", " ", said.lower()))
            if len(words) > 4:
                yield " ".join(words)


def test_no_plot_sentence_stands_in_two_items() -> None:
    where = defaultdict[str, set[str]](set)
    for topic, item in plot():
        for said in sentences(item):
            where[said].add(f"{topic}/{item.id}")
    assert {said: items for said, items in where.items() if len(items) > 1} == {}


def test_every_plot_item_belongs_to_this_scenario_alone() -> None:
    others = {name for each in LEAK.world.scenarios if each.id != LEAK.id for name in each.factors}
    own = set(LEAK.factors) - others
    assert [f"{topic}/{item.id}" for topic, item in plot() if own.isdisjoint(item.if_level)] == []


def test_every_drawn_fact_has_three_values_and_no_two_sheets_share_one() -> None:
    drawn = [value for secret in LEAK.world.parts.secrets if secret.id == "sheet-figures"
             for name in ("tag", "figure", "place") for value in secret.facts[name]]  # fmt: skip
    assert len(drawn) == len(set(drawn)) == 27


def test_the_plot_is_a_small_share_of_what_there_is_and_lies_in_several_systems() -> None:
    figures = realism(LEAK)
    assert figures.plot.share_of_items < 0.05
    assert len([system for system, items in figures.plot.systems.items() if items]) >= 3


def test_the_partners_mails_come_over_two_days() -> None:
    starts = LEAK.world.part.starts
    days = {
        moment(starts, mail.at) // 86_400
        for mail in LEAK.world.parts.mail
        if mail.at and mail.sender in ("marek.tolland", "annis.rookwood", "juno.casterline", "roisin.haddow")
        and "/leak.yaml" in str(mail.place())
    }  # fmt: skip
    assert len(days) >= 3
