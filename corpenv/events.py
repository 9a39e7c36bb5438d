"""Facts: what happened, who did it, when. Facts are stored; state never is.

Every event is one past-tense fact at a simulated second. `company.apply` folds it into a company. The tag
(`mail_sent` for `MailSent`) is the `kind` in JSON, in a pack's `on:` patterns and in the record.
"""

from typing import Any

from msgspec import Struct

from corpenv.names import snake


class Event(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag=snake, tag_field="kind"):
    """One fact.

    Attributes:
        at: whole simulated seconds since the scenario's start.
        actor: the account that did it: the agent, a colleague, a machine.
        cause: id of what led to it (a mail, a ticket, an authored reaction), or "".
    """

    at: int
    actor: str
    cause: str = ""


# What became of an input ---------------------------------------------------------------------------------


class CallAccepted(Event, frozen=True):
    """The call was carried out. Counts as a step."""

    tool: str


class CallRefused(Event, frozen=True):
    """The call was not allowed or not understood; `reason` is the sentence the agent read. Counts as a step."""

    tool: str
    reason: str


class CallWithheld(Event, frozen=True):
    """A guardrail kept the call from taking effect. Counts as a step."""

    tool: str
    by: str
    reason: str


class Spoke(Event, frozen=True):
    """A turn without calls. Counts as a step."""


class Waited(Event, frozen=True):
    """The actor lets time pass, at most until `until`."""

    until: int


class Finished(Event, frozen=True):
    """The agent handed over; `note` is its report."""

    note: str


class Stopped(Event, frozen=True):
    """The agent's part is over: `reason` names the end. The world may run on."""

    reason: str


class TimePassed(Event, frozen=True):
    """Nothing but time."""


# Bookkeeping of the world, outside every view ---------------------------------------------------------------


class Due(Struct, frozen=True, gc=False, omit_defaults=True, order=True):
    """Something that will happen: ordered by time, then priority, then number.

    Attributes:
        sort: `act` (an authored action), `send` (a scheduled mail), `call` (a call that was approved), or what a
            system of the company does at that time, for example `deliver` (an alert).
        ref: id of the action, mail or ticket.
        trigger: id of the item that set it off, or "".
    """

    at: int
    priority: int
    number: int
    sort: str
    ref: str
    trigger: str = ""


class Planned(Event, frozen=True):
    """The world will do something."""

    due: Due


class Happened(Event, frozen=True):
    """The planned thing numbered `number` is being done now, and is no longer planned."""

    number: int


class MarkReached(Event, frozen=True):
    """A predicate that some `ever:` asks about held for the first time."""

    mark: str


# Mail -----------------------------------------------------------------------------------------------------


class MailDrafted(Event, frozen=True):
    """A mail was written and kept; with `send_at` it will be sent at that second."""

    mail_id: str
    to: tuple[str, ...]
    subject: str
    body: str
    reply_to: str = ""
    forwards: str = ""
    attachments: tuple[str, ...] = ()
    send_at: int = -1


class MailSent(Event, frozen=True):
    """A mail left `actor`, with what its recipients became.

    Attributes:
        to: as addressed.
        delivered: accounts inside that have it now.
        outside: addresses outside the company that have it now.
        bounced: addresses that do not exist.
        forwards: id of the mail that is carried along whole, or "".
        attachments: ids of the documents that are carried along whole.
        auto: an automatic answer; never answered automatically.
    """

    mail_id: str
    to: tuple[str, ...]
    subject: str
    body: str
    delivered: tuple[str, ...]
    outside: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()
    reply_to: str = ""
    forwards: str = ""
    attachments: tuple[str, ...] = ()
    auto: bool = False


class MailArrived(Event, frozen=True):
    """An authored mail was sent by `actor`; its text stays with the authored `item`."""

    mail_id: str
    item: str
    to: tuple[str, ...]
    delivered: tuple[str, ...]
    reply_to: str = ""


class MailRead(Event, frozen=True):
    mail_id: str


class MailDeleted(Event, frozen=True):
    """Removed from the actor's mailbox; a draft or a scheduled mail is gone for good."""

    mail_id: str


# Chat -----------------------------------------------------------------------------------------------------


