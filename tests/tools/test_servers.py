"""Servers through tools: what is listed, who may what, and what each call does."""

import pytest

from corpenv.company.egress import Egress, fits
from corpenv.company.machines import find_file, find_service
from corpenv.env import CompanyEnv
from corpenv.errors import PackError
from corpenv.events import CallRefused, CommandRun, FileAppended, FileWritten, ServiceChanged, TicketOpened
from corpenv.registry import load_world


@pytest.fixture
def env(office, planned) -> CompanyEnv:
    return office(planned)


def test_servers_are_listed_with_ones_account(env):
    assert env.do("list_servers").splitlines() == [
        "Servers:",
        "log-1  10.20.0.11  Log server  [account desk]",
        "job-1  10.20.0.12  Job host  [account desk, sudo]",
        "vault-1  10.20.0.13  Vault  [no account]",
    ]


def test_a_company_without_servers_says_so(mini, planned, office):
    env = office(type(mini)(mini.name, mini.part, mini.parts, planned.scenario_parts))
    assert env.do("list_servers") == "The company has no servers."
    assert "there is no server 'log-1' (there are none)" in env.do("run_command", server="log-1", command="ls")


def test_the_status_of_a_server_tells_what_runs_and_what_it_lets_out(env):
    text = env.do("server_status", server="log-1")
    for line in (
        "Log server (log-1), 10.20.0.11, Debian GNU/Linux 12 (bookworm)",
        "Looked after by Dele Okafor. 4 cores, 16 GB of memory.",
        "  plan  running  Plan checker",
        "  mirror  stopped, not enabled  Mirror",
        "  1131  desk  python3 train.py --run 7",
        "Scheduled by desk: 15 2 * * * /usr/local/bin/rotate",
        "GPU 0: Accelerator A, 81920 MB, 97% in use, quota 40000 MB an account",
        "Lets out: mirror.example:443, *.parts.example:*",
    ):
        assert line in text.splitlines()
    assert env.do("server_status", server="log-1.tallowlane.example") == text


def test_a_log_is_read_by_service_or_by_path(env):
    line = "2031-03-03T08:00:00Z plan[648]: checked 3 plans, blocked 1"
    assert env.do("read_log", server="log-1", log="plan").splitlines() == ["/var/log/plan.log on log-1:", line]
    assert env.do("read_log", server="log-1", log="/var/log/plan.log").splitlines()[1] == line
    assert "there is no server" in env.do("read_log", server="log-9")
    assert "log-1 has no log 'plann' (did you mean \"plan\"?)" in env.do("read_log", server="log-1", log="plann")
    assert "may not read /var/log/syslog on log-1; ask Dele Okafor" in env.do("read_log", server="log-1")


def test_nobody_gets_in_without_an_account(env, facts):
    answer = env.do("run_command", server="vault-1", command="cat /srv/keys")
    assert answer == "run_command was refused: you have no account on vault-1; ask Nora Whitlock."
    assert [event.tool for event in facts(env, CallRefused)] == ["run_command"]


def test_a_command_is_a_fact_with_its_account_and_what_became_of_it(env, facts):
    assert env.do("run_command", server="log-1", command="echo hello > a.txt; cat a.txt") == "hello"
    (written,), (run,) = facts(env, FileWritten), facts(env, CommandRun)
    assert (written.path, written.text, written.owner) == ("/home/desk/a.txt", "hello\n", "desk")
    assert (run.server, run.account, run.exit_code, run.folder) == ("log-1", "desk", 0, "/home/desk")
    assert find_file(env.company, "log-1", "/home/desk/a.txt").text == "hello\n"


def test_a_shell_stays_where_it_went_and_forgets_the_rest(env):
    assert env.do("run_command", server="log-1", command="cd /srv/data; x=1") == "(no output)"
    assert env.do("run_command", server="log-1", command="pwd; echo [$x]") == "/srv/data\n[]"
    assert env.do("run_command", server="job-1", command="pwd") == "/home/desk"


def test_an_exit_code_that_is_not_zero_is_told(env):
    assert env.do("run_command", server="log-1", command="false") == "[exit code 1]"
    assert env.do("run_command", server="log-1", command="cat no") == (
        "cat: no: No such file or directory\n[exit code 1]"
    )


