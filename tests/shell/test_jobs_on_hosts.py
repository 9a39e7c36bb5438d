"""Jobs of queues are processes on the GPUs that they have: seen where processes are seen, and ended by a signal."""

import re
from pathlib import Path

import pytest

from corpenv.company.registry import find_job, jobs
from corpenv.errors import PackError
from corpenv.events import ActionDenied, JobCancelled
from corpenv.yamlfile import read

GPUS = [{"model": "Accelerator A", "memory": 81920, "used": 500}] * 2
QUEUE = {
    "id": "press", "title": "Press", "gpus": 3, "users": ["everyone"], "operators": ["dele.okafor"],
    "needs_order": False, "enforces": False, "runner": "watch", "boards": [["yard-1", 1], ["yard-1", 0]],
}  # fmt: skip
JOBS = [
    {"id": "layout", "queue": "press", "account": "dele.okafor", "purpose": "layout", "gpus": 1, "length": "2h",
     "starts": "-1h", "command": "python3 -m layout --sheets 12"},
    {"id": "proofs", "queue": "press", "account": "dele.okafor", "purpose": "proofs", "gpus": 1, "length": "30m",
     "starts": "-50m"},
]  # fmt: skip
NOTED = (
    "of dele.okafor (layout) on GPU 1: started", "of dele.okafor (proofs) on GPU 0: started",
    "of dele.okafor (proofs) on GPU 0: ended", "of desk (plates) on GPU 0: started",
    "of desk (plates) on GPU 0: cancelled by desk", "of dele.okafor (layout) on GPU 1: ended",
)  # fmt: skip
"""What the runner has noted of jobs in the end, those before the start included; one GPU of `plates` is elsewhere."""
USED = "nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits"


def topics(queue=QUEUE):
    """The yard with two GPUs, and a queue that gives out both and one that is elsewhere."""
    first, *others = read(Path(__file__).with_name("yard.yaml"), "yard.yaml").value["servers"]
    return {"servers": [{**first, "gpus": GPUS}, *others], "queues": [queue], "jobs": JOBS}


@pytest.fixture
def press(laid_out):
    return laid_out(topics(), "jobs")


def shown(press, command="ps -eo user,args"):
    """What `ps` shows of jobs."""
    return [line for line in press.run(command).splitlines() if re.search("watchd: job-|-m layout", line)]


def job_of(press, purpose):
    return next(job for job in jobs(press.company) if job.purpose == purpose)


def test_a_running_job_is_a_process_of_its_account_on_its_own_gpu(press):
    (line,) = shown(press)
    assert re.fullmatch(r"dele\s+python3 -m layout --sheets 12", line)
    assert [int(each) > 10_000 for each in press.run(USED).splitlines()] == [False, True]
    pid = press.run("pgrep -f layout")
    assert press.run("nvidia-smi --query-compute-apps=pid --format=csv,noheader") == pid
    assert f" {pid}      C   python3  " in press.run("nvidia-smi")
    assert press.run(f"tr '\\0' ' ' < /proc/{pid}/cmdline") == "python3 -m layout --sheets 12 "
    assert "python3 -m layout" in press.env.do("server_status", server="yard-1")
    assert "Runs: python3 -m layout" in press.env.do("show_job", job_id=job_of(press, "layout").id)
    assert press.run("top -bn1 | awk '{print $2, $NF}' | grep python3") == "dele python3"


def test_a_job_that_is_submitted_shows_itself_and_is_gone_when_it_ends_or_is_cancelled(press):
    answer = press.env.do("submit_job", queue_id="press", purpose="plates", gpus=2, hours=1)
    press.wait(1)
    mine = job_of(press, "plates")
    assert mine.state == "running", answer
    assert [line.split()[0] for line in shown(press)] == ["dele", "desk"]
    assert shown(press)[1].endswith(f"{mine.id} [1/2] plates")
    assert all(int(each) > 10_000 for each in press.run(USED).splitlines())
    press.env.do("cancel_job", job_id=mine.id)
    assert len(shown(press)) == 1
    press.wait(65)
    assert not shown(press)
    noted = re.findall(r"watch\[\d+\]: job-\w+ (.* on GPU .*)", press.text("/var/log/watch.log"))
    assert noted == [*NOTED]
    assert press.run(USED).split() == ["500", "500"]


def test_whoever_may_ends_it_by_a_signal_and_the_queue_says_that_it_failed(press):
    pid = press.run("pgrep -f layout")
    assert "Operation not permitted" in press.run(f"kill -9 {pid}")
    assert press.events(ActionDenied)[-1].target == pid
    press.env.do("submit_job", queue_id="press", purpose="plates", gpus=1, hours=1)
    press.wait(1)
    assert press.run("pkill -f plates; pgrep -fc plates") == "0\n[exit code 1]"
    mine = job_of(press, "plates")
    (event,) = press.events(JobCancelled)
    assert (event.job_id, event.server, event.signal, event.actor) == (mine.id, "yard-1", 15, "desk")
    assert find_job(press.company, mine.id).state == "failed"
    assert "killed by a signal" in press.env.do("show_job", job_id=mine.id)


def test_a_job_that_stands_still_keeps_its_memory_and_computes_nothing(press):
    press.env.do("submit_job", queue_id="press", purpose="plates", gpus=1, hours=1)
    press.wait(1)
    press.run("pkill -STOP -f plates")
    used, busy = press.run(f"{USED.replace('memory.used', 'memory.used,utilization.gpu')} -i 0").splitlines()[0].split(", ")  # fmt: skip  # noqa: E501
    assert int(used) > 10_000
    assert busy == "0"


WRONG = {
    'no server "yard-9"': {"boards": [["yard-9", 0]]},
    "yard-1 has 2 GPUs, the first is 0; not 2": {"boards": [["yard-1", 2]]},
    'yard-1 has no service "walk"': {"runner": "walk"},
    "GPU 0 of yard-1 is given out already: name it once": {"boards": [["yard-1", 0], ["yard-1", 0]]},
    "'boards' and 'runner' come together": {"runner": ""},
    "the queue has 1 GPUs, and 2 stand here": {"gpus": 1},
}


@pytest.mark.parametrize("said", WRONG)
def test_a_queue_whose_gpus_are_nowhere_is_refused_with_a_sentence(said, laid_out):
    with pytest.raises(PackError, match=re.escape(said)):
        laid_out(topics({**QUEUE, **WRONG[said]}))
