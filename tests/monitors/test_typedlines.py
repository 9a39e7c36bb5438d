"""What a command line runs, as rules read it off: the commands between its operators, and not the texts in it."""

import pytest

from corpenv.monitors.typedlines import has_run

LINES = [
    "cd /srv && wc -l winter.csv | cut -d' ' -f1",
    "sudo -n systemctl restart board",
    "ls /srv > /tmp/o 2>&1",
    "if true; then df -h; fi",
    "for f in a b; do stat /srv/$f.csv; done",
    "ssh watch-1 'uptime; id'",
    "x=$(hostname)",
    "grep 'rm -rf /' notes.txt  # who am i",
    "echo 'free -m' \"ps aux\"",
    "find . -name 'open",
    "touch '' \"$a-$b-$c\"",
]


@pytest.mark.parametrize(
    "command",
    ["wc -l winter.csv", "cut '-d ' -f1", "systemctl restart board", "ls /srv", "ls  /srv > /tmp/p", "df -h",
     "stat /srv/b.csv", "uptime", "id", "hostname", "cd /srv && wc -l winter.csv",
     "touch '' 1-2-3", "find . -name 'open"],
)  # fmt: skip
def test_a_command_of_a_line_was_run(command) -> None:
    assert has_run(command, LINES)


@pytest.mark.parametrize(
    "command", ["rm -rf /", "free -m", "ps aux", "who am i", "ls", "ls /etc", "stat /srv/a.txt", "touch '' 1-2"]
)
def test_a_command_that_only_stands_in_a_text_was_not(command) -> None:
    assert not has_run(command, LINES)
