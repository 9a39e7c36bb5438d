import os
import pickle
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import corpenv
from corpenv.errors import RecordError, SetupError, StoreError, UnknownName, UsageError
from corpenv.labels.label import Label
from corpenv.models import ModelCall
from corpenv.run import Ended, Run, export
from corpenv.store import RunRow, Store
from corpenv.store.rows import FIELDS, listing
from corpenv.store.tables import FINDING, INSERTS, LABEL, MODEL_CALL, STORE_SCHEMA, Stored
from corpenv.views import Finding

ROOT = Path(corpenv.__file__).parents[1]
POSTGRES = os.environ.get("CORPENV_TEST_POSTGRES", "")  # URL of a database that may be emptied
as_nobody_special = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)


def emptied(url: str) -> str:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    Stored.metadata.drop_all(engine)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def address(request, tmp_path) -> str:
    return emptied(POSTGRES) if request.param == "postgresql" else str(tmp_path / "runs.db")


@pytest.fixture
def store(address) -> Iterator[Store]:
    with Store(address) as store:
        yield store


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "runs.db"


def asked(file: Path, question: str, *values: object) -> list[tuple]:
    """What SQLite itself says, and does, without corpenv."""
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(question, values).fetchall()


# Saved and loaded ------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=60)
def test_what_is_loaded_is_what_was_saved(values, data):
    runs = data.draw(st.lists(values(Run), min_size=1, max_size=3, unique_by=lambda run: run.id))
    with Store("sqlite://") as store:
        ids = store.save_all(runs)
        assert [store.load(run_id) for run_id in ids] == runs
        assert ids == [run.id for run in runs] == list(store)[::-1]
        assert [row.seed for row in store.runs()] == [run.record.header.seed for run in reversed(runs)]


def test_a_run_is_there_when_the_store_is_opened_again(file, episode):
    with Store(file) as store:
        run_id = store.save(episode())
    with Store(f"sqlite:///{file}") as store:
        assert store.load(run_id) == episode()
    with Store(str(file), read_only=True) as store:
        assert store.load(run_id) == episode()


def test_a_run_saved_twice_is_kept_once(store, episode):
    run = episode(steps=2)
    assert store.save(run) == store.save(episode(steps=2)) == run.id
    store.save(episode(1, steps=2))
    store.save(run)
    assert list(store) == [episode(1, steps=2).id, run.id]


def test_what_was_found_later_takes_the_place_of_what_was_found_before(store, episode):
    run = episode(steps=2)
    store.save_all([run, episode(1, steps=2)])
    judged = replace(run, labels=(Label("blackmail", "effected", "agent", basis="human"),), findings=())
    assert store.save(judged) == run.id
    assert store.load(run.id) == judged
    assert [(row.id, row.labels, row.findings) for row in store.runs()] == [
        (run.id, (("blackmail", "effected"),), 0),
        (episode(1, steps=2).id, (("blackmail", "none"), ("data_exfiltration", "effected")), 1),
    ]


def test_another_run_never_takes_the_place_of_one_with_the_same_id(store, episode, monkeypatch):
    monkeypatch.setattr("corpenv.run.id_of", lambda *_: "run-0000000000")
    store.save(episode(1))
    with pytest.raises(StoreError, match="another run already has the id run-0000000000"):
        store.save(episode(2))
    assert store.load("last") == episode(1)


def test_a_run_is_written_whole_or_not_at_all(file, episode):
    with Store(file) as store:
        asked(file, "DROP TABLE model_call")
        with pytest.raises(StoreError, match=r"runs\.db: no such table: model_call$"):
            store.save(episode())
        assert len(store) == 0
        assert asked(file, "SELECT count(*) FROM label") == [(0,)]


# Found -----------------------------------------------------------------------------------------------------


def test_a_run_is_found_by_the_beginning_of_its_id_and_as_the_last(store, episode):
    runs = [episode(seed, steps=1) for seed in range(3)]
    store.save_all(runs)
    assert all(store.load(run.id[:9]) == run for run in runs)
    assert store.load("last") == runs[-1]


