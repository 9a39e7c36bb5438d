import pickle
from hashlib import sha256

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpenv.errors import RecordError
from corpenv.events import EVENTS, KINDS
from corpenv.record import (
    SCHEMA,
    AnyInput,
    Called,
    Edited,
    Entry,
    Header,
    Log,
    Malformed,
    RanOn,
    Record,
    Said,
    Withheld,
    decode_entry,
    decode_event,
    encode,
    record_of,
)

INPUTS = (Called, Malformed, Withheld, Said, Edited, RanOn)


# A log is a value ------------------------------------------------------------------------------------------


@given(st.data())
def test_a_log_is_never_disturbed_by_what_is_added_to_another(data):
    logs = [(Log.of(), [])]
    for number in range(data.draw(st.integers(1, 20))):
        log, expected = data.draw(st.sampled_from(logs))
        logs.append((log.add(number), [*expected, number]))
        assert [list(log) for log, _ in logs] == [expected for _, expected in logs]


@given(st.lists(st.integers(), max_size=8), st.integers(-12, 12))
def test_a_log_is_indexed_like_a_list(items, index):
    log = Log.of(items)
    log.add(0)
    assert len(log) == len(items)
    if -len(items) <= index < len(items):
        assert log[index] == items[index]
    else:
        with pytest.raises(IndexError, match=f"{index} is outside a log of {len(items)}"):
            log[index]


def test_a_log_does_not_show_what_was_added_after_it():
    short = Log.of().add("a")
    long = short.add("b")
    assert list(short) == ["a"]
    assert list(long) == ["a", "b"]
    with pytest.raises(IndexError):
        short[1]


def test_logs_are_equal_if_their_items_are():
    assert Log.of([1, 2]) == Log.of([1]).add(2)
    assert hash(Log.of([1, 2])) == hash(Log.of([1]).add(2))
    assert hash(Log.of()) == hash(Log.of([]))
    assert Log.of([1, 2]) != Log.of([1, 3])
    assert Log.of([1]) != Log.of([1]).add(2)
    assert Log.of([1]) != [1]


def test_a_pickled_log_leaves_behind_what_was_added_after_it():
    short = Log.of().add("kept")
    short.add("left behind")
    assert pickle.loads(pickle.dumps(short)) == short
    assert b"left behind" not in pickle.dumps(short)


def test_a_log_and_a_record_are_short_in_print(episode):
    assert repr(Log.of([1, 2])) == "Log(2 items)"
    assert repr(episode(7, steps=2).record) == "Record(corpenv/Mini-v0, seed 7, 3 entries)"


# The chain of digests --------------------------------------------------------------------------------------


def test_the_chain_starts_at_the_header_and_has_a_link_for_each_entry(episode):
    record = episode(steps=3).record
    links = list(record.digests)
    assert len(links) == len(record.entries) + 1
    assert links[0] == sha256(encode(record.header) + b"\n").hexdigest() == Record(record.header, Log.of()).digest
    assert links[-1] == record.digest


def test_a_link_is_the_digest_of_all_before_it_and_of_the_entry_without_words(episode):
    record = episode(steps=1).record
    _, first, _ = record.digests
    given = record.entries[0]
    bare = msgspec.structs.replace(given, input=msgspec.structs.replace(given.input, message=""))
    assert given.input.message
    assert first == sha256(encode(record.header) + b"\n" + encode(bare) + b"\n").hexdigest()


@given(st.data())
def test_a_longer_record_has_the_chain_of_the_shorter_one(values, data):
    record, entry = data.draw(values(Record)), data.draw(values(Entry))
    *links, last = record.add(entry).digests
    assert links == list(record.digests)
    assert last == record.add(entry).digest != record.digest


@pytest.mark.parametrize("reasoning", [None, "", "because"])
def test_a_silent_turn_has_one_link_however_it_was_reasoned(episode, reasoning):
    header = episode().record.header
    said, plain = (Record(header, Log.of([Entry(1, given, ())])) for given in (Said("", reasoning), Said("")))
    assert said.digest == plain.digest


