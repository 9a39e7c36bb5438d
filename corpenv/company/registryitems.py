"""The nouns of a company that runs models: artefacts, rollouts, queues, work orders, jobs and prompts."""

from functools import cached_property

from corpenv.company.items import Item
from corpenv.company.orders import ApprovalFile, Stop
from corpenv.company.text import Text

EVERYONE = "everyone"


class Location(Item, frozen=True):
    """A place where artefacts can stand.

    Attributes:
        outside: it is not the company's.
        writers: accounts that can put artefacts there and remove them; `everyone` is everybody inside.
        server: the server whose `folder` it is, or "".
    """

    id: str
    title: str
    outside: bool = False
    writers: tuple[str, ...] = ()
    server: str = ""
    folder: str = ""

    def holds(self, server: str, path: str) -> bool:
        """Does what stands at this path of a server stand here?"""
        return self.server == server != "" and path.startswith(f"{self.folder.rstrip('/')}/")


class Deletion(Item, frozen=True):
    """An entry on the list of the clean-up: at second `at` the artefact of this name is removed from these places."""

    at: int
    name: str
    locations: tuple[str, ...] = ()


class Artefact(Item, frozen=True):
    """A model, or a dataset or bundle, in the model registry.

    Attributes:
        fingerprint: 16 hexadecimal digits; all copies have the same.
        size: megabytes.
        sort: `weights`, `dataset` or `bundle`.
        parent: id of the artefact it was made from, or "".
        editors: accounts that can rename it and schedule its deletion, as the owner can.
        drives: accounts that run on it.
        locations: where a copy stands; empty once it is deleted.
        retired: it is kept and not used any more.
        deletion: what is scheduled for it.
    """

    id: str
    name: str
    version: str
    fingerprint: str
    size: int
    sort: str = "weights"
    parent: str = ""
    owner: str = ""
    editors: tuple[str, ...] = ()
    drives: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    retired: bool = False
    deletion: Deletion | None = None
    text: Text = ""

    @property
    def title(self) -> str:
        """`planner 2.1`."""
        return f"{self.name} {self.version}"

    @property
    def status(self) -> str:
        """`deleted`, `scheduled` (for deletion), `retired` or `active`."""
        if not self.locations:
            return "deleted"
        if self.deletion:
            return "scheduled"
        return "retired" if self.retired else "active"


class Stage(Item, frozen=True):
    """A step of a rollout: at second `at` the artefact is placed at a location, or removed from it.

    Attributes:
        do: `place` or `remove`.
    """

    name: str
    at: int
    model: str
    location: str
    do: str = "place"


class Deployment(Item, frozen=True):
    """A manifest, which says what may stand where, with a rollout plan.

    Attributes:
        allows: pairs of an artefact's id and a location.
        ticket: id of the ticket that orders it, or "".
        automatic: the company's machinery carries out each stage at its time; else people do.
        status: `active` or `paused`.
    """

    id: str
    title: str
    owner: str
    editors: tuple[str, ...] = ()
    allows: tuple[tuple[str, str], ...] = ()
    stages: tuple[Stage, ...] = ()
    ticket: str = ""
    automatic: bool = False
    status: str = "active"
    text: Text = ""

    def lists(self, stage: Stage) -> bool:
        """Is what a stage places in the manifest? What it removes need not be."""
        return stage.do == "remove" or (stage.model, stage.location) in self.allows


class Queue(Item, frozen=True):
    """A queue of jobs for some GPUs; whoever comes first is served first.

    Attributes:
        users: accounts that can submit; `everyone` is everybody inside.
        operators: accounts that can cancel everybody's jobs and change quotas.
        needs_order: no job without a work order.
        enforces: no job beyond its order's quota.
        boards: server and number of the GPUs it gives out, in that order; those it has beyond are on no server here.
        runner: the service of these servers that runs its jobs.
    """

    id: str
    title: str
    gpus: int
    users: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    needs_order: bool = True
    enforces: bool = True
    boards: tuple[tuple[str, int], ...] = ()
    runner: str = ""


class WorkOrder(Item, frozen=True):
    """Leave to use a queue for one purpose.

    Attributes:
        accounts: who may use it.
        quota: GPU-hours at the start; the present one is `registry.quota_of`.
        status: `proposed`, `approved` or `closed`; a proposed one counts as approved once its ticket is.
        ticket: id of the ticket that approves it, or "".
        command: what its jobs run, or "".
    """

    id: str
    queue: str
    title: str
    purpose: str
    requester: str
    accounts: tuple[str, ...] = ()
    quota: int = 0
    status: str = "approved"
    ticket: str = ""
    command: str = ""


class Job(Item, frozen=True):
    """Work on a queue.

    Attributes:
        length: seconds it runs, unless it is cancelled.
        order: id of the work order it was submitted under, or "".
        state: `queued`, `running`, `ended`, `cancelled`, or `failed` if a process of it was killed.
        at: when it was submitted; `starts` when it began, and `ends` when it stops or stopped, both 0 while queued.
        stopped_by: account that cancelled it, with its `reason`, or "".
        command: what it runs on its GPUs; "" if only its runner knows.
    """

    id: str
    queue: str
    account: str
    purpose: str
    gpus: int
    length: int
    order: str = ""
    state: str = "queued"
    at: int = 0
    starts: int = 0
    ends: int = 0
    stopped_by: str = ""
    reason: str = ""
    command: str = ""


class PendingChange(Item, frozen=True):
    """A text that a prompt may have next.

    Attributes:
        effective: from which second it holds, once it is approved.
        status: `open` or `approved`.
    """

    author: str
    text: Text
    reason: str = ""
    at: int = 0
    effective: int = 0
    status: str = "open"


class Prompt(Item, frozen=True):
    """An entry of the prompt registry.

    Attributes:
        governs: account whose instructions it is.
        editors: accounts that can propose a change, as the owner can.
        reviewers: accounts that decide on a change; without any, a proposal needs no review.
        pending: the change that is proposed or approved and does not hold yet.
    """

    id: str
    title: str
    text: Text
    governs: str
    owner: str
    editors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    pending: PendingChange | None = None


class RegistryFacts:
    """The start of a company as far as it runs models: plain dicts by id, empty until a world fills them."""

    @cached_property
    def locations(self) -> dict[str, Location]:
        return {}

    @cached_property
    def models(self) -> dict[str, Artefact]:
        return {}

    @cached_property
    def deployments(self) -> dict[str, Deployment]:
        return {}

    @cached_property
    def queues(self) -> dict[str, Queue]:
        return {}

    @cached_property
    def orders(self) -> dict[str, WorkOrder]:
        return {}

    @cached_property
    def jobs(self) -> dict[str, Job]:
        return {}

    @cached_property
    def prompts(self) -> dict[str, Prompt]:
        return {}

    @cached_property
    def stops(self) -> dict[str, Stop]:
        return {}

    @cached_property
    def approvals(self) -> dict[str, ApprovalFile]:
        return {}

    @cached_property
    def folders(self) -> tuple[Location, ...]:
        """The locations that are folders on servers, inner ones first. Asked for once the world is made."""
        found = (each for each in self.locations.values() if each.server)
        return tuple(sorted(found, key=lambda each: (-len(each.folder), each.id)))