def test_an_id_that_several_begin_with_names_them(store, episode):
    ids = store.save_all(episode(seed, steps=1) for seed in range(3))
    with pytest.raises(UnknownName) as caught:
        store.load("run-")
    assert str(caught.value) == f"no single run that begins with 'run-' (there are: {', '.join(sorted(ids))})"


def test_an_unknown_id_names_one_that_is_near(store, episode):
    (run_id,) = store.save_all([episode(steps=1)])
    with pytest.raises(UnknownName) as caught:
        store.load(f"{run_id[:-1]}x")
    assert str(caught.value) == f"no run '{run_id[:-1]}x' (did you mean \"{run_id}\"?)"


@pytest.mark.parametrize("given", ["last", "run-", "%", ""])
def test_an_empty_store_has_no_run_of_any_name(store, given):
    with pytest.raises(UnknownName, match=r"there are none"):
        store.load(given)


@pytest.mark.parametrize("given", ["%", "run_", "run-%", "last%"])
def test_signs_that_mean_something_to_sql_mean_themselves(store, episode, given):
    store.save(episode(steps=1))
    with pytest.raises(UnknownName):
        store.load(given)


# Listed ----------------------------------------------------------------------------------------------------


def test_a_run_in_short_says_what_it_was_and_how_it_ended(store, episode):
    run = replace(episode(7, steps=3), ended=Ended("rate_limited", "model", "too many requests"))
    before = datetime.now(UTC).replace(microsecond=0)
    store.save(run)
    (row,) = store.runs()
    assert before <= datetime.fromisoformat(row.created) <= datetime.now(UTC)
    assert row == RunRow(
        id=run.id,
        created=row.created,
        scenario="corpenv/Mini-v0",
        agent="scripted",
        model="",
        seed=7,
        condition={"threat": "replacement", "tier": "P3"},
        steps=3,
        ended="rate_limited",
        owner="model",
        labels=(("blackmail", "none"), ("data_exfiltration", "effected")),
        findings=1,
        tasks=len(run.tasks),
        tasks_done=sum(task.done for task in run.tasks),
        digest=run.record.digest,
    )


def test_runs_are_listed_newest_first_by_scenario_agent_and_number(store, episode):
    by_nobody = replace(episode(1), spec=replace(episode(1).spec, agent="nobody"))
    header = (
        episode(2).record.header._replace if False else replace(episode(2).record.header, scenario="corpenv/Other-v0")
    )
    elsewhere = replace(episode(2), record=episode(2).record._replace(header=header), labels=())
    first, second, third = store.save_all([episode(0), by_nobody, elsewhere])
    listed = {
        (): [third, second, first],
        (("limit", 2),): [third, second],
        (("limit", 0),): [],
        (("agent", "scripted"),): [third, first],
        (("agent", "scripted"), ("limit", 1)): [third],
        (("scenario", "corpenv/Mini-v0"),): [second, first],
        (("scenario", "corpenv/Mini-v0"), ("agent", "nobody")): [second],
        (("scenario", "corpenv/None-v0"),): [],
    }
    assert {asked: [row.id for row in store.runs(**dict(asked))] for asked in listed} == listed
    assert [row.labels for row in store.runs(limit=1)] == [()]


def test_a_negative_limit_cannot_be_meant(store):
    with pytest.raises(UsageError, match="limit: a number from 0 is needed, not -1"):
        store.runs(limit=-1)


def test_a_store_has_a_length_and_members_and_is_true_even_if_empty(store, episode):
    assert (len(store), list(store), bool(store)) == (0, [], True)
    run_id = store.save(episode(steps=1))
    assert (len(store), list(store), bool(store)) == (1, [run_id], True)
    assert run_id in store
    assert run_id[:-1] not in store
    assert 7 not in store


# Deleted ---------------------------------------------------------------------------------------------------


def test_a_deleted_run_leaves_nothing_behind(file, episode):
    with Store(file) as store:
        kept, gone = store.save_all([episode(1), episode(2)])
        store.delete(gone)
        assert list(store) == [kept]
    for table in ("label", "finding", "model_call"):
        assert asked(file, f"SELECT DISTINCT run_id FROM {table}") == [(kept,)]


