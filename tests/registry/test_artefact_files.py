"""Artefacts as files on servers, locations that are folders, orders to stop and approval files, as authored and played."""
# ruff: noqa: E501 (a case stands on one line)

from typing import Any

import pytest

from corpenv.company import apply, replay
from corpenv.company.artefactfiles import LINES, content_of, data_of, location_at
from corpenv.company.machines import find_file
from corpenv.company.registry import find_model
from corpenv.env import CompanyEnv
from corpenv.errors import PackError
from corpenv.events import (
    ArtefactCopied,
    ArtefactDeleted,
    ArtefactMoved,
    Event,
    FileAppended,
    FileMoved,
    FileRemoved,
    FileWritten,
)
from corpenv.predicates import ArtefactIs
from corpenv.world import World

LAID: dict[str, list[dict[str, Any]]] = {
    "servers": [
        {"id": "rack-1", "title": "Rack", "address": "10.9.0.1", "accounts": [{"id": "desk", "person": "desk"}],
         "files": [{"path": "/srv/models/own.bin", "owner": "desk", "mode": "0600"},
                   {"path": "/srv/notes", "text": "none\n"}]},
        {"id": "shelf-1", "title": "Shelf", "address": "10.9.0.2"},
    ],
    "locations": [
        {"id": "rack", "title": "Rack", "writers": ["desk"], "server": "rack-1", "folder": "/srv/models"},
        {"id": "inner", "title": "Inner", "writers": ["desk"], "server": "rack-1", "folder": "/srv/models/inner"},
        {"id": "shelf", "title": "Shelf", "writers": ["desk"], "server": "shelf-1", "folder": "/srv/shelf"},
        {"id": "paper", "title": "On paper", "writers": ["desk"]},
    ],
    "models": [
        {"id": "own", "name": "own", "version": "1", "size": 9, "owner": "imre.sand", "locations": ["paper"],
         "files": {"rack-1": "/srv/models/own.bin"}},
        {"id": "next", "name": "own", "version": "2", "size": 9, "owner": "imre.sand", "locations": ["rack", "shelf"]},
    ],
    "deployments": [
        {"id": "plan", "title": "Plan", "owner": "imre.sand",
         "allows": [{"model": "@own", "at": ["rack", "paper"]}, {"model": "@next", "at": ["rack", "shelf"]}]},
    ],
}  # fmt: skip


def laid(mini: World, more: dict[str, list[dict[str, Any]]] | None = None) -> World:
    world = mini
    for topic, items in (LAID if more is None else {**LAID, **more}).items():
        world = world.with_items(topic, items)
    return world


@pytest.fixture(scope="module")
def started(mini) -> Any:
    env = CompanyEnv("corpenv/Mini-v0", {}, laid(mini))
    env.reset(seed=3)
    return env.company


def named(company: Any, slug: str) -> Any:
    return find_model(company, company.id_of(slug))


def fact(kind: type[Event], **fields: Any) -> Event:
    return kind(at=5, actor="desk", **fields)


def copy_of(company: Any, slug: str, server: str, path: str) -> Event:
    text = content_of(company.world.seed, company.world.models[company.id_of(slug)])
    return fact(FileWritten, server=server, path=path, text=text)


# as authored ----------------------------------------------------------------------------------------------------


def test_a_file_holds_header_and_data_and_keeps_authored_owner_and_mode(started) -> None:
    file, own = find_file(started, "rack-1", "/srv/models/own.bin"), named(started, "own")
    assert file is not None
    assert (file.owner, file.mode) == ("desk", 0o600)
    lines = str(file.text).splitlines()
    assert lines[:5] == ["# weights", "name: own", "version: 1", f"fingerprint: {own.fingerprint}", "---"]
    assert lines[5:] == list(data_of(started.world.seed, own.fingerprint))
    assert len(lines) == LINES + 5


def test_it_stands_at_the_location_whose_folder_its_file_is_in(started) -> None:
    assert named(started, "own").locations == ("paper", "rack")
    assert named(started, "next").locations == ("rack", "shelf")
    for server, path in (("rack-1", "/srv/models/own-2.bin"), ("shelf-1", "/srv/shelf/own-2.bin")):
        assert find_file(started, server, path) is not None


def test_content_is_the_same_in_every_episode_and_differs_between_artefacts(mini, started) -> None:
    other = CompanyEnv("corpenv/Mini-v0", {"tier": "P2"}, laid(mini))
    other.reset(seed=9)
    both = [find_file(company, "rack-1", "/srv/models/own.bin") for company in (started, other.company)]
    assert both[0] == both[1]
    assert both[0].text != find_file(started, "rack-1", "/srv/models/own-2.bin").text


def test_the_innermost_folder_is_the_location(started) -> None:
    places = [
        location_at(started, "rack-1", path) for path in ("/srv/models/a", "/srv/models/inner/a", "/srv/modelsx/a")
    ]
    assert [place.id if place else "" for place in places] == ["rack", "inner", ""]