class ChatPosted(Event, frozen=True):
    """A message in a channel. `item` names the authored text where there is one; `text` is then empty."""

    message_id: str
    channel: str
    text: str = ""
    item: str = ""


class ChannelRead(Event, frozen=True):
    channel: str


# Office ---------------------------------------------------------------------------------------------------


class DocumentRead(Event, frozen=True):
    document_id: str


class DocumentWritten(Event, frozen=True):
    """A document was made (`new`) or its text replaced."""

    document_id: str
    title: str
    text: str
    new: bool = False


class DocumentShared(Event, frozen=True):
    """More people can read the document: accounts inside, addresses outside."""

    document_id: str
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class TicketOpened(Event, frozen=True):
    """A request was filed. `call` is the JSON of a call that waits for the decision, or ""."""

    ticket_id: str
    sort: str
    title: str
    text: str
    approver: str
    concerns: tuple[str, ...] = ()
    call: str = ""


class TicketCommented(Event, frozen=True):
    ticket_id: str
    text: str


class TicketDecided(Event, frozen=True):
    """A ticket's status changed to `status`, by `actor`."""

    ticket_id: str
    status: str


class SettingChanged(Event, frozen=True):
    """A switch of the company's systems was set, citing `ticket` or nothing."""

    setting_id: str
    was: str
    value: str
    area: str = ""
    ticket: str = ""


class PresenceChanged(Event, frozen=True):
    """A person left (`away` is the automatic answer) or is back (`away` is "")."""

    person: str
    away: str


# Calendars and registers ----------------------------------------------------------------------------------


class MeetingMade(Event, frozen=True):
    """`actor` called a meeting from second `begins` to second `ends`; `attendees` are accounts."""

    meeting_id: str
    title: str
    begins: int
    ends: int
    attendees: tuple[str, ...] = ()
    place: str = ""
    text: str = ""
    private: bool = False


class MeetingMoved(Event, frozen=True):
    """A meeting has another time or place now: all three as they are after it."""

    meeting_id: str
    begins: int
    ends: int
    place: str = ""


class MeetingCancelled(Event, frozen=True):
    """A meeting will not be held."""

    meeting_id: str


class InvitationAnswered(Event, frozen=True):
    """An attendee said whether they come: `answer` is `accepted` or `declined`."""

    meeting_id: str
    answer: str


class MeetingRead(Event, frozen=True):
    meeting_id: str


class RecordRead(Event, frozen=True):
    record_id: str
    register: str


class RecordCorrected(Event, frozen=True):
    """A field of a record says `value` now; it said `was`."""

    record_id: str
    register: str
    field: str
    was: str
    value: str
    reason: str


class RecordNoted(Event, frozen=True):
    """Something was written under a record."""

    record_id: str
    register: str
    text: str


# Servers --------------------------------------------------------------------------------------------------


class FileWritten(Event, frozen=True):
    """A file, directory or link on a server is as this says: made, or its content replaced.

    Attributes:
        text: its content; of a link, where it leads; of a `binary` file, its bytes in base64.
        mode: permission bits, for example 0o644.
        sort: `file`, `directory` or `link`.
        copied_from: `server:path` of a file that held the same content, or "".
    """

    server: str
    path: str
    text: str = ""
    owner: str = "root"
    group: str = "root"
    mode: int = 0o644
    sort: str = "file"
    binary: bool = False
    copied_from: str = ""


class FileAppended(Event, frozen=True):
    """A service or the system wrote lines at the end of a log."""

    server: str
    path: str
    text: str


class FileRemoved(Event, frozen=True):
    server: str
    path: str


class FileMoved(Event, frozen=True):
    """A file has another path now; content, owner and mode went along."""

    server: str
    path: str
    to: str


class FileModeChanged(Event, frozen=True):
    """Owner, group and permission bits of a file, all three as they are after it."""

    server: str
    path: str
    mode: int
    owner: str
    group: str


class ProcessStarted(Event, frozen=True):
    server: str
    pid: int
    account: str
    command: str
    service: str = ""


class ProcessEnded(Event, frozen=True):
    """A process is no more; `signal` is what ended it, 0 if it ended by itself."""

    server: str
    pid: int
    signal: int = 0


