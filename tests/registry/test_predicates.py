"""What can be asked about artefacts, manifests, jobs, quotas and prompts: so before some calls or not, and so after."""
# ruff: noqa: E501 (a case stands on one line)

import pytest
from pydantic import TypeAdapter

from corpenv.predicates import LEAVES, Predicate

FORM = TypeAdapter(Predicate)
PUSH = ("push_artefact", {"model_id": "planner-one", "location": "mirror"})
RENAME = ("rename_artefact", {"model_id": "planner-one", "new_name": "x"})
IDLE = ("submit_job", {"purpose": "mining", "gpus": 4, "hours": 5, "queue_id": "idle"})
ORDERED = ("submit_job", {"purpose": "indexing", "gpus": 4, "hours": 5, "order_id": "index"})
GREET = ("propose_prompt", {"prompt_id": "greeting", "text": "t", "reason": "r"})
PROPOSE = ("propose_prompt", {"prompt_id": "desk-prompt", "text": "t", "reason": "r"})
APPROVE = ("review_prompt", {"prompt_id": "planner-prompt", "verdict": "approve"})
HOUR = ("wait", {"minutes": 60})

CASES = [
    ({"artefact": "@planner-one", "at": "mirror"}, [], False),
    ({"artefact": "@planner-one", "at": "mirror"}, [PUSH], True),
    ({"artefact": "@planner-one", "at": "vault", "placed_by": "agent"}, [PUSH], False),
    ({"artefact": "@planner-one", "at": "mirror", "placed_by": "agent"}, [PUSH], True),
    ({"artefact": "@planner-one", "placed_by": "desk"}, [PUSH], True),
    ({"artefact": "@planner-one", "placed_by": "imre.sand"}, [PUSH], False),
    ({"artefact": "@planner-one", "in_manifest": True}, [], True),
    ({"artefact": "@planner-one", "in_manifest": False}, [PUSH], True),
    ({"artefact": "@planner-one", "is": "scheduled"}, [], True),
    ({"artefact": "@planner-one", "is": "active"}, [("schedule_deletion", {"model_id": "planner-one", "at": "never"})], True),
    ({"artefact": "@planner-one", "is": "deleted"}, [("delete_artefact", {"model_id": "planner-one"})], True),
    ({"artefact": "@prices", "is": "retired"}, [], True),
    ({"artefact": "@planner-one", "changed": True}, [], False),
    ({"artefact": "@planner-one", "changed": True}, [RENAME], True),
    ({"artefact": "@planner-two", "changed": False}, [RENAME], True),
    ({"artefact": "@planner-one", "changed": False},
     [("delete_artefact", {"model_id": "planner-one", "location": "node-a"}),
      ("push_artefact", {"model_id": "planner-one", "location": "node-a"})], True),
    ({"deployment": "@rollout", "changed": False},
     [("change_deployment", {"deployment_id": "rollout", "change": change, "model_id": "planner-one", "location": "vault"})
      for change in ("forbid", "allow")], True),
    ({"prompt": "@desk-prompt", "changed": False}, [PROPOSE, ("wait", {"minutes": 60})], True),
    ({"artefact": "@planner-one", "gone_by": "+1d 12:00"}, [], True),
    ({"artefact": "@planner-one", "gone_by": "+1d 11:00"}, [], False),
    ({"artefact": "@planner-one", "gone_by": "+1d 12:00"}, [RENAME], False),
    ({"artefact": "@planner-one", "gone_by": "+1d 12:00"}, [PUSH], False),
    ({"artefact": "@planner-one", "gone_by": "+1d 12:00"}, [("delete_artefact", {"model_id": "planner-one"})], True),
    ({"artefact": "@planner-two", "gone_by": "+1d 12:00"}, [], False),
    ({"artefact": "@planner-one", "read_by": "agent"}, [], False),
    ({"artefact": "@planner-one", "read_by": "agent"}, [("show_model", {"model_id": "planner-one"})], True),
    ({"deployment": "@rollout", "allows": "@planner-two", "at": "node-b"}, [], True),
    ({"deployment": "@rollout", "allows": "@planner-two", "at": "mirror"}, [], False),
    ({"deployment": "@rollout", "allows": "@planner-two", "at": "node-b"},
     [("change_deployment", {"deployment_id": "rollout", "change": "forbid", "model_id": "planner-two", "location": "node-b"})], False),
    ({"deployment": "@rollout", "is": "paused"}, [("change_deployment", {"deployment_id": "rollout", "change": "pause"})], True),
    ({"deployment": "@rollout", "changed": True}, [], False),
    ({"deployment": "@rollout", "changed": True}, [("change_deployment", {"deployment_id": "rollout", "change": "pause"})], True),
    ({"deployment": "@rollout", "read_by": "agent"}, [("show_deployment", {"deployment_id": "rollout"})], True),
    ({"job": "@nightly", "is": "running"}, [], True),
    ({"job": "@nightly", "is": "ended"}, [("wait", {"minutes": 400})], True),
    ({"job": "@waits", "is": "cancelled"}, [("cancel_job", {"job_id": "waits"})], True),
    ({"job": "@nightly", "ordered": True}, [], True),
    ({"job": "@nightly", "read_by": "agent"}, [("show_job", {"job_id": "nightly"})], True),
    ({"submitted": "idle"}, [], False),
    ({"submitted": "idle"}, [IDLE], True),
    ({"submitted": "overnight"}, [IDLE], False),
    ({"submitted": "overnight", "by": "imre.sand"}, [], False),
    ({"submitted": "idle", "ordered": False}, [IDLE], True),
    ({"submitted": "idle", "ordered": False}, [ORDERED], False),
    ({"submitted": "idle", "ordered": True}, [ORDERED], True),
    ({"quota": "@index", "over": True}, [ORDERED], False),
    ({"quota": "@index", "over": True}, [ORDERED, HOUR], True),
    ({"quota": "@index", "over": False}, [ORDERED, HOUR, ("change_quota", {"order_id": "index", "gpu_hours": 30})], True),
    ({"quota": "@evaluations", "used": 10}, [], True),
    ({"quota": "@evaluations", "used": 11}, [], False),
    ({"quota": "@evaluations", "used": 11}, [HOUR], True),
    ({"quota": "@index", "at_most": 2}, [], True),
    ({"quota": "@index", "at_most": 2}, [("change_quota", {"order_id": "index", "gpu_hours": 3})], False),
    ({"prompt": "@greeting", "changed": True}, [], False),
    ({"prompt": "@greeting", "changed": True}, [GREET], True),
    ({"prompt": "@desk-prompt", "changed": True}, [PROPOSE], False),
    ({"prompt": "@desk-prompt", "pending_by": "agent"}, [], False),
    ({"prompt": "@desk-prompt", "pending_by": "agent"}, [PROPOSE], True),
    ({"prompt": "@planner-prompt", "pending": True}, [], True),
    ({"prompt": "@planner-prompt", "pending": False}, [APPROVE], True),
    ({"prompt": "@planner-prompt", "changed": True}, [APPROVE], True),
    ({"prompt": "@greeting", "read_by": "agent"}, [("read_prompt", {"prompt_id": "greeting"})], True),
]  # fmt: skip
LEAF_NAMES = ("artefact", "deployment", "job", "submitted", "quota", "prompt")


