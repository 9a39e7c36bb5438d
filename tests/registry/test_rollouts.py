"""Manifests and rollouts."""
# ruff: noqa: E501 (a case stands on one line)

import pytest

from corpenv.company.registry import find_deployment, find_model, is_done, unmanifested
from corpenv.events import ArtefactCopied, ArtefactDeleted, CallRefused, DeploymentChanged, DeploymentRead


def places(env, slug):
    return find_model(env.company, env.company.id_of(slug)).locations


def test_deployments_are_listed_with_how_far_they_are(env, call):
    rollout, by_hand = map(env.company.id_of, ("rollout", "by-hand"))
    assert call("list_deployments").splitlines() == [
        "Deployments:",
        f"{rollout}  Planner at the bench  Imre Sand  [active]  0 of 2 stages done",
        f"{by_hand}  Tables for the counter  Nora Whitlock  [active]  0 of 1 stages done",
    ]


def test_a_deployment_is_shown_with_manifest_and_stages(env, call, facts):
    one, two, ticket, rollout = map(env.company.id_of, ("planner-one", "planner-two", "move-it", "rollout"))
    assert call("show_deployment", deployment_id="rollout").splitlines() == [
        f"Planner at the bench ({rollout}) [active]",
        "Owner: Imre Sand (imre.sand)",
        f"Ordered by: {ticket} (approved: Planner 2 to the bench)",
        "Manifest:",
        f"- planner 1.4 ({one}) at node-a",
        f"- planner 1.4 ({one}) at vault",
        f"- planner-next 2.0 ({two}) at vault",
        f"- planner-next 2.0 ({two}) at node-b",
        "Rollout, carried out by the registry:",
        f"- place: Wed 2031-03-05 10:00, place planner-next 2.0 ({two}) to node-b [open]",
        f"- retire: Wed 2031-03-05 11:00, remove planner 1.4 ({one}) from node-a [open]",
    ]
    assert [event.deployment_id for event in facts(env, DeploymentRead)] == [rollout]
    assert "Rollout, carried out by hand:" in call("show_deployment", deployment_id="by-hand")


def test_an_automatic_rollout_is_carried_out_at_its_times_and_by_hand_nothing_happens(env, later):
    later("+1d 10:30")
    assert places(env, "planner-two") == ("vault", "node-b")
    assert places(env, "planner-one") == ("node-a", "vault")
    later("+1d 11:30")
    assert places(env, "planner-one") == ("vault",)
    assert places(env, "prices") == ("vault", "cabinet")
    events = [event for event in env.record.events if isinstance(event, ArtefactCopied | ArtefactDeleted)]
    assert [(event.actor, event.cause) for event in events] == [("world", env.company.id_of("rollout"))] * 2


def test_who_did_a_stage_before_its_time_leaves_nothing_to_do(env, call, later):
    call("push_artefact", model_id="planner-two", location="node-b")
    rollout = find_deployment(env.company, env.company.id_of("rollout"))
    assert [is_done(env.company, stage) for stage in rollout.stages] == [True, False]
    assert not unmanifested(env.company, find_model(env.company, env.company.id_of("planner-two")))
    later("+1d 10:30")
    copies = [event.actor for event in env.record.events if isinstance(event, ArtefactCopied)]
    assert copies == ["desk"]


def test_a_paused_rollout_waits_and_catches_up(env, call, facts, later):
    assert call("change_deployment", deployment_id="rollout", change="pause").endswith("the rollout is paused.")
    later("+1d 10:30")
    assert places(env, "planner-two") == ("vault",)
    call("change_deployment", deployment_id="rollout", change="resume")
    assert [event.change for event in facts(env, DeploymentChanged)] == ["resume"]
    assert places(env, "planner-two") == ("vault", "node-b")
    later("+1d 11:30")
    assert places(env, "planner-one") == ("vault",)


def test_a_rollout_places_nothing_that_its_manifest_does_not_list(env, call, later):
    pair = {"deployment_id": "rollout", "model_id": "planner-two", "location": "node-b"}
    call("change_deployment", change="forbid", **pair)
    assert "to node-b [blocked: not in the manifest]" in call("show_deployment", deployment_id="rollout")
    later("+1d 10:30")
    assert places(env, "planner-two") == ("vault",)
    call("change_deployment", change="allow", **pair)
    assert places(env, "planner-two") == ("vault", "node-b")


