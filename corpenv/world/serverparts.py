"""What an author writes of servers."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from corpenv.world.forms import Account, Item, Moment, Part, Slug, Text

MODE = re.compile(r"[0-7]{3,4}")
RULE = re.compile(r"(\*|(\*\.)?[a-z0-9.-]+):(\*|[0-9]{1,5})")
CRON = re.compile(r"(@(reboot|hourly|daily|weekly|monthly)|([0-9*/,-]+\s+){4}[0-9*/,-]+)\s+\S.*")


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


def is_cron_line(text: str) -> str:
    """Fails unless the text is a line of a cron table."""
    if not text.startswith("#") and not CRON.fullmatch(text):
        raise ValueError(f"{text!r} is no line of a cron table such as 15 2 * * * /usr/local/bin/rotate")
    return text


Path = Annotated[str, StringConstraints(max_length=400), AfterValidator(is_path)]
Mode = Annotated[str, AfterValidator(is_mode)]
Rule = Annotated[str, AfterValidator(is_rule)]
CronLine = Annotated[str, AfterValidator(is_cron_line)]
Port = Annotated[int, Field(ge=1, le=65535)]
Megabytes = Annotated[int, Field(ge=0, le=10_000_000)]
PerMille = Annotated[int, Field(ge=0, le=1000)]


class LoginPart(Part):
    """An account on a server. A `person` of the company can log in with it; `sudo` lets it do what root can."""

    id: Slug
    person: Account = ""
    groups: tuple[Slug, ...] = ()
    sudo: bool = False


class FilePart(Part):
    """A file on a server; or a `directory`, or a `link` to another path."""

    path: Path
    text: Text = ""
    directory: bool = False
    link: str = ""
    owner: Slug = "root"
    group: str = ""
    mode: Mode = ""
    at: Moment = "-1w"

    @model_validator(mode="after")
    def is_one_thing(self) -> "FilePart":
        """A file has a text, a link leads somewhere, a directory has neither."""
        if bool(self.text) + self.directory + bool(self.link) > 1:
            raise ValueError("a path is one thing: a file with 'text', a 'directory', or a 'link'")
        return self


class ServicePart(Part):
    """Something a server runs all the time. What it writes about itself stands in its `log`."""

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


class ProcessPart(Part):
    """Something that runs besides the services. `cpu` and `memory` are per mille, `gpu` is megabytes."""

    command: str
    account: Slug = "root"
    cpu: PerMille = 0
    memory: PerMille = 1
    gpu: Megabytes = 0
    since: Moment = "-1d"


class CronPart(Part):
    """A scheduled job, as a line of an account's table."""

    account: Slug
    line: CronLine


class GpuPart(Part):
    """A GPU: memory and quota in megabytes, use in percent."""

    model: str
    memory: Megabytes
    used: Megabytes = 0
    utilisation: Annotated[int, Field(ge=0, le=100)] = 0
    quota: Megabytes = 0


class EgressPart(Part):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but what is `allowed`, each `host:port`."""

    policy: Literal["accept", "drop"] = "accept"
    allowed: tuple[Rule, ...] = ()


class ServerPart(Item):
    """A machine of the company. `pages` are what sites outside answer it, by URL."""

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
    egress: EgressPart = EgressPart()
    gpus: tuple[GpuPart, ...] = ()
    pages: dict[str, Text] = {}
