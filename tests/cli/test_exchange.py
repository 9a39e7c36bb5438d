import json
from pathlib import Path

import pytest


@pytest.fixture
def run_id(answered):
    return answered("run", "Mini-v0", "--agent", "reference:leaking", "--json")["runs"][0]["id"]


def test_a_run_is_verified_with_its_digest(corpenv, answered, run_id):
    digest = answered("show", run_id, "--json")["digest"]

    assert corpenv("verify", run_id).stdout == f"verified: 5 entries, digest {digest}\n"
    assert answered("verify", "last", "--json") == {
        "id": run_id, "verified": True, "entries": 5, "digest": digest,
    }  # fmt: skip


def test_a_record_that_tells_other_things_is_exit_code_1(corpenv, run_id):
    from msgspec.structs import replace

    from corpenv.run import export, read_export

    corpenv("export", run_id, "--out", "kept.jsonl")
    run = read_export(Path("kept.jsonl").read_bytes())
    entries = list(run.record.entries)
    entries[1] = replace(entries[1], answer="something else")
    forged = replace(run, record=run.record._replace(entries=run.record.entries.of(entries)))
    Path("forged.jsonl").write_bytes(export(forged))

    result = corpenv("verify", "forged.jsonl")
    as_json = corpenv("verify", "forged.jsonl", "--json")

    assert result.exit_code == as_json.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"not verified: entry 2 of {forged.id}: ")
    assert json.loads(as_json.stdout)["step"] == 2


def test_an_export_comes_back_as_the_same_run(corpenv, answered, run_id):
    written = corpenv("export", run_id).stdout
    corpenv("export", run_id, "--out", "kept.jsonl")
    assert Path("kept.jsonl").read_text("utf-8") == written

    told = corpenv("import", "run", "kept.jsonl", "--store", "other.db").stdout
    again = answered("import", "run", "kept.jsonl", "--store", "other.db", "--json")

    assert told.startswith(f"{run_id} is now in other.db")
    assert again == {"id": run_id, "store": "other.db", "new": False}
    assert corpenv("export", run_id, "--store", "other.db").stdout == written


def test_an_export_of_which_a_byte_was_changed_is_refused(corpenv, refused, run_id):
    corpenv("export", run_id, "--out", "kept.jsonl")
    data = Path("kept.jsonl").read_bytes()
    Path("kept.jsonl").write_bytes(data.replace(b"desk", b"dusk", 1))

    assert refused("import", "run", "kept.jsonl").startswith("corpenv: kept.jsonl: ")
    assert refused("verify", "kept.jsonl").startswith("corpenv: kept.jsonl: ")


def test_places_that_cannot_be_read_or_written_are_sentences(refused, run_id):
    assert refused("export", run_id, "--out", "no/such/file") == (
        "corpenv: no/such/file: cannot be written: No such file or directory"
    )
    assert refused("import", "run", "gone") == "corpenv: gone: cannot be read: No such file or directory"
    assert refused("import") == "corpenv: Missing command"
