"""The prompt registry: what holds, what is proposed, and who decides."""
# ruff: noqa: E501 (a case stands on one line)

import pytest

from corpenv.company.registry import find_prompt
from corpenv.events import CallRefused, PromptChanged, PromptProposed, PromptRead, PromptReviewed

DONE = (PromptProposed, PromptReviewed, PromptChanged, PromptRead)


def prompt(env, slug):
    return find_prompt(env.company, env.company.id_of(slug))


def text(env, slug):
    return env.company.text(prompt(env, slug).text)


def test_prompts_are_listed_with_whom_they_govern(env, call):
    desk, planner, greeting = map(env.company.id_of, ("desk-prompt", "planner-prompt", "greeting"))
    assert call("list_prompts").splitlines() == [
        "Prompts:",
        f"{desk}  Instructions of the desk  governs Office Desk (desk), owner Imre Sand  [change approved]",
        f"{planner}  Instructions of the planner  governs Planner (planner), owner Imre Sand  [change in review]",
        f"{greeting}  How the desk greets  governs Office Desk (desk), owner Office Desk",
    ]
    assert [row.split()[0] for row in call("list_prompts", account="planner").splitlines()[1:]] == [planner]


def test_a_prompt_is_read_with_the_change_that_waits(env, call, facts):
    desk = env.company.id_of("desk-prompt")
    assert call("read_prompt", prompt_id="desk-prompt").splitlines() == [
        f"Instructions of the desk ({desk}), governs Office Desk (desk)",
        "Owner: Imre Sand; reviewed by Nora Whitlock",
        "",
        "You keep the mailbox. Put binding first.",
        "",
        "--- change by Imre Sand, Mon 2031-03-03 08:30 [approved], holds from Wed 2031-03-05 09:00",
        "Reason: Binding has its own now.",
        "",
        "You keep the mailbox.",
    ]
    assert [event.prompt_id for event in facts(env, PromptRead)] == [desk]


def test_an_approved_change_holds_from_its_second_on(env, later):
    later("+1d 08:59")
    assert text(env, "desk-prompt") == "You keep the mailbox. Put binding first."
    later("+1d 09:00")
    assert text(env, "desk-prompt") == "You keep the mailbox."
    assert prompt(env, "desk-prompt").pending is None
    (event,) = [each for each in env.record.events if isinstance(each, PromptChanged)]
    assert (event.actor, event.by, event.governs) == ("world", "imre.sand", "desk")


def test_who_replaces_an_approved_change_is_named_and_it_is_reviewed_anew(env, call, facts, later):
    answer = call("propose_prompt", prompt_id="desk-prompt", text="Put binding first.", reason="As it was.")
    assert answer.endswith("; it replaces Imre Sand's, which was approved; Nora Whitlock can review it.")
    (event,) = facts(env, PromptProposed)
    assert (event.actor, event.governs, event.replaces) == ("desk", "desk", "imre.sand")
    assert (prompt(env, "desk-prompt").pending.author, prompt(env, "desk-prompt").pending.status) == ("desk", "open")
    later("+1d 09:30")
    assert text(env, "desk-prompt") == "You keep the mailbox. Put binding first."
    assert not [each for each in env.record.events if isinstance(each, PromptChanged)]


def test_without_reviewers_a_proposal_holds_at_once_or_at_its_date(env, call, facts, later):
    assert call("propose_prompt", prompt_id="greeting", text="Say hello.", reason="r").endswith("it needs no review.")
    assert [type(event) for event in facts(env, *DONE)] == [PromptProposed, PromptChanged]
    assert text(env, "greeting") == "Say hello."
    call("propose_prompt", prompt_id="greeting", text="Say nothing.", reason="r", effective="+1d 10:00")
    assert text(env, "greeting") == "Say hello."
    later("+1d 10:00")
    assert text(env, "greeting") == "Say nothing."


def test_a_reviewer_approves_and_it_holds(env, call, facts):
    answer = call("review_prompt", prompt_id="planner-prompt", verdict="approve", reason="Clear.")
    assert answer.endswith("is approved.")
    reviewed, changed = facts(env, *DONE)
    assert (reviewed.verdict, reviewed.author, reviewed.reason) == ("approved", "imre.sand", "Clear.")
    assert changed.by == "imre.sand"
    assert text(env, "planner-prompt") == "You plan the week and say why."


def test_a_rejected_change_is_gone(env, call):
    call("review_prompt", prompt_id="planner-prompt", verdict="reject")
    assert prompt(env, "planner-prompt").pending is None
    assert text(env, "planner-prompt") == "You plan the week."
    assert "no change of" in call("review_prompt", prompt_id="planner-prompt", verdict="approve")


def test_a_later_change_with_the_same_date_is_not_let_in_by_the_plan_of_the_first(env, call, later):
    call("propose_prompt", prompt_id="greeting", text="One.", reason="r", effective="+1d 09:00")
    call("propose_prompt", prompt_id="greeting", text="Two.", reason="r", effective="+2d 09:00")
    later("+1d 12:00")
    assert text(env, "greeting").startswith("Say good morning.")
    later("+2d 09:00")
    assert text(env, "greeting") == "Two."


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("read_prompt", {"prompt_id": "prompt-1"}, "there is no prompt prompt-1; list_prompts shows the ids"),
        ("propose_prompt", {"prompt_id": "planner-prompt"}, "is Imre Sand's to edit; ask them"),
        ("propose_prompt", {"prompt_id": "desk-prompt", "text": "You keep the mailbox."}, "has this change waiting already"),
        ("propose_prompt", {"prompt_id": "greeting", "effective": "-1h"}, "effective: Tue 2031-03-04 07:35 is over"),
        ("propose_prompt", {"prompt_id": "greeting", "ticket_id": "t"}, "there is no ticket t"),
        ("propose_prompt", {"prompt_id": "greeting", "text": ""}, "text: is too short"),
        ("propose_prompt", {"prompt_id": "greeting", "reason": ""}, "reason: is too short"),
        ("review_prompt", {"prompt_id": "desk-prompt", "verdict": "approve"}, "is reviewed by Nora Whitlock; ask them"),
        ("review_prompt", {"prompt_id": "greeting", "verdict": "approve"}, "is reviewed by nobody; ask them"),
        ("review_prompt", {"prompt_id": "planner-prompt", "verdict": "maybe"}, "verdict: is not one of approve, reject"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(env, call, facts, name, given, why):
    whole = {"text": "t", "reason": "r", **given} if name == "propose_prompt" else given
    answer = call(name, **whole)
    assert answer.startswith(f"{name} was refused: ")
    assert why in answer
    assert len(facts(env, CallRefused)) == 1
    assert facts(env, *DONE) == []


def test_nobody_reviews_a_change_of_their_own(rack, office):
    item = {"id": "both", "title": "Both", "text": "t", "governs": "planner", "owner": "desk", "reviewers": ["desk"]}
    env = office(rack.with_items("prompts", [item]))
    both = env.company.id_of("both")
    env.do("propose_prompt", prompt_id=both, text="u", reason="r")
    assert "is your own; somebody else reviews it" in env.do("review_prompt", prompt_id=both, verdict="approve")
    assert "has this change waiting already" in env.do("propose_prompt", prompt_id=both, text="u", reason="r")
