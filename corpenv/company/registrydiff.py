"""What differs between two companies in models, rollouts, jobs and prompts."""

from collections.abc import Iterator

from corpenv.company.comparison import Change, changed, compared, flags, ids, rows, turned
from corpenv.company.registry import find_deployment, find_job, find_model, find_order, find_prompt, quota_of
from corpenv.company.registryitems import Artefact, Deployment, Job, Prompt
from corpenv.company.state import Company


def of_registry(before: Company, after: Company) -> Iterator[Change]:
    """Artefacts and who put them where, manifests, jobs, quotas, prompts, and what was read of them."""
    yield from of_models(before, after)
    names = ids(before, after, lambda company: company.registry.deployments, lambda world: world.deployments)
    yield from compared(before, after, "deployment", names, find_deployment, title, deployment_change)
    names = ids(before, after, lambda company: company.registry.jobs, lambda world: world.jobs)
    yield from compared(before, after, "job", names, find_job, job_words, job_change)
    names = ids(before, after, lambda company: company.registry.quotas, lambda world: world.orders)
    yield from compared(before, after, "quota", names, quota, lambda company, found: found, turned)
    names = ids(before, after, lambda company: company.registry.prompts, lambda world: world.prompts)
    yield from compared(before, after, "prompt", names, find_prompt, title, prompt_change)
    yield from flags(before, after, "read", lambda company: company.registry.read)


def of_models(before: Company, after: Company) -> Iterator[Change]:
    names = ids(before, after, lambda company: company.registry.models, lambda world: world.models)
    yield from compared(before, after, "artefact", names, find_model, title, artefact_change)
    for name in sorted({model for company in (before, after) for model, _ in company.registry.copied}):
        both = [
            [
                ((at, by), f"at {at} by {by}")
                for (model, at), by in sorted(company.registry.copied.items())
                if model == name
            ]
            for company in (before, after)
        ]
        yield from rows("copy", name, *both)


def title(company: Company, found: Artefact | Deployment | Prompt) -> str:
    return found.title


def artefact_change(first: Artefact, second: Artefact) -> str:
    said = [turned(first.title, second.title)]
    said += [f"+{name}" for name in second.locations if name not in first.locations]
    said += [f"-{name}" for name in first.locations if name not in second.locations]
    return f"{'; '.join(said)} ({changed(first, second)} changed)"


def deployment_change(first: Deployment, second: Deployment) -> str:
    return f"{second.title} ({changed(first, second)} changed)"


def job_words(company: Company, job: Job) -> str:
    return f"{job.account}: {job.purpose}, {job.gpus} GPUs, {job.state}"


def job_change(first: Job, second: Job) -> str:
    return f"{second.purpose}: {turned(first.state, second.state)} ({changed(first, second)} changed)"


def quota(company: Company, order_id: str) -> str | None:
    order = find_order(company, order_id)
    return f"{quota_of(company, order)} GPU-hours" if order else None


def prompt_change(first: Prompt, second: Prompt) -> str:
    return f"{second.title} ({changed(first, second)} changed)"
