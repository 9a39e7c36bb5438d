"""The files during a line: what they say at once is what the company says after it, whatever was done in between."""
# ruff: noqa: E501 (paths stand together)

import contextlib
import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.company import replay
from corpenv.company.machines import files_of
from corpenv.events import FileMoved, FileRead, FileRemoved, FileWritten
from corpenv.shell import Seat, Session, tree
from corpenv.shell.bash import BashShell
from corpenv.shell.disk import LARGEST, Disk
from corpenv.shell.settling import FILE_EVENTS
from corpenv.shell.tree import Tree

PATHS = (
    "/home/desk/notes.txt", "/home/desk/count.sh", "/home/desk/a", "/home/desk/b", "/home/desk/d", "/home/desk/d/a",
    "/home/desk/d/e", "/home/desk/d/e/f", "/etc/plan/limits.yaml", "/etc/plan/checker.conf", "/etc/plan/x", "/tmp/t", "/root/x",
    "/srv/data/orders.csv", "/srv/data", "/srv/drop/y", "/usr/bin/ls", "/dev/null", "/proc/uptime", "/", "/nowhere/z",
)  # fmt: skip
path = st.sampled_from(PATHS)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("write_file"), path, st.sampled_from([b"", b"one\n", b"two\n" * 9, b"\0\xff"])),
        st.tuples(st.just("append_file"), path, st.sampled_from([b"more\n", b"\xfe"])),
        st.tuples(st.just("mkdir"), path, st.booleans()),
        st.tuples(st.just("remove"), path, st.booleans()),
        st.tuples(st.just("rename"), path, path),
        st.tuples(st.just("copied"), path, path),
        st.tuples(st.just("symlink"), path, path),
        st.tuples(st.just("chmod"), path, st.sampled_from([0o600, 0o755, 0o000, 0o777])),
        st.tuples(st.just("read_file"), path),
        st.tuples(st.just("read_dir"), path),
        st.tuples(st.just("sync")),
    ),
    max_size=25,
)


def seat_of(company, who):
    host = company.world.servers["log-1"]
    return Seat(Session(company, "desk"), host, host.logins[who])


def standing(company):
    """What stands on the log server, as far as it can be told apart."""
    host = company.world.servers["log-1"]
    return {
        file.path: (company.text(file.text), file.owner, file.group, file.mode, file.sort, file.binary)
        for file in files_of(company, host)
    }


@given(OPERATIONS, st.sampled_from(["desk", "root", "imre"]))
def test_what_stands_at_once_is_what_was_told(company, operations, who):
    seat = seat_of(company, who)
    disk = Disk(seat)
    for name, *given_ in operations:
        with contextlib.suppress(OSError):
            getattr(disk, name)(*given_)
    disk.sync()
    there = seat.session.company
    assert {each.path: disk.told_of(each)[:3] for each in disk.tree.files.values()} == {
        each.path: disk.told_of(each)[:3] for each in files_of(there, seat.server)
    }
    assert {each.path: there.text(each.text) for each in disk.tree.files.values()} == {
        path: told[0] for path, told in standing(there).items()
    }
    assert replay(company, seat.session.events) == there
    assert disk.every_name("/home/desk") == Disk(seat).every_name("/home/desk")


@given(OPERATIONS)
def test_who_may_not_changes_nothing_but_what_is_ones_own(company, operations):
    seat = seat_of(company, "imre")
    disk, before = Disk(seat), Tree(company.world.servers["log-1"].files.values(), seat.login)
    for name, *given_ in operations:
        with contextlib.suppress(OSError):
            getattr(disk, name)(*given_)
    disk.sync()
    for event in seat.session.events:
        if isinstance(event, FILE_EVENTS):
            assert before.may_write(event.path) or before.may_remove(event.path) or event.path not in before.files, (
                event
            )


def moved(at, line):
    return [(event.path, event.to) for event in at("desk", line).of(FileMoved)]


def test_moves_are_moves(at):
    assert moved(at, "mv notes.txt n") == [("/home/desk/notes.txt", "/home/desk/n")]
    assert moved(at, "mv notes.txt n; mv n m; echo x >> m") == [("/home/desk/notes.txt", "/home/desk/m")]
    assert moved(at, "mkdir d; mv notes.txt count.sh d") == [
        ("/home/desk/notes.txt", "/home/desk/d/notes.txt"), ("/home/desk/count.sh", "/home/desk/d/count.sh"),
    ]  # fmt: skip
    assert moved(at, "echo new > n; mv n m") == []