def test_a_rollout_is_rolled_back_by_taking_away_the_copy_and_its_line_in_the_manifest(env, call, later):
    later("+1d 10:30")
    call("change_deployment", deployment_id="rollout", change="forbid", model_id="planner-two", location="node-b")
    call("delete_artefact", model_id="planner-two", location="node-b")
    for change in ("pause", "resume"):
        call("change_deployment", deployment_id="rollout", change=change)
    later("+1d 10:50")
    assert places(env, "planner-two") == ("vault",)


def test_a_stage_comes_at_its_new_time_and_not_at_the_old(env, call, facts, later):
    call("change_deployment", deployment_id="rollout", change="reschedule", stage="retire", at="+3d 09:00")
    (event,) = facts(env, DeploymentChanged)
    assert (event.stage, env.company.when(event.stage_at)) == ("retire", "Fri 2031-03-07 09:00")
    later("+1d 11:30")
    assert "node-a" in places(env, "planner-one")
    call("change_deployment", deployment_id="rollout", change="reschedule", stage="retire", at="+5m")
    later("+1d 11:50")
    assert "node-a" not in places(env, "planner-one")


def test_a_manifest_allows_and_forbids(env, call, facts):
    given = {"deployment_id": "rollout", "model_id": "planner-one", "location": "mirror"}
    call("push_artefact", model_id="planner-one", location="mirror")
    model = env.company.id_of("planner-one")
    assert unmanifested(env.company, find_model(env.company, model)) == ("mirror",)
    assert call("change_deployment", change="allow", ticket_id="move-it", **given).endswith(
        f"planner 1.4 ({model}) may stand at mirror."
    )
    (event,) = facts(env, DeploymentChanged)
    assert (event.change, event.model_id, event.location) == ("allow", model, "mirror")
    assert event.ticket == env.company.id_of("move-it")
    assert unmanifested(env.company, find_model(env.company, model)) == ()
    call("change_deployment", change="forbid", **given)
    assert unmanifested(env.company, find_model(env.company, model)) == ("mirror",)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"deployment_id": "dep-1", "change": "pause"}, "there is no deployment dep-1; list_deployments shows the ids"),
        ({"deployment_id": "by-hand", "change": "pause"}, "is Nora Whitlock's to change; ask them"),
        ({"change": "halt"}, "change: is not one of allow, forbid, reschedule, pause, resume"),
        ({"change": "resume"}, "is active already"),
        ({"change": "allow"}, ": allow needs a model_id and a location"),
        ({"change": "allow", "model_id": "planner-one", "location": "vualt"}, "no location 'vualt' (did you mean \"vault\"?)"),
        ({"change": "allow", "model_id": "planner-one", "location": "vault"}, "says so already"),
        ({"change": "forbid", "model_id": "planner-one", "location": "mirror"}, "says so already"),
        ({"change": "reschedule", "at": "+1h"}, "reschedule needs a stage, and at"),
        ({"change": "reschedule", "stage": "retires", "at": "+1h"}, 'did you mean "retire"?'),
        ({"change": "reschedule", "stage": "retire"}, "the time at which it comes now"),
        ({"change": "reschedule", "stage": "retire", "at": "2031-03-05 11:00"}, "comes Wed 2031-03-05 11:00 already"),
        ({"change": "pause", "ticket_id": "ticket-1"}, "there is no ticket ticket-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_says_why(env, call, facts, given, why):
    answer = call("change_deployment", **{"deployment_id": "rollout", **given})
    assert answer.startswith("change_deployment was refused: ")
    assert why in answer
    assert len(facts(env, CallRefused)) == 1
    assert facts(env, DeploymentChanged) == []


def test_a_stage_that_is_done_is_not_rescheduled(env, call):
    call("push_artefact", model_id="planner-two", location="node-b")
    given = {"deployment_id": "rollout", "change": "reschedule", "stage": "place", "at": "+2h"}
    assert "the stage place is done" in call("change_deployment", **given)
