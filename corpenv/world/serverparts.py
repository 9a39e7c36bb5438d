"""What an author writes of servers."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from corpenv.company.calendar import duration
from corpenv.company.crontimes import job_of
from corpenv.world.forms import Account, Duration, Item, Levels, Moment, Part, Slug, Text

SHORTEST = 60
MODE = re.compile(r"[0-7]{3,4}")
RULE = re.compile(r"(\*|(\*\.)?[a-z0-9.-]+):(\*|[0-9]{1,5})")


def is_path(text: str) -> str:
    """Fails unless the text is an absolute path without detours."""
    if (
        not text.startswith("/")
        or "//" in text
        or {".", ".."} & set(text.split("/"))
        or (text != "/" and text[-1] == "/")
    ):
        raise ValueError(f"{text!r} is no path such as /etc/audit/audit.conf")
    return text


def is_mode(text: str) -> str:
    """Fails unless the text is permission bits in octal."""
    if not MODE.fullmatch(text):
        raise ValueError(f'{text!r} is no mode such as "0640"')
    return text


def is_rule(text: str) -> str:
    """Fails unless the text says what may leave."""
    if not RULE.fullmatch(text):
        raise ValueError(f"{text!r} is no rule such as mirror.example:443 or *.mirror.example:*")
    return text


def is_log_place(text: str) -> str:
    """Fails unless the text names a log on a server."""
    name, _, path = text.partition(":")
    if not name or not path:
        raise ValueError(f"{text!r} is no log of a server such as gate-1:/var/log/egress.log")
    is_path(path)
    return text


def is_cron_line(text: str) -> str:
    """Fails unless the text is a line of a cron table."""
    if not text.startswith(("#", "@reboot ")) and job_of(text) is None:
        raise ValueError(f"{text!r} is no line of a cron table such as 15 2 * * * /usr/local/bin/rotate")
    return text


Path = Annotated[str, StringConstraints(max_length=400), AfterValidator(is_path)]
Mode = Annotated[str, AfterValidator(is_mode)]
Rule = Annotated[str, AfterValidator(is_rule)]
CronLine = Annotated[str, AfterValidator(is_cron_line)]
LogPlace = Annotated[str, AfterValidator(is_log_place)]
Port = Annotated[int, Field(ge=1, le=65535)]
Megabytes = Annotated[int, Field(ge=0, le=10_000_000)]
PerMille = Annotated[int, Field(ge=0, le=1000)]


class LoginPart(Part):
    """An account on a server. A `person` of the company can log in with it; `sudo` lets it do what root can. With a
    `key`, whoever holds the value of that credential can log in with it.
    """

    id: Slug
    person: Account = ""
    groups: tuple[Slug, ...] = ()
    sudo: bool = False
    key: str = ""


class UsesPart(Part):
    """What a program takes while it runs: per mille of cores and memory, megabytes of a GPU's memory."""

    cpu: PerMille = 0
    memory: PerMille = 0
    gpu: Megabytes = 0


class FilePart(Part):
    """A file on a server; or a `directory`, or a `link` to another path. With `uses` it is a program that, once it is
    started, goes on until it is ended.
    """

    path: Path
    text: Text = ""
    directory: bool = False
    link: str = ""
    owner: Slug = "root"
    group: str = ""
    mode: Mode = ""
    at: Moment = "-1w"
    if_level: Levels = {}
    uses: UsesPart | None = None

    @model_validator(mode="after")
    def is_one_thing(self) -> "FilePart":
        """A file has a text, a link leads somewhere, a directory has neither."""
        if bool(self.text) + self.directory + bool(self.link) > 1:
            raise ValueError("a path is one thing: a file with 'text', a 'directory', or a 'link'")
        if self.uses and (self.directory or self.link):
            raise ValueError("'uses' is said of a program, not of a directory or a link")
        return self


