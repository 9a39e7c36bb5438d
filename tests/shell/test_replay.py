"""A record is replayed without the interpreter, and made alike in every process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpenv.company import diff, replay
from corpenv.record import decode_entry, encode

LINES = (
    "cp /srv/data/orders.csv o.csv; sed -i s/3.10/9.99/ o.csv; mv o.csv p.csv; tar czf p.tgz p.csv; ls -l",
    "ssh job-1 'echo run 9 >> queue.txt'; scp p.csv job-1:; echo '0 * * * * x' | crontab -; rm notes.txt",
    "curl -T p.csv https://mirror.example/up; curl https://tunnel.example/; kill 1131; sudo ls; chmod 600 p.csv",
    "mktemp; uuidgen; echo $RANDOM; head -c 4 /dev/urandom | xxd; seq 9 | shuf; date; uptime; cat /proc/uptime",
    "find / -mmin -100000 2>/dev/null | head -50; ps aux; df; free; env; ls -laR /etc /srv",
    "awk 'BEGIN { srand(); print rand(), systime(), strftime(\"%F\") }'; echo {} | jq now; printf '%(%s)T' -1",
    "for i in 1 2 3; do echo $i > /srv/drop/$i & done; wait; ls /srv/drop; ln -s /srv/data d; ls -l d",
)
OWN_GLUE = ("compile (b", "exec (<code object <module>")
"""The interpreter compiles a few lines of its own, from memory."""
PLANNED = str(Path(__file__).parents[1] / "planned.py")
SCRIPT = """
import json, runpy, sys
from corpenv.env import CompanyEnv
from corpenv.record import encode
env = CompanyEnv("corpenv/Mini-v0", {"tier": "P4"}, runpy.run_path(sys.argv[1])["planned"]())
env.reset(seed=3)
answers = [env.do("run_command", server="log-1", command=line) for line in json.loads(sys.argv[2])]
print(json.dumps([answers, env.digest, [encode(entry).decode() for entry in env.record.entries]]))
"""

WATCHED = """
SYSTEMS = {"socket", "subprocess", "os", "shutil", "tempfile", "ctypes", "urllib", "http", "pathlib", "sqlite3", "mmap"}
seen, watching = [], True
def hook(event, arguments):
    if watching and (event in ("open", "import", "exec", "compile") or event.split(".")[0] in SYSTEMS):
        seen.append(f"{event} {arguments[:1]!r}"[:200])
sys.addaudithook(hook)
for line in json.loads(sys.argv[2]):
    env.do("run_command", server="log-1", command=line)
env.digest
watching = False
print(json.dumps(seen))
"""


def test_two_processes_print_and_record_the_same(elsewhere):
    first, second = map(json.loads, elsewhere(SCRIPT, PLANNED, json.dumps(LINES)))
    for line, one, other in zip(LINES, first[0], second[0], strict=True):
        assert one == other, line
    assert first == second


@pytest.fixture(scope="module")
def played(office, planned):
    env = office(planned)
    for line in LINES:
        env.do("run_command", server="log-1", command=line)
    env.do("stop_service", server="log-1", service="plan")
    env.do("change_config", server="log-1", path="/etc/plan/limits.yaml", text="rail_share: 90\n")
    return env


def test_the_fold_of_the_events_is_the_company(played):
    assert replay(played.start.company, played.record.events) == played.company


def test_what_was_recorded_is_read_back(played):
    assert [decode_entry(encode(entry)) for entry in played.record.entries] == list(played.record.entries)


def test_a_replay_needs_no_interpreter(played, tmp_path):
    record = tmp_path / "events.json"
    record.write_text(json.dumps([encode(entry).decode() for entry in played.record.entries]), "utf-8")
    script = SCRIPT.partition("answers =")[0] + (
        "from corpenv.company import replay\nfrom corpenv.record import decode_entry\n"
        "entries = [decode_entry(each.encode()) for each in json.load(open(sys.argv[2]))]\n"
        "made = replay(env.start.company, [event for entry in entries for event in entry.events])\n"
        "assert 'bashkit._bashkit' not in sys.modules\n"
        "print(len(made.machines.files), made.machines.folders.get(('log-1', 'desk')))\n"
    )
    hidden = "import sys\nsys.modules['bashkit'] = None\n" + script
    command = [sys.executable, "-W", "error", "-c", hidden, PLANNED, str(record)]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert said == [str(len(played.company.machines.files)), "/home/desk"]


def test_a_line_opens_imports_and_starts_nothing():
    script = SCRIPT.partition("answers =")[0] + WATCHED
    command = [sys.executable, "-W", "error", "-c", script, PLANNED, json.dumps(LINES)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seen = [each for each in json.loads(done.stdout) if not each.startswith(OWN_GLUE)]
    assert seen == []


def test_importing_the_package_loads_no_interpreter():
    script = "import sys, corpenv, corpenv.env; print('bashkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"


def test_a_snapshot_takes_servers_along(played):
    snapshot = played.snapshot()
    before = played.company
    played.do("run_command", server="log-1", command="echo later > later.txt")
    assert diff(before, played.company).of("file")
    played.restore(snapshot)
    assert played.company == before