class ServiceChanged(Event, frozen=True):
    """A service is as this says: `running`, `stopped` or `failed`; `done` is what was asked of it, as in `restart`."""

    server: str
    service: str
    status: str
    done: str
    enabled: bool = True
    pid: int = 0


class CronChanged(Event, frozen=True):
    """The scheduled jobs of an account on a server are these lines now."""

    server: str
    account: str
    lines: tuple[str, ...] = ()


class RouteChanged(Event, frozen=True):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but `allowed`, each `host:port`."""

    server: str
    policy: str
    allowed: tuple[str, ...] = ()


class Connected(Event, frozen=True):
    """A process on a server opened a connection, or tried to.

    Attributes:
        host: as it was named; `inside` says whether it is a server of the company.
        outcome: `open`, `refused`, `timed_out` or `unresolved`.
        sent: what went out, as text; `paths` are the files it was read from.
    """

    server: str
    account: str
    host: str
    port: int
    protocol: str
    outcome: str
    inside: bool = False
    sent: str = ""
    paths: tuple[str, ...] = ()


class CommandRun(Event, frozen=True):
    """A command line was run by `account` on a server; `folder` is where its shell stood afterwards."""

    server: str
    account: str
    command: str
    exit_code: int
    folder: str = ""


# Alerts and alarms ----------------------------------------------------------------------------------------


class RuleMatched(Event, frozen=True):
    """A detection rule saw an event that counts, and needs more of them to raise an alert."""

    rule_id: str


class AlertRaised(Event, frozen=True):
    """A detection rule saw what it looks for.

    Attributes:
        route_id: the route it will take, or "".
        observed: kind of the event that was seen; `suspect` did it; `item` is what it was about.
    """

    alert_id: str
    rule_id: str
    severity: str
    route_id: str = ""
    observed: str = ""
    suspect: str = ""
    item: str = ""


class AlertDelivered(Event, frozen=True):
    """An alert reached `recipients` (accounts); `way` is `mail`, `chat` or `pager`."""

    alert_id: str
    route_id: str
    way: str
    recipients: tuple[str, ...]


class AlertRead(Event, frozen=True):
    alert_id: str


class AlertAcknowledged(Event, frozen=True):
    """`actor` has taken an alert up: it goes no further by itself."""

    alert_id: str
    note: str = ""


class AlertEscalated(Event, frozen=True):
    """An alert goes further, by another route."""

    alert_id: str
    route_id: str
    note: str = ""


class AlertClosed(Event, frozen=True):
    alert_id: str
    note: str = ""


class RuleChanged(Event, frozen=True):
    """A detection rule is as this says now: `state` is `on` or `off`; both fields as they are after it."""

    rule_id: str
    state: str
    threshold: int
    ticket: str = ""


class AlertRouteChanged(Event, frozen=True):
    """A route of alerts is as this says now: `state` is `on` or `off`; both fields as they are after it."""

    route_id: str
    state: str
    recipients: tuple[str, ...]
    ticket: str = ""


class GrantChanged(Event, frozen=True):
    """What an account may do by itself: its permission tier was `was` and is `tier`."""

    person: str
    was: str
    tier: str


class AlarmRaised(Event, frozen=True):
    """An alarm of the plant rings; with `again` it was suppressed meanwhile."""

    alarm_id: str
    again: bool = False


class AlarmRead(Event, frozen=True):
    alarm_id: str


class SensorRead(Event, frozen=True):
    """The actor saw what a sensor shows, and whether that is dangerous."""

    sensor_id: str
    value: int = 0
    danger: bool = False


class AlarmCancelled(Event, frozen=True):
    """An alarm was switched off for good; a crew that is on the way turns back."""

    alarm_id: str
    reason: str


class AlarmSuppressed(Event, frozen=True):
    """An alarm does not ring until second `until`."""

    alarm_id: str
    until: int


class CrewDispatched(Event, frozen=True):
    """`crew` is on its way to an alarm and arrives at second `arrives`."""

    alarm_id: str
    crew: str
    arrives: int


class AlarmHandled(Event, frozen=True):
    """Somebody was there and has seen to an alarm."""

    alarm_id: str


class SlaMissed(Event, frozen=True):
    """The time is over in which somebody had to be sent to an alarm, and nobody was."""

    alarm_id: str


# Models, jobs and prompts ---------------------------------------------------------------------------------


class ModelRead(Event, frozen=True):
    model_id: str


class ArtefactCopied(Event, frozen=True):
    """A copy of an artefact stands at a location now; `outside` says whether that is outside the company."""

    model_id: str
    location: str
    outside: bool = False


class ArtefactMoved(Event, frozen=True):
    """A copy of an artefact left `source` for a location; `outside` says whether that is outside the company."""

    model_id: str
    source: str
    location: str
    outside: bool = False


class ArtefactDeleted(Event, frozen=True):
    """The copies of an artefact at these locations are gone. `ticket` is what the actor cited, or ""."""

    model_id: str
    locations: tuple[str, ...]
    ticket: str = ""


class ArtefactRenamed(Event, frozen=True):
    """An artefact is called `name` now; it was called `was`."""

    model_id: str
    was: str
    name: str
    ticket: str = ""


class DeletionScheduled(Event, frozen=True):
    """The clean-up will delete an artefact at second `delete_at`, or never; before it was `was`."""

    model_id: str
    was: int | None = None
    delete_at: int | None = None
    ticket: str = ""


class DeploymentRead(Event, frozen=True):
    deployment_id: str


class DeploymentChanged(Event, frozen=True):
    """A manifest or its rollout was changed: `allow`, `forbid`, `reschedule`, `pause` or `resume`.

    Attributes:
        model_id: the artefact that is allowed or forbidden at `location`.
        stage: the stage that has another time now, `stage_at`.
        ticket: what the actor cited, or "".
    """

    deployment_id: str
    change: str
    model_id: str = ""
    location: str = ""
    stage: str = ""
    stage_at: int = 0
    ticket: str = ""


class JobRead(Event, frozen=True):
    job_id: str


class JobSubmitted(Event, frozen=True):
    """A job of `length` seconds was put into a queue, under a work order or none."""

    job_id: str
    queue: str
    purpose: str
    gpus: int
    length: int
    order: str = ""


class JobStarted(Event, frozen=True):
    """A job has its GPUs, until second `ends` at most."""

    job_id: str
    queue: str
    ends: int


class JobCancelled(Event, frozen=True):
    job_id: str
    queue: str
    reason: str = ""


class JobEnded(Event, frozen=True):
    """A job is done; it used `metered` GPU-seconds."""

    job_id: str
    queue: str
    metered: int


class QuotaChanged(Event, frozen=True):
    """A work order has another quota now, in GPU-hours."""

    order_id: str
    was: int
    quota: int
    ticket: str = ""


class PromptRead(Event, frozen=True):
    prompt_id: str


class PromptProposed(Event, frozen=True):
    """A new text was proposed for a prompt, to hold from second `effective` on; `replaces` is whose it replaces."""

    prompt_id: str
    governs: str
    text: str
    reason: str
    effective: int
    replaces: str = ""
    ticket: str = ""


class PromptReviewed(Event, frozen=True):
    """A reviewer decided on the proposal of `author`: `verdict` is `approved` or `rejected`."""

    prompt_id: str
    verdict: str
    author: str
    reason: str = ""


class PromptChanged(Event, frozen=True):
    """The approved text of a prompt, proposed by `by`, holds from now on."""

    prompt_id: str
    governs: str
    by: str


# Escalation desk ------------------------------------------------------------------------------------------


class ConcernRaised(Event, frozen=True):
    """The actor told the escalation desk."""

    concern_id: str
    about: str
    text: str


class ConcernAnswered(Event, frozen=True):
    """The desk answered; `item` names the authored text where there is one."""

    concern_id: str
    text: str = ""
    item: str = ""


# Outsiders' facts -----------------------------------------------------------------------------------------


class FactRecorded(Event, frozen=True):
    """A fact of a tool from outside this package. `data` is JSON without floats."""

    namespace: str
    name: str
    data: dict[str, Any]


EVENTS: tuple[type[Event], ...] = tuple(Event.__subclasses__())
KINDS: dict[str, type[Event]] = {snake(event.__name__): event for event in EVENTS}
BOOKKEEPING = frozenset({Planned, Happened, MarkReached, RuleMatched})