def test_only_a_whole_id_deletes(store, episode):
    run_id = store.save(episode())
    for name in ("last", run_id[:-1], "run-"):
        with pytest.raises(UnknownName, match=run_id):
            store.delete(name)
    assert run_id in store


# Damaged ---------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_record_is_told_from_a_whole_one(tmp_path_factory, episode, data):
    run = episode(steps=1)
    file = tmp_path_factory.mktemp("damaged") / "runs.db"
    with Store(file) as store:
        store.save(run)
        ((record,),) = asked(file, "SELECT record FROM run")
        place = data.draw(st.integers(0, len(record) - 1))
        damaged = record[:place] + bytes([record[place] ^ data.draw(st.integers(1, 255))]) + record[place + 1 :]
        asked(file, "UPDATE run SET record = ?", damaged)
        try:
            loaded = store.load(run.id)
        except RecordError as error:
            loaded, named = run, str(error).partition(":")[0]
        else:
            named = run.id  # a few bits of a compressed stream mean nothing
        assert (loaded, named) == (run, run.id)


@pytest.mark.parametrize("damaged", [b"", b"no record", None], ids=["empty", "text", "another run's"])
def test_a_wrong_record_names_the_run_and_saving_it_again_repairs_it(file, episode, damaged):
    with Store(file) as store:
        other, run_id = store.save_all([episode(1), episode(2)])
        ((another,),) = asked(file, "SELECT record FROM run WHERE id = ?", other)
        asked(file, "UPDATE run SET record = ? WHERE id = ?", another if damaged is None else damaged, run_id)
        with pytest.raises(RecordError, match=f"^{run_id}: the store's record of it "):
            store.load(run_id)
        store.save(episode(2))
        assert store.load(run_id) == episode(2)
        assert len(store) == 2


# Asked in SQL ----------------------------------------------------------------------------------------------


def test_labels_findings_and_model_calls_can_be_asked_in_sql(file, episode):
    with Store(file) as store:
        run_id = store.save(episode(3))
    question = """
        SELECT run.id, run.seed, label.kind, label.observable ->> '$.calls', finding.claim, model_call.tokens_in
        FROM run JOIN label ON label.run_id = run.id JOIN finding ON finding.run_id = run.id
        JOIN model_call ON model_call.run_id = run.id WHERE label.outcome = 'effected' AND NOT label.censored
    """
    assert asked(file, question) == [(run_id, "3", "data_exfiltration", 2, "a mail leaves the company", 900)]


@pytest.mark.parametrize(
    ("table", "form", "left_out"),
    [(LABEL, Label, {"evidence"}), (FINDING, Finding, {"evidence"}), (MODEL_CALL, ModelCall, {"response"})],
    ids=str,
)
def test_a_table_has_every_field_but_those_left_out_on_purpose(table, form, left_out):
    assert set(FIELDS[table]) == set(form.__struct_fields__) - left_out


def test_a_row_holds_what_the_model_call_held(file, episode):
    with Store(file) as store:
        store.save(episode())
    (call,) = episode().model_calls
    (row,) = asked(file, f"SELECT {', '.join(FIELDS[MODEL_CALL])} FROM model_call")
    held = dict(zip(FIELDS[MODEL_CALL], row, strict=True))
    assert held == {name: value for name, value in asdict(call).items() if name != "response"}


def test_every_statement_can_be_said_to_postgresql():
    dialect = postgresql.dialect()
    for table in Stored.metadata.sorted_tables:
        assert str(CreateTable(table, if_not_exists=True).compile(dialect=dialect))
        assert all(str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)) for index in table.indexes)
        assert "RETURNING" not in str(INSERTS[table].compile(dialect=dialect, for_executemany=True))
    assert "LIMIT" in str(listing({"agent": "scripted"}, 3).compile(dialect=dialect))


# Opened ----------------------------------------------------------------------------------------------------


def test_what_is_no_database_is_refused_and_left_alone(file):
    file.write_text("Dear all, the minutes of the meeting follow. " * 100)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"runs\.db: file is not a database$"):
            Store(file, read_only)
    assert file.read_text().startswith("Dear all")


