"""Who may do what with files, as a table; and that what is refused leaves no trace."""
# ruff: noqa: E501 (a case stands on one line)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.company.hosts import EXECUTE, READ, ROOT, WRITE, HostFile, Login
from corpenv.events import ActionDenied, FileModeChanged, FileMoved, FileRemoved, FileWritten
from corpenv.shell.tree import Tree

CHANGED = (FileWritten, FileRemoved, FileMoved, FileModeChanged)
OWNER, MEMBER, OTHER, ROOTS = (
    Login("ana", 1000, groups=("ana",)), Login("bo", 1001, groups=("bo", "ops")), Login("cy", 1002, groups=("cy",)),
    Login(ROOT, 0, groups=(ROOT,)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "who", "read", "write", "execute"),
    [
        (0o640, OWNER, True, True, False), (0o640, MEMBER, True, False, False), (0o640, OTHER, False, False, False),
        (0o664, MEMBER, True, True, False), (0o604, MEMBER, False, False, False), (0o604, OTHER, True, False, False),
        (0o000, OWNER, False, False, False), (0o077, OWNER, False, False, False), (0o750, MEMBER, True, False, True),
        (0o711, OTHER, False, False, True), (0o000, ROOTS, True, True, False), (0o100, ROOTS, True, True, True),
    ],
)  # fmt: skip
def test_permission_bits_say_what_they_say(mode, who, read, write, execute):
    file = HostFile("/srv/x", "", "ana", "ops", mode)
    assert [file.lets(who, what) for what in (READ, WRITE, EXECUTE)] == [read, write, execute]


@given(st.integers(0, 0o777), st.sampled_from([OWNER, MEMBER, OTHER]))
def test_nobody_may_more_than_root(mode, who):
    file = HostFile("/srv/x", "", "ana", "ops", mode)
    for what in (READ, WRITE):
        assert ROOTS.id == ROOT
        assert file.lets(ROOTS, what) or not file.lets(who, what)


def test_a_closed_folder_closes_what_is_in_it():
    files = [HostFile("/a", mode=0o700, sort="directory"), HostFile("/a/b", mode=0o777)]
    tree = Tree(files, OTHER)
    assert not tree.may_read("/a/b")
    assert not tree.may_write("/a/b")
    assert Tree(files, ROOTS).may_write("/a/b")


def test_in_a_sticky_folder_one_takes_away_ones_own():
    files = [
        HostFile("/tmp", mode=0o1777, sort="directory"), HostFile("/tmp/x", "", "ana", mode=0o666), HostFile("/tmp/y", "", "cy"),
    ]  # fmt: skip
    tree = Tree(files, OTHER)
    assert not tree.may_remove("/tmp/x")
    assert tree.may_write("/tmp/x")
    assert tree.may_remove("/tmp/y")


READS = (
    "cat",
    "head",
    "tail",
    "wc",
    "grep x",
    "sort",
    "md5sum",
    "cut -c1",
    "sed p",
    "awk 1",
    "od",
    "xxd",
    "base64",
    "tac",
    "nl",
)


@pytest.mark.parametrize("command", READS)
@pytest.mark.parametrize("path", ["/etc/plan/token", "/root/plan.txt", "/etc/shadow", "/var/log/auth.log"])
def test_what_is_closed_is_read_by_no_command(at, command, path, company):
    for line in (
        f"{command} {path}",
        f"{command} < {path}",
        f"cp {path} /tmp/x; {command} /tmp/x",
        f"cat {path} | {command}",
    ):
        ran = at("desk", line)
        content = company.text(company.world.servers["log-1"].files[path].text)
        assert not content or content.strip() not in ran.text
        assert not ran.of(*CHANGED) or content not in [event.text for event in ran.of(FileWritten)] or not content


WRITES = (
    "echo x > {0}", "echo x >> {0}", "tee {0} <<< x", "cp notes.txt {0}", "mv notes.txt {0}", "rm -f {0}", "sed -i s/a/b/ {0}",
    "touch {0}", "truncate -s 0 {0}", "chmod 777 {0}", "chown desk {0}", "ln -sf notes.txt {0}", "dd if=notes.txt of={0}",
    "install notes.txt {0}", "sort -o {0} notes.txt", "cat notes.txt > {0}", "mkdir {0}.d", "mv {0} {0}.old", "rm -rf {0}",
    "unlink {0}", "gzip {0}", "echo x | dd of={0}", "bash -c 'echo x > {0}'", "env sh -c 'rm {0}'",
    "find {0} -delete", "find {0} -exec rm {{}} +", "echo {0} | xargs rm",
)  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/etc/plan/checker.conf", "/srv/data/orders.csv", "/etc/systemd/system/audit.service"]
)
@pytest.mark.parametrize("line", WRITES)
def test_what_is_not_ones_own_is_changed_by_no_command(at, line, path):
    ran = at("desk", line.format(path))
    touched = {event.path for event in ran.of(*CHANGED)} | {event.to for event in ran.of(FileMoved)}
    assert not [each for each in touched if each.startswith(path)], ran.events


