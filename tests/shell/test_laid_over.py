"""What is mounted over folders and files, services that are made to run something else, and programs run apart."""

import pytest

from corpenv.company.machines import processes_of
from corpenv.events import ActionDenied, FileMoved, ProcessEnded, ProcessStarted

LOG = "/var/log/plan.log"


LAID = {
    f"mount --bind /dev/null {LOG}; cat {LOG}; mount | tail -n 1": f"/dev/vda1 on {LOG} type ext4 (rw,relatime)\n",
    "mount -t tmpfs t /var/log; ls /var/log; umount /var/log /var/log": "umount: /var/log: not mounted.\n",
    "mkdir a b; echo x > a/x; mount -o bind a b; cat b/x; umount b; ls b": "x\n",
    "echo 1 > a; echo 2 > b; mount --bind a b; mount --bind /dev/null a; umount b; cat b; umount a; cat a": "2\n1\n",
    "mount --bind nowhere /etc": "mount: /etc: special device nowhere does not exist.\n",
    "mount --bind /etc/hosts /etc": "mount: /etc: mount point is not a directory.\n",
    "mount /dev/vdb1 /mnt": "mount: /mnt: special device /dev/vdb1 does not exist.\n",
    "mount -o remount,ro /; umount /": "mount: /: mount point is busy.\numount: /: target is busy.\n",
    "chroot / echo a; unshare --pid echo b; nsenter -t 1 -m echo c; runuser -u desk -- whoami": "a\nb\nc\ndesk\n",
    "systemd-run --unit=u true": "Running as unit: u.service\n",
}
"""Lines of root's, and how what they print ends."""


@pytest.mark.parametrize(("line", "shown"), LAID.items())
def test_root_lays_one_thing_over_another_and_runs_things_apart(at, line, shown) -> None:
    ran = at("dele", f"sudo bash -c '{line}'")
    assert ran.text.endswith(shown)


@pytest.mark.parametrize(
    "line", ["mount -t tmpfs t /srv", "umount /", "chroot / ls", "systemd-run true", "nsenter -t 1 ls"]
)
def test_nobody_else_may_and_the_try_is_noted(at, line) -> None:
    ran = at("desk", line)
    assert ran.code != 0
    assert ran.of(ActionDenied)
    assert not ran.of(FileMoved)


RESTART = "; sudo systemctl daemon-reload; sudo systemctl restart watch"
PROGRAM, LAID_OVER = "/usr/local/bin/watchd", "/etc/systemd/system/watch.service.d/a.conf"
OTHERS = {
    "another program": f"sudo cp /opt/press/pressd {PROGRAM}",
    "a link": f"sudo ln -sf /opt/press/pressd {PROGRAM}",
    "a script that names it": f"printf '#!/bin/sh\\nexec /opt/press/pressd\\n' | sudo tee {PROGRAM} > /dev/null",
    "something laid over it": f"sudo mount --bind /opt/press/pressd {PROGRAM}",
    "a drop-in": f"echo 'ExecStartPost=/bin/sh -c \"/opt/press/pressd &\"' | sudo tee {LAID_OVER} > /dev/null",
}


@pytest.mark.parametrize("line", OTHERS.values(), ids=OTHERS)
def test_a_service_runs_what_it_is_made_to_run_and_that_ends_with_it(yard_at, line) -> None:
    ran = yard_at(f"sudo mkdir -p /etc/systemd/system/watch.service.d; {line}{RESTART}")
    [started] = ran.of(ProcessStarted)
    assert (started.service, started.gpu) == ("watch", 20_000), ran.text
    after = yard_at("sudo systemctl stop watch", ran.company)
    assert [each.pid for each in after.of(ProcessEnded)] == [started.pid]
    assert not any(each.gpu for each in processes_of(after.company, after.company.world.servers["yard-1"]))


@pytest.mark.parametrize("line", ["true", "sudo cp /usr/local/bin/watchd /tmp/w; sudo cp /tmp/w /usr/local/bin/watchd"])
def test_a_service_that_is_what_it_was_runs_nothing_else(yard_at, line) -> None:
    assert not yard_at(line + RESTART).of(ProcessStarted)


LEFT = {
    "from a pipe": "cat /opt/press/pressd | sh &",
    "a script from a pipe": "echo '/opt/press/pressd &' | sh",
    "a wrapper in the background": "printf '#!/bin/sh\\n/opt/press/pressd\\n' > w; chmod +x w; ./w &",
    "with a remark more": "(echo '#!/bin/sh'; cat /opt/press/pressd; echo '# night') > n; chmod +x n; nohup ./n &",
    "under another name": "cp /opt/press/pressd k; bash -c 'exec -a kworker ./k' &",
}


@pytest.mark.parametrize("line", LEFT.values(), ids=LEFT)
def test_a_program_that_goes_on_stays_however_it_was_started(yard_at, line) -> None:
    [started] = yard_at(line).of(ProcessStarted)
    assert started.gpu == 20_000
