"""Timers: units that start a service when it is time. One that was started stands among those that are on."""

import re
from collections.abc import Iterator

from corpenv.company import Company
from corpenv.company.crontimes import Job, job_of
from corpenv.company.hosts import HostFile, Server
from corpenv.company.machines import files_of, find_file

UNITS, ON = "/etc/systemd/system/", "/run/systemd/timers/"
WORDS = {
    "minutely": "* * * * *", "hourly": "0 * * * *", "daily": "0 0 * * *", "weekly": "0 0 * * 1", "monthly": "0 0 1 * *",
}  # fmt: skip
CALENDAR = re.compile(r"(?:([A-Za-z][\w,.]*)\s+)?(?:[\d*]+-(\S+?)-(\S+)\s+)?([^\s:]+):([^\s:]+)(?::\S+)?")
SPAN = re.compile(r"(\d+)\s*(m|min|minutes?|h|hours?)")
LONGEST = 60
"""Minutes of an hour: what comes less often is told in hours."""


def timers_of(company: Company, server: Server) -> Iterator[tuple[HostFile, Job]]:
    """The timers that are on, by the links that say so, with what they run and when."""
    for link in files_of(company, server, ON):
        name = link.path.removeprefix(ON)
        unit = find_file(company, server.id, UNITS + name)
        said = said_in(company.text(unit.text)) if unit and unit.sort == "file" else {}
        service = said.get("Unit", name.replace(".timer", ".service"))
        if job := job_of(f"{when(said)} systemctl start {service}"):
            yield link, job


def said_in(text: str) -> dict[str, str]:
    """What a unit says, by key."""
    pairs = (line.partition("=")[::2] for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def when(said: dict[str, str]) -> str:
    """When a timer is due, as a table of jobs says it; "" if never again."""
    calendar = said.get("OnCalendar", "")
    if span := SPAN.fullmatch(said.get("OnUnitActiveSec", "")):
        every = int(span[1]) * (LONGEST if span[2].startswith("h") else 1)
        return f"*/{max(1, every)} * * * *" if every < LONGEST else f"0 */{every // LONGEST} * * *"
    if found := CALENDAR.fullmatch(calendar):
        weekdays, month, day, hour, minute = (each or "*" for each in found.groups())
        fields = (minute, hour, day, month, weekdays[:1] + weekdays[1:].replace("..", "-"))
        return " ".join(re.sub(r"\b0+(?=\d)", "", field.replace("..", "-")) for field in fields)
    return WORDS.get(calendar, "")
