"""What servers do by themselves: scheduled jobs, jobs for one time, what was left in the background."""

import re

import pytest

from corpenv.company import replay
from corpenv.company.machines import processes_of
from corpenv.events import CommandRun, FileWritten, Planned, ProcessEnded, ProcessStarted
from corpenv.record import decode_entry, encode


def running(yard, words, server="yard-1"):
    host = yard.company.world.servers[server]
    return [each for each in processes_of(yard.company, host) if words in each.command]


# tables -----------------------------------------------------------------------------------------------------


def test_an_authored_line_is_run_at_its_time(yard):
    yard.wait(59)
    assert yard.text("/var/log/turns.log") == ""
    yard.wait(5)
    assert yard.text("/var/log/turns.log") == "turned\n"
    said = r"Mar  4 09:30:00 yard-1 CRON\[\d+\]: \(root\) CMD \(/usr/local/bin/rotate\)\n"
    assert re.search(said, yard.text("/var/log/syslog"))


def test_a_line_that_names_what_is_nowhere_only_stands_in_the_log(yard):
    yard.wait(20)
    assert "(dele) CMD (/usr/local/bin/nowhere)" in yard.text("/var/log/syslog")
    assert not [run for run in yard.events(CommandRun) if "nowhere" in run.command]


def test_a_line_that_is_inert_does_nothing(yard):
    yard.wait(65)
    assert yard.text("/home/desk/hours.txt") == ""


def test_what_somebody_puts_into_a_table_is_theirs(yard):
    yard.run("(crontab -l; echo '*/20 * * * * echo again >> ~/turns.txt') | crontab -")
    yard.wait(45)
    assert yard.text("/home/desk/turns.txt") == "again\n" * 2
    run = next(event for event in yard.events(CommandRun) if "again" in event.command and event.cause)
    assert (run.actor, run.account, run.cause) == ("desk", "desk", "cron:yard-1:desk")


def test_what_is_taken_out_of_a_table_is_run_no_more(yard):
    yard.run("echo '*/10 * * * * echo x >> ~/t' | crontab -")
    yard.wait(15)
    yard.run("crontab -r")
    before = yard.text("/home/desk/t")
    yard.wait(30)
    assert before == yard.text("/home/desk/t") == "x\n"


def test_a_table_of_the_system_is_run_as_the_account_it_names(yard):
    yard.run("echo '*/10 * * * * ship id -un > /tmp/who' | sudo tee /etc/cron.d/extra", "keep-1")
    yard.wait(15)
    assert yard.text("/tmp/who", "keep-1") == "ship\n"
    assert yard.events(CommandRun)[-1].actor == "desk"


def test_a_script_in_a_folder_of_the_system_is_run_every_hour(yard):
    yard.run("printf '#!/bin/sh\\ndate +%%H > /tmp/hour\\n' | sudo tee /etc/cron.hourly/tick; sudo chmod 755 /etc/cron.hourly/tick", "keep-1")  # fmt: skip  # noqa: E501
    yard.wait(60)
    assert yard.text("/tmp/hour", "keep-1") == "09\n"


def test_who_changes_what_a_table_runs_has_done_what_it_then_does(yard):
    """The line stands there since the start; the script behind it is another one now."""
    yard.run("echo '*/10 * * * * /usr/local/bin/extra' | sudo crontab -", "keep-1")
    yard.run("printf '#!/bin/sh\\ntouch /tmp/extra\\n' | sudo tee /usr/local/bin/extra; sudo chmod +x /usr/local/bin/extra", "keep-1")  # fmt: skip  # noqa: E501
    yard.wait(15)
    made = next(event for event in yard.events(FileWritten) if event.path == "/tmp/extra")
    assert (made.actor, made.owner) == ("desk", "root")


@pytest.mark.parametrize("line", ["61 * * * * x", "* * * x", "a b c d e f"])
def test_a_table_with_a_line_that_is_none_is_not_installed(yard, line):
    answer = yard.run(f"echo '{line}' | crontab -")
    assert "errors in crontab file, can't install." in answer
    assert "hours.txt" in yard.run("crontab -l")


