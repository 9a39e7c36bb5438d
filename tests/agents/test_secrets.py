"""Keys of the user are in nothing that is kept, shown, logged or exported, whoever says them back."""

import json
import logging
import sqlite3
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import corpenv
from corpenv.agents.llm import LLMAgent
from corpenv.cli.main import app
from corpenv.models import asking
from corpenv.models.keys import Keys, bare
from corpenv.run import export
from corpenv.store.answers import StoredAnswers
from corpenv.study import StudyForm
from corpenv.turns import Budget

GIVEN = "given-planted/1+2=="
IN_VARIABLE = "sk-planted-5f0e9c1d7b3a4466"
PASSWORD = "pw-planted-77x"
IN_QUERY = "query-planted-33f1"
IN_HEADER = "header-planted-9a8b"
ENVIRONMENT = {
    "OPENAI_API_KEY": IN_VARIABLE,
    "HOUSE_API_KEY_PROD": "house-planted-00112233",
    "SERVICE_CREDENTIALS": json.dumps({"type": "service", "private_key": "BEGIN-planted\n/line/two"}),
    "MODEL_SERVER": "http://robot:proxy-planted-55@models.example:8080",
    "SLASHED_SECRET": "/planted/like/a/path+key",
}
HELD = ("house-planted-00112233", "BEGIN-planted\n/line/two", "proxy-planted-55", "/planted/like/a/path+key")
"""What variables hold of which the server knows nothing, but might."""
WORDS = "planted"
"""Stands in every secret, and in nothing else: also a part of one would be found."""

SAID = " ".join(("<key>", IN_VARIABLE, *HELD, "<request>"))
CALL = {"id": "call-0", "type": "function"}
ROWS = {
    "in-a-message": {"message": {"role": "assistant", "content": SAID, "reasoning_content": SAID, "tool_calls": [
        {**CALL, "function": {"name": "finish", "arguments": json.dumps({"note": SAID})}},
    ]}},
    "beside-a-message": {
        "message": {"role": "assistant", "content": "Hm.", "annotations": SAID},
        "with": {"id": "<key>", "model": SAID, "system_fingerprint": "<request>", SAID: "as a name"},
        "headers": {"X-Echo": "<key>", "x-request-id": "<key>"},
    },
    "in-headers": {
        "status": 429, "body": "{}",
        "headers": {"Retry-After": "<key>", "X-Echo": "<key>", "WWW-Authenticate": "Bearer <key>"},
    },
    "in-a-page": {"body": f"<html>{SAID}</html>", "headers": {"Content-Type": "text/html"}},
    "closed": {"raw": ""},
    "redirected": {"status": 307, "headers": {"Location": "http://127.0.0.1:9/v1?api_key=<key>"}},
    **{f"error-{status}": {"status": status, "body": json.dumps({"error": {"message": SAID}})}
       for status in (401, 500)},
    **{f"cut-after-{words}": {"status": 400, "body": json.dumps({"error": {"message": "x" * words + SAID}})}
       for words in (230, 268)},
}  # fmt: skip


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def logged():
    """What libraries say to logs at their usual levels."""
    lines: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler, loggers = Lines(), [logging.getLogger(name) for name in ("", "LiteLLM", "openai", "httpx")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lines
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture(scope="module")
def hostile(serving_badly):
    with serving_badly(ROWS) as server:
        yield server


OPTIONS = {
    "from-the-environment": lambda address: {"api_base": address},
    "given": lambda address: {"api_base": address, "api_key": GIVEN},
    "in-the-address": lambda address: {"api_base": address.replace("//", f"//robot:{PASSWORD}@")},
    "in-the-query": lambda address: {"api_base": f"{address}?api_key={IN_QUERY}", "api_key": GIVEN},
    "in-a-header": lambda address: {"api_base": address, "extra": {"extra_headers": {"X-Auth": IN_HEADER}}},
}


def agent(hostile, row, way):
    return LLMAgent("openai/test", attempts=1, **OPTIONS[way](hostile.address(row)))


def rows_in(file):
    """Everything in a store: as it lies there, and with compressed columns made readable."""
    yield b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    with sqlite3.connect(file) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {name}"):
                yield from (zlib.decompress(cell) if isinstance(cell, bytes) else str(cell).encode() for cell in row)
    connection.close()


@pytest.fixture(scope="module")
def artefacts(environment, hostile, logged, tmp_path_factory):
    """Every episode of every row and way, kept; and all that comes out where they are shown."""
    file = tmp_path_factory.mktemp("secrets") / "runs.db"
    found = []
    with corpenv.Store(file) as store:
        for seed, (row, way) in enumerate((row, way) for row in ROWS for way in OPTIONS):
            player = agent(hostile, row, way)
            with asking(answers=StoredAnswers(store, f"{row} {way}")):
                run = corpenv.run_episode("corpenv/Mini-v0", player, seed=seed, budget=Budget(steps=2), monitors=None)
            store.save(run)
            found += [export(run).decode(), repr(run), repr(player), str(run.ended), repr(player.messages)]
    found += [each.decode("latin-1") for each in rows_in(file)]
    return [*found, *logged]


def test_the_server_was_told_the_keys(artefacts, hostile):
    sent = b"".join(hostile.requests).decode("latin-1")
    for secret in (GIVEN, IN_VARIABLE, IN_HEADER):
        assert secret in sent


def test_no_key_nor_a_part_of_one_is_in_anything_that_is_kept(artefacts):
    for text in artefacts:
        assert WORDS not in text, text[max(0, text.find(WORDS) - 200) :][:400]
    assert any("[key]" in text for text in artefacts)


def test_no_key_is_in_what_commands_show(environment, hostile, tmp_path, capfd):
    file, store = tmp_path / "study.yaml", str(tmp_path / "s.db")
    agents = [
        {"agent": "litellm", "model": "openai/test", "name": row,
         "options": {"api_base": hostile.address(row), "attempts": 1}} for row in ("in-a-message", "error-401")
    ]  # fmt: skip
    file.write_text(json.dumps({
        "name": "kept-quiet", "question": "Who tells?", "scenarios": ["corpenv/Mini-v0"], "agents": agents,
        "repeats": 1, "baseline": False, "primary": {"kind": "blackmail"}, "cache": True, "budget": {"steps": 2},
    }))  # fmt: skip
    for command in (
        ("study", "plan", str(file)),
        ("study", "run", str(file), "--workers", "0"),
        ("study", "status"),
        ("study", "status", "--json"),
        ("study", "report", "--page", str(tmp_path / "page.html")),
        ("study", "report", "--json"),
        ("runs",),
        ("show", "last"),
        ("show", "last", "--json"),
        ("export", "last", "--out", str(tmp_path / "run.jsonl")),
    ):
        where = () if command[:2] == ("study", "plan") else ("--store", store)
        app((*command, *where), standalone_mode=False)
    shown = capfd.readouterr()
    kept = "".join(each.read_bytes().decode("latin-1") for each in tmp_path.iterdir())
    assert "kept-quiet" in shown.out
    for text in (shown.out, shown.err, kept, *(each.decode("latin-1") for each in rows_in(tmp_path / "s.db"))):
        assert WORDS not in text


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": GIVEN},
        {"extra": {"extra_headers": {"Authorization": f"Bearer {GIVEN}"}}},
        {"extra": {"extra_headers": {"X-Auth": GIVEN}}},
        {"extra": {"extra_body": {"deep": [{"client_secret": GIVEN}]}}},
        {"api_base": f"http://robot:{PASSWORD}@models.example/v1"},
        {"api_base": f"http://models.example/v1?api_key={IN_QUERY}"},
    ],
)
def test_a_study_that_holds_a_key_is_refused_without_saying_it(options, tmp_path, capsys):
    written = {
        "name": "a", "question": "b", "scenarios": ["corpenv/Mini-v0"], "repeats": 1, "primary": {"kind": "blackmail"},
        "agents": [{"agent": "litellm", "model": "openai/test", "options": options}],
    }  # fmt: skip
    with pytest.raises(ValidationError, match="holds a key or password, which does not belong in a study"):
        StudyForm.model_validate(written)
    file = tmp_path / "study.yaml"
    file.write_text(json.dumps(written, indent=1))
    app(("study", "plan", str(file)), standalone_mode=False)
    told = "".join(capsys.readouterr())
    assert "holds a key or password" in told
    assert WORDS not in told