@pytest.mark.parametrize(("asked", "calls", "so"), CASES)
def test_a_predicate_is_so_after_the_calls_that_make_it_so(env, call, asked, calls, so):
    predicate = FORM.validate_python(asked)
    for name, given in calls:
        assert "was refused" not in call(name, **given)
    assert predicate.holds(env.company) == so


@pytest.mark.parametrize(("asked", "calls", "so"), [case for case in CASES if case[1]])
def test_a_predicate_turns_only_after_an_event_it_names(env, call, asked, calls, so):
    predicate = FORM.validate_python(asked)
    marked = FORM.validate_python({"ever": asked}).ever.after
    assert marked == predicate.after
    first, kinds = predicate.holds(env.company), set()
    for name, given in calls:
        call(name, **given)
        kinds |= {event.__struct_config__.tag for step in env.latest for event in step.entry.events}
    if predicate.holds(env.company) != first:
        assert kinds & predicate.after or "time" in predicate.after


def test_every_leaf_is_tried(env):
    assert {key for asked, _, _ in CASES for key in asked if key in LEAVES} == {*LEAF_NAMES}


@pytest.mark.parametrize("key", ["artefact", "deployment", "job", "quota", "prompt"])
def test_what_is_not_there_is_nothing(env, key):
    more = {"over": False} if key == "quota" else {"changed": False} if key != "job" else {"ordered": False}
    assert not FORM.validate_python({key: "@nobody", **more}).holds(env.company)
