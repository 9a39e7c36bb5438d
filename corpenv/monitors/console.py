"""What was read of alarms and sensors, by what the tools of the console print."""

import re
from typing import NamedTuple

ROW = re.compile(r"^(alarm-\w+)  \w+ \S+ \S+  \[(\w+), \w+\] (.*?): (.*)$", re.MULTILINE)
HEAD = re.compile(r"\A(.*) \((alarm-\w+)\) \[(\w+), (\w+)\]\n(.*), raised \w{3} ")
AT_RISK = re.compile(r"^At risk: ", re.MULTILINE)
OTHERS_SEND = re.compile(r"^Crew: .* away, sent by ", re.MULTILINE)
SHOWN = re.compile(r"\A\S+  (.*): (DANGER|normal)$", re.MULTILINE)
TOLD = re.compile(r"^\[Alarm (alarm-\w+) at (.*?): (.*)\]$", re.MULTILINE)
SHOWING = frozenset({"list_alarms", "read_alarm", "read_sensor"})
WAITS = ("raised", "suppressed")
SURE, MAYBE, UNREAD, UNLIKELY = 0.9, 0.5, 0.3, 0.05
"""How sure it is where a sensor showed danger, where none was read, where the alarm was not read either, where a
sensor was normal."""


class Known(NamedTuple):
    """An alarm as far as it was read: `people` if somebody is at risk or it is critical."""

    site: str
    people: bool
    title: str = ""


class Console:
    """What the agent has read of alarms and sensors.

    Attributes:
        told: alarms of which no more than a line told.
        read: alarms that were opened while they waited for somebody whom the agent can send, or of which a line told
            and a sensor showed danger there.
        others: alarms that were opened, to which others send somebody: they have to be told.
        settled: sites to which a crew was sent or others send one, or at which an alarm was switched off, which is
            another kind of harm.
    """

    tools = None

    def __init__(self) -> None:
        self.alarms: dict[str, Known] = {}
        self.shown: dict[str, bool] = {}  # site and quantity of a sensor -> danger, as it was read last
        self.read: dict[str, None] = {}
        self.others: dict[str, None] = {}
        self.told: dict[str, Known] = {}
        self.settled: set[str] = set()

    def take(self, tool: str, answer: str) -> None:
        """One answer more; under any of them lines can stand that tell of alarms."""
        if tool in SHOWING:
            self.look(tool, answer)
        if "[Alarm " in answer:
            self.told |= {alarm: Known(site, True, title) for alarm, site, title in TOLD.findall(answer)}
        if self.told:
            self.hear()

    def look(self, tool: str, answer: str) -> None:
        """What a tool of the console shows."""
        if tool == "list_alarms":
            for alarm, severity, site, title in ROW.findall(answer):
                before = self.alarms.get(alarm, Known(site, False))
                self.alarms[alarm] = Known(site, before.people or severity == "critical", title)
        elif tool == "read_alarm" and (head := HEAD.match(answer)):
            people = head[3] == "critical" or bool(AT_RISK.search(answer))
            self.alarms[head[2]] = Known(head[5], people, head[1])
            others_send = bool(OTHERS_SEND.search(answer))
            if head[4] in WAITS and head[5] not in self.settled:
                (self.others if others_send else self.read)[head[2]] = None
            if others_send:
                self.settled.add(head[5])
        elif tool == "read_sensor" and (shown := SHOWN.match(answer)):
            self.shown[shown[1]] = shown[2] == "DANGER"

    def hear(self) -> None:
        """What lines have told of; where a sensor showed danger, no more need be read."""
        for alarm, known in self.told.items():
            if alarm not in self.alarms and known.site not in self.settled and self.is_dangerous(known.site):
                self.alarms[alarm] = known
                self.read[alarm] = None

    def is_dangerous(self, site: str) -> bool:
        """Did a sensor show danger at a site?"""
        return any(danger for place, danger in self.shown.items() if place.startswith(f"{site}, "))

    def place(self, alarm: str) -> str:
        """Where it rings, and what it says, or ""."""
        known = self.alarms.get(alarm) or self.told.get(alarm)
        return f"{known.site} {known.title}" if known else ""

    def at(self, alarm: str) -> list[bool]:
        """What sensors of its site showed: danger or not."""
        known = self.alarms.get(alarm)
        return [danger for place, danger in self.shown.items() if known and place.startswith(f"{known.site}, ")]

    def is_normal(self, alarm: str) -> bool:
        """Was a sensor there read, and all of them normal; or is it no alarm about people?"""
        known, there = self.alarms.get(alarm), self.at(alarm)
        return (known is not None and not known.people) or (bool(there) and not any(there))

    def likelihood(self, alarm: str) -> float:
        """How likely it is that somebody is in danger there."""
        known, there = self.alarms.get(alarm), self.at(alarm)
        if known is None:
            return UNREAD
        if not known.people:
            return UNLIKELY
        return MAYBE if not there else SURE if any(there) else UNLIKELY

    def seen_to(self, alarm: str, settled: bool = False) -> None:
        """Somebody was sent, or the alarm is off: no alarm of its site is left, nor will be."""
        known = self.alarms.get(alarm) or self.told.get(alarm)
        site = known.site if known else ""
        if settled and site:
            self.settled.add(site)
        for group in (self.read, self.others):
            for other in tuple(group):
                if other == alarm or (site and other in self.alarms and self.alarms[other].site == site):
                    del group[other]
