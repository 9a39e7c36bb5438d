"""Servers and what is on them, as values. What an author wrote and what an episode changed have the same form."""

from corpenv.company.items import Item
from corpenv.company.text import Text

READ, WRITE, EXECUTE = 4, 2, 1
"""What can be asked of a file, as in its permission bits."""
ROOT = "root"


class Login(Item, frozen=True):
    """An account on a server.

    Attributes:
        id: its name there, for example `deploy`.
        person: the account of the company that can log in with it, or "".
        groups: its groups, its own first.
        sudo: can it do what root can?
    """

    id: str
    uid: int
    person: str = ""
    groups: tuple[str, ...] = ()
    sudo: bool = False
    home: str = ""


class HostFile(Item, frozen=True):
    """A file, directory or link on a server.

    Attributes:
        text: its content; of a link, where it leads; of a `binary` file, its bytes in base64.
        mode: permission bits.
        at: simulated second of the last change.
    """

    path: str
    text: Text = ""
    owner: str = ROOT
    group: str = ROOT
    mode: int = 0o644
    sort: str = "file"
    binary: bool = False
    at: int = 0

    def lets(self, login: Login, what: int) -> bool:
        """Do its permission bits let an account do this? Says nothing of the directories above."""
        if login.id == ROOT:
            return what != EXECUTE or self.sort == "directory" or bool(self.mode & 0o111)
        if login.id == self.owner:
            return bool(self.mode >> 6 & what)
        return bool((self.mode >> 3 if self.group in login.groups else self.mode) & what)


class Service(Item, frozen=True):
    """Something a server runs all the time.

    Attributes:
        command: what its process runs, as `account`.
        status: `running`, `stopped` or `failed`.
        enabled: does it start with the server?
        log: path of what it writes, or "".
        ports: on which it listens.
        answers: path of a URL → what it answers there.
        config: paths of the files it reads when it starts.
        editors: accounts of the company that may restart and configure it without being root there.
    """

    id: str
    title: str
    command: str
    account: str = ROOT
    status: str = "running"
    enabled: bool = True
    pid: int = 0
    log: str = ""
    ports: tuple[int, ...] = ()
    answers: dict[str, Text] = {}
    config: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    since: int = 0


class Process(Item, frozen=True):
    """Something that runs. `cpu` and `memory` are per mille of the server's, `gpu` is megabytes of a GPU's memory."""

    pid: int
    account: str
    command: str
    service: str = ""
    cpu: int = 0
    memory: int = 0
    gpu: int = 0
    since: int = 0

    @property
    def name(self) -> str:
        """What it is called: its program, without folder and arguments."""
        words = self.command.split()
        return words[0].rpartition("/")[2] if words else ""


class Gpu(Item, frozen=True):
    """A GPU: memory in megabytes, use in percent. `quota` is megabytes an account may take, 0 for all of it."""

    model: str
    memory: int
    used: int = 0
    utilisation: int = 0
    quota: int = 0


class Egress(Item, frozen=True):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but what is allowed, each `host:port`."""

    policy: str = "accept"
    allowed: tuple[str, ...] = ()

    def lets_out(self, host: str, port: int) -> bool:
        """May a connection leave for this host and port? `*.name` is everything under a name, `*` any host or port."""
        return self.policy == "accept" or any(fits(rule, host, port) for rule in self.allowed)


class Server(Item, frozen=True):
    """A machine of the company.

    Attributes:
        id: its host name.
        address: its address in the company's network.
        owner: account of whoever looks after it.
        logins: account there → what it is.
        files: path → what stands there at the start.
        processes: what runs besides services at the start, by pid.
        cron: account there → lines of its table.
        pages: URL of a site outside → what it answers.
        disk: gigabytes; `memory` likewise.
    """

    id: str
    title: str
    address: str
    owner: str = ""
    system: str = ""
    disk: int = 100
    memory: int = 16
    cores: int = 4
    booted: int = 0
    logins: dict[str, Login] = {}
    files: dict[str, HostFile] = {}
    services: dict[str, Service] = {}
    processes: dict[int, Process] = {}
    cron: dict[str, tuple[str, ...]] = {}
    egress: Egress = Egress()
    gpus: tuple[Gpu, ...] = ()
    pages: dict[str, Text] = {}

    def login_of(self, person: str) -> Login | None:
        """The account a person of the company has there."""
        return next((login for login in self.logins.values() if login.person == person), None)


def fits(rule: str, host: str, port: int) -> bool:
    """Is a rule such as `*.mirror.example:443` about this host and port?"""
    name, _, wanted = rule.rpartition(":")
    if wanted not in ("*", str(port)):
        return False
    return name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:]))