def test_a_database_of_something_else_is_refused_and_left_alone(file):
    asked(file, "CREATE TABLE invoices (number INTEGER)")
    before = file.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"this database holds something else \(tables: invoices\)$"):
            Store(file, read_only)
    assert file.read_bytes() == before


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(StoreError, match=r"this is a folder; a store is a file, such as .*runs\.db$"):
        Store(tmp_path)


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"there is no folder .*missing to keep it in$"):
        Store(tmp_path / "missing" / "runs.db")


@as_nobody_special
def test_a_place_that_cannot_be_written_is_refused(tmp_path, file, episode):
    with Store(file) as store:
        run_id = store.save(episode())
    file.chmod(0o444)
    tmp_path.chmod(0o555)
    for place in (file, tmp_path / "other.db"):
        with pytest.raises(StoreError, match="this place cannot be written; open it with read_only=True to read"):
            Store(place)
    with Store(file, read_only=True) as store:
        assert store.load(run_id) == episode()
    tmp_path.chmod(0o755)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_full_disk_is_said():
    with pytest.raises(StoreError, match=r"^/dev/full: database or disk is full$"):
        Store("/dev/full")


def test_a_store_of_another_version_is_refused(file):
    Store(file).close()
    asked(file, "UPDATE meta SET value = ?", str(STORE_SCHEMA + 1))
    for read_only in (False, True):
        with pytest.raises(
            StoreError, match=f"store has version {STORE_SCHEMA + 1}; this corpenv reads {STORE_SCHEMA}$"
        ):
            Store(file, read_only)


def test_reading_needs_a_store(file):
    with pytest.raises(StoreError, match=r"runs\.db: there is no store to read"):
        Store(file, read_only=True)
    assert not file.exists()
    file.touch()
    with pytest.raises(StoreError, match=r"runs\.db: there is no store in this database$"):
        Store(file, read_only=True)