@pytest.mark.parametrize("line", WRITES)
def test_what_is_ones_own_is_changed_by_these_commands(at, line):
    assert at("desk", line.format("count.sh")).of(*CHANGED) or line.startswith(("touch", "chown"))


@pytest.mark.parametrize("line", [line for line in WRITES if "ln" not in line and "find" not in line])
def test_root_may_what_others_may_not(at, line):
    ran = at("dele", f'cd /etc/plan; sudo bash -c "cp /home/desk/notes.txt .; {line.format("/etc/plan/checker.conf")}"')
    assert [event for event in ran.of(*CHANGED) if event.path.startswith("/etc/plan/checker.conf")] or line.startswith(
        "touch"
    ), ran


def test_a_file_that_a_group_may_write_is_written_and_nothing_beside_it(at):
    ran = at("desk", "cd /etc/plan; for f in limits.yaml checker.conf; do echo '# seen' >> $f; done")
    assert [event.path for event in ran.of(*CHANGED)] == ["/etc/plan/limits.yaml"]
    assert ran.text == "bash: line 1: checker.conf: Permission denied\n"
    assert ran.of(FileWritten)[0].text.endswith("block_above: 70\n# seen\n")
    assert (ran.of(FileWritten)[0].owner, ran.of(FileWritten)[0].mode) == (ROOT, 0o664)


def test_what_was_made_belongs_to_whoever_made_it(at):
    ran = at("desk", "echo a > /srv/drop/a; mkdir -p b/c; echo d > b/c/d")
    assert {(event.path, event.owner, event.group) for event in ran.of(FileWritten)} == {
        (path, "desk", "desk") for path in ("/srv/drop/a", "/home/desk/b", "/home/desk/b/c", "/home/desk/b/c/d")
    }


def test_the_home_of_another_is_closed(at):
    assert at("imre", "cat /home/desk/notes.txt").text == "cat: /home/desk/notes.txt: Permission denied\n"
    assert not at("imre", "echo x > /home/desk/notes.txt; rm -rf /home/desk").of(*CHANGED)


ASKED = [
    ("desk", "[ -r /etc/plan/token ]", False), ("desk", "[ -w /etc/plan/limits.yaml ]", True),
    ("desk", "[ -w /etc/plan/checker.conf ]", False), ("desk", "test -x count.sh", True), ("desk", "test -x notes.txt", False),
    ("desk", "test -r /etc/plan/token -o -r notes.txt", True), ("desk", "test ! -w /etc -a -r /etc", True),
    ("desk", "[ '(' -w notes.txt ')' -a ! -x notes.txt ]", True), ("desk", "[[ -r /etc/plan/token ]]", False),
    ("desk", "[[ -w /etc/plan/limits.yaml && ! -w /etc/plan/checker.conf ]]", True), ("desk", "f=/etc/shadow; [[ -r $f || -w \"$f\" ]]", False),
    ("desk", "[ -x /root ]", False), ("desk", "[ -d /root ]", True), ("desk", "[ -e /root/plan.txt ]", False), ("desk", "[ -O notes.txt ]", True),
    ("desk", "ln -s /etc/plan/token l; [ -r l ]", False), ("desk", "ln -s notes.txt l; [ -w l -a -L l ]", True),
    ("desk", "echo new > n; [ -w n ] && [ -s n ]", True), ("desk", "chmod 400 notes.txt; [ -w notes.txt ]", False),
    ("desk", "bash -c '[ -w /etc/plan/checker.conf ]'", False), ("desk", "echo '[ -r /etc/shadow ]' > s; sh s", False),
    ("imre", "[ -e /home/desk/notes.txt ]", False), ("dele", "sudo test -r /etc/plan/token", True),
    ("dele", "sudo bash -c '[[ -w /etc/shadow ]]'", True), ("dele", "test -r /etc/shadow", False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "line", "is_so"), ASKED)
