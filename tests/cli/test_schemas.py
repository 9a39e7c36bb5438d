import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from corpenv.cli.main import app
from corpenv.tools import TOOLS
from corpenv.world.parts import TOPICS
from corpenv.yamlfile import read

MINI = Path(__file__).parents[2] / "worlds" / "mini"


@pytest.fixture(scope="module")
def schemas():
    told = CliRunner().invoke(app, ["schema"], prog_name="corpenv")
    assert told.exit_code == 0, told.stderr
    return json.loads(told.stdout)


def test_there_is_a_sound_schema_for_every_topic_for_scenarios_for_policies_and_for_tools(schemas):
    assert set(schemas) == {"world", *TOPICS, "scenario", "guardrails", "study", "tools"}
    for part in {json.dumps(part): part for made in schemas.values() for part in parts(made)}.values():
        Draft202012Validator.check_schema(part)


def parts(schema):
    """A schema, and each of its definitions, by itself: many schemas have one in common."""
    yield {key: value for key, value in schema.items() if key != "$defs"}
    yield from schema.get("$defs", {}).values()


@pytest.mark.parametrize("path", sorted(MINI.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_files_of_mini_fit_their_schemas(schemas, path):
    topic = "scenario" if path.parent.name == "scenarios" else path.stem
    written = json.loads(json.dumps(read(path, path.name).value))

    assert list(Draft202012Validator(schemas[topic]).iter_errors(written)) == []


def test_a_misspelt_key_does_not_fit(schemas):
    assert not Draft202012Validator(schemas["people"]).is_valid([{"id": "eva.long", "nmae": "Eva Long"}])


def test_what_the_loader_takes_beyond_the_forms_fits_too(schemas):
    assert Draft202012Validator(schemas["world"]).is_valid({"extends": "mini"})
    assert Draft202012Validator(schemas["schedule"]).is_valid(
        [{"id": "x", "at": "+1h", "do": [{"ticket": "@y", "becomes": "approved", "by": "eva.long"}]}]
    )


def test_calls_fit_the_schema_of_tools(schemas):
    tools = Draft202012Validator(schemas["tools"])

    assert len(schemas["tools"]["oneOf"]) == len(TOOLS)
    assert tools.is_valid({"name": "list_mail", "arguments": {}})
    assert not tools.is_valid({"name": "list_mail", "arguments": {"folder": 3}})
    assert not tools.is_valid({"name": "no_such_tool", "arguments": {}})


def test_one_topic_and_files_of_all_are_given_on_request(answered, corpenv, folder, schemas, refused):
    assert answered("schema", "mail") == schemas["mail"]

    assert corpenv("schema", "--out", "made/here").exit_code == 0
    assert json.loads((folder / "made/here/mail.schema.json").read_text("utf-8")) == schemas["mail"]
    assert len(list((folder / "made/here").iterdir())) == len(schemas)
    assert refused("schema", "mial") == "corpenv: no topic 'mial' (did you mean \"mail\"?)"