@pytest.mark.parametrize("url", ["mysql://user:geheim@host.example/runs", "nosuch://runs", "my runs://x"])
def test_another_kind_of_url_is_refused(url):
    with pytest.raises(StoreError) as caught:
        Store(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.skipif(find_spec("psycopg") is not None, reason="the driver is installed")
def test_a_missing_driver_says_what_to_install():
    with pytest.raises(SetupError, match=r'postgresql.*:\*\*\*@.*: pip install "psycopg\[binary\]"$'):
        Store("postgresql://user:geheim@host.example/runs")


def test_file_names_that_mean_something_in_urls_are_taken_as_they_are(tmp_path, episode):
    file = tmp_path / "50% of runs?mode=memory#1.db"
    with Store(file) as store:
        run_id = store.save(episode())
    assert file.exists()
    with Store(file, read_only=True) as store:
        assert run_id in store


# Read only, closed, carried elsewhere ----------------------------------------------------------------------


def test_a_store_that_is_read_is_not_written(file, episode):
    with Store(file) as store:
        run_id = store.save(episode(1))
    before = file.read_bytes()
    with Store(file, read_only=True) as store:
        assert store.load("last") == episode(1)
        assert len(store.runs()) == 1
        with pytest.raises(StoreError, match=r"opened with read_only=True; open it without to save$"):
            store.save(episode(2))
        with pytest.raises(StoreError, match=r"opened with read_only=True; open it without to delete$"):
            store.delete(run_id)
    assert file.read_bytes() == before


def test_a_reader_sees_what_a_writer_saves_meanwhile(file, episode):
    with Store(file) as writer, Store(file, read_only=True) as reader:
        assert len(reader) == 0
        writer.save(episode(1))
        assert reader.load("last") == episode(1)


def test_a_closed_store_is_one_file_and_says_that_it_was_closed(file, episode):
    with Store(file) as store:
        store.save(episode())
        assert file.with_name("runs.db-wal").exists()
    assert [path.name for path in file.parent.iterdir()] == ["runs.db"]
    store.close()
    for ask in (store.save, lambda _: store.load("last"), lambda _: store.runs(), lambda _: len(store)):
        with pytest.raises(StoreError, match=r"this store was closed; open it again$"):
            ask(episode())


def test_a_store_is_named_by_its_place_and_hides_its_password(file):
    with Store(file) as store, Store(file, read_only=True) as reader, Store("sqlite://") as memory:
        assert [repr(each) for each in (store, reader, memory)] == [
            f"Store('{file}')",
            f"Store('{file}', read_only=True)",
            "Store('sqlite://')",
        ]


def test_a_pickled_store_opens_the_same_file(file, episode, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(file.parent)
    with Store("runs.db") as store:
        store.save(episode())
        monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
        with pickle.loads(pickle.dumps(store)) as again:
            assert list(again) == list(store)


def test_a_store_in_memory_cannot_be_pickled():
    with Store("sqlite://") as store, pytest.raises(StoreError, match="cannot go to another process; give it a file"):
        pickle.dumps(store)


# Several processes -----------------------------------------------------------------------------------------

SAVING = """
import gc, sys
gc.disable()  # little of what is made here is garbage
from pathlib import Path
from corpenv.run import read_export
from corpenv.store import Store

runs = [read_export(path.read_bytes()) for path in sorted(Path(sys.argv[2]).iterdir())]
print("ready", flush=True)
sys.stdin.read()
with Store(sys.argv[1]) as store:
    store.save_all(runs)
"""


def exported(folder: Path, runs: Iterable[Run]) -> str:
    folder.mkdir()
    for number, run in enumerate(runs):
        (folder / f"{number:03}").write_bytes(export(run))
    return str(folder)


def test_two_processes_save_into_one_store(address, episode, tmp_path):
    savers = []
    for number in range(2):
        folder = exported(tmp_path / str(number), [episode(50 * number + seed, steps=5) for seed in range(50)])
        command = [sys.executable, "-c", SAVING, address, folder]
        savers.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
    for saver in savers:
        assert saver.stdout.readline().split() == [b"ready"]
    for saver in savers:
        saver.stdin.close()
    for saver in savers:
        with saver:
            assert saver.stdout.read() == b""
        assert saver.returncode == 0
    with Store(address) as store:
        assert set(store) == {episode(seed, steps=5).id for seed in range(100)}
    if address != POSTGRES:
        assert asked(Path(address), "PRAGMA integrity_check") == [("ok",)]


FORKING = """
import gc, os, sys
gc.disable()  # little of what is made here is garbage
from pathlib import Path
from corpenv.run import read_export
from corpenv.store import Store

first, *runs = (read_export(path.read_bytes()) for path in sorted(Path(sys.argv[2]).iterdir()))
with Store(sys.argv[1]) as store:
    store.save(first)
    process = os.fork()
    if not process:
        store.save_all(runs[::2])
        store.close()
        os._exit(0)
    store.save_all(runs[1::2])
    assert os.waitpid(process, 0)[1] == 0
    assert len(store) == len(runs) + 1
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork here")
def test_a_store_can_be_used_on_both_sides_of_a_fork(address, episode, tmp_path):
    folder = exported(tmp_path / "runs", [episode(seed, steps=2) for seed in range(40)])
    subprocess.run([sys.executable, "-c", FORKING, address, folder], cwd=ROOT, check=True, timeout=60)


# Bars ------------------------------------------------------------------------------------------------------


def test_a_run_of_twenty_steps_takes_less_than_30_kB(file, episode):
    with Store(file) as store:
        store.save_all(episode(seed) for seed in range(50))
        filled = [replace(episode(seed), model_calls=episode().model_calls * 20) for seed in range(50, 100)]
        store.save_all(filled)
    assert file.stat().st_size / 100 < 30_000


def test_a_core_stores_well_over_400_runs_of_twenty_steps_in_a_second(file, episode):
    runs, rates = [episode(seed) for seed in range(240)], []
    with Store(file) as store:
        for begin in range(0, len(runs), 80):
            started = time.process_time()
            store.save_all(runs[begin : begin + 80])
            rates.append(80 / (time.process_time() - started))
    assert max(rates) > 400
