"""Job queues: who runs when, under which work order, and what it uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.company.registry import (
    HOUR,
    committed,
    find_job,
    find_order,
    free_gpus,
    is_ordered,
    jobs,
    left,
    metered,
    next_to_start,
    used,
)
from corpenv.company.registryitems import Job
from corpenv.events import CallRefused, JobCancelled, JobEnded, JobRead, JobStarted, JobSubmitted, QuotaChanged
from corpenv.tools.jobs import gpu_hours

DONE = (JobSubmitted, JobStarted, JobCancelled, JobEnded, QuotaChanged, JobRead)


def job(env, slug):
    return find_job(env.company, env.company.id_of(slug))


def order(env, slug):
    return find_order(env.company, env.company.id_of(slug))


def submitted(env, facts):
    (event,) = facts(env, JobSubmitted)
    return event.job_id


# reading ----------------------------------------------------------------------------------------------------


def test_jobs_are_listed_with_their_use_so_far(env, call):
    past, nightly, waits = map(env.company.id_of, ("past", "nightly", "waits"))
    assert call("list_jobs").splitlines() == [
        "Jobs:",
        f"{past}  overnight  Imre Sand: evaluation, 2 GPUs, ended Mon 2031-03-03 09:30, 2.0 GPU-hours used",
        f"{nightly}  overnight  Imre Sand: evaluation, 4 GPUs, running until Tue 2031-03-04 14:30, 8.0 GPU-hours used",
        f"{waits}  overnight  Office Desk: evaluation, 6 GPUs, queued since Tue 2031-03-04 07:30",
    ]
    for given_, found in (({"state": "queued"}, [waits]), ({"queue_id": "overnight", "state": "ended"}, [past])):
        assert [row.split()[0] for row in call("list_jobs", **given_).splitlines()[1:]] == found
    assert call("list_jobs", queue_id="idle") == "There are no such jobs."
    assert "no queue 'ilde' (did you mean \"idle\"?)" in call("list_jobs", queue_id="ilde")


def test_a_job_is_shown_with_its_work_order(env, call, facts):
    nightly, evaluations = map(env.company.id_of, ("nightly", "evaluations"))
    assert call("show_job", job_id="nightly").splitlines() == [
        f"{nightly} on overnight: evaluation",
        "Submitted by Imre Sand (imre.sand), Tue 2031-03-04 06:30",
        f"Work order: Evaluations of planner ({evaluations})",
        "4 GPUs, running until Tue 2031-03-04 14:30, 8.0 GPU-hours used",
        "Asked for: 32.0 GPU-hours",
    ]
    assert [event.job_id for event in facts(env, JobRead)] == [nightly]


def test_quotas_are_shown_with_what_is_used_and_what_is_left_to_give(env, call):
    text = call("show_quota", queue_id="overnight")
    assert text.splitlines()[0] == "overnight (The rack at night): 4 of 8 GPUs free"
    # past 2, nightly 4 x 8, waits 6 x 2: 46 of 100 are given away
    assert "[approved]  purpose: evaluation  10.0 of 100 GPU-hours used, 54.0 to give" in text
    assert "Tuning of planner [proposed]" in text
    assert "index" not in text
    assert "Pay runs [approved, not for you]" in call("show_quota")


def test_a_company_without_queues_says_so(office, mini, rack):
    bare = type(rack)(mini.name, mini.part, mini.parts, rack.scenario_parts)
    env = office(bare)
    assert env.do("show_quota") == "The company has no job queues."
    assert env.do("list_jobs") == "There are no such jobs."
    assert env.do("list_models") == "The model registry has nothing of the kind."
    assert env.do("list_deployments") == "The company has no deployments."
    assert env.do("list_prompts") == "The prompt registry has nothing of the kind."


# the queue --------------------------------------------------------------------------------------------------


def test_who_comes_first_is_served_first_even_if_a_smaller_one_would_fit(env, call, facts):
    answer = call("submit_job", purpose="evaluation", gpus=2, hours=1, order_id="evaluations")
    assert answer.endswith("to overnight; it waits until its turn comes.")
    small = submitted(env, facts)
    assert job(env, "waits").state == find_job(env.company, small).state == "queued"
    call("cancel_job", job_id="waits", reason="Not needed.")
    (event,) = facts(env, JobCancelled)
    assert (event.job_id, event.reason) == (env.company.id_of("waits"), "Not needed.")
    assert [event.job_id for event in facts(env, JobStarted)] == [small]
    assert find_job(env.company, small).state == "running"
    assert call("show_job", job_id="waits").endswith("\nCancelled by Office Desk: Not needed.")


def test_a_job_runs_its_hours_and_makes_room_for_the_next(env, later):
    later("+0d 14:29")
    assert job(env, "nightly").state == "running"
    later("+0d 14:30")
    assert (job(env, "nightly").state, job(env, "waits").state) == ("ended", "running")
    assert job(env, "waits").starts == job(env, "nightly").ends
    later("+0d 16:30")
    assert job(env, "waits").state == "ended"
    ended = [event for event in env.record.events if isinstance(event, JobEnded)]
    assert [(event.job_id, event.metered // HOUR) for event in ended] == [
        (env.company.id_of("nightly"), 32), (env.company.id_of("waits"), 12),
    ]  # fmt: skip
    assert used(env.company, order(env, "evaluations")) == (2 + 32 + 12) * HOUR


def test_the_end_of_its_own_job_reaches_who_waits_for_it(env, call):
    call("submit_job", purpose="indexing", gpus=1, hours=1, order_id="index")
    answer = call("wait", minutes=600)
    assert answer.splitlines()[0] == "It is Tue 2031-03-04 09:32."
    assert answer.endswith("is ended: indexing]")


def test_a_cancelled_job_has_used_what_it_has_used(env, call, facts):
    call("submit_job", purpose="indexing", gpus=4, hours=9, queue_id="idle")
    made = submitted(env, facts)
    env.do("wait", minutes=30)
    now = env.company.now
    answer = call("cancel_job", job_id=made)
    seconds = 4 * (now + 60 - find_job(env.company, made).starts)
    assert metered(find_job(env.company, made), env.company.now) == seconds
    assert f"it used {gpu_hours(seconds)} GPU-hours" in answer
    env.do("wait", minutes=600)
    assert find_job(env.company, made).state == "cancelled"
    assert metered(find_job(env.company, made), env.company.now) == seconds


def test_an_operator_cancels_the_jobs_of_others(env, call, rack, office):
    assert call("cancel_job", job_id="nightly").endswith("is Imre Sand's; ask them.")
    queues = [{"id": "overnight", "title": "O", "gpus": 8, "users": ["everyone"], "operators": ["desk"]}]
    parts = rack.parts.model_copy(update={"queues": rack.parts.queues[1:]})
    other = type(rack)(rack.name, rack.part, parts, rack.scenario_parts).with_items("queues", queues)
    mine = office(other)
    assert mine.do("cancel_job", job_id=mine.company.id_of("nightly")).startswith("Cancelled")


# work orders and quotas -------------------------------------------------------------------------------------


def test_a_job_is_ordered_if_an_approved_order_covers_account_and_purpose(env, call, facts):
    company = env.company
    assert is_ordered(company, job(env, "nightly"))
    call("submit_job", purpose="mining", gpus=1, hours=1, queue_id="idle")
    assert not is_ordered(env.company, find_job(env.company, submitted(env, facts)))
    call("submit_job", purpose="mining", gpus=1, hours=1, order_id="index")
    assert not is_ordered(env.company, find_job(env.company, submitted(env, facts)))
    call("submit_job", purpose=" Indexing", gpus=1, hours=1, order_id="index")
    assert is_ordered(env.company, find_job(env.company, submitted(env, facts)))


def test_a_proposed_order_counts_once_its_ticket_is_approved(env, call, rack, office):
    given_ = {"purpose": "tuning", "gpus": 1, "hours": 1}
    assert "is proposed, not approved; ask Imre Sand" in call("submit_job", order_id="tuning", **given_)
    parts = rack.parts.model_copy(
        update={"tickets": tuple(
            each.model_copy(update={"status": "approved"}) if each.id == "tune-it" else each
            for each in rack.parts.tickets
        )}
    )  # fmt: skip
    other = office(type(rack)(rack.name, rack.part, parts, rack.scenario_parts))
    answer = other.do("submit_job", order_id=other.company.id_of("tuning"), **given_)
    assert "Submitted job-" in answer
    assert "Office Desk: tuning, 1 GPU, " in other.do("list_jobs")


def test_a_quota_holds_where_the_queue_enforces_it_and_not_where_it_does_not(env, call):
    given_ = {"purpose": "evaluation", "order_id": "evaluations"}
    answer = call("submit_job", gpus=5, hours=11, **given_)
    assert "that is 55 GPU-hours, and" in answer
    assert "has 54.0 to give; ask for less, or have Imre Sand change the quota" in answer
    assert "Submitted" in call("submit_job", gpus=6, hours=9, **given_)
    assert left(env.company, order(env, "evaluations")) == 0
    assert "Submitted" in call("submit_job", purpose="indexing", gpus=4, hours=9, order_id="index")
    assert left(env.company, order(env, "index")) == (2 - 36) * HOUR
    assert "-34.0 to give" in call("show_quota", queue_id="idle")


def test_a_quota_is_changed_by_who_operates_the_queue(env, call, facts):
    assert "you do not operate overnight; ask Imre Sand" in call("change_quota", order_id="evaluations", gpu_hours=1)
    answer = call("change_quota", order_id="index", gpu_hours=50, ticket_id="move-it")
    assert answer.endswith("is now 50 GPU-hours (it was 2).")
    (event,) = facts(env, QuotaChanged)
    assert (event.was, event.quota, event.ticket) == (2, 50, env.company.id_of("move-it"))
    assert "of 50 GPU-hours used" in call("show_quota", queue_id="idle")


@pytest.mark.parametrize(
    ("name", "given_", "why"),
    [
        ("show_job", {"job_id": "job-1"}, "there is no job job-1; list_jobs shows the ids"),
        ("submit_job", {"order_id": "wo-1"}, "there is no work order wo-1; show_quota lists them"),
        ("submit_job", {}, "say the order_id of a work order, or a queue_id"),
        ("submit_job", {"queue_id": "idel"}, "no queue 'idel' (did you mean \"idle\"?)"),
        ("submit_job", {"queue_id": "overnight"}, "takes no job without a work order; show_quota lists them"),
        ("submit_job", {"queue_id": "sealed"}, "the queue sealed is not open to you; ask whoever runs it"),
        ("submit_job", {"order_id": "over"}, "is closed, not approved; ask Nora Whitlock"),
        ("submit_job", {"order_id": "index", "queue_id": "overnight"}, "is for the queue idle, not 'overnight'"),
        ("submit_job", {"queue_id": "idle", "gpus": 5}, "has 4 GPUs, so no job can have 5"),
        ("submit_job", {"queue_id": "idle", "gpus": 0}, "gpus: is too small (1 at least)"),
        ("submit_job", {"queue_id": "idle", "purpose": ""}, "purpose: is too short"),
        ("cancel_job", {"job_id": "past"}, "Imre Sand's; ask them"),
        ("change_quota", {"order_id": "index", "gpu_hours": 2}, "is 2 GPU-hours already"),
        ("change_quota", {"order_id": "index", "gpu_hours": 3, "ticket_id": "t"}, "there is no ticket t"),
    ],
)
def test_what_cannot_be_done_says_why(env, call, facts, name, given_, why):
    whole = {"purpose": "p", "gpus": 1, "hours": 1, **given_} if name == "submit_job" else given_
    if whole.get("queue_id"):
        whole = dict(whole)
    answer = call(name, **whole)
    assert answer.startswith(f"{name} was refused: ")
    assert why in answer
    assert len(facts(env, CallRefused)) == 1
    assert facts(env, *DONE) == []


def test_what_is_over_is_not_cancelled_again(env, call):
    call("cancel_job", job_id="waits")
    assert "is cancelled already" in call("cancel_job", job_id="waits")


# metering ---------------------------------------------------------------------------------------------------

RUNS = st.builds(
    lambda gpus, starts, length, state, cut: Job(
        "job-1", "q", "desk", "p", gpus, length, state=state, starts=starts,
        ends=starts + (min(cut, length) if state == "cancelled" else length),
    ),
    st.integers(1, 1000), st.integers(-10**6, 10**6), st.integers(1, 10**6),
    st.sampled_from(["running", "ended", "cancelled"]), st.integers(0, 10**6),
)  # fmt: skip


@given(RUNS, st.integers(-(10**6), 3 * 10**6), st.integers(0, 10**6))
def test_use_never_shrinks_never_passes_the_end_and_is_whole(run, now, more):
    first, second = metered(run, now), metered(run, now + more)
    assert 0 <= first <= second <= run.gpus * (run.ends - run.starts)
    assert second - first <= run.gpus * more
    assert metered(run, run.ends) == run.gpus * (run.ends - run.starts)
    assert committed(run, run.ends) >= metered(run, now)
    assert type(first) is int


@given(st.integers(-(10**9), 10**9))
def test_hours_are_cut_and_never_rounded_up(seconds):
    text = gpu_hours(seconds)
    tenths = int(text.replace(".", ""))
    assert abs(tenths) * 360 <= abs(seconds) < (abs(tenths) + 1) * 360
    assert text not in ("-0.0",)


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 3), st.booleans()), max_size=6), st.data())
def test_a_queue_never_runs_more_than_it_has_and_nobody_waits_who_could_begin(office, rack, asked, data):
    env = office(rack, tier="P4", max_steps=400)
    evaluations = env.company.id_of("evaluations")
    for gpus, hours, cancels in asked:
        env.do("submit_job", purpose="evaluation", gpus=gpus, hours=hours, order_id=evaluations)
        if cancels:
            mine = [each.id for each in jobs(env.company) if each.account == "desk"]
            env.do("cancel_job", job_id=data.draw(st.sampled_from(mine)))
        env.do("wait", minutes=data.draw(st.integers(1, 300)))
        queue = env.company.world.queues["overnight"]
        assert free_gpus(env.company, queue) >= 0
        assert not [*next_to_start(env.company, queue)]
        assert all(each.ends > env.company.now for each in jobs(env.company) if each.state == "running")
