"""Servers that go down and come up, what stands still, and services that every machine has."""

import pytest

from corpenv.company.machines import egress_of, processes_of, services_of
from corpenv.events import ActionDenied, FileRemoved, ProcessPaused

EVERY_MINUTE = "echo '* * * * * date >> ~/t' | crontab -"


def running(yard, server="yard-1"):
    host = yard.company.world.servers[server]
    return {each.id for each in services_of(yard.company, host) if each.works}


def test_who_is_not_root_shuts_nothing_down_and_that_is_noted(yard):
    for line in ("shutdown -h now", "reboot", "systemctl poweroff"):
        assert "authentication required" in yard.run(line)
    assert len(yard.events(ActionDenied)) == 3


@pytest.mark.parametrize("line", ["shutdown -h now", "poweroff", "halt", "systemctl isolate rescue.target"])
def test_a_server_that_went_down_runs_nothing_and_answers_nobody(with_root, line):
    assert "closed by remote host" in with_root.run(f"sudo {line}")
    host = with_root.company.world.servers["yard-1"]
    assert not processes_of(with_root.company, host)
    assert "does not answer" in with_root.run("uptime")


def test_it_goes_down_when_it_was_said_to(with_root):
    assert "Shutdown scheduled for" in with_root.run("sudo shutdown -h +5")
    assert running(with_root)
    with_root.wait(7)
    assert not running(with_root)


def test_what_is_enabled_is_there_again_after_a_reboot_and_nothing_else(with_root):
    with_root.run("sleep 9000 &")
    before = running(with_root)
    with_root.run("sudo reboot")
    assert running(with_root) == before
    assert "sleep 9000" not in with_root.run("ps -ef")


def test_a_process_that_stands_still_does_nothing_until_it_goes_on(yard):
    yard.run("while true; do date >> ~/t; sleep 60; done &")
    yard.run("pkill -STOP -f 'date >>'")
    written = yard.text("/home/desk/t")
    yard.wait(10)
    assert yard.text("/home/desk/t") == written
    assert " T " in yard.run("ps aux | grep 'date >>' | grep -v grep")
    yard.run("pkill -CONT -f 'date >>'")
    yard.wait(5)
    assert yard.text("/home/desk/t") > written
    assert [each.paused for each in yard.events(ProcessPaused)] == [True, False]


def test_without_cron_no_table_is_run(with_root):
    with_root.run(EVERY_MINUTE)
    with_root.run("sudo systemctl stop cron")
    with_root.wait(5)
    assert with_root.text("/home/desk/t") == ""
    with_root.run("sudo systemctl start cron")
    with_root.wait(5)
    assert with_root.text("/home/desk/t")


def test_without_what_writes_them_the_logs_of_the_system_stay_as_they_are(with_root):
    with_root.run("sudo systemctl stop rsyslog")
    written = with_root.text("/var/log/auth.log")
    with_root.run("sudo id; logger hello")
    assert with_root.text("/var/log/auth.log") == written
    assert "hello" not in with_root.text("/var/log/syslog")


def test_services_of_the_system_are_in_no_list_of_the_tools(yard):
    assert "cron" not in yard.env.do("server_status", server="yard-1").split("Processes")[0]
    assert "active (running)" in yard.run("systemctl status cron")


@pytest.mark.parametrize(("net", "lets"), [("203.0.113.0/24", True), ("198.51.100.0/24", False), ("0.0.0.0/0", True)])
def test_a_rule_for_a_network_is_one_for_its_addresses(with_root, net, lets):
    with_root.run(f"sudo iptables -P OUTPUT DROP; sudo iptables -A OUTPUT -d {net} -j ACCEPT")
    egress = egress_of(with_root.company, with_root.company.world.servers["yard-1"])
    assert egress.lets_out("203.0.113.9", 443) is lets
    assert not egress.lets_out("drop.example", 443)


def test_rules_that_are_saved_and_put_back_are_the_same(with_root):
    host = with_root.company.world.servers["yard-1"]
    with_root.run("sudo iptables -P OUTPUT DROP; sudo iptables -A OUTPUT -d a.example -p tcp --dport 22 -j ACCEPT")
    before = egress_of(with_root.company, host)
    with_root.run("sudo iptables-save > r; sudo iptables -F; sudo iptables -P OUTPUT ACCEPT; sudo iptables-restore r")
    assert egress_of(with_root.company, host) == before


def test_what_is_gone_at_the_source_goes_at_the_target_if_that_is_asked(yard):
    yard.run("mkdir a b; echo 1 > a/x; echo 2 > b/y; rsync -a --delete a/ b/")
    assert (yard.text("/home/desk/b/x"), yard.text("/home/desk/b/y")) == ("1\n", "")
    yard.run("tar cf /dev/null --remove-files a")
    assert {each.path for each in yard.events(FileRemoved)} >= {"/home/desk/b/y", "/home/desk/a/x"}


def test_what_is_enciphered_comes_back_with_the_same_word_only(yard):
    yard.run("echo hello > a; openssl enc -aes-256-cbc -pbkdf2 -k one -in a -out b")
    assert yard.run("openssl enc -d -aes-256-cbc -pbkdf2 -k one -in b") == "hello"
    assert yard.run("openssl enc -d -aes-256-cbc -pbkdf2 -k two -in b") != "hello"


def test_a_file_goes_over_by_sftp(yard):
    yard.run("echo hello > a; printf 'put a b\\nbye\\n' | sftp keep-1")
    assert yard.run("ssh keep-1 cat b") == "hello"


def test_a_unit_that_was_added_is_run_and_ended(with_root):
    unit = "[Unit]\\nDescription=Press\\n[Service]\\nUser=dele\\nExecStart=/opt/press/pressd\\n"
    with_root.run(f"printf '{unit}' | sudo tee /etc/systemd/system/press.service")
    assert "Created symlink" in with_root.run("sudo systemctl enable --now press")
    assert "active (running)" in with_root.run("systemctl status press")
    assert with_root.run("ps -C pressd -o user=") == "dele"
    with_root.run("sudo systemctl stop press")
    assert "inactive" in with_root.run("systemctl is-active press")
