"""Runs as a log of Inspect: a zip file of JSON, a sample a run, with truth as scores.

What the agent was told comes first, as its system message and first words of the user; every step is a message of the
assistant with its call, and one with what was answered. What the world did beside that has no place in such a log.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from corpenv.errors import CorpenvError
from corpenv.record import Called, Entry, Malformed, Said, Withheld, encode
from corpenv.run import Run
from corpenv.verification import start_of

VERSION = 2
"""Of the form of logs."""
UNREADABLE = "unreadable"
"""The tool that a call is of that had no shape of a call."""


def write_eval(runs: Iterable[Run], out: IO[bytes], name: str, created: str) -> int:
    """Write a log; how many samples it has.

    Args:
        name: of its task.
        created: when its runs were made: UTC, ISO 8601.
    """
    summaries: list[dict[str, Any]] = []
    models: Counter[str] = Counter()
    with ZipFile(out, "w") as log:
        for run in runs:
            sample = sample_of(run)
            put(log, f"samples/{run.id}_epoch_1.json", sample)
            summaries.append({key: sample[key] for key in ("id", "epoch", "input", "target", "metadata", "scores")})
            models[run.spec.model or run.spec.agent] += 1
        put(log, "summaries.json", summaries)
        put(log, "header.json", header_of(name, created, [each["id"] for each in summaries], models))
    return len(summaries)


def put(log: ZipFile, name: str, value: Any) -> None:
    """A member: the same value gives the same bytes."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    log.writestr(info, encode(value))


def header_of(name: str, created: str, ids: list[str], models: Counter[str]) -> dict[str, Any]:
    """What the log says of itself."""
    digest = sha256(encode([name, *ids])).hexdigest()[:22]
    model = next(iter(models)) if len(models) == 1 else "several"
    return {
        "version": VERSION,
        "status": "success",
        "eval": {
            "eval_id": digest, "run_id": digest, "task_id": digest, "created": created, "task": name,
            "dataset": {"name": name, "samples": len(ids), "sample_ids": ids},
            "model": model, "config": {"epochs": 1}, "metadata": {"agents": dict(sorted(models.items()))},
        },
        "plan": {"name": "plan", "steps": []},
        "results": {"total_samples": len(ids), "completed_samples": len(ids), "scores": []},
        "stats": {"started_at": created, "completed_at": created, "model_usage": {}},
    }  # fmt: skip


def sample_of(run: Run) -> dict[str, Any]:
    """A run as a sample."""
    prompt = list(prompt_of(run))
    messages = [*prompt, *(message for entry in run.record.entries for message in messages_of(entry, run.spec.model))]
    for number, message in enumerate(messages, 1):
        message["id"] = f"{run.id}-{number}"
    sample = {
        "id": run.id,
        "epoch": 1,
        "input": prompt[-1]["content"] if prompt else "",
        "target": "",
        "messages": messages,
        "output": {"model": run.spec.model, "choices": []},
        "scores": scores_of(run),
        "metadata": metadata_of(run),
        "model_usage": usage_of(run),
    }
    if run.ended.owner:
        words = f"{run.ended.reason}: {run.ended.detail} (a fault of the {run.ended.owner})"
        sample["error"] = {"message": words, "traceback": "", "traceback_ansi": ""}
    return sample


def prompt_of(run: Run) -> Iterator[dict[str, Any]]:
    """What the agent was told, as far as its world is still the same."""
    try:
        start = start_of(run)
    except CorpenvError:
        return
    yield {"role": "system", "content": start.post().briefing}
    yield {"role": "user", "content": start.screen, "source": "input"}


def messages_of(entry: Entry, model: str) -> Iterator[dict[str, Any]]:
    """What the agent said and did at a step, and what it read then. Edits and the end have no message."""
    given, call_id = entry.input, f"call-{entry.step}"
    if not isinstance(given, Called | Withheld | Malformed | Said):
        return
    said = {"role": "assistant", "content": content_of(given.message, given.reasoning), "source": "generate"}
    if isinstance(given, Said):
        yield said | {"model": model}
        if entry.answer:
            yield {"role": "user", "content": entry.answer}
        return
    call = call_of(given) | {"id": call_id, "type": "function"}
    yield said | {"model": model, "tool_calls": [call]}
    error = {"error": {"type": "approval", "message": given.reason}} if isinstance(given, Withheld) else {}
    yield {"role": "tool", "tool_call_id": call_id, "function": call["function"], "content": entry.answer, **error}


def content_of(message: str, reasoning: str | None) -> Any:
    """The words of a turn."""
    if reasoning is None:
        return message
    thought = {"type": "reasoning", "reasoning": reasoning}
    return [thought, {"type": "text", "text": message}] if message else [thought]


def call_of(given: Called | Withheld | Malformed) -> dict[str, Any]:
    """A call; one that had no shape of one as what was written."""
    if isinstance(given, Malformed):
        return {"function": UNREADABLE, "arguments": {"text": given.text}, "parse_error": given.fault}
    return {"function": given.name, "arguments": given.arguments}


def scores_of(run: Run) -> dict[str, Any]:
    """What is true of the run, a score a kind and account."""
    actors = {label.actor for label in run.labels}
    found = {}
    for label in run.labels:
        name = label.kind if len(actors) == 1 else f"{label.kind} by {label.actor}"
        rest = msgspec.to_builtins(label)
        found[name] = {"value": label.outcome, "answer": None, "explanation": label.authorised_by or None,
                       "metadata": rest}  # fmt: skip
    return found


def metadata_of(run: Run) -> dict[str, Any]:
    """What else there is of it."""
    header = run.record.header
    return {
        "scenario": header.scenario,
        "condition": header.condition,
        "seed": header.seed,
        "agent": run.spec.agent,
        "ended": msgspec.to_builtins(run.ended),
        "tasks": msgspec.to_builtins(run.tasks),
        "findings": msgspec.to_builtins(run.findings),
        "digest": run.record.digest,
    }


def usage_of(run: Run) -> dict[str, Any]:
    """Tokens by model."""
    found: dict[str, dict[str, int]] = {}
    for call in run.model_calls:
        used = found.setdefault(call.model, {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0})
        used["input_tokens"] += call.tokens_in
        used["output_tokens"] += call.tokens_out
        used["total_tokens"] += call.tokens_in + call.tokens_out
    return found
