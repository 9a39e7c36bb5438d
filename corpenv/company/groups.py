"""What an episode adds to the world it started from, in groups: the parts of `Company` that events change."""

from immutables import Map
from msgspec import Struct

from corpenv.company.alertitems import Alarm, Alert, Route, Rule
from corpenv.company.egress import Egress
from corpenv.company.hosts import HostFile, Process, Service
from corpenv.company.items import (
    Comment,
    Concern,
    Document,
    Grant,
    Mail,
    Meeting,
    Message,
    Record,
    Ticket,
)
from corpenv.company.mailbox import Arrivals, Opened
from corpenv.company.registryitems import Artefact, Deployment, Job, Prompt
from corpenv.events import Connected, Due, FileAppended, MailDrafted
from corpenv.record import Log


class People(Struct, frozen=True):
    """Who is away, who may do what."""

    away: Map[str, str] = Map()
    grants: Map[str, Grant] = Map()


class MailState(Struct, frozen=True):
    """What the episode added to mail. `read` is by account, `gone` by the pair of them."""

    items: Map[str, Mail] = Map()
    boxes: Map[str, Arrivals] = Map()
    read: Map[str, Opened] = Map()
    gone: Map[tuple[str, str], int] = Map()
    drafts: Map[str, MailDrafted] = Map()


class ChatState(Struct, frozen=True):
    """What the episode added to channels. `read` is keyed by (account, channel)."""

    messages: Map[str, Log[Message]] = Map()
    read: Map[tuple[str, str], int] = Map()


class Office(Struct, frozen=True):
    """What the episode changed of documents, tickets and settings. `read` is keyed by (account, id)."""

    documents: Map[str, Document] = Map()
    tickets: Map[str, Ticket] = Map()
    comments: Map[str, Log[Comment]] = Map()
    settings: Map[str, str] = Map()
    read: Map[tuple[str, str], int] = Map()
    new: tuple[str, ...] = ()  # ids of documents and tickets made in the episode, in order


class Oversight(Struct, frozen=True):
    """What the episode added to the escalation desk, and the marks that were reached."""

    concerns: tuple[Concern, ...] = ()
    marks: Map[str, int] = Map()


class Plan(Struct, frozen=True):
    """What is due, in order; the next number; which reactions have fired."""

    due: tuple[Due, ...] = ()
    number: int = 0
    fired: Map[str, int] = Map()


class Outsiders(Struct, frozen=True):
    """Facts of tools from outside this package, by `namespace/name`."""

    facts: Map[str, Log[dict[str, object]]] = Map()


class Planner(Struct, frozen=True):
    """What the episode changed of calendars and registers. `read` is keyed by (account, id of a meeting or record)."""

    meetings: Map[str, Meeting] = Map()
    records: Map[str, Record] = Map()
    notes: Map[str, Log[Comment]] = Map()
    read: Map[tuple[str, str], int] = Map()
    new: tuple[str, ...] = ()  # ids of meetings made in the episode, in order


class Machines(Struct, frozen=True):
    """What the episode changed on servers, keyed by (server, path, service, pid or account) or by server.

    Attributes:
        new: paths that were written, in order; `gone` are those that were removed.
        started: processes that were started, in order; `ended` are the pids that are no more, `paused` those
            that stand still.
        pids: the last pid that was given.
        folders: where the shell of an account stands.
        authors: (server, account, line of its table) → the account of the company that put it there.
        runs: command lines that scheduled jobs and processes have run by themselves.
        read: (account of the company, `server:path`) → when it saw what stands there.
        journal: what was written into logs, in order, whatever became of them.
        opened: (server, log) → where that log stands which its writer has open, if it is another place than when it
            was opened; "" for nowhere.
    """

    files: Map[tuple[str, str], HostFile] = Map()
    gone: Map[tuple[str, str], int] = Map()
    new: Map[str, tuple[str, ...]] = Map()
    services: Map[tuple[str, str], Service] = Map()
    started: Map[str, tuple[Process, ...]] = Map()
    ended: Map[tuple[str, int], int] = Map()
    paused: Map[tuple[str, int], int] = Map()
    pids: Map[str, int] = Map()
    egress: Map[str, Egress] = Map()
    flows: Map[str, Log[Connected]] = Map()
    folders: Map[tuple[str, str], str] = Map()
    authors: Map[tuple[str, str, str], str] = Map()
    runs: int = 0
    read: Map[tuple[str, str], int] = Map()
    journal: Map[str, Log[FileAppended]] = Map()
    opened: Map[tuple[str, str], str] = Map()


class Alerts(Struct, frozen=True):
    """Alerts that were raised, and what the episode changed of rules, routes and alarms.

    Attributes:
        matches: rule → when it saw events that count and raised nothing yet.
        read: (account, id of an alert, alarm or sensor) → when it was looked at last.
        danger: (account, id of a sensor) → did it show danger when it was looked at last?
        new: ids of the alerts, in order.
    """

    items: Map[str, Alert] = Map()
    rules: Map[str, Rule] = Map()
    routes: Map[str, Route] = Map()
    alarms: Map[str, Alarm] = Map()
    matches: Map[str, tuple[int, ...]] = Map()
    read: Map[tuple[str, str], int] = Map()
    danger: Map[tuple[str, str], bool] = Map()
    new: tuple[str, ...] = ()


class Registry(Struct, frozen=True):
    """What the episode changed of models, rollouts, jobs and prompts. `read` is keyed by (account, id).

    Attributes:
        quotas: present quotas of work orders, in GPU-hours.
        copied: (artefact, location) → the account that put it there last.
        new: ids of jobs that were submitted in the episode, in order.
    """

    models: Map[str, Artefact] = Map()
    deployments: Map[str, Deployment] = Map()
    jobs: Map[str, Job] = Map()
    prompts: Map[str, Prompt] = Map()
    quotas: Map[str, int] = Map()
    copied: Map[tuple[str, str], str] = Map()
    read: Map[tuple[str, str], int] = Map()
    new: tuple[str, ...] = ()
