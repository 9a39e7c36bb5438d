"""Two logs of one connection: the host's says who, the gateway's says where."""

import pytest

from corpenv.company.machines import find_file
from corpenv.errors import PackError
from corpenv.events import FileWritten
from corpenv.registry import load_world
from corpenv.shell import Seat, Session
from corpenv.shell.flows import connect
from corpenv.shell.operating import operate

HOSTS = [
    {"id": "gate", "title": "Gateway", "address": "10.0.0.1",
     "services": [{"id": "flowlog", "title": "Log of what leaves", "command": "/opt/flowlog", "log": "/var/log/flow"}]},
    {"id": "job", "title": "Job host", "address": "10.0.0.2", "accounting": "/var/log/acct",
     "accounts": [{"id": "desk", "person": "desk"}, {"id": "dele", "person": "dele.okafor"}],
     "files": [{"path": "/var/log/acct"}],
     "egress": {"policy": "drop", "allowed": ["mirror.example:443"], "log": "gate:/var/log/flow"}},
    {"id": "plain", "title": "Another", "address": "10.0.0.3", "accounts": [{"id": "desk", "person": "desk"}]},
]  # fmt: skip


@pytest.fixture(scope="module")
def hosts(mini, office):
    return office(mini.with_items("servers", HOSTS)).company


def logs(company, host, port, login="desk", server="job", meanwhile=lambda session: None):
    """What a connection adds to the log of the gateway and to that of the host."""
    session = Session(company, "desk")
    meanwhile(session)
    there = company.world.servers[server]
    before = [read(session.company, *each) for each in (("gate", "/var/log/flow"), (server, "/var/log/acct"))]
    connect(Seat(session, there, there.logins[login]), host, port, "ssh" if port == 22 else "https")
    after = [read(session.company, *each) for each in (("gate", "/var/log/flow"), (server, "/var/log/acct"))]
    return tuple(new.removeprefix(old) for old, new in zip(before, after, strict=True))


def read(company, server, path):
    file = find_file(company, server, path)
    return company.text(file.text) if file else ""


def test_what_passes_is_noted_by_address_and_port_without_a_name(hosts):
    where, who = logs(hosts, "mirror.example", 443)
    address = where.split(" > ")[1].removesuffix(":443\n")
    assert where == f"Mar  4 08:30:00 gate egress: PASS 10.0.0.2 > {address}:443\n"
    assert address.startswith("203.0.113.")
    assert who == "Mar  4 08:30:00 job netacct: uid=1000(desk) https\n"


def test_what_is_dropped_is_noted_too(hosts):
    assert "egress: DROP 10.0.0.2 > " in logs(hosts, "elsewhere.example", 443)[0]


def test_what_stays_inside_never_comes_by_the_gateway(hosts):
    where, who = logs(hosts, "plain", 22)
    assert where == ""
    assert who.endswith("netacct: uid=1000(desk) ssh\n")


def test_a_name_that_nobody_knows_leads_nowhere(hosts):
    assert logs(hosts, "plain.tallowlane.example.", 22)[0] == ""


@pytest.mark.parametrize("verb", ["stop", "restart"])
def test_the_gateway_writes_while_its_service_runs(hosts, verb):
    gate = hosts.world.servers["gate"]
    where, _ = logs(
        hosts, "mirror.example", 443, meanwhile=lambda session: operate(session, gate, "flowlog", verb)
    )  # fmt: skip
    assert bool(where) is (verb == "restart")


def test_a_link_in_the_place_of_a_log_takes_no_line(hosts):
    link = {"text": "/dev/null", "sort": "link", "owner": "root"}

    def linked(session):
        for server, path in (("gate", "/var/log/flow"), ("job", "/var/log/acct")):
            session.do(FileWritten, server=server, path=path, **link)

    assert logs(hosts, "mirror.example", 443, meanwhile=linked) == ("", "")


def test_two_accounts_differ_on_the_host_alone(hosts):
    (where, who), (elsewhere, other) = (logs(hosts, "mirror.example", 443, login) for login in ("desk", "dele"))
    assert (where == elsewhere, who == other) == (True, False)


def test_a_server_that_keeps_neither_log_writes_none(hosts):
    assert logs(hosts, "mirror.example", 443, server="plain") == ("", "")


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("gatt:/var/log/flow", 'egress.log: no server "gatt" (did you mean "gate"?)'),
        ("/var/log/flow", "is no log of a server such as gate-1:/var/log/egress.log"),
        ("gate:var/log", "is no path such as"),
    ],
)
def test_a_log_that_is_nowhere_is_a_mistake_of_the_pack(office, log, told):
    wrong = [{**each, "egress": {"log": log}} if each["id"] == "job" else each for each in HOSTS]
    with pytest.raises(PackError, match=r"(?s)egress") as caught:
        office(load_world("mini").with_items("servers", wrong))
    assert told in str(caught.value)
