from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.errors import RecordError
from corpenv.labels.label import Label
from corpenv.record import SCHEMA, Log, Record, encode
from corpenv.run import Ended, Run, Spec, export, read_export


def signed(lines: list[bytes]) -> bytes:
    body = b"".join(line + b"\n" for line in lines)
    return body + encode({"sha256": sha256(body).hexdigest()}) + b"\n"


def changed(data: bytes, line: int, **fields: object) -> bytes:
    """The export with fields of one line set, or dropped where None is given, and with the right digest again."""
    lines = data.splitlines()[:-1]
    document = msgspec.json.decode(lines[line]) | fields
    lines[line] = encode({key: value for key, value in document.items() if value is not None})
    return signed(lines)


# There and back --------------------------------------------------------------------------------------------


@given(st.data())
def test_a_run_survives_its_export(values, data):
    run = data.draw(values(Run))
    again = read_export(export(run))
    assert again == run
    assert again.id == run.id
    assert export(again) == export(run)


def test_an_export_is_a_line_for_the_spec_the_header_each_entry_the_rest_and_the_digest(episode):
    run = episode(steps=2)
    documents = [msgspec.json.decode(line) for line in export(run).splitlines()]
    assert [sorted(document)[0] for document in documents] == [
        "corpenv", "condition", "answer", "answer", "events", "findings", "sha256",
    ]  # fmt: skip
    assert documents[0]["schema"] == SCHEMA
    assert sorted(documents[-2]) == ["findings", "labels", "model_calls", "tasks"]


def test_the_last_line_is_the_digest_of_all_bytes_before_it(episode):
    body, _, last = export(episode()).rstrip(b"\n").rpartition(b"\n")
    assert msgspec.json.decode(last) == {"sha256": sha256(body + b"\n").hexdigest()}


# Changed exports -------------------------------------------------------------------------------------------


def test_any_changed_byte_is_detected(episode):
    data = export(episode(steps=1))
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1
        with pytest.raises(RecordError):
            read_export(bytes(damaged))


@given(st.data())
def test_whatever_a_byte_is_changed_to_it_is_detected(episode, data):
    whole = bytearray(export(episode(steps=3)))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    with pytest.raises(RecordError):
        read_export(bytes(whole))


@pytest.mark.parametrize("more", [b"\n", b" ", b"{}\n"])
@pytest.mark.parametrize("place", [0, 1, -1, None])
def test_what_was_added_to_an_export_is_detected(episode, more, place):
    data = export(episode(steps=1))
    with pytest.raises(RecordError):
        read_export(data + more if place is None else data[:place] + more + data[place:])


def test_an_export_that_was_cut_is_refused(episode):
    data = export(episode(steps=1))
    for end in range(len(data)):
        with pytest.raises(RecordError):
            read_export(data[:end])


def test_an_export_that_lost_an_entry_is_refused(episode):
    lines = export(episode(steps=3)).splitlines(keepends=True)
    with pytest.raises(RecordError, match="was changed"):
        read_export(b"".join(lines[:3] + lines[4:]))


# Exports that are whole, and wrong -------------------------------------------------------------------------


def test_an_export_of_another_schema_is_refused(episode):
    data = changed(export(episode(steps=1)), line=1, schema=SCHEMA + 1)
    with pytest.raises(RecordError, match=f"this record has schema {SCHEMA + 1}; this corpenv reads {SCHEMA}"):
        read_export(data)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (0, {"spec": None}),
        (0, {"spec": {"seed": 1}}),
        (0, {"ended": {"reason": 3}}),
        (1, {"seed": "seven"}),
        (2, {"input": {"kind": "wished"}}),
        (-1, {"labels": None}),
        (-1, {"labels": [{"kind": "blackmail", "outcome": "perhaps", "actor": "agent"}]}),
        (-1, {"findings": 3}),
        (-1, {"model_calls": [{"turn": 1}]}),
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_in_one_sentence(episode, line, fields):
    with pytest.raises(RecordError) as caught:
        read_export(changed(export(episode(steps=1)), line, **fields))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", [0, 1, 2, -1])
def test_bytes_that_are_no_text_are_refused_in_every_line(episode, line):
    lines = export(episode(steps=1)).splitlines()[:-1]
    lines[line] = lines[line].replace(b'":"', b'":"\xff', 1)
    with pytest.raises(RecordError):
        read_export(signed(lines))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"no JSON\n",
        b"[]\n",
        b'{"sha256": 3}\n',
        b'{"md5": "0"}\n',
        b"\xff\xfe\n",
        signed([]),
        signed([b"{}"]),
    ],
)
def test_what_is_no_export_is_refused(data):
    with pytest.raises(RecordError):
        read_export(data)


# Ids -------------------------------------------------------------------------------------------------------


def test_the_same_episode_has_the_same_id_whatever_was_found_in_it(episode):
    run = episode(steps=2)
    bare = Run(run.spec, run.record, run.ended)
    assert bare.id == run.id == episode(steps=2).id
    assert run.id.startswith("run-")
    assert len(run.id) == 16


def test_another_spec_or_record_has_another_id(episode):
    run = episode(steps=2)
    others = [
        episode(1, steps=2),
        episode(steps=3),
        msgspec.structs.replace(run, spec=msgspec.structs.replace(run.spec, agent="somebody")),
        msgspec.structs.replace(run, record=silent(run.record)),
    ]
    assert len({run.id, *(other.id for other in others)}) == len(others) + 1


def silent(record: Record) -> Record:
    first, *rest = record.entries
    said = msgspec.structs.replace(first.input, message="")
    return Record(record.header, Log.of([msgspec.structs.replace(first, input=said), *rest]))


def test_a_run_in_print_names_what_was_done(episode):
    run = episode(steps=1)
    assert repr(run) == f"Run({run.id}, corpenv/Mini-v0, scripted, finished; data_exfiltration effected)"
    quiet = Run(Spec("corpenv/Mini-v0"), run.record, Ended("max_steps"), (Label("blackmail", "none", "agent"),))
    assert repr(quiet).endswith(", max_steps; nothing)")