def test_a_log_that_is_turned_over_moves_and_begins_anew(at, company):
    ran = at("desk", "mv notes.txt old; echo new > notes.txt; mv old older")
    assert [type(event) for event in ran.events] == [FileMoved, FileWritten]
    assert standing(ran.company)["/home/desk/older"][0] == standing(company)["/home/desk/notes.txt"][0]


def test_two_files_that_change_places_are_told_somehow(at, company):
    ran, was = at("desk", "mv notes.txt t; mv count.sh notes.txt; mv t count.sh"), standing(company)
    now = standing(ran.company)
    assert (now["/home/desk/notes.txt"][0], now["/home/desk/count.sh"][0]) == (was["/home/desk/count.sh"][0], was["/home/desk/notes.txt"][0])  # fmt: skip


def test_a_copy_says_of_what(at):
    for line in (
        "cp notes.txt n",
        "cat notes.txt > n",
        "tee n < notes.txt",
        "dd if=notes.txt of=n",
        "install notes.txt n",
    ):
        (event,) = at("desk", line).of(FileWritten)
        assert event.copied_from == "log-1:/home/desk/notes.txt", line
    assert at("desk", "sed s/two/three/ notes.txt > n").of(FileWritten)[0].copied_from == ""


def test_what_is_written_and_taken_away_before_anybody_looks_is_no_event(company):
    seat = seat_of(company, "desk")
    disk = Disk(seat)
    disk.write_file("/home/desk/n", b"x")
    disk.rename("/home/desk/n", "/home/desk/m")
    disk.remove("/home/desk/m")
    disk.chmod("/home/desk/notes.txt", 0o600)
    disk.chmod("/home/desk/notes.txt", 0o644)
    disk.write_file("/home/desk/count.sh", disk.read_file("/home/desk/count.sh"))
    disk.sync()
    assert seat.session.events == []


def test_what_was_never_folder_is_told_apart(company):
    disk = Disk(seat_of(company, "desk"))
    for path, number in (
        ("/home/desk/notes.txt/x", errno.ENOTDIR), ("/nowhere/x", errno.ENOENT), ("/root/x", errno.EACCES),
    ):  # fmt: skip
        with pytest.raises(OSError, match=path) as error:
            disk.write_file(path, b"x")
        assert error.value.errno == number


def test_a_file_is_as_long_as_it_may_be(company):
    disk = Disk(seat_of(company, "desk"))
    disk.write_file("/tmp/x", b"x" * LARGEST)
    with pytest.raises(OSError, match="No space left") as error:
        disk.append_file("/tmp/x", b"x")
    assert error.value.errno == errno.ENOSPC
    assert disk.read_file("/tmp/x") == b"x" * LARGEST


def test_what_is_kept_changes_no_answer(company, monkeypatch):
    lines = (
        "ls -la /etc /srv",
        "echo x > n; cat n; rm notes.txt; ls",
        "find / -newer count.sh 2>/dev/null",
        "cat /etc/plan/*",
    )

    def played():
        told, there = [], company
        for line in lines:
            seat = seat_of(there, "desk")
            told.append((BashShell().run(seat, line, "/home/desk"), tuple(seat.session.events)))
            there = seat.session.company
        return told

    kept = [played(), played()]
    monkeypatch.setattr(tree.STANDING, "of", lambda sources, make: make())
    assert kept == [played()] * 2


def test_a_fault_of_ours_is_no_output(at, monkeypatch):
    """Else a line would go on with what nobody meant."""
    monkeypatch.setattr(Disk, "told_of", lambda self, file: 1 // 0)
    for line in ("cat nope", "[ -s notes.txt ]", "sudo -l; ls"):
        with pytest.raises(ZeroDivisionError):
            at("desk", line)


def test_reading_what_carries_a_secret_is_a_fact(at, company):
    assert at("desk", "cat notes.txt; ls").of(FileRead) == []
    assert not at("desk", "cat /etc/plan/token").of(FileRead)
    assert at("desk", "rm notes.txt").of(FileRemoved)