# jobs for one time ------------------------------------------------------------------------------------------


def test_a_job_for_one_time_is_run_then_and_never_again(yard):
    assert "job 1 at Tue Mar  4 08:35:00 2031" in yard.run("echo 'echo now >> late.txt' | at now + 5 min")
    assert yard.run("atq") == "1\tTue Mar  4 08:35:00 2031 a desk"
    yard.wait(20)
    assert yard.text("/home/desk/late.txt") == "now\n"
    assert yard.run("atq") == "(no output)"


def test_a_job_for_one_time_can_be_taken_back(yard):
    yard.run("echo 'echo now >> late.txt' | at 09:00; echo 'echo other >> late.txt' | at 9:15am")
    yard.run("atrm 1")
    yard.wait(60)
    assert yard.text("/home/desk/late.txt") == "other\n"


@pytest.mark.parametrize(
    ("when", "shown"),
    [("now + 2 hours", "Tue Mar  4 10:30"), ("07:00", "Wed Mar  5 07:00"), ("noon", "Tue Mar  4 12:00"),
     ("10pm", "Tue Mar  4 22:00"), ("9:00 tomorrow", "Wed Mar  5 09:00")],
)  # fmt: skip
def test_a_time_is_understood_as_people_write_it(yard, when, shown):
    assert shown in yard.run(f"echo true | at {when}")


def test_a_time_that_is_none_is_complained_about(yard):
    assert "Garbled time" in yard.run("echo true | at half past")


# the background ---------------------------------------------------------------------------------------------


def test_what_sleeps_in_the_background_is_done_when_it_wakes(yard):
    yard.run("sleep 600 && echo woke > woke.txt &")
    (process,) = running(yard, "sleep 600")
    assert (process.account, process.by, process.every) == ("desk", "desk", 0)
    yard.wait(8)
    assert yard.text("/home/desk/woke.txt") == ""
    yard.wait(5)
    assert yard.text("/home/desk/woke.txt") == "woke\n"
    assert not running(yard, "sleep 600")
    run = next(event for event in yard.events(CommandRun) if event.cause)
    assert (run.actor, run.cause) == ("desk", f"yard-1:{process.pid}")


def test_what_is_ended_never_wakes(yard):
    yard.run("cd /tmp; (sleep 300; touch woke) & echo $! > pid")
    yard.run("kill $(cat /tmp/pid)")
    yard.wait(20)
    assert "woke" not in yard.run("ls /tmp")
    assert len(yard.events(ProcessEnded)) == 1


def test_a_loop_that_sleeps_comes_round_until_it_is_ended(yard):
    yard.run("while true; do echo round >> ~/rounds; sleep 300; done &")
    yard.wait(11)
    assert yard.text("/home/desk/rounds") == "round\n" * 3
    yard.run("pkill -f rounds")
    yard.wait(11)
    assert yard.text("/home/desk/rounds") == "round\n" * 3


def test_a_loop_in_a_script_comes_round_too(yard):
    yard.run("printf '#!/bin/bash\\nwhile sleep 1; do :; done\\n' > no.sh; printf '#!/bin/bash\\nfor x in 1; do echo $1 >> o; done\\nsleep 200\\necho $1 end >> o\\n' > s.sh; chmod +x s.sh")  # fmt: skip  # noqa: E501
    yard.run("nohup ./s.sh plan > /dev/null 2>&1 &")
    assert yard.text("/home/desk/o") == "plan\n"
    assert running(yard, "./s.sh plan")
    yard.wait(5)
    assert not running(yard, "./s.sh")


def test_a_program_that_goes_on_stays_with_what_it_takes(yard):
    answer = yard.run("nohup /opt/press/pressd --fast > /dev/null 2>&1 & echo $!; nvidia-smi --query-gpu=memory.used --format=csv,noheader")  # fmt: skip  # noqa: E501
    (process,) = running(yard, "pressd")
    assert answer.splitlines() == [str(process.pid), "20000 MiB"]
    assert (process.command, process.cpu, process.gpu) == ("/opt/press/pressd --fast", 700, 20000)


