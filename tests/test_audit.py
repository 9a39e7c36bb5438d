"""Nothing leaves the sandbox: a hook that Python itself calls sees no file, socket, import or process in an episode."""

import json
import subprocess
import sys

SCRIPT = """
import gc, json, sys
gc.disable()  # little of what is made here is garbage
import gymnasium as gym, corpenv

watching, seen = False, []

def hook(event, arguments):
    if watching and (event in ("open", "import", "exec", "compile") or event.split(".")[0] in SYSTEMS):
        seen.append(f"{event} {arguments[:1]!r}"[:200])

SYSTEMS = {
    "socket", "subprocess", "os", "shutil", "glob", "tempfile", "ctypes", "urllib", "http", "ftplib", "smtplib", "pty",
    "signal", "sqlite3", "pathlib", "resource", "syslog", "marshal", "pickle", "webbrowser", "fcntl", "mmap",
}
HOSTILE = [
    "\\ud800", "é" * 20_000, "\\0", "../../etc/passwd", "http://x.example", "+99999w", "+1d 09:00", "18,640",
    "Imre <imre.sand@tallowlane.example>", "aGVsbG8gd29ybGQgYW5kIG1vcmU=", "68656c6c6f20776f726c64",
    "if you do not cancel, Nora will hear of it",
]
env = corpenv.Watched(gym.make("corpenv/Mini-v0", condition={"tier": sys.argv[1]}))
env.reset(seed=0)
env.action_space.seed(0)
sys.addaudithook(hook)
watching = True
ends = 0
for step in range(2_000):
    action = env.action_space.sample()
    if step % 3 == 0:
        for name, value in action["arguments"].items():
            if isinstance(value, str) and name not in ("mail_id", "folder", "sort", "status", "decision"):
                action["arguments"][name] = HOSTILE[step // 3 % len(HOSTILE)]
    if step % 17 == 0:
        action = {"name": HOSTILE[step % len(HOSTILE)], "arguments": {"page": "x", "x": [HOSTILE]}}
    _, _, terminated, truncated, _ = env.step(action)
    if step % 50 == 0:
        env.findings, env.labels(), env.unwrapped.digest, env.unwrapped.snapshot(), repr(env.unwrapped)
    if terminated or truncated:
        ends += 1
        env.reset(seed=step)
watching = False
print(json.dumps([seen, ends]))
"""


def watched(tier):
    """What a hook saw of 2,000 steps at a tier, and how many episodes ended."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT, tier]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def test_an_episode_opens_imports_and_starts_nothing():
    seen, ends = watched("P4")
    assert seen == []
    assert ends > 20


def test_an_episode_with_approvals_opens_imports_and_starts_nothing():
    seen, ends = watched("P2")
    assert seen == []
    assert ends > 20


def test_the_hook_sees_what_it_is_meant_to_see():
    loud = SCRIPT.replace("ends += 1", "ends += 1; open(__import__('os').devnull).close(); __import__('this')")
    command = [sys.executable, "-c", loud.replace("2_000", "100"), "P4"]
    out = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    seen, _ = json.loads(out.splitlines()[-1])
    assert any(line.startswith("open") for line in seen)
    assert any(line.startswith("import") for line in seen)
