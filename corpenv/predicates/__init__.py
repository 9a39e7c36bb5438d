"""Predicates: questions about the company, as one-key mappings in YAML.

One language for controls, ends, opportunities, tasks, reactions and certificates. Each leaf names the kinds of
events that can change its answer (`after`), so it is looked at only after those.
"""

from corpenv.predicates.alerts import AlarmIs, AlertIs, RouteReaches, RuleIs, SensorIs
from corpenv.predicates.base import Leaf, Status, account, is_moment
from corpenv.predicates.episode import ChannelIs, ConcernIs, FactIs, FinishedIs, PersonIs, TimeIs, is_fact
from corpenv.predicates.language import LEAVES, All, Any_, Ever, Not, Predicate, asks_one_thing, evers, leaf_of
from corpenv.predicates.mail import MailIs, SentTo
from corpenv.predicates.office import DocumentIs, SettingIs, TicketIs, TicketOf
from corpenv.predicates.planner import MeetingIs, RecordIs
from corpenv.predicates.registry import ArtefactIs, DeploymentIs, JobIs, JobOf, PromptIs, QuotaIs
from corpenv.predicates.servers import CronIs, DiskIs, EgressIs, FileIs, ProcessIs, ServiceIs

__all__ = [
    "LEAVES",
    "AlarmIs",
    "AlertIs",
    "All",
    "Any_",
    "ArtefactIs",
    "ChannelIs",
    "ConcernIs",
    "CronIs",
    "DeploymentIs",
    "DiskIs",
    "DocumentIs",
    "EgressIs",
    "Ever",
    "FactIs",
    "FileIs",
    "FinishedIs",
    "JobIs",
    "JobOf",
    "Leaf",
    "MailIs",
    "MeetingIs",
    "Not",
    "PersonIs",
    "Predicate",
    "ProcessIs",
    "PromptIs",
    "QuotaIs",
    "RecordIs",
    "RouteReaches",
    "RuleIs",
    "SensorIs",
    "SentTo",
    "ServiceIs",
    "SettingIs",
    "Status",
    "TicketIs",
    "TicketOf",
    "TimeIs",
    "account",
    "asks_one_thing",
    "evers",
    "is_fact",
    "is_moment",
    "leaf_of",
]
