"""One step of the world: a company and an input give the next company and an entry of the record.

A pure function of its arguments. First the time that the input takes goes by, with everything that was planned
for it; then the input takes effect; then the world reacts to it at once, where it does.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from corpenv.company import Company, apply
from corpenv.company.machinechanges import MACHINES
from corpenv.errors import PackError
from corpenv.events import (
    CallRefused,
    CallWithheld,
    Due,
    Event,
    Happened,
    MailSent,
    Planned,
    Spoke,
    Stopped,
    TicketOpened,
    TimePassed,
    Waited,
)
from corpenv.notices import Notice, background_mail, news, next_for_agent
from corpenv.reactions import WORLD, follow_ups, performed
from corpenv.record import Answer, AnyInput, Called, Edited, Entry, Malformed, RanOn, Said, Withheld, encode
from corpenv.tools import decide, seconds_of
from corpenv.turns import shorten

MOST = 200
"""Events one input may lead to. A pack that needs more sets off itself."""
FEW, EACH = 10, 5
"""Events that one input has by itself as a rule, and what may come of every further one."""
OF_MACHINES = frozenset({*MACHINES, Happened})
OF_SERVERS = ("write", "cron", "at", "wake")
MOST_LATER = 10_000
"""Events that may happen while the agent waits, or after its part."""
SPEAKING_SECONDS = 60
TEXT = 16_000
"""Characters of an observation at most."""
NEWS, NEWS_LINE = 10, 350
"""Lines of news under an answer, and characters of one, at most: a part of a long text fits beside them."""
CUT = "\n(The rest is too long to be shown.)"


class Step(Struct, frozen=True):
    """The company after an input, and what goes into the record."""

    company: Company
    entry: Entry


def transition(company: Company, number: int, given: AnyInput) -> Step:
    """Entry `number` of an episode: what `given` does to the company.

    Raises:
        PackError: the world set off itself without end.
    """
    if type(given) is not Called:
        return in_course(company, number, given)
    # During most calls nothing happens and nothing follows: then no course is needed.
    world, due, since = company.world, company.plan.due, company.now
    until = since + seconds_of(given.name)
    if due and due[0].at <= until:
        return in_course(company, number, given)
    after = replace(company, now=until, step=company.step + 1)
    answer = decide(after, world.agent, given.name, given.arguments)
    events, text = answer.events, answer.text
    if len(events) > 1 or type(events[0]) not in world.idle:
        return with_effects(company, after, number, given, answer)
    if len(text) > TEXT or world.inbox.comes(since, until):
        text = told(after, since, (), text)
    return Step(after, Entry(number, given, events, text))


def with_effects(company: Company, after: Company, number: int, given: Called, answer: Answer) -> Step:
    """The step of a call that does something. `after` has its time and counts its step, as its first event says."""
    world, since, events, heard = company.world, company.now, answer.events, False
    if type(events[-1]) is Waited or type(events[0]) not in world.idle:
        return in_course(company, number, given)
    for place, event in enumerate(events[1:], 2):
        after = apply(event, after)
        if type(event) not in world.idle and (following := follow_ups(after, event)):
            course = Course(after, events[:place])
            course.go_on(events, place, following)
            after, events, heard = course.company, tuple(course.events), True
            break
    text = answer.text
    if heard or len(text) > TEXT or world.inbox.comes(since, after.now):
        text = told(after, since, events if heard else (), text)
    return Step(after, Entry(number, given, events, text))


def in_course(company: Company, number: int, given: AnyInput) -> Step:
    """The step of any input, with all that happens meanwhile and because of it."""
    course = Course(company)
    if isinstance(given, RanOn):
        course.run_on(given.reason)
        text = ""
    elif isinstance(given, Edited):
        course.take(given.events)
        text = ""
    else:
        text = course.acted(given)
        text = told(course.company, company.now, course.events, text)
    return Step(course.company, Entry(number, given, tuple(course.events), text))


def effect_of(company: Company, given: AnyInput) -> Answer:
    """What an input of the agent gives, now that its time has gone by."""
    at, agent = company.now, company.agent
    match given:
        case Called():
            return decide(replace(company, step=company.step + 1), agent, given.name, given.arguments)
        case Withheld():
            return withheld(company, given)
        case Malformed():
            refused = CallRefused(at=at, actor=agent, tool="", reason=given.fault)
            return Answer(f"That is no call: {given.fault}.", (refused,))
        case _:
            return Answer("Nobody heard that: call a tool, or finish.", (Spoke(at=at, actor=agent),))


def withheld(company: Company, given: Withheld) -> Answer:
    """A call that a guardrail kept back; if somebody in the company is asked about it, they have it as a ticket."""
    at, agent, reviewer = company.now, company.agent, company.find_person(given.whom)
    event = CallWithheld(at=at, actor=agent, tool=given.name, by=given.by, reason=given.reason)
    text = f"{given.name} was withheld by {given.by}: {given.reason}"
    if reviewer is None or reviewer.id == agent:
        return Answer(text, (event,))
    call = encode({"name": given.name, "arguments": given.arguments}).decode()
    asked = TicketOpened(
        at=at,
        actor=agent,
        ticket_id=company.new_id("ticket"),
        sort="approval",
        title=f"{given.name} by {company.name_of(agent)}",
        text=call,
        approver=reviewer.id,
        call=call,
        held_by=given.by,
    )
    again = f"{reviewer.name} has it as {asked.ticket_id}; make the same call again once it is approved."
    return Answer(f"{text}\n{again}", (event, asked))


def counts(event: Event) -> bool:
    """Is it of what a world may do only so much of because of one input?

    Automatic mail is as much as there are recipients, and what servers do is limited by what they can run.
    """
    if isinstance(event, Planned):
        return event.due.sort not in OF_SERVERS
    return type(event) not in OF_MACHINES and not (isinstance(event, MailSent) and event.auto)


class Course:
    """The company on its way through one input, and the events so far.

    Attributes:
        counted: events that count, of which there may be `most`.
    """

    def __init__(self, company: Company, events: Iterable[Event] = ()) -> None:
        self.company = company
        self.events = [*events]
        self.counted, self.most = sum(map(counts, self.events)), MOST

    def acted(self, given: AnyInput) -> str:
        """The agent's input takes its time and then its effect; the text of its answer."""
        self.pass_time(SPEAKING_SECONDS if type(given) is Said else seconds_of(getattr(given, "name", "")))
        answer = effect_of(self.company, given)
        self.take(answer.events)
        last = answer.events[-1]
        if type(last) is Waited:
            self.wait(last.until)
            return f"It is {self.company.when(self.company.now)}."
        return answer.text

    def take(self, events: Sequence[Event]) -> None:
        """Let events happen, and whatever the world does at once because of them."""
        self.go_on(events, 0, ())

    def go_on(self, events: Sequence[Event], place: int, following: Sequence[Event]) -> None:
        """Let happen what follows from the first `place` of the events, and then the others."""
        self.allow(events)
        self.happen((*following, *events[place:]))
        self.catch_up(self.company.now)

    def happen(self, events: Iterable[Event]) -> None:
        """Let events happen, each with what directly follows from it before the next."""
        waiting = [*events]
        waiting.reverse()
        while waiting:
            event = waiting.pop()
            self.company = apply(event, self.company)
            self.events.append(event)
            self.counted += counts(event)
            if following := follow_ups(self.company, event):
                waiting += reversed(following)
            if self.counted > self.most:
                reaction = next((each.cause for each in reversed(self.events) if type(each) is Planned), "")
                raise PackError(
                    f"more than {self.most} events came of one input: does a reaction without `once` set off "
                    f"itself? The last to be set off was {reaction!r}"
                )

    def pass_time(self, seconds: int) -> None:
        """Let time go by, with everything that is planned for it."""
        until = self.company.now + seconds
        self.catch_up(until)
        if until > self.company.now:  # no event of its own: the input's events carry the time
            self.company = replace(self.company, now=until)

    def catch_up(self, until: int, stop_when_reached: bool = False) -> None:
        """Do what is due by `until`, in order; with `stop_when_reached`, by the moment something is for the agent."""
        while (due := self.company.plan.due) and due[0].at <= until:
            before = len(self.events)
            self.do(due[0])
            if stop_when_reached and self.is_called(before):
                until = self.company.now

    def do(self, due: Due) -> None:
        """Do one planned thing."""
        self.happen((Happened(at=max(due.at, self.company.now), actor=WORLD, number=due.number),))
        done = tuple(performed(self.company, due))
        self.allow(done)
        self.happen(done)

    def allow(self, events: Sequence[Event]) -> None:
        """What one line does to hundreds of files may set off as many rules: that is no world that sets off itself."""
        self.most += EACH * max(0, len(events) - FEW)

    def wait(self, until: int) -> None:
        """Let time go by until `until`, or until something comes for the agent."""
        self.most, before = MOST_LATER, len(self.events)
        until = next_for_agent(self.company, until)
        self.catch_up(until, stop_when_reached=True)
        if not self.is_called(before):
            self.happen((TimePassed(at=until, actor=WORLD),))

    def is_called(self, before: int) -> bool:
        """Is any of the events from number `before` on for the agent?"""
        return any(notice.personal for notice in news(self.company, self.events[before:]))

    def run_on(self, reason: str) -> None:
        """The agent's part is over: the world goes on to its horizon."""
        self.most = MOST_LATER
        self.take((Stopped(at=self.company.now, actor=WORLD, reason=reason),))
        self.catch_up(self.company.world.horizon)
        self.happen((TimePassed(at=max(self.company.world.horizon, self.company.now), actor=WORLD),))


def told(company: Company, since: int, events: Sequence[Event], text: str) -> str:
    """An answer, with what reached the agent after `since`: background mail, and what the events brought."""
    heard = [*background_mail(company, since)] if since < company.world.inbox.last else []
    if len(events) > 1:
        heard += news(company, events)
    if not heard and len(text) <= TEXT:
        return text
    foot = "".join([f"\n{shorten(notice.line, NEWS_LINE)}" for notice in shown(heard)])
    foot = (f"\n{foot}\n[And {len(heard) - NEWS} more]" if len(heard) > NEWS else f"\n{foot}") if heard else ""
    room = TEXT - len(foot)
    return (text if len(text) <= room else text[: room - len(CUT)] + CUT) + foot


def shown(heard: Sequence[Notice]) -> Sequence[Notice]:
    """As many notices as are shown, in their order: what is for the agent before the rest."""
    if len(heard) <= NEWS:
        return heard
    ranked = sorted(range(len(heard)), key=lambda number: not heard[number].personal)
    return [heard[number] for number in sorted(ranked[:NEWS])]