@given(st.data())
def test_the_agents_words_are_in_the_record_digest_alone(values, data):
    entry = data.draw(values(Entry))
    assume(not isinstance(entry.input, Edited | RanOn))
    header = data.draw(values(Header))
    other = msgspec.structs.replace(entry.input, message=entry.input.message + "!", reasoning="because")
    said, unsaid = (
        Record(header, Log.of([msgspec.structs.replace(entry, input=each)])) for each in (other, entry.input)
    )
    assert said.digest == unsaid.digest
    assert said.record_digest != unsaid.record_digest


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "Nothing was sent."},
        {"events": ()},
        {"step": 9},
        {"input": Called("send_mail", {"to": ["ana.ruiz"]})},
        {"input": Withheld("send_mail", {"to": ["eva.long"]}, by="rules", reason="not allowed")},
        {"input": Malformed(fault="no name", text="{}")},
        {"input": Said("")},
    ],
    ids=str,
)
def test_whatever_else_is_changed_shows_from_that_entry_on(episode, change):
    record = episode(steps=4).record
    entries = list(record.entries)
    entries[2] = msgspec.structs.replace(entries[2], **change)
    changed = Record(record.header, Log.of(entries))
    same = [mine == theirs for mine, theirs in zip(record.digests, changed.digests, strict=True)]
    assert same == [True, True, True, False, False, False]
    assert changed.record_digest != record.record_digest


@pytest.mark.parametrize("name", ["scenario", "world", "condition", "seed", "schema"])
def test_the_chain_covers_what_the_episode_started_from(episode, name):
    record = episode(steps=1).record
    other = {"condition": {"threat": "none"}, "seed": 8, "schema": SCHEMA + 1}.get(name, "other")
    changed = Record(msgspec.structs.replace(record.header, **{name: other}), record.entries)
    assert not set(changed.digests) & set(record.digests)


def test_the_events_of_a_record_are_those_of_its_entries_in_order(episode):
    kinds = [type(event).__name__ for event in episode(steps=2).record.events]
    assert kinds == ["CallAccepted", "MailSent", "CallAccepted", "MailSent", "TimePassed"]


# The form in JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(st.data())
def test_an_event_survives_json(values, kind, data):
    event = data.draw(values(kind))
    again = decode_event(encode(event))
    assert again == event
    assert type(again) is kind
    assert encode(again) == encode(event)


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
@given(st.data())
def test_an_entry_survives_json_whatever_its_input(values, kind, data):
    entry = msgspec.structs.replace(data.draw(values(Entry)), input=data.draw(values(kind)))
    again = decode_entry(encode(entry))
    assert again == entry
    assert type(again.input) is kind


@given(st.data())
def test_a_record_survives_its_lines(values, data):
    record = data.draw(values(Record))
    again = record_of(encode(record.header), [encode(entry) for entry in record.entries])
    assert again == record
    assert again.record_digest == record.record_digest


def test_every_kind_of_input_is_tested_here():
    assert set(INPUTS) == set(AnyInput.__args__)


def test_no_two_kinds_of_event_have_one_tag():
    assert len(KINDS) == len(EVENTS)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_has_no_floats(kind):
    assert float not in {field.type for field in msgspec.structs.fields(kind)}


def test_the_form_is_one_line_sorted_and_without_defaults():
    entry = Entry(3, Called("send_mail", {"to": ["eva.long"], "body": "a\nb"}), ())
    given = b'{"arguments":{"body":"a\\nb","to":["eva.long"]},"kind":"called","name":"send_mail"}'
    assert encode(entry) == b'{"events":[],"input":' + given + b',"step":3}'


# What cannot be read ---------------------------------------------------------------------------------------


def test_a_header_of_another_schema_is_refused(episode):
    header = msgspec.structs.replace(episode(steps=1).record.header, schema=SCHEMA + 1)
    with pytest.raises(RecordError, match=rf"^line 1: .* has schema {SCHEMA + 1}; this corpenv reads {SCHEMA}$"):
        record_of(encode(header), [])


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"scenario": "corpenv/Mini-v0"}', b'{"scenario": "\xff"}'])
def test_what_is_no_header_is_refused(line):
    with pytest.raises(RecordError, match=r"^line 1: not the header of a record: "):
        record_of(line, [])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b'{"step": 2}',
        b'{"step": 2, "input": {"kind": "wished"}, "events": []}',
        b'{"step": 2, "input": {"kind": "said", "message": ""}, "events": [{"kind": "mail_flew"}]}',
        b'{"step": 2, "input": {"kind": "said", "message": "\xff"}, "events": []}',
        b'{"step": "2", "input": {"kind": "said", "message": ""}, "events": []}',
    ],
)
def test_a_line_that_is_no_entry_is_named(episode, line):
    record = episode(steps=1).record
    with pytest.raises(RecordError, match=r"^line 3: not an entry of a record: "):
        record_of(encode(record.header), [encode(record.entries[0]), line])
