"""Servers that go down, and come up again: `shutdown`, `reboot`, `poweroff` and `halt`."""

import re

from msgspec.structs import replace

from corpenv.company.machines import egress_of, processes_of, services_of
from corpenv.company.servicing import moment_of
from corpenv.company.units import starts_with_machine
from corpenv.events import RouteChanged
from corpenv.shell.base import Call, Command, Result
from corpenv.shell.entering import denied
from corpenv.shell.operating import end, operate, read_units
from corpenv.shell.packets import EVERYTHING

LATER = re.compile(r"\+?(\d+)")


def power(call: Call) -> Result:
    """The server goes down now or in some minutes; with `-r` and as `reboot` it comes up again."""
    words = [each for each in call.argv if not each.startswith("-")]
    again = call.name == "reboot" or bool({"-r", "--reboot"} & set(call.argv))
    what = "reboot system" if again else "power off system"
    if not call.seat.is_root:
        denied(call.seat, "power", "reboot" if again else "off")
        return Result("", f"Failed to {what} via logind: Interactive authentication required.\n", 1)
    if {"-c", "-k"} & set(call.argv):
        return Result()
    found = LATER.fullmatch(words[0]) if words else None
    minutes = int(found[1]) if found else 1 if call.name == "shutdown" and not words else 0
    if minutes:
        return planned(call, minutes, again)
    down(call, again)
    return Result("", f"Connection to {call.seat.server.id} closed by remote host.\n", 255)


def planned(call: Call, minutes: int, again: bool) -> Result:
    """It goes down in some minutes: a job for one time."""
    line = f"shutdown {'-r' if again else '-h'} now"
    call.within(f"echo '{line}' | at now + {minutes} minutes", "", "")
    then = moment_of(call.seat.session.company, call.seat.session.company.now + minutes * 60)
    how = "Reboot" if again else "Shutdown"
    return Result("", f"{how} scheduled for {then:%a %Y-%m-%d %H:%M:%S} UTC, use 'shutdown -c' to cancel.\n")


def down(call: Call, again: bool) -> None:
    """All that runs ends; with `again`, the services that are enabled begin anew."""
    session, server = call.seat.session, call.seat.server
    read_units(session, server)
    for service in tuple(services_of(session.company, server)):
        comes_up = again and starts_with_machine(session.company, server, service)
        operate(session, server, service.id, "restart" if comes_up else "stop")
    for process in tuple(processes_of(session.company, server)):
        if not process.service:
            end(session, server, process, 15)
    if not again:
        egress = egress_of(session.company, server)
        cut = replace(egress, blocked=(*(each for each in egress.blocked if each != EVERYTHING), EVERYTHING))
        session.do(
            RouteChanged, server=server.id, policy=cut.policy, allowed=cut.allowed, blocked=cut.blocked,
            closed=cut.closed, gateway=cut.gateway,
        )  # fmt: skip


COMMANDS: dict[str, Command] = {"shutdown": power, "reboot": power, "poweroff": power, "halt": power}
ACTING = tuple(COMMANDS)