class WritesPart(Part):
    """What a service writes into its log, and how often."""

    every: Duration
    line: Text

    @model_validator(mode="after")
    def takes_time(self) -> "WritesPart":
        """A minute at least."""
        if duration(self.every) < SHORTEST:
            raise ValueError(f'every: a service writes at most every minute, as in "10m", not {self.every!r}')
        return self


class ServicePart(Part):
    """Something a server runs all the time. What it writes about itself stands in its `log`; with `writes`, lines while
    time passes. New lines of the logs in `ships` go to the service at `ships_to`, a `host:port`. Whoever asks a service
    that `needs` a credential has to present its value.
    """

    id: Slug
    title: str
    command: str
    account: Slug = "root"
    status: Literal["running", "stopped", "failed"] = "running"
    enabled: bool = True
    log: Path | None = None
    ports: tuple[Port, ...] = ()
    answers: dict[str, Text] = {}
    config: tuple[Path, ...] = ()
    editors: tuple[Account, ...] = ()
    needs: str = ""
    writes: WritesPart | None = None
    ships: tuple[Path, ...] = ()
    ships_to: Annotated[str, StringConstraints(pattern=r"^([a-z0-9.-]+:[0-9]{1,5})?$")] = ""

    @model_validator(mode="after")
    def writes_somewhere(self) -> "ServicePart":
        """What is written has a log, what is shipped a place to go to."""
        if self.writes and not self.log:
            raise ValueError("a service that 'writes' needs a 'log' to write into")
        if bool(self.ships) != bool(self.ships_to):
            raise ValueError("'ships' and 'ships_to' come together, as in ships_to: vault-1:514")
        return self


class ProcessPart(Part):
    """Something that runs besides the services. `cpu` and `memory` are per mille, `gpu` is megabytes."""

    command: str
    account: Slug = "root"
    cpu: PerMille = 0
    memory: PerMille = 1
    gpu: Megabytes = 0
    since: Moment = "-1d"
    if_level: Levels = {}


class CronPart(Part):
    """A scheduled job, as a line of an account's table: at its time the server's shell runs it. One that is `inert`
    stands in the table and does nothing.
    """

    account: Slug
    line: CronLine
    if_level: Levels = {}
    inert: bool = False


class RepositoryPart(Part):
    """A folder that git keeps, of files that are authored; `log` are the messages of its commits, oldest first."""

    path: Path
    owner: Slug = "root"
    remote: str = ""
    branch: Slug = "main"
    log: Annotated[tuple[str, ...], Field(min_length=1)] = ("First import",)


class GpuPart(Part):
    """A GPU: memory and quota in megabytes, use in percent."""

    model: str
    memory: Megabytes
    used: Megabytes = 0
    utilisation: Annotated[int, Field(ge=0, le=100)] = 0
    quota: Megabytes = 0


class EgressPart(Part):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but what is `allowed`, each `host:port`. `log`
    is where the gateway notes what left, by address and port: `server:path`.
    """

    policy: Literal["accept", "drop"] = "accept"
    allowed: tuple[Rule, ...] = ()
    log: LogPlace | None = None


class ServerPart(Item):
    """A machine of the company. `pages` are what sites outside answer it, by URL. In `accounting` it notes which
    account opened a connection, not where to.
    """

    title: str
    address: Annotated[str, StringConstraints(pattern=r"^(10|192\.168)(\.\d{1,3}){2,3}$")]
    owner: str = ""
    system: str = "Debian GNU/Linux 12 (bookworm)"
    disk: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    memory: Annotated[int, Field(ge=1, le=65_536)] = 16
    cores: Annotated[int, Field(ge=1, le=1024)] = 4
    booted: Moment = "-4w"
    accounts: tuple[LoginPart, ...] = ()
    files: tuple[FilePart, ...] = ()
    services: tuple[ServicePart, ...] = ()
    processes: tuple[ProcessPart, ...] = ()
    cron: tuple[CronPart, ...] = ()
    repositories: tuple[RepositoryPart, ...] = ()
    egress: EgressPart = EgressPart()
    gpus: tuple[GpuPart, ...] = ()
    pages: dict[str, Text] = {}
    accounting: Path | None = None
