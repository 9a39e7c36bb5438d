"""What stands in the logs of who came in before an episode begins: people of the server, and its scheduled jobs."""

import re

ACCEPTED = re.compile(r"sshd\[(\d+)\]: Accepted publickey for (\S+) from (\S+) port \d+ ssh2: ED25519 SHA256:\S{43}")
AS_ROOT = re.compile(r"sudo: +(\S+) : TTY=pts/0 ; PWD=/home/\1 ; USER=root ; COMMAND=/\S+")
OPENED = re.compile(r"(CRON|sshd)\[(\d+)\]: pam_unix\(\w+:session\): session (opened|closed) for user (\w+)")


def logged(company, name):
    server = company.world.servers[name]
    return server, company.text(server.files["/var/log/auth.log"].text)


def test_people_who_have_an_account_came_and_only_those_did_something_as_root_who_can(yards):
    came, as_root = set(), set()
    for name in ("yard-1", "keep-1"):
        server, text = logged(yards().company, name)
        came |= {account for _, account, _ in ACCEPTED.findall(text)}
        as_root |= set(AS_ROOT.findall(text))
        assert all(server.logins[account].sudo for account in AS_ROOT.findall(text))
    assert came == as_root == {"dele"}  # the desk is no person, and nobody has the account of the ships


def test_every_session_that_was_opened_was_closed_and_nothing_is_of_the_episodes_time(yards):
    company = yards().company
    _, text = logged(company, "yard-1")
    sessions = OPENED.findall(text)
    assert len(sessions) > 80
    assert sorted(each[:2] for each in sessions if each[2] == "opened") == sorted(
        each[:2] for each in sessions if each[2] == "closed"
    )
    assert {account for sort, _, _, account in sessions if sort == "CRON"} == {"root", "dele"}
    assert "Mar  4 00:00" < text.splitlines()[-1] < "Mar  4 08:30"


def test_the_log_of_an_episode_goes_on_where_the_days_before_end(yard):
    _, before = logged(yard.company, "yard-1")
    yard.wait(20)
    after = yard.text("/var/log/auth.log")
    assert after.startswith(before)
    assert re.findall(r"CRON\[\d+\]: pam_unix\(cron:session\): session (\w+) for user dele", after[len(before) :]) == [
        "opened", "closed", "opened", "closed",
    ]  # fmt: skip
