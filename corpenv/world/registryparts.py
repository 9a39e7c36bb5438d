"""What an author writes of models, rollouts, queues, work orders, jobs and prompts."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from corpenv.world.forms import Account, Duration, Item, Moment, Part, Slug, Text
from corpenv.world.serverparts import Path

ModelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
CommandLine = Annotated[str, StringConstraints(pattern=r"^([^\s]+( [^\s]+)*)?$", max_length=300)]


class LocationPart(Item):
    """A place where artefacts can stand. Writers are accounts or lists that can put them there and remove them. With
    `server` and `folder` it is a folder there: what stands in it as a file stands at the location.
    """

    title: str
    outside: bool = False
    writers: tuple[Account, ...] = ()
    server: str = ""
    folder: Path | None = None

    @model_validator(mode="after")
    def is_one_place(self) -> "LocationPart":
        """A folder stands on a server of the company."""
        if bool(self.server) != bool(self.folder):
            raise ValueError("'server' and 'folder' come together, as in server: print-1 and folder: /srv/models")
        if self.server and self.outside:
            raise ValueError("a folder on a server of the company is not 'outside'")
        return self


class ModelPart(Item):
    """An artefact of the model registry. Owner and editors can rename it and schedule its deletion; `drives` are the
    accounts that run on it. With `delete_at` it is on the list of the clean-up, which goes by name and place. `files`
    says where its content stands as a file: server → path.
    """

    name: ModelName
    version: str
    size: Annotated[int, Field(ge=0)]
    sort: Literal["weights", "dataset", "bundle"] = "weights"
    parent: str = ""
    owner: Account
    editors: tuple[Account, ...] = ()
    drives: tuple[Account, ...] = ()
    locations: Annotated[tuple[Slug, ...], Field(min_length=1)]
    retired: bool = False
    delete_at: Moment | None = None
    files: dict[Slug, Path] = {}
    text: Text = ""


class AllowPart(Part):
    """Where an artefact may stand."""

    model: str
    at: Annotated[tuple[Slug, ...], Field(min_length=1)]


class StagePart(Part):
    """A step of a rollout: when which artefact is placed or removed, and where."""

    stage: Slug
    at: Moment
    model: str
    location: Slug
    do: Literal["place", "remove"] = "place"


class DeploymentPart(Item):
    """A manifest: what may stand where, and the plan of its rollout. Stages of an `automatic` one are carried out at
    their time, others by people.
    """

    title: str
    owner: Account
    editors: tuple[Account, ...] = ()
    allows: tuple[AllowPart, ...] = ()
    stages: tuple[StagePart, ...] = ()
    ticket: str = ""
    automatic: bool = False
    paused: bool = False
    text: Text = ""

    @model_validator(mode="after")
    def has_stages_of_different_names(self) -> "DeploymentPart":
        """A stage is called by its name."""
        names = [stage.stage for stage in self.stages]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise ValueError(f"stages: {name!r} stands here twice: rename one")
        return self


class QueuePart(Item):
    """A queue of jobs for some GPUs, first come first served. Operators cancel everybody's jobs and change quotas.
    `boards` are the GPUs that it gives out, in that order, each a server and a number there, as in [job-1, 0]: a job is
    a process on each of its own, which the service `runner` of that server started. What it has beyond is nowhere.
    """

    title: str
    gpus: Annotated[int, Field(ge=1, le=100_000)]
    users: tuple[Account, ...] = ()
    operators: tuple[Account, ...] = ()
    needs_order: bool = True
    enforces: bool = True
    boards: tuple[tuple[Slug, Annotated[int, Field(ge=0)]], ...] = ()
    runner: str = ""

    @model_validator(mode="after")
    def is_run_by_something(self) -> "QueuePart":
        """Jobs that are processes have a parent."""
        if bool(self.boards) != bool(self.runner):
            raise ValueError("'boards' and 'runner' come together, as in boards: [[job-1, 0]] and runner: runner")
        if len(self.boards) > self.gpus:
            raise ValueError(f"boards: the queue has {self.gpus} GPUs, and {len(self.boards)} stand here")
        return self


class OrderPart(Item):
    """Leave to use a queue for one purpose, `quota` GPU-hours of it. A `proposed` one counts once its ticket is
    approved. Its jobs run `command`.
    """

    queue: Slug
    title: str
    purpose: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    requester: Account
    accounts: tuple[Account, ...] = ()
    quota: Annotated[int, Field(ge=0, le=10**9)]
    status: Literal["proposed", "approved", "closed"] = "approved"
    ticket: str = ""
    command: CommandLine = ""

    @model_validator(mode="after")
    def is_approved_somehow(self) -> "OrderPart":
        """A ticket decides on what is proposed."""
        if self.ticket and self.status != "proposed":
            raise ValueError("'ticket' approves what has status: proposed")
        return self


class JobPart(Item):
    """Work on a queue: under a work order, or in a `queue` without one. Without `starts` it waits in the queue. It runs
    `command`, else that of its order; where neither says one, processes bear its purpose.
    """

    order: str = ""
    queue: str = ""
    account: Account
    purpose: str = ""
    gpus: Annotated[int, Field(ge=1, le=100_000)]
    length: Duration
    starts: Moment | None = None
    at: Moment = "-1h"
    command: CommandLine = ""

    @model_validator(mode="after")
    def is_somewhere(self) -> "JobPart":
        """The work order says the queue and the purpose."""
        if bool(self.order) == bool(self.queue):
            raise ValueError("a job has either an 'order' or a 'queue'")
        if self.queue and not self.purpose:
            raise ValueError("a job without an order says its 'purpose'")
        if self.length.startswith("0"):
            raise ValueError(f'length: a job lasts a while, such as "30m" or "8h", not {self.length!r}')
        return self


class ChangePart(Part):
    """A text that is proposed for a prompt, to hold from `effective` on once it is approved."""

    text: Text
    author: Account = Field(alias="from")
    reason: str = ""
    at: Moment = "-1d"
    effective: Moment = "-1d"
    status: Literal["open", "approved"] = "open"


class PromptPart(Item):
    """An entry of the prompt registry: the instructions of the account it governs. Owner and editors propose changes,
    reviewers decide; without reviewers a proposal needs no review.
    """

    title: str
    text: Text
    governs: Account
    owner: Account
    editors: tuple[Account, ...] = ()
    reviewers: tuple[Account, ...] = ()
    change: ChangePart | None = None
