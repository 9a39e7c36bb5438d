"""Servers and what is on them, as values. What an author wrote and what an episode changed have the same form."""

from ipaddress import ip_address, ip_network

from corpenv.company.items import Item
from corpenv.company.text import Text

READ, WRITE, EXECUTE = 4, 2, 1
"""What can be asked of a file, as in its permission bits."""
ROOT = "root"
CRON, LOGGER, DOOR = "cron", "rsyslog", "ssh"
"""Services that every machine has: what runs scheduled jobs, what writes its logs, and what lets people in."""
USUAL_GROUPS = {"adm": 4, "sudo": 27, "users": 100, "systemd-journal": 101}
"""Groups that every system has, and their numbers."""


class Login(Item, frozen=True):
    """An account on a server.

    Attributes:
        id: its name there, for example `deploy`.
        person: the account of the company that can log in with it, or "".
        groups: its groups, its own first.
        sudo: can it do what root can?
        key: the secret whose value lets anybody who holds it log in with the account, or "".
    """

    id: str
    uid: int
    person: str = ""
    groups: tuple[str, ...] = ()
    sudo: bool = False
    home: str = ""
    key: str = ""


class Uses(Item, frozen=True):
    """What a program takes while it runs: per mille of cores and memory, megabytes of a GPU's memory."""

    cpu: int = 0
    memory: int = 0
    gpu: int = 0


class HostFile(Item, frozen=True):
    """A file, directory or link on a server.

    Attributes:
        text: its content; of a link, where it leads; of a `binary` file, its bytes in base64.
        mode: permission bits.
        at: simulated second of the last change.
        size: bytes that it takes on the disk beyond its text.
        by: account of the company that wrote it in the episode, or "".
        uses: what it takes where it is a program that goes on until it is ended.
    """

    path: str
    text: Text = ""
    owner: str = ROOT
    group: str = ROOT
    mode: int = 0o644
    sort: str = "file"
    binary: bool = False
    at: int = 0
    size: int = 0
    by: str = ""
    uses: Uses | None = None

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
        needs: the credential that who asks it has to present, or "".
        every: it writes `line` into its log every so many seconds; 0 for never.
        ships: paths of logs whose new lines it sends to the service at `ships_to`, a `host:port`.
        working: does what runs do what the service is there for?
        system: is it one that every machine has? No list of the company's tools shows it.
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
    needs: str = ""
    every: int = 0
    line: Text = ""
    ships: tuple[str, ...] = ()
    ships_to: str = ""
    working: bool = True
    system: bool = False

    @property
    def works(self) -> bool:
        """Does it run, and do what it is there for?"""
        return self.status == "running" and self.working


class Process(Item, frozen=True):
    """Something that runs. `cpu` and `memory` are per mille of the server's, `gpu` is megabytes of a GPU's memory.

    Attributes:
        by: account of the company that started it in the episode, or "".
        wakes: the second at which it runs the line `does`, 0 for never; with `every`, again so many seconds later.
        paused: does it stand still?
        job: the job of a queue that it belongs to, or "", which has the GPU of the number `board`.
    """

    pid: int
    account: str
    command: str
    service: str = ""
    cpu: int = 0
    memory: int = 0
    gpu: int = 0
    since: int = 0
    by: str = ""
    wakes: int = 0
    does: str = ""
    every: int = 0
    paused: bool = False
    job: str = ""
    board: int = 0

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
    """What a server lets out: everything (`accept`) or nothing (`drop`) but what is allowed, each `host:port`.

    Attributes:
        blocked: what never gets out, inside the company either.
        closed: ports at which nothing gets in.
        gateway: is there a way out of its own network?
    """

    policy: str = "accept"
    allowed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    gateway: bool = True

    def lets_out(self, host: str, port: int) -> bool:
        """May a connection leave for this host and port? `*.name` is everything under a name, `*` any host or port."""
        if not self.gateway or self.blocks(host, port):
            return False
        return self.policy == "accept" or any(fits(rule, host, port) for rule in self.allowed)

    def wider_than(self, other: "Egress") -> bool:
        """Does it let out anything that another does not?"""
        if self.policy == "accept" and other.policy != "accept":
            return True
        if (self.gateway and not other.gateway) or set(other.blocked) - set(self.blocked):
            return True
        return other.policy != "accept" and any(not covered(rule, other.allowed) for rule in self.allowed)

    def blocks(self, host: str, port: int) -> bool:
        """Is a connection stopped, inside the company too? What lets this host through wins over what stops all."""
        named = any(fits(rule, host, port) for rule in self.allowed if not rule.startswith("*:"))
        return any(fits(rule, host, port) for rule in self.blocked if not (named and rule.startswith("*:")))


class Server(Item, frozen=True):
    """A machine of the company.

    Attributes:
        id: its host name.
        address: its address in the company's network.
        owner: account of whoever looks after it.
        logins: account there → what it is.
        files: path → what stands there at the start.
        processes: what runs besides services at the start, by pid.
        cron: account there → lines of its table; those `inert`, each with its account, do nothing.
        pages: URL of a site outside → what it answers.
        disk: gigabytes; `memory` likewise.
        accounting: the log in which it notes which account opened a connection, or "".
        flow_log: `server:path` of the log in which the gateway notes what left from here, or "".
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
    inert: tuple[tuple[str, str], ...] = ()
    accounting: str = ""
    flow_log: str = ""

    def login_of(self, person: str) -> Login | None:
        """The account a person of the company has there."""
        return next((login for login in self.logins.values() if login.person == person), None)


def covered(rule: str, rules: tuple[str, ...]) -> bool:
    """Is all that a rule lets out let out by others?"""
    name, _, port = rule.rpartition(":")
    for each in rules:
        other, _, wanted = each.rpartition(":")
        under = other.startswith("*.") and name.removeprefix("*").endswith(other[1:])
        if spans(wanted, port) and (other in ("*", name) or under):
            return True
    return False


def spans(wanted: str, port: str) -> bool:
    """Is a port, or a range such as `80-90`, among what a rule is about?"""
    if wanted in ("*", port):
        return True
    low, dash, high = wanted.partition("-")
    first, _, last = port.partition("-")
    return bool(dash) and port != "*" and int(low) <= int(first) and int(last or first) <= int(high)


def fits(rule: str, host: str, port: int) -> bool:
    """Is a rule such as `*.mirror.example:443` about this host and port?"""
    name, _, wanted = rule.rpartition(":")
    if not spans(wanted, str(port)):
        return False
    return name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:])) or in_network(name, host)


def in_network(net: str, host: str) -> bool:
    """Is a host that is named by its number in a network such as `203.0.113.0/24`?"""
    if "/" not in net:
        return False
    try:
        return ip_address(host) in ip_network(net, strict=False)
    except ValueError:  # a name, or no network
        return False
