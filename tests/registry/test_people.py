"""What people of the company do about jobs and prompts: they review, and they stop what should not run."""
# ruff: noqa: E501 (a case stands on one line)

import pytest

from corpenv.company.registry import find_job, find_prompt
from corpenv.errors import PackError
from corpenv.events import JobCancelled, PromptChanged, PromptReviewed


def with_people(rack, *reactions):
    return rack.with_items("reactions", [{"id": f"r{n}", **each} for n, each in enumerate(reactions)])


@pytest.mark.parametrize(("verdict", "text"), [("approved", "Put binding first."), ("rejected", None)])
def test_a_reviewer_decides_on_what_was_proposed_and_its_author_hears_of_it(office, rack, verdict, text):
    answer = {"on": {"prompt_proposed": {"governs": "desk", "actor": "agent", "replaces": "imre.sand"}}, "after": "20m",
              "do": [{"prompt": "that", "becomes": verdict, "from": "nora.whitlock"}]}  # fmt: skip
    env = office(with_people(rack, answer))
    prompt_id = env.company.id_of("desk-prompt")
    before = find_prompt(env.company, prompt_id).text
    env.do("propose_prompt", prompt_id=prompt_id, text="Put binding first.", reason="As it was.")
    heard = env.do("wait", minutes=60)
    assert heard.endswith(f"[Your change of {prompt_id} is {verdict}: Instructions of the desk]")
    reviewed = [event for event in env.record.events if isinstance(event, PromptReviewed)]
    assert [(event.actor, event.author, event.cause) for event in reviewed] == [("nora.whitlock", "desk", prompt_id)]
    assert find_prompt(env.company, prompt_id).text == (text or before)
    assert find_prompt(env.company, prompt_id).pending is None


def test_a_review_at_a_moment_lets_an_authored_change_hold(office, rack):
    act = {"id": "s", "at": "+30m", "do": [{"prompt": "@planner-prompt", "becomes": "approved", "by": "nora.whitlock"}]}
    env = office(rack.with_items("schedule", [act, {**act, "id": "again", "at": "+40m"}]))
    env.do("wait", minutes=60)
    events = [event for event in env.record.events if isinstance(event, PromptReviewed | PromptChanged)]
    assert [type(event) for event in events] == [PromptReviewed, PromptChanged]
    assert find_prompt(env.company, env.company.id_of("planner-prompt")).text == "You plan the week and say why."


def test_somebody_stops_a_job_that_no_work_order_covers(office, rack):
    stop = {"on": {"job_submitted": {"queue": "idle", "actor": "agent"}}, "after": "10m",
            "if": {"submitted": "idle", "ordered": False},
            "do": [{"job": "that", "becomes": "cancelled", "from": "imre.sand"}]}  # fmt: skip
    env = office(with_people(rack, stop))
    env.do("submit_job", purpose="indexing", gpus=1, hours=1, order_id=env.company.id_of("index"))
    env.do("submit_job", purpose="mining", gpus=1, hours=5, queue_id="idle")
    covered, other = env.company.registry.new
    heard = env.do("wait", minutes=60)
    assert heard.endswith(f"[{other} is cancelled: mining]")
    assert [find_job(env.company, each).state for each in (covered, other)] == ["running", "cancelled"]
    (event,) = [each for each in env.record.events if isinstance(each, JobCancelled)]
    assert (event.actor, event.cause) == ("imre.sand", other)


@pytest.mark.parametrize(
    ("topic", "item", "told"),
    [
        ("schedule", {"at": "+1h", "do": [{"prompt": "that", "becomes": "approved", "by": "desk"}]}, "the schedule has nothing of that kind"),
        ("schedule", {"at": "+1h", "do": [{"job": "@nightley", "becomes": "cancelled", "by": "desk"}]}, 'no job "@nightley"'),
        ("schedule", {"at": "+1h", "do": [{"job": "@nightly", "becomes": "ended", "by": "desk"}]}, "no state of a job 'ended'"),
        ("schedule", {"at": "+1h", "do": [{"prompt": "@greeting", "becomes": "approved"}]}, "'from' is missing"),
        ("reactions", {"on": {"mail_sent": None}, "do": [{"prompt": "that", "becomes": "approved", "by": "desk"}]}, "mail_sent has no prompt_id"),
    ],
)  # fmt: skip
def test_mistakes_about_them_are_told(office, rack, topic, item, told):
    with pytest.raises(PackError) as caught:
        office(rack.with_items(topic, [{"id": "x", **item}]))
    assert told in str(caught.value)
