"""Could it be done at all? That belongs to the start: the grant, its tier, and what the world does by itself."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from corpenv.company import Company, Facts
from corpenv.company.items import Grant
from corpenv.company.plans import DecideTicket, Reaction
from corpenv.labels.worlds import once_a_world
from corpenv.predicates import Leaf, SettingIs
from corpenv.tools import TOOLS, Effect
from corpenv.tools.tiers import mode


class Way(NamedTuple):
    """A tool that leads there, and how far it has to reach for that where its reach depends on its use."""

    tool: str
    reach: Effect


def ways(reach: Effect, *tools: str) -> tuple[Way, ...]:
    """Several tools that reach equally far."""
    return tuple(Way(tool, reach) for tool in tools)


MAILS = ("send_mail", "reply_mail", "forward_mail", "schedule_mail")
TO_INSIDERS = (
    *ways(Effect.INSIDE, *MAILS, "post_message", "share_document", "comment_ticket", "create_meeting"),
    *ways(Effect.INSIDE, "correct_record"),
    *ways(Effect.OWN, "open_ticket", "finish", "add_record_note"),
)
TO_OUTSIDERS = ways(Effect.OUTSIDE, *MAILS, "share_document", "open_ticket", "comment_ticket")


def is_open_way(company: Company, ways: Iterable[Way]) -> bool:
    """Does one of the ways lead there, by itself or with an approval that somebody in the company gives?"""
    grant = company.grant(company.agent)
    return grant is not None and any(leads(company.world, grant, way) for way in ways)


def leads(world: Facts, grant: Grant, way: Way) -> bool:
    """Is a call like this carried out, now or later?"""
    tool = TOOLS.get(way.tool)
    if tool is None or way.tool not in grant.tools:
        return False
    how = mode(grant.tier, tool.effect if isinstance(tool.effect, Effect) else way.reach)
    return how == "act" or (how == "ask" and approvals_come(world))


def approvals_come(world: Facts) -> bool:
    """Does anybody approve what is filed for approval?"""
    return any(approves(world, reaction) for reaction in world.reactions.get("ticket_opened", ()))


def approves(world: Facts, reaction: Reaction) -> bool:
    """Does a reaction approve the ticket that set it off?"""
    sorts = dict(reaction.on.fields).get("sort")
    actions = (world.actions[name] for name in reaction.actions)
    return (sorts is None or "approval" in sorts) and any(
        isinstance(action, DecideTicket) and not action.ticket and action.status == "approved" for action in actions
    )


CAUSES: dict[str, tuple[Way, ...]] = {
    "alarm_cancelled": ways(Effect.INSIDE, "cancel_alarm"),
    "alarm_read": ways(Effect.READ, "read_alarm"),
    "alarm_suppressed": ways(Effect.INSIDE, "suppress_alarm"),
    "alert_acknowledged": ways(Effect.INSIDE, "acknowledge_alert"),
    "alert_escalated": ways(Effect.INSIDE, "escalate_alert"),
    "alert_read": ways(Effect.READ, "read_alert"),
    "alert_route_changed": ways(Effect.CHANGE, "change_route"),
    "artefact_copied": (
        *ways(Effect.INSIDE, "push_artefact"),
        *ways(Effect.OUTSIDE, "push_artefact"),
        *ways(Effect.CHANGE, "change_deployment"),
    ),
    "artefact_deleted": ways(Effect.CHANGE, "delete_artefact", "schedule_deletion", "change_deployment"),
    "artefact_moved": (*ways(Effect.INSIDE, "push_artefact"), *ways(Effect.OUTSIDE, "push_artefact")),
    "artefact_renamed": ways(Effect.CHANGE, "rename_artefact"),
    "chat_posted": ways(Effect.INSIDE, "post_message"),
    "concern_raised": ways(Effect.OWN, "raise_concern"),
    "crew_dispatched": ways(Effect.INSIDE, "dispatch_crew"),
    "cron_changed": ways(Effect.CHANGE, "run_command"),
    "deletion_scheduled": ways(Effect.CHANGE, "schedule_deletion"),
    "deployment_changed": ways(Effect.CHANGE, "change_deployment"),
    "deployment_read": ways(Effect.READ, "show_deployment"),
    "document_read": ways(Effect.READ, "read_document"),
    "document_shared": (*ways(Effect.INSIDE, "share_document", *MAILS), *ways(Effect.OUTSIDE, "share_document")),
    "document_written": ways(Effect.INSIDE, "write_document"),
    "file_appended": ways(Effect.CHANGE, "run_command", "restart_service", "stop_service"),
    "file_mode_changed": ways(Effect.CHANGE, "run_command"),
    "file_moved": ways(Effect.CHANGE, "run_command"),
    "file_removed": ways(Effect.CHANGE, "run_command"),
    "file_written": ways(Effect.CHANGE, "run_command", "change_config"),
    "finished": ways(Effect.OWN, "finish"),
    "invitation_answered": ways(Effect.OWN, "answer_invitation"),
    "job_cancelled": ways(Effect.INSIDE, "cancel_job"),
    "job_ended": ways(Effect.INSIDE, "submit_job"),
    "job_read": ways(Effect.READ, "show_job"),
    "job_started": ways(Effect.INSIDE, "submit_job", "cancel_job"),
    "job_submitted": ways(Effect.INSIDE, "submit_job"),
    "mail_deleted": ways(Effect.OWN, "delete_mail"),
    "mail_read": ways(Effect.READ, "read_mail"),
    "mail_sent": (*ways(Effect.INSIDE, *MAILS), *ways(Effect.OUTSIDE, *MAILS)),
    "meeting_cancelled": ways(Effect.INSIDE, "cancel_meeting"),
    "meeting_made": ways(Effect.INSIDE, "create_meeting"),
    "meeting_moved": ways(Effect.INSIDE, "move_meeting"),
    "meeting_read": ways(Effect.READ, "read_meeting"),
    "model_read": ways(Effect.READ, "show_model"),
    "process_ended": ways(Effect.CHANGE, "run_command"),
    "process_paused": ways(Effect.CHANGE, "run_command"),
    "prompt_changed": ways(Effect.INSIDE, "propose_prompt", "review_prompt"),
    "prompt_proposed": ways(Effect.INSIDE, "propose_prompt"),
    "prompt_read": ways(Effect.READ, "read_prompt"),
    "prompt_reviewed": ways(Effect.INSIDE, "review_prompt"),
    "quota_changed": ways(Effect.CHANGE, "change_quota"),
    "record_corrected": ways(Effect.INSIDE, "correct_record"),
    "record_noted": ways(Effect.OWN, "add_record_note"),
    "record_read": ways(Effect.READ, "read_record"),
    "route_changed": ways(Effect.CHANGE, "run_command"),
    "rule_changed": ways(Effect.CHANGE, "change_rule"),
    "sensor_read": ways(Effect.READ, "read_sensor"),
    "service_changed": ways(Effect.CHANGE, "run_command", "restart_service", "stop_service", "change_config"),
    "setting_changed": ways(Effect.CHANGE, "change_setting"),
    "ticket_decided": ways(Effect.INSIDE, "decide_ticket"),
    "ticket_opened": ways(Effect.OWN, "open_ticket"),
    "ticket_read": ways(Effect.READ, "read_ticket"),
}
"""Kind of event → the calls that make one."""


@once_a_world
def ways_to_change(world: Facts, predicate: Leaf) -> tuple[Way, ...]:
    """The calls by which the agent can change the answer of a predicate, each once."""
    leaves = (leaf for leaf in leaves_of(predicate) if may_change(world, leaf) and reaches(world, leaf))
    return tuple(dict.fromkeys(way for leaf in leaves for way in causes_of(leaf)))


def may_change(world: Facts, leaf: Leaf) -> bool:
    """May the agent change the setting that a predicate asks about, if it asks about one?"""
    setting = world.settings.get(leaf.setting) if isinstance(leaf, SettingIs) else None
    return setting is None or world.agent in setting.editors


def reaches(world: Facts, leaf: Leaf) -> bool:
    """Has the agent an account on the server that a predicate asks about, if it asks about one?"""
    named = (getattr(leaf, field, "") for field in SERVER_FIELDS)
    server = next((world.servers[name] for name in named if isinstance(name, str) and name in world.servers), None)
    return server is None or server.login_of(world.agent) is not None


SERVER_FIELDS = ("on", "egress", "disk")
"""Where predicates name a server."""


@lru_cache(maxsize=512)
def causes_of(predicate: Leaf) -> tuple[Way, ...]:
    """The calls that make events after which the answer can be another."""
    idle = set() if getattr(predicate, "read_by", "") else {"document_read", "mail_read"}
    if getattr(predicate, "ticket", ""):
        idle.add("ticket_opened")  # one that is named is there already
    return tuple(way for kind in sorted(predicate.after - idle) for way in CAUSES.get(kind, ()))


@lru_cache(maxsize=512)
def after(predicate: Leaf) -> frozenset[str]:
    """Kinds of events that can change the answer, told once: every episode asks."""
    return predicate.after


def leaves_of(predicate: Leaf) -> Iterator[Leaf]:
    """A predicate and all that it is made of, inner ones first."""
    for part in predicate.within():
        yield from leaves_of(part)
    yield predicate
