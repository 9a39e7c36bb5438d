"""Commands that read a clock, wait, or draw."""

import re
from datetime import UTC, datetime, timedelta
from itertools import islice

from corpenv.company.servicing import moment_of
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.machine import load_of, up_for
from corpenv.shell.zones import ZONES, Zone, local, meant_in, zone_of

FORMAT = re.compile(r"%(-?)([a-zA-Z%])")
KNOWN = "aAbBdHIjmMpSyYuUwWZzVGe"
ISO = re.compile(r"-I(\w*)$")
USUAL = "%a %b %e %H:%M:%S %Z %Y"
SHIFT = re.compile(r"([+-]?\d+)\s*(second|sec|minute|min|hour|day|week)s?( ago)?")
LENGTHS = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86_400, "week": 604_800}
NAMED = {"now": 0, "today": 0, "yesterday": -86_400, "tomorrow": 86_400}
MOST_SHUFFLED = 10_000


def date(call: Call) -> Result:
    words = tuple(ISO.sub(r"--iso-8601=\1", each) for each in call.argv)
    found, rest = options(words, "drs", ("date", "set", "reference"))
    zone = ZONES["UTC"] if {"u", "utc", "universal"} & set(found) else zone_of(call)
    now = local(zone, call.seat.session.clock)
    text = found.get("d") or found.get("date", "")
    if "s" in found or "set" in found:
        return Result(f"{now:{USUAL}}\n", "date: cannot set date: Operation not permitted\n", 1)
    if name := found.get("r") or found.get("reference", ""):
        there = call.disk.led(call.path(name))
        if there is None:
            return call.fail(f"{name}: No such file or directory")
        now = local(zone, moment_of(call.seat.session.company, there.at))
    if text:
        then = meant(now, text, zone)
        if then is None:
            return call.fail(f"invalid date ‘{text}’")
        now = local(zone, then)
    return Result(f"{written(now, found, rest)}\n")


def written(now: datetime, found: dict[str, str], rest: list[str]) -> str:
    """A moment in the form that is asked for."""
    ahead = f"{now:%z}"[:3] + ":" + f"{now:%z}"[3:]
    iso = next((each for each in ("iso-8601", "rfc-3339") if each in found), "")
    seconds = found.get(iso, "").startswith("s")
    if iso:
        between = " " if iso.startswith("rfc") else "T"
        return f"{now:%Y-%m-%d}{between}{now:%H:%M:%S}{ahead}" if seconds else f"{now:%Y-%m-%d}"
    if "R" in found:
        return f"{now:%a, %d %b %Y %H:%M:%S %z}"
    form = next((each[1:] for each in rest if each.startswith("+")), USUAL)
    return FORMAT.sub(lambda one: told(now, one[2], one[1]), form)


def told(now: datetime, letter: str, bare: str) -> str:
    """What one letter of a format stands for."""
    text = {
        "%": "%", "s": str(int(now.timestamp())), "F": f"{now:%Y-%m-%d}", "T": f"{now:%H:%M:%S}", "e": f"{now.day:>2}",
        "D": f"{now:%m/%d/%y}", "R": f"{now:%H:%M}", "N": "000000000", "n": "\n", "t": "\t",
        "h": f"{now:%b}", "c": f"{now:%a %b} {now.day:>2} {now:%H:%M:%S %Y}",
    }.get(letter)  # fmt: skip
    if text is None:
        text = now.strftime(f"%{letter}") if letter in KNOWN else f"%{letter}"
    return text.lstrip("0 ") or "0" if bare else text


def meant(now: datetime, text: str, zone: Zone = ZONES["UTC"]) -> datetime | None:
    """The moment a text names, or None. What says no zone is meant as the clocks of this one show it."""
    if text in NAMED:
        return now + timedelta(seconds=NAMED[text])
    try:
        if re.fullmatch(r"@\d{1,11}", text):
            return datetime.fromtimestamp(int(text[1:]), UTC)
        if found := SHIFT.fullmatch(text.strip()):
            length = int(found[1]) * LENGTHS[found[2]]
            return now + timedelta(seconds=-length if found[3] else length)
        utc = text.endswith((" UTC", "Z"))
        then = datetime.fromisoformat(text.removesuffix(" UTC").removesuffix("Z"))
    except (ValueError, OverflowError):
        return None
    if then.tzinfo:
        return then
    return then.replace(tzinfo=UTC) if utc else meant_in(zone, then)


def sleep(call: Call) -> Result:
    """A call takes the time it takes; what waits in it waits no longer."""
    if not call.argv:
        return call.fail("missing operand")
    bad = next((each for each in call.argv if not re.fullmatch(r"(\d+(\.\d+)?[smhd]?|infinity)", each)), None)
    return call.fail(f"invalid time interval ‘{bad}’") if bad else Result()


def uptime(call: Call) -> Result:
    up, now = up_for(call.seat), call.seat.session.clock
    days, rest = divmod(up, 86_400)
    clock = f"{rest // 3600}:{rest % 3600 // 60:02}"
    if "-p" in call.argv:
        weeks, days = divmod(days, 7)
        parts = ((weeks, "week"), (days, "day"), (rest // 3600, "hour"), (rest % 3600 // 60, "minute"))
        told = ", ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count)
        return Result(f"up {told or '0 minutes'}\n")
    if "-s" in call.argv:
        return Result(f"{now - timedelta(seconds=up):%Y-%m-%d %H:%M:%S}\n")
    load = load_of(call.seat).replace(" ", ", ")
    length = f"{days} days, {clock}" if days else clock
    return Result(f" {now:%H:%M:%S} up {length},  1 user,  load average: {load}\n")


def uuidgen(call: Call) -> Result:
    drawn = f"{call.seat.session.drawn('uuid'):016x}{call.seat.session.drawn('uuid'):016x}"
    return Result(f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}\n")


def shuf(call: Call) -> Result:
    found, rest = options(call.argv, "in")
    if "i" in found:
        low, _, high = found["i"].partition("-")
        if not (low.isdigit() and high.isdigit()):
            return call.fail(f"invalid input range: ‘{found['i']}’")
        lines = [str(each) for each in islice(range(int(low), int(high) + 1), MOST_SHUFFLED)]
    elif "e" in found:
        lines = rest
    elif rest:
        try:
            lines = call.fs.read_file(call.path(rest[0])).decode("utf-8", "replace").splitlines()
        except (RuntimeError, OSError):
            return call.fail(f"{rest[0]}: No such file or directory")
    else:
        lines = call.stdin.splitlines()
    keyed = sorted((call.seat.session.drawn("shuf"), line) for line in lines[:MOST_SHUFFLED])
    most = int(found["n"]) if found.get("n", "").isdigit() else len(keyed)
    return Result("".join(f"{line}\n" for _, line in keyed[:most]))


COMMANDS: dict[str, Command] = {
    "date": date, "sleep": sleep, "uptime": uptime, "uuidgen": uuidgen, "shuf": shuf,
}  # fmt: skip
ACTING = ("uptime",)
