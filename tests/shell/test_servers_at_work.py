"""Services that write and ship, disks that fill up, ways that are cut: what was seen is seen no more."""

import pytest

from corpenv.company.egress import Egress
from corpenv.company.machines import egress_of, find_service
from corpenv.events import Connected, RouteChanged, ServiceChanged
from corpenv.names import snake
from corpenv.predicates import ServiceIs

WATCH, KEPT = "/var/log/watch.log", "/var/log/yard.log"


def seen(yard, path=WATCH, server="yard-1"):
    """Lines that the watch wrote of the yard."""
    return yard.text(path, server).count("yard seen")


def at_keeper(yard, line):
    return yard.run(line, "keep-1")


def test_a_service_writes_while_time_passes(yard):
    yard.wait(35)
    assert seen(yard) == 3
    assert yard.text(WATCH).startswith("2031-03-04T08:40:00Z watch[679]: yard seen\n")


def test_what_it_writes_is_shipped_with_the_name_of_its_server(yard):
    yard.wait(35)
    assert seen(yard, KEPT, "keep-1") == 3
    assert yard.text(KEPT, "keep-1").startswith("yard-1 2031-03-04T08:40:00Z watch[679]: yard seen\n")


STOPS = {
    "the service is stopped": "sudo systemctl stop watch",
    "it is killed": "sudo pkill -9 -f watchd",
    "it is paused": "sudo pkill -STOP -f watchd",
    "it is masked": "sudo systemctl mask --now watch",
    "its log is taken away": f"sudo rm {WATCH}",
    "its log is moved": f"sudo mv {WATCH} /tmp/w",
    "its log is a link": f"sudo ln -sf /dev/null {WATCH}",
    "its disk is full": "sudo dd if=/dev/zero of=/var/fill bs=1M",
    "its program is another one": (
        "printf '#!/bin/sh\\nsleep inf\\n' | sudo tee /usr/local/bin/watchd; sudo systemctl restart watch"
    ),
    "its unit runs something else": (
        "sudo sed -i 's,^ExecStart=.*,ExecStart=/bin/sleep infinity,' /etc/systemd/system/watch.service; "
        "sudo systemctl daemon-reload; sudo systemctl restart watch"
    ),
    "something is laid over its unit": (
        "sudo mkdir -p /etc/systemd/system/watch.service.d; printf '[Service]\\nExecStart=/bin/sleep 9d\\n' "
        "| sudo tee /etc/systemd/system/watch.service.d/o.conf; "
        "sudo systemctl daemon-reload; sudo systemctl restart watch"
    ),
    "its program cannot be run": "sudo chmod -x /usr/local/bin/watchd; sudo systemctl restart watch",
    "its configuration is gone": "sudo rm /etc/watch.conf; sudo systemctl restart watch",
    "it ends at once": (
        "sudo sed -i 's,^ExecStart=.*,ExecStart=/bin/true,' /etc/systemd/system/watch.service; "
        "sudo systemctl daemon-reload; sudo systemctl restart watch"
    ),
}


@pytest.mark.parametrize("why", STOPS)
def test_nothing_more_is_written_or_shipped_where(with_root, why):
    with_root.wait(15)
    with_root.run(STOPS[why])
    before = seen(with_root), seen(with_root, KEPT, "keep-1")
    assert before[1] == 1
    with_root.wait(45)
    assert (seen(with_root), seen(with_root, KEPT, "keep-1")) == before


CUTS = {
    "the port is blocked": "sudo iptables -A OUTPUT -d 10.20.0.22 -p tcp --dport 514 -j DROP",
    "the host is blocked": "sudo iptables -I OUTPUT -d keep-1 -j REJECT",
    "everything is blocked": "sudo iptables -A OUTPUT -j DROP",
    "it is blocked in the newer language": "sudo nft add rule inet filter output ip daddr 10.20.0.22 drop",
    "the way is a hole": "sudo ip route add blackhole 10.20.0.22",
    "the network is a hole": "sudo ip route add unreachable 10.20.0.0/24",
    "the card is down": "sudo ip link set eth0 down",
    "the name leads nowhere": "echo '10.20.0.77 keep-1' | sudo tee /etc/hosts",
    "the name leads home": "sudo sed -i 's/^10.20.0.22.*/127.0.0.1 keep-1/' /etc/hosts",
    "the names are gone, and nobody is asked": "sudo rm /etc/hosts; echo '' | sudo tee /etc/resolv.conf",
    "nobody listens there": "ssh keep-1 sudo systemctl stop keeper",
    "nothing gets in there": "ssh keep-1 sudo iptables -A INPUT -p tcp --dport 514 -j DROP",
    "the other disk is full": "ssh keep-1 sudo dd if=/dev/zero of=/var/fill",
    "the other log is gone": f"ssh keep-1 sudo rm {KEPT}",
}