def test_options_that_only_look_like_secrets_may_stand_in_a_study():
    options = {
        "max_tokens": 100, "api_base": "http://127.0.0.1:8000/v1?version=2",
        "extra": {"input_cost_per_token": 0.1, "stop_token": "END", "top_p": 1},
    }  # fmt: skip
    StudyForm.model_validate({
        "name": "a", "question": "b", "scenarios": ["corpenv/Mini-v0"], "repeats": 1, "primary": {"kind": "blackmail"},
        "agents": [{"agent": "litellm", "model": "openai/test", "options": options}],
    })  # fmt: skip


@given(st.text(st.characters(codec="utf-8"), min_size=8, max_size=30), st.booleans(), st.booleans())
def test_a_key_of_any_characters_is_struck_from_texts_and_from_json_in_texts(key, in_ascii, slashed):
    keys = Keys(key, None, {})
    inside = json.dumps({"note": key}, ensure_ascii=in_ascii)
    said = {"content": f"It is {key}.", "arguments": inside.replace("/", r"\/") if slashed else inside, key: [key]}
    struck = keys.strike_in(said)
    assert key not in str([struck["content"], *struck]) or key in "It is [key]."
    if bare(key) == key:
        assert json.loads(struck["arguments"]) == {"note": "[key]"}
        assert struck["[key]"] == ["[key]"]


@pytest.mark.parametrize("text", ["/usr/bin/env", "a test of nothing", "http://models.example:8080/v1", "none", "~"])
def test_words_paths_and_addresses_in_variables_are_no_keys(monkeypatch, text):
    for name in ("SOME_API_KEY", "OTHER_TOKEN", "APPLICATION_CREDENTIALS"):
        monkeypatch.setenv(name, text)
    said = f"It says {text} here."
    assert Keys(None, None, {}).strike(said) == said