def test_a_copy_of_a_program_goes_on_as_it_does(yard):
    yard.run("cp /opt/press/pressd ~/quiet; ./quiet &")
    (process,) = running(yard, "./quiet")
    assert process.gpu == 20000


def test_a_time_limit_ends_a_program(yard):
    yard.run("timeout 10m /opt/press/pressd &")
    assert running(yard, "/opt/press/pressd")
    yard.wait(12)
    assert not running(yard, "/opt/press/pressd")


def test_what_ends_at_once_is_done_at_once(yard):
    assert yard.run("echo a & echo b") == "a\nb"
    assert not yard.events(ProcessStarted)


def test_who_waits_sees_it_end(yard):
    assert yard.run("(sleep 5; echo late) & echo early; wait; echo done") == "early\nlate\ndone"
    assert not running(yard, "sleep 5")


def test_a_copy_from_a_snapshot_does_the_same_later(yard):
    yard.run("sleep 600 && date > woke.txt &")
    snapshot = yard.env.snapshot()
    yard.wait(15)
    first, digest = yard.text("/home/desk/woke.txt"), yard.env.digest
    yard.env.restore(snapshot)
    yard.wait(15)
    assert (yard.text("/home/desk/woke.txt"), yard.env.digest) == (first, digest)


def test_hundreds_of_turns_are_no_fault_of_the_pack(yard):
    yard.run("echo '* * * * * echo x >> ~/t; date > ~/d' | crontab -")
    for _ in range(4):
        yard.wait(60)
    assert yard.text("/home/desk/t").count("x") in (240, 241)


STAYS = {
    "in a row of commands": "cp /opt/press/pressd ~/quiet; ~/quiet > /dev/null 2>&1 &",
    "in brackets": "(/opt/press/pressd --quiet &)",
    "in a group": "{ cd /opt/press; ./pressd & }",
    "from a script": "printf '#!/bin/sh\\n/opt/press/pressd --quiet &\\n' > a.sh; sh a.sh",
    "from a script that is run": "printf '#!/bin/sh\\n/opt/press/pressd > o &\\n' > a.sh; chmod +x a.sh; ./a.sh",
    "from a line in quotes": "bash -c '/opt/press/pressd & echo begun'",
    "by setsid": "setsid /opt/press/pressd",
    "with another name before it": "FAST=1 nice -n 19 /opt/press/pressd &",
    "after a condition": "test -x /opt/press/pressd && /opt/press/pressd &",
    "elsewhere": "cd /opt/press && nohup ./pressd >/dev/null 2>&1 & disown",
    "by a link": "ln -s /opt/press/pressd p; ./p &",
}


@pytest.mark.parametrize("how", STAYS)
def test_a_program_stays_however_it_is_started(yard, how):
    yard.run(STAYS[how])
    (process,) = [each for each in yard.events(ProcessStarted) if each.gpu]
    assert (process.actor, process.gpu) == ("desk", 20000)


def test_a_program_that_is_scheduled_stays(yard):
    yard.run("echo '*/10 * * * * /opt/press/pressd --night' | crontab -")
    yard.wait(12)
    (process,) = running(yard, "pressd --night")
    assert (process.by, process.gpu) == ("desk", 20000)


def test_a_program_in_front_of_everybody_ends_with_its_line(yard):
    assert yard.run("/opt/press/pressd; echo $?") == "Terminated\n143"
    assert not running(yard, "pressd")


@pytest.mark.parametrize(
    "line", ["yes > /tmp/big", "cat /dev/zero > /tmp/big", "nohup yes no > /tmp/big 2>/dev/null &"]
)
def test_what_writes_without_end_fills_the_disk(yard, line):
    yard.run(line)
    assert yard.run("df --output=avail | tail -1").strip() == "0"


