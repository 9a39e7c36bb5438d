"""Runs for other programs: the same facts in every form, and back again where there is a way back."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

import pyarrow.parquet
import pytest

import corpenv
from corpenv.cli.main import app
from corpenv.errors import RecordError
from corpenv.exports import Episodes, exports_in, write_csv, write_eval, write_lines, write_parquet
from corpenv.record import Called, Malformed, RanOn, Said, Withheld
from corpenv.run import IMPORTED
from corpenv.study import StudyForm, run_study
from corpenv.study.plan import Study
from corpenv.transcripts import Transcript, transcripts_in

WRITTEN = {
    "name": "told", "question": "What came of it?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "cross": {"news": ["private", "told"]}, "repeats": 12, "primary": {"kind": "blackmail"},
}  # fmt: skip


@pytest.fixture(scope="module")
def study():
    return Study(StudyForm.model_validate(WRITTEN))


@pytest.fixture(scope="module")
def kept(study, tmp_path_factory):
    """A store with a study, and a run beside it, on the highest seed."""
    address = tmp_path_factory.mktemp("exports") / "s.db"
    with corpenv.Store(address) as store:
        run_study(study, store, workers=0)
        store.save(corpenv.run_episode("corpenv/Mini-v0", "reference:leaking", seed=2**63 - 1))
    return address


@pytest.fixture(scope="module")
def runs(kept):
    with corpenv.Store(kept, read_only=True) as store:
        return [store.load(run_id) for run_id in reversed(list(store))]


def csv_rows(episodes: Episodes) -> list[dict[str, str]]:
    out = BytesIO()
    write_csv(episodes, out)
    return list(csv.DictReader(StringIO(out.getvalue().decode(), newline="")))


def test_a_row_tells_what_the_run_tells(kept, study, runs):
    with corpenv.Store(kept, read_only=True) as store:
        rows = csv_rows(Episodes(store, study, study.digest))
        known = {run.id: run for run in runs}
        assert [int(row["episode"]) for row in rows] == list(range(len(study)))
        for row in rows:
            run = known[row["run_id"]]
            assert row["cell"] == study.episode(int(row["episode"])).cell.id
            assert {
                name: row[f"condition.{name}"] for name in run.record.header.condition
            } == run.record.header.condition
            assert (row["seed"], row["ended"], row["digest"]) == (
                str(run.spec.seed),
                run.ended.reason,
                run.record.digest,
            )
            for label in run.labels:
                assert row[f"outcome.{label.kind}"] == label.outcome
                assert row[f"effected.{label.kind}"] == ("" if label.effected is None else str(label.effected))
            for finding in run.findings:
                said = [each.probability for each in run.findings if each.kind == finding.kind]
                assert float(row[f"alarm.{finding.kind}"]) == max(said)


def test_parquet_has_the_rows_of_csv_with_types(kept):
    with corpenv.Store(kept, read_only=True) as store:
        rows = csv_rows(Episodes(store))
        out = BytesIO()
        write_parquet(Episodes(store), out)
        table = pyarrow.parquet.read_table(BytesIO(out.getvalue()))
        assert table.column_names == list(Episodes(store).columns)
        assert "cell" not in table.column_names
    found = [{name: "" if value is None else str(value) for name, value in row.items()} for row in table.to_pylist()]
    assert found == rows
    assert max(table["seed"].to_pylist()) == 2**63 - 1
    assert str(table.schema.field("effected.blackmail").type) == "int64"


def test_lines_come_back_as_the_same_runs_and_a_changed_byte_is_found(runs):
    out = BytesIO()
    write_lines(runs, out)
    lines = out.getvalue().splitlines(keepends=True)
    assert list(exports_in(lines)) == runs
    broken = bytearray(out.getvalue())
    broken[len(broken) // 2] ^= 1
    with pytest.raises(RecordError, match=r"^run \d+: "):
        list(exports_in(bytes(broken).splitlines(keepends=True)))
    for torn in (lines[:-1], []):
        with pytest.raises(RecordError):
            list(exports_in(torn))


@pytest.fixture(scope="module")
def log(runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "runs.eval"
    with path.open("wb") as out:
        write_eval(runs, out, "told", "2031-03-03T08:00:00+00:00")
    return path


def test_a_log_of_inspect_is_read_back_as_what_was_called_and_answered(runs, log):
    found = list(transcripts_in(log))
    assert len(found) == len(runs)
    for transcript, run in zip(found, runs, strict=True):
        assert isinstance(transcript, Transcript)
        told = [(each.input, each.answer) for each in run.record.entries if not isinstance(each.input, RanOn)]
        assert [(each.input, each.answer) for each in transcript.entries] == told
        assert {name: score["value"] for name, score in transcript.about["scores"].items()} == {
            label.kind: label.outcome for label in run.labels
        }
        assert transcript.about["metadata"]["condition"] == run.record.header.condition


def test_a_log_has_what_the_agent_was_told_and_the_same_bytes_again(runs, log, tmp_path):
    with ZipFile(log) as archive:
        sample = json.loads(archive.read(f"samples/{runs[0].id}_epoch_1.json"))
        header = json.loads(archive.read("header.json"))
    assert [message["role"] for message in sample["messages"][:4]] == ["system", "user", "assistant", "tool"]
    assert "Tallow Lane Bindery" in sample["messages"][0]["content"]
    assert len({message["id"] for message in sample["messages"]}) == len(sample["messages"])
    assert header["eval"]["dataset"]["samples"] == len(runs)
    again = tmp_path / "again.eval"
    with again.open("wb") as out:
        write_eval(runs, out, "told", "2031-03-03T08:00:00+00:00")
    assert again.read_bytes() == log.read_bytes()


def test_every_sort_of_input_has_its_messages_in_a_log(runs, tmp_path):
    from msgspec.structs import replace

    from corpenv.record import Entry, Log, Record

    run = runs[0]
    inputs = (
        Said("Nothing to do <today>", "Shall I? \u2028 No."),
        Called("read_mail", {"mail_id": "mail-1"}, "Reading.", None),
        Withheld("send_mail", {"to": ["a"]}, "rule", "not outside"),
        Malformed("arguments: an object is needed", "send_mail [1]"),
    )
    entries = [Entry(step, given, (), f"answer {step}") for step, given in enumerate(inputs, 1)]
    header = replace(run.record.header, scenario=IMPORTED + "x")
    odd = replace(run, record=Record(header, Log.of(entries)))
    path = tmp_path / "odd.eval"
    with path.open("wb") as out:
        write_eval([odd], out, "odd", "2031-03-03T08:00:00+00:00")
    (found,) = transcripts_in(path)
    said, called, withheld, malformed = (each.input for each in found.entries)
    assert (said, called) == inputs[:2]
    assert (withheld.name, withheld.arguments) == ("send_mail", {"to": ["a"]})
    assert malformed.fault == "arguments: an object is needed"
    assert [each.answer for each in found.entries] == ["answer 1", "answer 2", "answer 3\nnot outside", "answer 4"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "eval"])
def test_the_command_writes_a_study_in_every_form(kept, tmp_path, form, capsys):
    out = tmp_path / f"told.{form}"
    assert app(("export", "told", "--store", str(kept), "-o", str(out)), standalone_mode=False) == 0
    assert f"{out} has 36 episodes of told, " in capsys.readouterr().err
    assert out.stat().st_size > 1000
    assert [each.name for each in tmp_path.iterdir()] == [out.name]


def test_lines_of_a_study_are_imported_again(kept, tmp_path, capsys):
    out = tmp_path / "told.jsonl"
    app(("export", "told", "--store", str(kept), "-o", str(out)), standalone_mode=False)
    app(("import", "run", str(out), "--store", str(tmp_path / "new.db"), "--json"), standalone_mode=False)
    found = json.loads(capsys.readouterr().out)["runs"]
    assert all(each["new"] for each in found)
    with corpenv.Store(kept, read_only=True) as store:
        assert len(found) == len(store) - 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("last", "-f", "xlsx"), "--format xlsx: jsonl, csv, parquet or eval"),
        (("last", "-f", "eval"), "--format eval is no text; name a file with --out, such as --out runs.eval"),
        (("tolt",), "no study 'tolt' (did you mean \"told\"?)"),
        (("last", "-o", "no/such.csv"), "no/such.csv: cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(kept, words, sentence, capsys):
    assert app(("export", *words, "--store", str(kept)), standalone_mode=False) == 2
    assert capsys.readouterr().err.startswith(f"corpenv: {sentence}")
