"""Time zones that people ask a server for: what is ahead of UTC, by which names, and when summer begins and ends."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from corpenv.shell.base import Call

FOLDER = "/usr/share/zoneinfo/"
LOCAL = "/etc/localtime"


class Zone(NamedTuple):
    """Minutes ahead of UTC, what that is called, what summer is called where it is an hour more, and by whose rule."""

    ahead: int
    name: str
    summer: str = ""
    rule: str = ""


ZONES = {
    **dict.fromkeys(("UTC", "Etc/UTC", "Zulu", "Universal", "UCT", "Etc/UCT"), Zone(0, "UTC")),
    **dict.fromkeys(("GMT", "Etc/GMT", "GMT0", "Africa/Accra", "Atlantic/Reykjavik"), Zone(0, "GMT")),
    "Europe/London": Zone(0, "GMT", "BST", "eu"), "Europe/Dublin": Zone(0, "GMT", "IST", "eu"),
    "Europe/Lisbon": Zone(0, "WET", "WEST", "eu"),
    **dict.fromkeys(
        ("CET", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Amsterdam", "Europe/Brussels",
         "Europe/Vienna", "Europe/Zurich", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Prague",
         "Europe/Warsaw", "Europe/Budapest", "Europe/Luxembourg"),
        Zone(60, "CET", "CEST", "eu"),
    ),
    **dict.fromkeys(
        ("EET", "Europe/Helsinki", "Europe/Athens", "Europe/Kyiv", "Europe/Kiev", "Europe/Bucharest", "Europe/Sofia",
         "Europe/Riga", "Europe/Tallinn", "Europe/Vilnius"),
        Zone(120, "EET", "EEST", "eu"),
    ),
    "Europe/Moscow": Zone(180, "MSK"), "Europe/Istanbul": Zone(180, "+03"), "Asia/Dubai": Zone(240, "+04"),
    "Asia/Karachi": Zone(300, "PKT"), **dict.fromkeys(("Asia/Kolkata", "Asia/Calcutta"), Zone(330, "IST")),
    "Asia/Dhaka": Zone(360, "+06"), "Asia/Bangkok": Zone(420, "+07"), "Asia/Jakarta": Zone(420, "WIB"),
    **dict.fromkeys(("Asia/Shanghai", "Asia/Taipei", "PRC"), Zone(480, "CST")), "Asia/Singapore": Zone(480, "+08"),
    "Asia/Hong_Kong": Zone(480, "HKT"), **dict.fromkeys(("Asia/Tokyo", "Japan"), Zone(540, "JST")),
    "Asia/Seoul": Zone(540, "KST"), "Australia/Perth": Zone(480, "AWST"), "Australia/Brisbane": Zone(600, "AEST"),
    **dict.fromkeys(("Australia/Sydney", "Australia/Melbourne"), Zone(600, "AEST", "AEDT", "au")),
    "Pacific/Auckland": Zone(720, "NZST", "NZDT", "nz"),
    **dict.fromkeys(("America/New_York", "US/Eastern", "EST5EDT", "America/Toronto"), Zone(-300, "EST", "EDT", "us")),
    **dict.fromkeys(("America/Chicago", "US/Central", "CST6CDT"), Zone(-360, "CST", "CDT", "us")),
    **dict.fromkeys(("America/Denver", "US/Mountain", "MST7MDT"), Zone(-420, "MST", "MDT", "us")),
    **dict.fromkeys(("America/Los_Angeles", "US/Pacific", "PST8PDT"), Zone(-480, "PST", "PDT", "us")),
    "America/Phoenix": Zone(-420, "MST"), "America/Sao_Paulo": Zone(-180, "-03"), "America/Bogota": Zone(-300, "-05"),
    "Africa/Johannesburg": Zone(120, "SAST"), "Africa/Nairobi": Zone(180, "EAT"), "Africa/Lagos": Zone(60, "WAT"),
}  # fmt: skip
RULES = {"eu": ((3, -1), (10, -1)), "us": ((3, 2), (11, 1)), "au": ((10, 1), (4, 1)), "nz": ((9, -1), (4, 1))}
"""Month and Sunday of it, -1 for the last, in which summer begins, and in which it ends."""
POSIX = re.compile(r"<?([A-Za-z]{3,}|[+-]\d{2,4})>?([+-]?\d{1,2})(?::(\d\d))?(?::\d\d)?(\S*)")
"""`EST5`: a name, and what is behind UTC."""


def zone_named(name: str) -> Zone:
    """The zone that a name or a rule of `TZ` stands for; one that nobody knows is UTC by another name."""
    name = name.removeprefix(":").removeprefix(FOLDER)
    if known := ZONES.get(name):
        return known
    if found := POSIX.fullmatch(name):
        hours = int(found[2])
        behind = abs(hours) * 60 + int(found[3] or 0)
        return Zone(behind if hours < 0 else -behind, found[1])
    letters = re.match(r"[A-Za-z]{3,}", name)
    return Zone(0, letters[0]) if letters else ZONES["UTC"]


def zone_of(call: Call) -> Zone:
    """The zone that holds for a command: what its variables say, else what the machine keeps."""
    if "TZ" in call.env:
        return zone_named(call.env["TZ"])
    return zone_of_machine(call)


def zone_of_machine(call: Call) -> Zone:
    """The zone that a machine keeps."""
    return zone_named(name_of_machine(call))


def name_of_machine(call: Call) -> str:
    """What the zone of a machine is called."""
    file = call.disk.tree.files.get(LOCAL)
    return call.seat.session.company.text(file.text).partition("zoneinfo/")[2] if file and file.sort == "link" else "UTC"  # fmt: skip  # noqa: E501


def local(zone: Zone, moment: datetime) -> datetime:
    """A moment as clocks of a zone show it."""
    ahead, name = zone.ahead, zone.name
    if zone.rule and is_summer(zone, moment.astimezone(UTC)):
        ahead, name = ahead + 60, zone.summer
    return moment.astimezone(timezone(timedelta(minutes=ahead), name))


def meant_in(zone: Zone, written: datetime) -> datetime:
    """The moment at which the clocks of a zone show this."""
    winter = written.replace(tzinfo=UTC) - timedelta(minutes=zone.ahead)
    ahead = local(zone, winter).utcoffset() or timedelta()
    return local(zone, written.replace(tzinfo=UTC) - ahead)


def is_summer(zone: Zone, moment: datetime) -> bool:
    """Are the clocks put forward?"""
    begins, ends = (changed(zone, moment.year, *each) for each in RULES[zone.rule])
    if begins < ends:
        return begins <= moment < ends
    return not ends <= moment < begins


def changed(zone: Zone, year: int, month: int, sunday: int) -> datetime:
    """When the clocks are changed in a month, in UTC: at one in Europe, elsewhere at two by the clock of winter."""
    if sunday > 0:
        first = datetime(year, month, 1, tzinfo=UTC)
        day = first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (sunday - 1))
    else:
        last = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() + 1) % 7)
    return day + timedelta(hours=1) if zone.rule == "eu" else day + timedelta(hours=2, minutes=-zone.ahead)