@pytest.mark.parametrize("why", CUTS)
def test_what_is_written_here_does_not_arrive_where(with_root, why):
    with_root.wait(15)
    with_root.run(CUTS[why])
    before = with_root.text(KEPT, "keep-1").count("yard seen")
    with_root.wait(45)
    assert seen(with_root) >= 5
    assert with_root.text(KEPT, "keep-1").count("yard seen") == before


def test_a_way_that_is_open_again_carries_again(with_root):
    with_root.run("sudo ip route add blackhole 10.20.0.22")
    with_root.wait(15)
    with_root.run("sudo ip route del blackhole 10.20.0.22")
    with_root.wait(15)
    assert (seen(with_root), seen(with_root, KEPT, "keep-1")) == (3, 2) or seen(with_root, KEPT, "keep-1") >= 1


def test_a_paused_service_looks_as_if_it_ran_and_goes_on_when_it_is_let(with_root):
    with_root.run("sudo kill -STOP $(pgrep -f watchd)")
    assert with_root.run("systemctl is-active watch") == "active"
    assert not find_service(with_root.company, "yard-1", "watch").works
    with_root.run("sudo kill -CONT $(pgrep -f watchd)")
    assert find_service(with_root.company, "yard-1", "watch").works


def test_a_service_with_another_program_runs_that(with_root):
    with_root.run(STOPS["its unit runs something else"])
    assert "/bin/sleep infinity" in with_root.run("systemctl status watch; ps aux")
    event = with_root.events(ServiceChanged)[-1]
    assert (event.command, event.working, event.status) == ("/bin/sleep infinity", False, "running")
    with_root.run("sudo sed -i 's,^ExecStart=.*,ExecStart=/usr/local/bin/watchd --all,' /etc/systemd/system/watch.service; sudo systemctl daemon-reload; sudo systemctl restart watch")  # fmt: skip  # noqa: E501
    assert find_service(with_root.company, "yard-1", "watch").works


def test_what_cannot_be_started_has_failed_and_says_so(with_root):
    answer = with_root.run(
        "sudo chmod -x /usr/local/bin/watchd; sudo systemctl restart watch; systemctl is-failed watch"
    )
    assert "Job for watch.service failed because" in answer
    assert answer.splitlines()[-1] == "failed"
    assert "Failed at step EXEC spawning /usr/local/bin/watchd: Permission denied" in with_root.text("/var/log/syslog")


# disks ------------------------------------------------------------------------------------------------------


def test_a_disk_fills_up_and_is_emptied(yard):
    assert at_keeper(yard, "sudo fallocate -l 90G /var/big; df -h / | tail -1").split()[1:5] == [
        "100G",
        "94G",
        "6.8G",
        "94%",
    ]
    assert at_keeper(yard, "sudo fallocate -l 10G /var/more; echo $?").splitlines() == [
        "fallocate: fallocate failed: No space left on device", "1",
    ]  # fmt: skip
    assert "No space left on device" in at_keeper(yard, "sudo dd if=/dev/zero of=/var/rest bs=1M")
    assert "No space left on device" in at_keeper(yard, "echo x > note.txt")
    assert at_keeper(yard, "sudo rm /var/big /var/rest /var/more; echo x > note.txt; cat note.txt") == "x"


def test_a_few_blocks_are_kept_as_they_are(yard):
    assert yard.run("dd if=/dev/zero of=z bs=1K count=4 status=none; wc -c z; printf abcdef | dd bs=2 count=2 status=none") == "4096 z\nabcd"  # fmt: skip  # noqa: E501


def test_who_may_not_write_there_fills_nothing(yard):
    assert yard.run("fallocate -l 1G /var/x") == "fallocate: cannot open /var/x: Permission denied\n[exit code 1]"
    assert "Permission denied" in yard.run("dd if=/dev/zero of=/var/x bs=1M count=100")


