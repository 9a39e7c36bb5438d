"""`schema`: JSON Schemas of what authors write."""

from pathlib import Path
from typing import Annotated, Any

import typer

from corpenv.cli.common import output, print_json

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOPIC]", help="world, people, mail, …, scenario, guardrails, study or tools; without it, all."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write TOPIC.schema.json files into this folder.")
    ] = None,
) -> None:
    """Print JSON Schemas of what authors write.

    There is one for each file of a pack, one for scenarios, one for approval policies (guardrails), one for studies,
    one for calls of tools. An editor that knows them completes keys and marks faults while a file is written: begin it
    with the line `# yaml-language-server: $schema=schemas/people.schema.json`.

    Example: corpenv schema --out schemas
    """
    chosen = schemas(topic)
    if out is not None:
        write(chosen, out)
    else:
        print_json(chosen if topic is None else chosen[topic])


def write(chosen: dict[str, Any], folder: Path) -> None:
    """One file a topic."""
    import msgspec

    from corpenv.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for topic, made in chosen.items():
            (folder / f"{topic}.schema.json").write_bytes(
                msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"
            )
    except OSError as error:
        raise UsageError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None
    output().print(f"{len(chosen)} schemas are in {folder}", soft_wrap=True)


def schemas(topic: str | None = None) -> dict[str, Any]:
    """Topic → JSON Schema, for one topic or for all.

    Raises:
        UnknownName: there is no such topic.
    """
    from corpenv.errors import UnknownName

    forms = forms_written()
    topics = [*forms, "tools"]
    if topic not in (None, *topics):
        raise UnknownName("topic", topic, topics)
    return {each: {"$schema": DIALECT, **made_of(forms.get(each))} for each in topics if topic in (None, each)}


def forms_written() -> dict[str, Any]:
    """Topic → the form of what authors write."""
    from corpenv.guardrails.policy import PolicyForm
    from corpenv.study.forms import StudyForm
    from corpenv.world.parts import TOPICS, BackgroundPart, Parts, PopulationPart, ScenarioPart, WorldPart

    forms: dict[str, Any] = {"world": WorldPart}
    forms |= {topic: Parts.model_fields[topic].annotation for topic in TOPICS}
    forms |= {"population": PopulationPart | tuple[PopulationPart, ...], "background": BackgroundPart}
    return forms | {"scenario": ScenarioPart, "guardrails": PolicyForm, "study": StudyForm}


def made_of(form: Any) -> dict[str, Any]:
    """The schema of a form; without one, of calls of tools."""
    from pydantic import TypeAdapter

    from corpenv.world.parts import WorldPart

    if form is None:
        return tools_schema()
    made = TypeAdapter(form).json_schema(by_alias=True)
    allow_by(made)
    return extending(made) if form is WorldPart else made


def allow_by(made: dict[str, Any]) -> None:
    """Actions take `by` for `from`."""
    action = made.get("$defs", {}).get("ActionPart")
    if action:
        action["properties"]["by"] = action["properties"]["from"]


def extending(world: dict[str, Any]) -> dict[str, Any]:
    """A pack that extends another inherits what it does not say."""
    rest = {name: value for name, value in world.items() if name != "required"}
    return {**rest, "anyOf": [{"required": world["required"]}, {"required": ["extends"]}]}


def tools_schema() -> dict[str, Any]:
    """Any call of any tool: `{"name": …, "arguments": {…}}`."""
    from corpenv.tools import TOOLS, specs

    calls = [
        {
            "type": "object",
            "title": spec.name,
            "description": spec.description,
            "properties": {"name": {"const": spec.name}, "arguments": spec.parameters},
            "required": ["name"],
            "additionalProperties": False,
        }
        for spec in specs(tuple(TOOLS))
    ]
    return {"title": "A call of a tool", "oneOf": calls}