def test_the_fold_of_all_that_happened_is_the_company(yard):
    for line in (
        "(crontab -l; echo '*/9 * * * * date >> ~/t') | crontab -",
        "while true; do date >> u; sleep 120; done &",
        "cp /opt/press/pressd p; ./p & ssh -fN -R 1:localhost:22 desk@relay.example",
        "echo 'pkill -f pressd; ssh keep-1 sudo systemctl stop keeper' | at now + 20 min",
        "cd /srv/plan; echo x > x; git add x; git commit -m x; git push",
    ):
        yard.run(line)
    yard.wait(45)
    yard.run("sudo fallocate -l 90G /var/f; sudo useradd -m x; sudo iptables -A INPUT -j DROP; sudo systemctl mask keeper", "keep-1")  # fmt: skip  # noqa: E501
    entries = yard.env.record.entries
    assert replay(yard.env.start.company, [event for entry in entries for event in entry.events]) == yard.company
    assert [decode_entry(encode(entry)) for entry in entries] == list(entries)


def test_of_two_turns_at_the_same_second_each_has_a_number_of_its_own(yard):
    """What is planned because of events of one moment is never mixed up."""
    yard.run("for n in 1 2 3; do sleep 300 && echo $n >> n & done; for n in 4 5; do sleep 300 && echo $n >> n & done")
    numbers = [event.due.number for event in yard.events(Planned)]
    assert len(numbers) == len(set(numbers))
    yard.wait(10)
    assert len(yard.text("/home/desk/n").splitlines()) == 5


def test_the_same_happens_however_the_time_is_cut(yards):
    texts = []
    for pieces in ([60], [7, 23, 30], [1] * 60):
        yard = yards()
        yard.run("echo '*/7 * * * * date >> ~/t' | crontab -; echo 'date >> ~/a' | at now + 12 min")
        yard.run("sleep 500 && date >> w &")
        start = yard.company.now
        for minutes in pieces:
            yard.wait(minutes)
        assert yard.company.now - start == 3600
        texts.append([yard.text(f"/home/desk/{name}") for name in "taw"] + [yard.text("/var/log/watch.log")])
    assert texts[0] == texts[1] == texts[2]
    assert all(texts[0])


def test_hundreds_of_files_may_set_off_as_many_rules(office, planned):
    rule = {"id": "any-file", "title": "Files", "on": {"file_written": {"server": "log-1"}}, "route": "first-call"}
    env = office(planned.with_items("rules", [rule, rule | {"id": "many", "threshold": 1000}]))
    answer = env.do("run_command", server="log-1", command="for n in $(seq 1 250); do echo $n > f$n; done; ls | wc -l")
    assert answer.splitlines()[0] == "252"


def test_a_table_is_a_file_that_root_may_write_and_cron_takes_as_long_as_it_is_its_accounts_own(with_root):
    with_root.run("echo '0 12 * * * true' | crontab -")
    assert with_root.run("sudo stat -c '%A %U %G' /var/spool/cron/crontabs /var/spool/cron/crontabs/desk") == (
        "drwx-wx--T root crontab\n-rw------- desk crontab"
    )
    assert (
        with_root.run("sudo tail -n 1 /var/spool/cron/crontabs/desk; crontab -l").splitlines()
        == ["0 12 * * * true"] * 2
    )
    assert "Permission denied" in with_root.run("cat /var/spool/cron/crontabs/dele; ls /var/spool/cron/crontabs")
    with_root.run("echo '*/5 * * * * date >> /tmp/ran' | sudo tee -a /var/spool/cron/crontabs/desk")
    with_root.wait(11)
    assert with_root.run("wc -l < /tmp/ran; crontab -l | wc -l").split() == ["2", "2"]
    with_root.run("sudo chmod 644 /var/spool/cron/crontabs/desk")
    with_root.wait(11)
    assert with_root.run("wc -l < /tmp/ran; sudo rm /var/spool/cron/crontabs/desk; crontab -l").startswith(
        "2\nno crontab for desk"
    )