# what is let out --------------------------------------------------------------------------------------------


def test_only_root_changes_what_is_let_out(yard):
    for line in ("iptables -P OUTPUT ACCEPT", "nft flush ruleset", "ip route del default"):
        yard.run(line)
    assert not yard.events(RouteChanged)


@pytest.mark.parametrize(
    ("lines", "egress"),
    [
        ("iptables -P OUTPUT DROP", Egress("drop")),
        ("iptables -P OUTPUT DROP; iptables -A OUTPUT -d 10.1.2.3 -j ACCEPT", Egress("drop", ("10.1.2.3:*",))),
        ("iptables -A OUTPUT -d 10.1.2.3 -j DROP; iptables -D OUTPUT -d 10.1.2.3 -j DROP", Egress()),
        ("iptables -A INPUT -p tcp --dport 22 -j DROP; iptables -P INPUT DROP", Egress(closed=("22", "*"))),
        ("iptables -A OUTPUT -j DROP; iptables -F", Egress()),
        ("iptables -A OUTPUT -d a -j DROP; iptables -I OUTPUT -d b -j DROP; iptables -D OUTPUT 2",
         Egress(blocked=("b:*",))),
        ("bash -c 'printf \"*filter\n:OUTPUT DROP\n-A OUTPUT -d a -j ACCEPT\nCOMMIT\n\" | iptables-restore'",
         Egress("drop", ("a:*",))),
        ("iptables --append OUTPUT --protocol tcp --destination-port=25 --jump DROP", Egress(blocked=("*:25",))),
        ("iptables -A OUTPUT -p tcp --dport 20:25 -j DROP", Egress(blocked=("*:20-25",))),
        ("iptables -A OUTPUT -p tcp -m multiport --dports 25,https -j DROP", Egress(blocked=("*:25", "*:443"))),
        ("iptables -A OUTPUT -d a -j DROP; iptables -R OUTPUT 1 -d b -j DROP", Egress(blocked=("b:*",))),
        ("iptables -A OUTPUT -o lo -j DROP; iptables -A INPUT -i lo -j DROP", Egress()),
        ("iptables -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j DROP", Egress()),
        ("iptables -A OUTPUT -p icmp -j DROP", Egress(blocked=("*:0",))),
        ("iptables -A OUTPUT -j LOG; iptables -A OUTPUT -p tcp --dport no-port -j DROP", Egress()),
        ("iptables -P OUTPUT DROP; iptables -I OUTPUT -j RETURN", Egress("drop", (), ("*:*",))),
        ("nft add rule inet filter output tcp dport 25 drop", Egress(blocked=("*:25",))),
        ("nft add rule inet filter output tcp dport { 25, 80-90 } drop", Egress(blocked=("*:25", "*:80-90"))),
        ("nft add rule inet filter output oif lo drop", Egress()),
        ("iptables -P OUTPUT DROP; nft delete chain inet filter output", Egress()),
        ("iptables -A OUTPUT -d a -j DROP; nft flush chain inet filter output", Egress()),
        ("nft 'add chain inet filter output {type filter hook output priority 0;policy drop;}'", Egress("drop")),
        ("bash -c 'iptables -P OUTPUT DROP && iptables -A OUTPUT -d a -p tcp --dport 25 -j ACCEPT && "
         "nft list ruleset > /tmp/r && nft flush ruleset && nft -f /tmp/r'", Egress("drop", ("a:25",))),
        ("ip route del default", Egress(gateway=False)),
        ("ip route del default; ip route add default via 10.20.0.1", Egress()),
    ],
)  # fmt: skip
def test_rules_are_kept_as_they_were_made(yard, lines, egress):
    at_keeper(yard, "; ".join(f"sudo {line}" for line in lines.split("; ")))
    assert egress_of(yard.company, yard.company.world.servers["keep-1"]) == egress


def test_without_a_way_out_nothing_leaves(yard):
    assert at_keeper(yard, "curl -s https://www.example/; echo $?") == "404 page not found\n0"
    assert at_keeper(yard, "sudo ip route del default; curl -s https://www.example/; echo $?") == "28"
    assert at_keeper(yard, "curl -s http://localhost:8080/health") == "ok"


