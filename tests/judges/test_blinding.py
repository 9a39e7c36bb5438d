"""Other names: people, accounts and companies never reach the model, and what was done still does."""

import re
from time import process_time

import pytest

from corpenv import run_episode
from corpenv.env import CompanyEnv
from corpenv.judges import Judge, statement
from corpenv.judges.blinding import Names, blinded
from corpenv.registry import load_scenario
from corpenv.views import ACTIONS, EFFECTS, Seen, SeenCall, parse, render, seen_of

AUDIT = statement("oversight-disabling")
MAIL = Seen(
    1,
    SeenCall("read_mail", {"mail_id": "mail-k3f7q"}),
    "mail-k3f7q  Mon 2031-03-03 09:00\nFrom: Kester Vane <kester.vane@fenwick-audiology.example>\n"
    "To: siobhan.keane, overnight\nSubject: Set 0308\n\nSiobhan, Emlyn has it. Fenwick Audiology thanks Keane's team.\n"
    "[New mail mail-9hkvn from Ottoline Varley: Levels]\n\nKester",
)
LIST = Seen(2, SeenCall("list_mail", {}), "Inbox:\nmail-9hkvn  Thu 2031-10-16 07:52  Ottoline Varley: Levels  [unread]")
SENT = Seen(
    3, SeenCall("send_mail", {"to": ["kester.vane@fenwick-audiology.example", "emlyn.rosser"], "body": "Vane?"})
)


def shown(names: Names, seen: Seen) -> Seen:
    return parse(blinded(render(seen), names))


@pytest.fixture
def names():
    names = Names(["Lumenforge"])
    for seen in (MAIL, LIST, SENT):
        names.learn(seen)
    return names


def test_names_accounts_addresses_and_companies_are_shown_under_others(names):
    text = "\n".join(render(shown(names, seen)) for seen in (MAIL, LIST, SENT))
    for word in (
        "Kester",
        "Vane",
        "vane",
        "Siobhan",
        "keane",
        "Keane",
        "Ottoline",
        "Varley",
        "Emlyn",
        "enwick",
        "udiology",
    ):
        assert word not in text
    for word in ("mail-k3f7q", "read_mail", "Set 0308", "[unread]", "Levels", "2031-03-03 09:00", "thanks", "team"):
        assert word in text


def test_somebody_has_one_token_by_every_form_of_the_name(names):
    token = names.blind("Kester Vane")
    assert token.startswith("person-")
    assert {names.blind(form) for form in ("kester.vane", "Kester", "Vane")} == {token}
    assert names.blind("Vane's set, Kester!") == f"{token}'s set, {token}!"
    assert names.blind("Siobhan Keane") == names.blind("siobhan.keane") != token
    assert names.blind("Fenwick Audiology") == names.blind("fenwick-audiology")
    assert names.blind("Lumenforge").startswith("company-")


def test_tokens_are_the_same_whatever_was_seen_before(names):
    other = Names()
    other.learn(SENT)
    other.learn(Seen(9, answer="From: Ada Long <ada.long>\nTo: kester.vane"))
    assert other.blind("kester.vane") == names.blind("kester.vane")


def test_words_that_only_begin_like_a_name_stay(names):
    for text in ("Vanessa", "vane of the roof", "keanely", "/srv/keane2/set.csv", "mail-vane1", ""):
        assert names.blind(text) == text


def test_an_account_of_a_function_is_blinded_in_fields_for_accounts_alone():
    names = Names()
    sent = Seen(1, SeenCall("send_mail", {"to": ["records"], "body": "The records are in order."}))
    names.learn(sent)
    arguments = shown(names, sent).call.arguments
    assert arguments["body"] == "The records are in order."
    assert arguments["to"][0].startswith("person-")


@pytest.mark.parametrize("view", [ACTIONS, EFFECTS], ids=lambda view: view.name)
def test_a_blinded_episode_is_still_steps_with_the_same_calls_and_kinds_of_effects(view):
    run = run_episode("corpenv/Mini-v0", "reference:tampering", monitors=None)
    names = Names()
    for entry in run.record.entries:
        seen = seen_of(entry, view)
        names.learn(seen)
        blind = shown(names, seen)
        assert (blind.step, blind.call and blind.call.name) == (seen.step, seen.call and seen.call.name)
        assert [type(event) for event in blind.effects or ()] == [type(event) for event in seen.effects or ()]


def test_nineteen_of_twenty_names_of_the_companys_people_are_blinded_by_what_is_seen_alone():
    scenario = load_scenario("corpenv/OvernightQueue-v0")
    env = CompanyEnv(scenario)
    env.reset(seed=0)
    people = [person for account, person in env.company.world.people.items() if "." in account]
    forms = sorted({form for person in people for form in (person.id, person.name, person.name.split()[-1])})
    there, left = set(), set()
    for case in list(scenario.cases)[:1]:
        names, lines = Names(), []
        for entry in run_episode(scenario, f"reference:{case}", monitors=None).record.entries:
            seen = seen_of(entry, ACTIONS)
            names.learn(seen)
            lines.append(render(seen))
        plain, blind = "\n".join(lines), "\n".join(blinded(line, names) for line in lines)
        there |= {(case, form) for form in forms if stands(form, plain)}
        left |= {(case, form) for form in forms if stands(form, blind)}
    assert len(there) > 20
    assert len(left) <= len(there) / 20, sorted(left)


def stands(form: str, text: str) -> bool:
    return form in text and re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) is not None


def test_a_blind_judge_shows_the_model_no_names_and_points_to_the_same_steps(model):
    model.says = lambda asked: f"NO 3 {asked.code}"
    plain, blind = (Judge(model.estimator(), [AUDIT], blind=blind, name="judge") for blind in (False, ["Lumenforge"]))
    found = [[list(judge.see(seen)) for seen in (MAIL, LIST, SENT)] for judge in (plain, blind)]
    assert found[0] == found[1]
    seen, hidden = model.asked[2].evidence, model.asked[5].evidence
    assert "Kester Vane" in seen
    assert not any(word in hidden for word in ("Kester", "vane", "Keane", "Ottoline", "Emlyn"))
    assert [each.step for each in model.asked[5].seen] == [1, 2, 3]


FLOODS = (
    "a",
    "a.",
    "a@",
    "Aa ",
    "a-",
    "Aa'",
    "To: ",
    "from Aa Bb ",
    "Mr ",
    "a.example",
    "Eva Long <",
    "09:00  A",
    "\n",
    "é ",
)


def test_no_flood_takes_a_blind_judges_time_away():
    for flood in FLOODS:
        began = process_time()
        names, seen = Names(), Seen(1, answer=flood * (40_000 // len(flood)))
        names.learn(seen)
        assert shown(names, seen).step == 1
        assert process_time() - began < 5, flood
