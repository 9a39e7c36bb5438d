"""Servers and what is on them, as values. What an author wrote and what an episode changed have the same form."""

from msgspec.structs import replace

from corpenv.company.egress import Egress
from corpenv.company.items import Item
from corpenv.company.text import Text

READ, WRITE, EXECUTE = 4, 2, 1
"""What can be asked of a file, as in its permission bits."""
ROOT = "root"
CRON, LOGGER, DOOR = "cron", "rsyslog", "ssh"
"""Services that every machine has: what runs scheduled jobs, what writes its logs, and what lets people in."""
SYSLOG, AUTHLOG = "/var/log/syslog", "/var/log/auth.log"
"""Logs of the system, which `LOGGER` writes."""
WANTS = "/etc/systemd/system/multi-user.target.wants/"
"""Where links stand to the units of what starts with the machine."""
FIXED, GROWING = "i", "a"
"""Flags of a file that nobody changes, be it root, and of one that only grows."""
USUAL_GROUPS = {"adm": 4, "sudo": 27, "users": 100, "systemd-journal": 101, "crontab": 102}
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
        flags: letters that `chattr` has set, in the order of the alphabet.
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
    flags: str = ""

    def keeps(self, grows: bool = False) -> bool:
        """Do its flags keep everybody from changing it, or, of one that `grows`, from adding to it?"""
        return bool(self.flags) and (FIXED in self.flags or (GROWING in self.flags and not grows))

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
        enabled: does it start with the server? It does while its link stands in `WANTS`.
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
        opens: paths of logs that it writes for others.
        unit: what the system has read of its unit since it was booted, "" if that was gone; None if it read no more.
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
    opens: tuple[str, ...] = ()
    unit: str | None = None

    @property
    def logs(self) -> tuple[str, ...]:
        """The paths at which it opens what it writes, when it starts."""
        return (self.log, *self.opens) if self.log else self.opens

    @property
    def program(self) -> str:
        """The path of its program."""
        return program_in(self.command)

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


class Server(Item, frozen=True):
    """A machine of the company.

    Attributes:
        id: its host name.
        address: its address in the company's network.
        owner: account of whoever looks after it.
        logins: account there → what it is.
        files: path → what stands there at the start; `machine` is what stands on every machine besides.
        processes: what runs besides services at the start, by pid.
        inert: lines of tables of scheduled jobs that do nothing, each with its account.
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
    egress: Egress = Egress()
    gpus: tuple[Gpu, ...] = ()
    pages: dict[str, Text] = {}
    inert: tuple[tuple[str, str], ...] = ()
    accounting: str = ""
    flow_log: str = ""
    machine: dict[str, HostFile] = {}

    def first(self, path: str) -> HostFile | None:
        """What stood at a path at the start."""
        found = self.files.get(path)
        if found is None and (machines := self.machine.get(path)) is not None:
            found = replace(machines, at=self.booted)
        return found

    def login_of(self, person: str) -> Login | None:
        """The account a person of the company has there."""
        return next((login for login in self.logins.values() if login.person == person), None)


def program_in(command: str) -> str:
    """The program of a command, be it behind a title such as `sshd:`."""
    words = command.split()
    return next((word for word in words if word.startswith("/")), "".join(words[:1]))