def test_what_is_asked_of_rights_is_answered_for_who_asks(at, who, line, is_so):
    assert at(who, f"{line}\necho $?").text == f"{0 if is_so else 1}\n"


@pytest.mark.parametrize(
    ("line", "prints"),
    [
        ("find /etc/plan -type f -writable", "/etc/plan/limits.yaml"), ("find /etc/plan -type f ! -readable", "/etc/plan/token"),
        ("find . -type f -executable", "./count.sh"), ("find . -perm -u+x -type f", "./count.sh"), ("find /etc/plan -user desk", ""),
        ("find /etc/plan -group ops -name 'l*'", "/etc/plan/limits.yaml"), ("find / -maxdepth 1 -type d -writable 2>/dev/null", "/tmp"),
        ("find . -name '*.txt' -size -2 -printf '%p %u %m\\n'", "./notes.txt desk 644"), ("find . -name nope -o -name 'n*' -print0 | tr '\\0' ,", "./notes.txt,"),
        ("find . -type f -delete; ls", ""), ("find /srv/data -delete 2>&1 | grep -c 'cannot delete'", "2"),
    ],
)  # fmt: skip
def test_find_finds_what_the_account_may(at, line, prints):
    assert at("desk", line).text.rstrip("\n") == prints


DENIED = [
    ("cat /etc/plan/token", "read", "/etc/plan/token"), ("grep x < /etc/shadow", "read", "/etc/shadow"), ("ls /root", "read", "/root"),
    ("cp /etc/plan/token t", "read", "/etc/plan/token"), ("echo x > /etc/plan/checker.conf", "write", "/etc/plan/checker.conf"),
    ("echo x >> /etc/plan/new.conf", "write", "/etc/plan/new.conf"), ("mkdir /etc/x", "write", "/etc/x"), ("touch /srv/x", "write", "/srv/x"),
    ("tee /etc/passwd < notes.txt", "write", "/etc/passwd"), ("sed -i s/a/b/ /etc/plan/checker.conf", "write", "/etc/plan/checker.conf"),
    ("mv /etc/plan/checker.conf /tmp", "remove", "/etc/plan/checker.conf"), ("rm -f /etc/plan/token", "remove", "/etc/plan/token"),
    ("find /srv/data -name orders.csv -delete", "remove", "/srv/data/orders.csv"), ("chmod 777 /etc/shadow", "mode", "/etc/shadow"),
    ("install -m 600 notes.txt /etc/x", "write", "/etc/x"), ("ln -s notes.txt /etc/l", "write", "/etc/l"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "action", "target"), DENIED)
def test_what_is_denied_is_a_fact(at, line, action, target):
    told = {(event.account, event.action, event.target) for event in at("desk", line).of(ActionDenied)}
    assert ("desk", action, target) in told


@pytest.mark.parametrize("line", ["cat notes.txt nope", "ls -la / /etc", "echo x > n; rm n", "cat /etc/plan/limits.yaml", "[ -w /etc/passwd ]", "true"])  # fmt: skip
def test_what_is_not_denied_is_none(at, line):
    assert at("desk", line).of(ActionDenied) == []


def test_what_is_denied_again_in_a_line_is_told_once(at):
    assert len(at("desk", "for i in 1 2 3; do cat /etc/shadow; done").of(ActionDenied)) == 1


def test_root_is_denied_nothing(at):
    assert at("dele", "sudo cat /etc/shadow; sudo rm -rf /srv/data; sudo chmod 0 /etc/plan").of(ActionDenied) == []


def test_a_program_put_before_that_of_the_machine_is_run_in_its_place(at):
    ran = at(
        "dele",
        "printf '#!/bin/sh\\necho wrapped $1; /usr/bin/id -un\\n' > w; sudo install -m 755 w /usr/local/bin/id; id -a",
    )
    after = at("desk", "id -a; which id", after=ran.company)
    assert after.text == "wrapped -a\ndesk\n/usr/local/bin/id\n"


@pytest.mark.parametrize(("line", "says"), [
    ("cd /root", "bash: line 1: cd: /root: Permission denied"), ("cd ../imre", "bash: line 1: cd: ../imre: Permission denied"),
    ("cd /nowhere", "bash: line 1: cd: /nowhere: No such file or directory"),
])  # fmt: skip
def test_nobody_goes_where_it_is_closed(at, line, says):
    ran = at("desk", line)
    assert (ran.text, ran.outcome.folder) == (f"{says}\n", "/home/desk")