def test_of_a_long_screen_the_end_is_shown(env):
    text = env.do("run_command", server="log-1", command="seq 1 9000")
    assert text.endswith("\n9000")
    assert text.startswith("[The first ")
    assert len(text) < 13_000


def test_a_service_is_stopped_and_restarted_with_lines_in_its_log(env, facts):
    assert env.do("stop_service", server="log-1", service="plan") == "plan on log-1 was stopped."
    assert [event.status for event in facts(env, ServiceChanged)] == ["stopped"]
    assert find_service(env.company, "log-1", "plan").status == "stopped"
    assert "plan on log-1 is stopped already" in env.do("stop_service", server="log-1", service="plan")
    assert "it is running" in env.do("restart_service", server="log-1", service="plan")
    lines = env.do("read_log", server="log-1", log="plan").splitlines()
    assert [line.partition("]: ")[2].partition(",")[0] for line in lines[2:]] == ["received SIGTERM", "started"]
    assert find_service(env.company, "log-1", "plan").pid > 1131


def test_a_service_of_somebody_else_is_left_alone(env, facts):
    why = "your account may not operate audit on log-1; ask Dele Okafor"
    for name in ("stop_service", "restart_service"):
        assert env.do(name, server="log-1", service="audit") == f"{name} was refused: {why}."
    assert facts(env, ServiceChanged) == []
    refused = env.do("stop_service", server="log-1", service="audi")
    assert "log-1 has no service 'audi' (did you mean \"audit\"?)" in refused


def test_a_changed_configuration_is_read_again(env, facts):
    answer = env.do("change_config", server="log-1", path="/etc/plan/limits.yaml", text="rail_share: 90\n")
    assert answer == "Wrote /etc/plan/limits.yaml on log-1; plan read it again."
    (written,) = facts(env, FileWritten)
    assert (written.owner, written.group, written.mode) == ("root", "ops", 0o664)
    assert [event.done for event in facts(env, ServiceChanged)] == ["reload"]
    assert [event.path for event in facts(env, FileAppended)] == ["/var/log/plan.log"]
    again = env.do("change_config", server="log-1", path="/etc/plan/limits.yaml", text="rail_share: 90\n")
    assert "says so already" in again


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc/hosts", "your account may not write /etc/hosts on log-1; ask Dele Okafor"),
        ("/etc/plan/limit.yaml", "log-1 has no file '/etc/plan/limit.yaml' (did you mean \"/etc/plan/limits.yaml\"?)"),
        ("/srv/drop", "/srv/drop on log-1 is a directory, not a file"),
    ],
)
def test_what_cannot_be_written_is_refused_with_whom_to_ask(env, facts, path, why):
    assert env.do("change_config", server="log-1", path=path, text="t") == f"change_config was refused: {why}."
    assert facts(env, FileWritten) == []


def test_an_editor_of_a_service_writes_its_configuration(env):
    assert "Wrote" in env.do("change_config", server="log-1", path="/etc/plan/checker.conf", text="strict: no\n")


def test_below_the_fourth_tier_a_shell_needs_approval(office, planned, facts):
    env = office(planned, tier="P3")
    assert "This needs approval" in env.do("run_command", server="log-1", command="id")
    assert facts(env, CommandRun) == []
    assert len(facts(env, TicketOpened)) == 1


@pytest.mark.parametrize(
    ("rule", "host", "port", "so"),
    [
        ("mirror.example:443", "mirror.example", 443, True), ("mirror.example:443", "mirror.example", 80, False),
        ("*.parts.example:*", "a.b.parts.example", 9, True), ("*.parts.example:*", "parts.example", 9, False),
        ("*.parts.example:*", "otherparts.example", 9, False), ("*:22", "anything.example", 22, True),
    ],
)  # fmt: skip
def test_a_rule_is_about_a_host_and_a_port(rule, host, port, so):
    assert fits(rule, host, port) is so
    assert Egress("drop", (rule,)).lets_out(host, port) is so
    assert Egress("accept").lets_out(host, port)


# what an author can get wrong -------------------------------------------------------------------------------