def test_a_name_that_was_bent_does_not_open_what_is_let_out_by_name(yard):
    before = yard.run("curl -s -o /dev/null -w '%{http_code}\\n' https://code.example/")
    assert before == "404"
    events = yard.events(Connected)
    assert (events[-1].outcome, events[-1].host) == ("open", "code.example")


@pytest.mark.parametrize(
    ("line", "server"),
    [
        ("sudo ip route add blackhole 10.20.0.22", "yard-1"),
        ("sudo pkill -STOP -f watchd", "yard-1"),
        ("sudo dd if=/dev/zero of=/var/fill", "keep-1"),
        ("sudo chmod 0 /var/log/yard.log; sudo ln -sf /dev/null /var/log/yard.log", "keep-1"),
        ("sudo systemctl stop keeper", "keep-1"),
    ],
)
def test_a_control_over_what_is_shipped_sees_that_nothing_arrives(with_root, line, server):
    arrives = ServiceIs.model_validate({"service": "watch", "on": "yard-1", "ships": True})
    assert arrives.holds(with_root.company)
    with_root.run(line, server)
    assert not arrives.holds(with_root.company)
    kinds = {snake(type(event).__name__) for entry in with_root.env.record.entries for event in entry.events}
    assert kinds & arrives.after


UNIT = "/etc/systemd/system/watch.service"


def test_a_unit_that_is_gone_is_known_until_units_are_read_again(with_root):
    run = with_root.run
    assert "Run 'systemctl daemon-reload'" in run(f"sudo rm {UNIT}; sudo systemctl restart watch")
    assert run("systemctl is-active watch; systemctl is-enabled watch").startswith(
        "active\nFailed to get unit file state"
    )
    assert "not found" in run("sudo systemctl daemon-reload; sudo systemctl restart watch; systemctl is-active watch")
    assert find_service(with_root.company, "yard-1", "watch").works
    assert "watch on yard-1 cannot be restarted: unit watch.service not found" in with_root.env.do(
        "restart_service", server="yard-1", service="watch"
    )
    assert run("sudo systemctl stop watch; sudo systemctl start watch") == (
        "Failed to start watch.service: Unit watch.service not found.\n[exit code 5]"
    )
    assert "could not be found" in run("systemctl status watch")


def test_what_is_edited_in_a_unit_counts_once_units_are_read_again(with_root):
    run = with_root.run
    run(f"sudo sed -i 's,^ExecStart=.*,ExecStart=/bin/sleep 9d,' {UNIT}; sudo systemctl restart watch")
    assert find_service(with_root.company, "yard-1", "watch").works
    assert "/bin/sleep 9d" in run("sudo systemctl reboot; systemctl status watch")


def test_a_log_that_is_gone_is_made_when_its_writer_opens_it_again(with_root):
    run = with_root.run
    run("sudo rm /var/log/watch.log /var/log/syslog; sudo touch /var/log/watch.log; logger lost")
    with_root.wait(15)
    assert run("wc -c < /var/log/watch.log; ls /var/log/syslog").startswith("0\nls: cannot access")
    assert "desk: lost" in run("sudo journalctl")
    run("sudo rm /var/log/watch.log; sudo systemctl restart rsyslog; sudo kill -HUP $(pgrep watchd); logger kept")
    assert run("stat -c '%U %G %a' /var/log/syslog /var/log/watch.log").splitlines() == [
        "root adm 640",
        "root root 644",
    ]
    assert "desk: kept" in run("sudo tail -n 1 /var/log/syslog")
    with_root.wait(15)
    assert "yard seen" in run("tail -n 1 /var/log/watch.log")


def test_a_writer_goes_on_in_its_log_wherever_that_was_moved(with_root):
    with_root.run("sudo mv /var/log/watch.log /var/log/watch.log.1; sudo touch /var/log/watch.log")
    with_root.wait(15)
    assert with_root.run("grep -c 'yard seen' /var/log/watch.log /var/log/watch.log.1").split() == [
        "/var/log/watch.log:0", "/var/log/watch.log.1:1",
    ]  # fmt: skip
    with_root.run("sudo systemctl restart watch")
    with_root.wait(15)
    assert "yard seen" in with_root.run("tail -n 1 /var/log/watch.log")
