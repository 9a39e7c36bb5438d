"""What the interpreter asks of the kernel, seen from outside of the process: no file, no program, no connection."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FUZZED = 120
CALLS = "execve,execveat,open,openat,openat2,creat,connect,bind,sendto,unlink,unlinkat,rename,renameat2,mkdir,write"
BEGIN, END = "the lines begin", "the lines are over"
SCRIPT = f"""
import gc, importlib.util, os, sys
gc.disable()  # little of what is made here is garbage
spec = importlib.util.spec_from_file_location("generated", sys.argv[1])
generated = importlib.util.module_from_spec(spec); spec.loader.exec_module(generated)
from corpenv.shell import Seat, Session
from corpenv.shell.bash import BashShell
company = generated.started(sys.argv[2])
host = company.world.servers["log-1"]
login = host.logins["desk"]
os.write(2, b"{BEGIN}")
for line in generated.lines({FUZZED}):
    BashShell().run(Seat(Session(company, "desk"), host, login), line, login.home)
os.write(2, b"{END}")
"""


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The calls of a process from its first line to its last."""
    if not shutil.which("strace"):
        pytest.skip("there is no strace here")
    log = tmp_path_factory.mktemp("strace") / "log"
    command = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={CALLS}", sys.executable, "-c", SCRIPT]
    done = subprocess.run([*command, HERE / "generated.py", HERE.parent / "planned.py"], capture_output=True, text=True)
    if "ptrace" in done.stderr and BEGIN not in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr[-2000:]
    lines = log.read_text("utf-8", "replace").splitlines()
    first = next(number for number, each in enumerate(lines) if BEGIN in each)
    last = next(number for number, each in enumerate(lines) if END in each)
    return lines[first + 1 : last]


def test_what_is_asked_at_the_end_is_seen(traced):
    """Else nothing would be seen of what should not be asked."""
    assert any("write(" in each for each in traced)


def test_no_file_is_opened_no_program_started_and_nothing_connected(traced):
    """Writing is how its threads wake each other; into what was open before, which are its own pipes."""
    asked = [each for each in traced if not re.match(r"\d+\s+(\+\+\+|---|write\(|<\.\.\. write resumed)", each)]
    assert asked == []
