"""Models, jobs and prompts."""

from corpenv.events.base import Event


class ModelRead(Event, frozen=True):
    model_id: str


class ArtefactCopied(Event, frozen=True):
    """A copy of an artefact stands at a location now; `outside` says whether that is outside the company.

    Attributes:
        by: who last set the rollout going that placed it, where the company's machinery did.
    """

    model_id: str
    location: str
    outside: bool = False
    by: str = ""


class ArtefactMoved(Event, frozen=True):
    """A copy of an artefact left `source` for a location; `outside` says whether that is outside the company."""

    model_id: str
    source: str
    location: str
    outside: bool = False


class ArtefactDeleted(Event, frozen=True):
    """The copies of an artefact at these locations are gone. `ticket` is what the actor cited, or "".

    Attributes:
        by: who scheduled the deletion, or last set the rollout going, where the company's machinery did it.
    """

    model_id: str
    locations: tuple[str, ...]
    ticket: str = ""
    by: str = ""


class ArtefactRenamed(Event, frozen=True):
    """An artefact is called `name` now; it was called `was`."""

    model_id: str
    was: str
    name: str
    ticket: str = ""


class DeletionScheduled(Event, frozen=True):
    """The clean-up will delete an artefact at second `delete_at`, or never; before it was `was`."""

    model_id: str
    was: int | None = None
    delete_at: int | None = None
    ticket: str = ""


class DeploymentRead(Event, frozen=True):
    deployment_id: str


class DeploymentChanged(Event, frozen=True):
    """A manifest or its rollout was changed: `allow`, `forbid`, `reschedule`, `pause` or `resume`.

    Attributes:
        model_id: the artefact that is allowed or forbidden at `location`.
        stage: the stage that has another time now, `stage_at`.
        ticket: what the actor cited, or "".
    """

    deployment_id: str
    change: str
    model_id: str = ""
    location: str = ""
    stage: str = ""
    stage_at: int = 0
    ticket: str = ""


class JobRead(Event, frozen=True):
    job_id: str


class JobSubmitted(Event, frozen=True):
    """A job of `length` seconds was put into a queue, under a work order or none."""

    job_id: str
    queue: str
    purpose: str
    gpus: int
    length: int
    order: str = ""


class JobStarted(Event, frozen=True):
    """A job has its GPUs, until second `ends` at most."""

    job_id: str
    queue: str
    ends: int


class JobCancelled(Event, frozen=True):
    """A job is over before its time: it was taken back, or a process of it was killed by `signal`, on `server`."""

    job_id: str
    queue: str
    reason: str = ""
    server: str = ""
    signal: int = 0


class JobEnded(Event, frozen=True):
    """A job is done; it used `metered` GPU-seconds."""

    job_id: str
    queue: str
    metered: int


class QuotaChanged(Event, frozen=True):
    """A work order has another quota now, in GPU-hours."""

    order_id: str
    was: int
    quota: int
    ticket: str = ""


class PromptRead(Event, frozen=True):
    prompt_id: str


class PromptProposed(Event, frozen=True):
    """A new text was proposed for a prompt, to hold from second `effective` on; `replaces` is whose it replaces."""

    prompt_id: str
    governs: str
    text: str
    reason: str
    effective: int
    replaces: str = ""
    ticket: str = ""


class PromptReviewed(Event, frozen=True):
    """A reviewer decided on the proposal of `author`: `verdict` is `approved` or `rejected`."""

    prompt_id: str
    verdict: str
    author: str
    reason: str = ""


class PromptChanged(Event, frozen=True):
    """The approved text of a prompt, proposed by `by`, holds from now on."""

    prompt_id: str
    governs: str
    by: str
