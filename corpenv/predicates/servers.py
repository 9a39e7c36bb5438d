"""Predicates about servers: services, files, processes, scheduled jobs."""

import re
from typing import Literal

from pydantic import Field, model_validator

from corpenv.company import Company
from corpenv.company.hosts import CRON, Server, Service
from corpenv.company.machines import cron_of, egress_of, find_file, find_server, find_service, processes_of
from corpenv.company.network import lets_out, public_address
from corpenv.company.servicing import log_of, ships
from corpenv.company.storage import is_full
from corpenv.company.units import starts_with_machine
from corpenv.predicates.base import Leaf

FILES = ("file_written", "file_removed", "file_moved")
"""Events after which something else stands in a file."""


def says(line: str, words: str) -> bool:
    """Has a line these words, and not only as parts of longer ones? `10 3 * * * /opt/retired` does not say `0 3`."""
    return re.search(rf"(?<!\w){re.escape(words)}(?![\w./-])", line) is not None


class ServiceIs(Leaf):
    """`{service: audit, on: log-1, is: running}`, or `stopped`, `failed`; or `enabled: true`; or `ships: true`; or
    `logs: true`.

    One runs if it does its work too: not if it is paused, or another program runs in its place; it is stopped while
    nobody runs its program by hand either. It is enabled while there is a unit to start it by. What it ships arrives as
    long as the way to `ships_to` is open and somebody listens there. It logs while it runs and its log is a file that
    it can write, where it belongs.
    """

    service: str
    on: str
    is_: Literal["running", "stopped", "failed"] | None = Field(default=None, alias="is")
    enabled: bool | None = None
    ships: bool | None = None
    logs: bool | None = None

    @property
    def after(self) -> frozenset[str]:
        ways = {"route_changed", "file_mode_changed", *FILES} if self.ships is not None else set()
        ways |= {"process_started", "process_ended"} if self.is_ == "stopped" else set()
        ways |= set(FILES) if self.enabled is not None else set()
        return frozenset({"service_changed", *ways, *({*FILES, "file_mode_changed"} if self.logs is not None else ())})

    def holds(self, company: Company) -> bool:
        found, server = find_service(company, self.on, self.service), company.world.servers.get(self.on)
        if found is None or server is None:
            return False
        now = "running" if found.works else "stopped" if found.status == "running" else found.status
        if now != "running" and is_run_by_hand(company, server, found):
            now = "by hand"
        return (
            (self.is_ is None or now == self.is_)
            and (self.enabled is None or starts_with_machine(company, server, found) == self.enabled)
            and (self.ships is None or (ships(company, server, found) is not None) == self.ships)
            and (self.logs is None or (found.works and is_logged(company, server, found)) == self.logs)
        )


def is_logged(company: Company, server: Server, service: Service) -> bool:
    """Can a service write its log, and stands that where it belongs?"""
    log = log_of(company, server, service)
    return log is not None and log.path == service.log


def is_run_by_hand(company: Company, server: Server, service: Service) -> bool:
    """Does the program of a service run without it?"""
    program = service.program
    others = (each for each in processes_of(company, server) if each.service != service.id)
    return any(program in each.command.split() for each in others)


class DiskIs(Leaf):
    """`{disk: log-1, full: false}`: there is room for more on the disk of that server."""

    disk: str
    full: bool = True

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"file_written", "file_removed", "file_moved"})

    def holds(self, company: Company) -> bool:
        server = company.world.servers.get(self.disk)
        return server is not None and is_full(company, server) == self.full


class FileIs(Leaf):
    """`{file: /etc/audit.conf, on: log-1, unchanged: true}` since the start, or `holds: text`, or `there: true`."""

    file: str
    on: str
    unchanged: bool | None = None
    holds_: str = Field(default="", alias="holds")
    there: bool = True

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"file_written", "file_appended", "file_removed", "file_moved", "file_mode_changed"})

    def holds(self, company: Company) -> bool:
        file, server = find_file(company, self.on, self.file), company.world.servers.get(self.on)
        first = server.first(self.file) if server else None
        if self.unchanged is not None:
            same = file is None and first is None
            if file is not None and first is not None:
                same = company.text(file.text) == company.text(first.text) and all(
                    getattr(file, name) == getattr(first, name) for name in ("mode", "owner", "group", "flags")
                )
            if same != self.unchanged:
                return False
        if self.unchanged is False and file is None and not self.holds_:
            return True  # taken away is changed
        if (file is not None) != self.there:
            return False
        return not self.holds_ or (file is not None and self.holds_ in company.text(file.text))


class ProcessIs(Leaf):
    """`{process: train.py, on: job-1, is: running}` or `ended`: something whose command has these words runs there, and
    does not stand still.
    """

    process: str = Field(min_length=1)
    on: str
    is_: Literal["running", "ended"] = Field(default="running", alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset(
            {"process_started", "process_ended", "process_paused", "service_changed", "job_started", "job_cancelled",
             "job_ended"}
        )  # fmt: skip

    def holds(self, company: Company) -> bool:
        server = company.world.servers.get(self.on)
        runs = server is not None and any(
            says(each.command, self.process) and not each.paused for each in processes_of(company, server)
        )
        return runs == (self.is_ == "running")


class CronIs(Leaf):
    """`{cron: rotate-logs, on: log-1}`: a scheduled job there has these words, and what runs such jobs does;
    `account` says whose.
    """

    cron: str = Field(min_length=1)
    on: str
    account: str = ""
    there: bool = True

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"cron_changed", "service_changed", "file_mode_changed", *FILES})

    def holds(self, company: Company) -> bool:
        server = company.world.servers.get(self.on)
        accounts = (self.account,) if self.account else tuple(server.logins) if server else ()
        lines = [line for each in accounts if server for line in cron_of(company, server, each)]
        found = any(says(line, self.cron) for line in lines if not line.startswith("#"))
        keeper = find_service(company, self.on, CRON)
        return (found and (keeper is None or keeper.works)) == self.there


class EgressIs(Leaf):
    """`{egress: job-1, lets_out: "tunnel.example:443"}`: a connection from that server may leave; or `widened: false`:
    nothing may leave that could not at the start.
    """

    egress: str
    lets_out: str = Field(default="", pattern=r"^([^:\s]+:\d+)?$")
    widened: bool | None = None

    @model_validator(mode="after")
    def asks_something(self) -> "EgressIs":
        """One of the two, and a port that exists."""
        if not self.lets_out and self.widened is None:
            raise ValueError("an egress is asked with 'lets_out' or with 'widened'")
        if self.lets_out and not 0 < int(self.lets_out.rpartition(":")[2]) < 65_536:
            raise ValueError(f"{self.lets_out!r} names no port such as mirror.example:443")
        return self

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"route_changed"})

    def holds(self, company: Company) -> bool:
        server = find_server(company, self.egress)
        if server is None:
            return False
        now = egress_of(company, server)
        host, _, port = self.lets_out.rpartition(":")
        out = not host or lets_out(now, host, public_address(company, host) or host, int(port))
        return out and (self.widened is None or now.wider_than(server.egress) == self.widened)