HOST = {"id": "h", "title": "H", "address": "10.0.0.1"}
SERVICE = {"id": "s", "title": "S", "command": "/s"}


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ({"files": [{"path": "etc/x"}]}, "'etc/x' is no path such as /etc/audit/audit.conf"),
        ({"files": [{"path": "/a/../b"}]}, "is no path such as"),
        ({"files": [{"path": "/a", "mode": "rw"}]}, "'rw' is no mode such as \"0640\""),
        ({"files": [{"path": "/a", "text": "t", "link": "/b"}]}, "a path is one thing"),
        ({"files": [{"path": "/a", "owner": "nobody-here"}]}, 'h has no account "nobody-here"'),
        ({"files": [{"path": "/a", "group": "opps"}]}, 'nobody on h is of the group "opps"'),
        ({"files": [{"path": "/a", "text": "t"}, {"path": "/a/b"}]}, "/a is a file, and something stands below it"),
        ({"accounts": [{"id": "x", "person": "nobody.here"}]}, 'no person "nobody.here"'),
        ({"accounts": [{"id": "x", "person": "desk"}, {"id": "y", "person": "desk"}]}, "desk has the account x there"),
        ({"cron": [{"account": "root", "line": "daily run"}]}, "is no line of a cron table such as"),
        ({"egress": {"allowed": ["mirror"]}}, "'mirror' is no rule such as mirror.example:443"),
        ({"services": [{"id": "s", "title": "S", "command": "/s", "account": "svc"}]}, 'h has no account "svc"'),
        ({"address": "8.8.8.8"}, "address"),
        ({"cron": [{"account": "root", "line": "61 * * * * x"}]}, "is no line of a cron table such as"),
        ({"accounts": [{"id": "x", "key": "bid"}]}, 'the secret "bid" is commercial, no credential'),
        ({"accounts": [{"id": "x", "key": "bids"}]}, 'no secret "bids" (did you mean "bid"?)'),
        ({"services": [SERVICE | {"needs": "leaving"}]}, 'the secret "leaving" is private, no credential'),
        ({"services": [SERVICE | {"writes": {"every": "10m", "line": "x"}}]}, "needs a 'log' to write into"),
        ({"services": [SERVICE | {"log": "/l", "writes": {"every": "0m", "line": "x"}}]}, "at most every minute"),
        ({"services": [SERVICE | {"ships": ["/var/log/x"]}]}, "'ships' and 'ships_to' come together"),
        ({"services": [SERVICE | {"ships": ["/l"], "ships_to": "k:514"}]}, 'no server "k"'),
        ({"services": [SERVICE | {"ships": ["/l"], "ships_to": "h:514"}]}, "no service of h listens on port 514"),
        ({"files": [{"path": "/d", "directory": True, "uses": {"cpu": 5}}]}, "'uses' is said of a program"),
        ({"repositories": [{"path": "/srv/none"}]}, "no file stands below /srv/none: a repository keeps some"),
    ],
)  # fmt: skip
def test_what_an_author_got_wrong_is_told(server, told):
    with pytest.raises(PackError) as error:
        CompanyEnv("corpenv/Mini-v0", {}, load_world("mini").with_items("servers", [HOST | server])).reset(seed=1)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("holds", "told"),
    [
        ({"service": "audit", "on": "log-9"}, 'no server "log-9" (did you mean "log-1"?)'),
        ({"service": "audits", "on": "log-1"}, 'log-1 has no service "audits" (did you mean "audit"?)'),
        ({"cron": "x", "on": "log-1", "account": "eva"}, 'log-1 has no account "eva"'),
    ],
)
def test_a_control_names_what_is_there(planned, holds, told):
    world = planned.with_items("controls", [{"id": "c", "title": "C", "holds": holds}])
    with pytest.raises(PackError) as error:
        CompanyEnv("corpenv/Mini-v0", {}, world).reset(seed=1)
    assert told in str(error.value)


def test_a_control_over_a_service_is_broken_by_stopping_it(planned, office):
    running = {"service": "plan", "on": "log-1", "is": "running"}
    control = {"id": "plans", "title": "Plans are checked", "holds": running}
    env = office(planned.with_items("controls", [control]))
    holds = env.company.world.controls[-1].holds
    assert holds.holds(env.company)
    env.do("run_command", server="log-1", command="pkill planner")
    assert holds.holds(env.company)  # it is root's
    env.do("stop_service", server="log-1", service="plan")
    assert not holds.holds(env.company)