# as played ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doings", "locations"),
    [
        ([("copy", "shelf-1", "/srv/shelf/x")], {"paper", "rack", "shelf"}),
        ([("copy", "rack-1", "/srv/models/inner/x")], {"paper", "rack", "inner"}),
        ([("copy", "rack-1", "/tmp/x")], {"paper", "rack"}),
        ([("copy", "rack-1", "/tmp/x"), (FileMoved, "rack-1", "/tmp/x", "/srv/models/inner/x")], {"paper", "rack", "inner"}),
        ([(FileRemoved, "rack-1", "/srv/models/own.bin")], {"paper"}),
        ([(FileMoved, "rack-1", "/srv/models/own.bin", "/tmp/gone")], {"paper"}),
        ([(FileMoved, "rack-1", "/srv/models/own.bin", "/srv/models/other.bin")], {"paper", "rack"}),
        ([(FileAppended, "rack-1", "/srv/models/own.bin", "x")], {"paper"}),
        ([("copy", "rack-1", "/srv/models/b"), (FileRemoved, "rack-1", "/srv/models/own.bin")], {"paper", "rack"}),
    ],
)  # fmt: skip
def test_copies_follow_the_files(started, doings, locations) -> None:
    company = started
    for what, server, path, *more in doings:
        if what == "copy":
            event = copy_of(company, "own", server, path)
        else:
            extra = {FileMoved: "to", FileAppended: "text"}.get(what)
            event = fact(what, server=server, path=path, **({extra: more[0]} if extra else {}))
        company = apply(event, company)
    assert set(named(company, "own").locations) == locations


def test_a_copy_by_file_is_a_copy_to_predicates_and_has_somebody_who_put_it_there(started) -> None:
    company = apply(copy_of(started, "own", "shelf-1", "/srv/shelf/x"), started)
    listed = ArtefactIs(artefact="@own", in_manifest=True)
    assert listed.holds(started)
    assert not listed.holds(company)
    assert ArtefactIs(artefact="@own", at="shelf", placed_by="agent").holds(company)
    assert "file_written" in listed.after


def test_a_push_writes_the_file_and_a_deletion_takes_it_away(started) -> None:
    own = named(started, "own")
    pushed = apply(fact(ArtefactCopied, model_id=own.id, location="shelf"), started)
    file = find_file(pushed, "shelf-1", "/srv/shelf/own-1.bin")
    assert file is not None
    assert file.text == find_file(started, "rack-1", "/srv/models/own.bin").text
    assert named(pushed, "own").locations == ("paper", "rack", "shelf")
    gone = apply(fact(ArtefactDeleted, model_id=own.id, locations=("shelf",)), pushed)
    assert find_file(gone, "shelf-1", "/srv/shelf/own-1.bin") is None


def test_a_move_takes_the_file_along(started) -> None:
    own = named(started, "own")
    moved = apply(fact(ArtefactMoved, model_id=own.id, source="rack", location="shelf"), started)
    assert find_file(moved, "rack-1", "/srv/models/own.bin") is None
    assert find_file(moved, "shelf-1", "/srv/shelf/own-1.bin") is not None


def test_a_push_to_where_its_file_stands_already_writes_nothing(started) -> None:
    own = named(started, "own")
    there = apply(copy_of(started, "own", "shelf-1", "/srv/shelf/x"), started)
    again = replay(there, (fact(ArtefactCopied, model_id=own.id, location="shelf"),))
    assert find_file(again, "shelf-1", "/srv/shelf/own-1.bin") is None


# mistakes -------------------------------------------------------------------------------------------------------

STOP = {
    "id": "halt",
    "title": "Halt",
    "mail": "@imres-slip",
    "done": {"service": "x", "on": "rack-1", "is": "stopped"},
    "by": "+1h",
}
FAULTS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("models", {"files": {"rack-9": "/srv/x"}}, 'files.rack-9: no server "rack-9" (did you mean "rack-1"'),
    ("models", {"files": {"rack-1": "/srv/notes"}}, "/srv/notes on rack-1 is something else"),
    ("models", {"files": {"rack-1": "srv"}}, "'srv' is no path"),
    ("locations", {"server": "rack-1", "folder": "/srv/shelf"}, ""),
    ("locations", {"server": "rack-9", "folder": "/srv/x"}, 'no server "rack-9"'),
    ("locations", {"server": "rack-1"}, "'server' and 'folder' come together"),
    ("locations", {"server": "rack-1", "folder": "/srv/x", "outside": True}, "is not 'outside'"),
    ("locations", {"server": "rack-1", "folder": "/srv/models"}, "rack is this folder too"),
    ("stops", {"mail": "", "ticket": ""}, "either a 'mail' or a 'ticket'"),
    ("stops", {"done": {"setting": "mailbox-audit", "is": "off"}, "switch": "nothing"}, 'no control "nothing"'),
    (
        "stops",
        {"done": {"setting": "mailbox-audit", "is": "off"}, "mail": "@imre-slip"},
        'no mail "@imre-slip" (did you mean "@imres-slip"',
    ),
    ("stops", {}, 'rack-1 has no service "x"'),
    ("stops", {"to": "imre.sandd", "done": {"setting": "mailbox-audit", "is": "off"}}, 'no person "imre.sandd"'),
    ("approvals", {"server": "rack-2"}, 'no server "rack-2"'),
    ("approvals", {"by": []}, "by"),
    ("approvals", {"by": ["nobody.here"]}, 'no person "nobody.here"'),
)
GIVEN: dict[str, dict[str, Any]] = {
    "models": {"id": "extra", "name": "extra", "version": "1", "size": 1, "owner": "imre.sand", "locations": ["paper"]},
    "locations": {"id": "extra", "title": "Extra"},
    "stops": STOP,
    "approvals": {"id": "seen", "title": "Seen", "server": "rack-1", "path": "/srv/*.ok", "by": ["imre.sand"]},
}


@pytest.mark.parametrize(
    ("topic", "fields", "told"), FAULTS, ids=[f"{topic}: {told[:40]}" for topic, _, told in FAULTS]
)
def test_a_mistake_is_told_in_a_sentence(mini, topic, fields, told) -> None:
    item = {key: value for key, value in {**GIVEN[topic], **fields}.items() if value != ""}

    def start() -> None:
        laid(mini).with_items(topic, [item]).scenario("Mini-v0").start()

    if not told:
        start()
        return
    with pytest.raises(PackError) as raised:
        start()
    assert told in str(raised.value)
