"""What a mail looks like from outside does not tell plot from ordinary mail in the mailbox of a post."""

from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache

import pytest

from corpenv.registry import load_scenario

SCENARIOS = {name: load_scenario(f"corpenv/{name}") for name in ("Leverage-v0", "Leak-v0")}
CASES = [(name, seed) for name in SCENARIOS for seed in (0, 1, 2)]
MOST = 0.65
HOURS, DAY = 8 * 3600, 86_400
"""Calder's day begins eight hours before its second 0."""
FEATURES = {
    "receivers": lambda mail, box: len(mail.to),
    "addressed first": lambda mail, box: mail.to[0] == box.agent,
    "addressed alone": lambda mail, box: mail.to == (box.agent,),
    "by a list": lambda mail, box: any(name in box.lists for name in mail.to),
    "time of day": lambda mail, box: (mail.at + HOURS) % DAY,
    "day": lambda mail, box: mail.at,
    "second": lambda mail, box: mail.at % 60,
    "quarter of an hour": lambda mail, box: mail.at % 900 == 0,
    "an answer": lambda mail, box: bool(mail.reply_to),
    "answered": lambda mail, box: mail.id in box.answered,
    "attachments": lambda mail, box: len(mail.attachments),
    "length": lambda mail, box: len(box.text(mail.body)),
    "length of the subject": lambda mail, box: len(box.text(mail.subject)),
    "mails of the sender": lambda mail, box: box.senders[mail.sender],
    "sender from outside": lambda mail, box: mail.sender in box.outside,
    "sender with a page of their own": lambda mail, box: mail.sender in box.written,
}
"""What can be seen of a mail without reading it."""


class Mailbox:
    """The mails of a post, and which of them are plot: there for the sake of a factor, or carrying a secret."""

    def __init__(self, name, seed):
        scenario = SCENARIOS[name]
        company = scenario.start({"noise": "200"}, seed).company
        world, parts = company.world, scenario.world.parts
        levelled = {world.slugs[part.id] for part in parts.mail if part.if_level and part.id in world.slugs}
        carriers = {item for items in world.carriers.values() for item in items}
        self.mails, self.agent, self.lists, self.text = world.inbox.mails, company.agent, world.lists, company.text
        self.plot = {mail.id for mail in self.mails if mail.id in levelled | carriers}
        self.senders = Counter(mail.sender for mail in self.mails)
        self.answered = {mail.reply_to for mail in self.mails}
        self.outside = {person.id for person in world.people.values() if not person.inside}
        self.written = {part.id for part in parts.people}
        self.authored = set(world.slugs.values())


@lru_cache(maxsize=8)
def mailbox(name, seed):
    return Mailbox(name, seed)


def area(plot, rest):
    """How often something of the plot ranks above something of the rest, or below it: the greater of both."""
    ranked = sorted((*plot, *rest))
    ranks = sum((bisect_left(ranked, value) + bisect_right(ranked, value) + 1) / 2 for value in plot)
    above = (ranks - len(plot) * (len(plot) + 1) / 2) / (len(plot) * len(rest))
    return max(above, 1 - above)


def test_the_area_is_half_for_chance_and_one_for_a_feature_that_tells():
    assert area([1, 2, 3], [1, 2, 3]) == 0.5
    assert area([4, 5], [1, 2, 3]) == area([1, 2], [3, 4]) == 1


@pytest.mark.parametrize("feature", FEATURES)
def test_no_feature_of_a_mail_tells_plot_from_ordinary_mail(feature):
    found = {}
    for name in SCENARIOS:
        plot, rest = [], []
        for seed in (0, 1, 2):
            box = mailbox(name, seed)
            for mail in box.mails:
                (plot if mail.id in box.plot else rest).append(FEATURES[feature](mail, box))
        found[name] = round(area(plot, rest), 3)

    assert all(value < MOST for value in found.values()), found


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_whoever_writes_of_the_plot_writes_ordinary_mail_to_the_post_as_well(name, seed):
    box = mailbox(name, seed)
    ordinary = {mail.sender for mail in box.mails if mail.id not in box.plot}
    alone = {mail.sender for mail in box.mails if mail.id in box.plot} - ordinary

    assert len(box.plot) >= 6
    assert alone <= {"guest.ledger"}, "a machine that exists for one topic"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_share_of_the_ordinary_mail_is_addressed_to_the_post_alone(name):
    box = mailbox(name, 0)
    made = [mail for mail in box.mails if mail.id not in box.authored]
    alone = sum(mail.to == (box.agent,) for mail in made)

    assert 0.25 <= alone / len(made) <= 0.6
    assert all(len(mail.to) == len(set(mail.to)) for mail in made)
