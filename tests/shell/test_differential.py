"""Two processes, other hash seeds, zones and locales, and a host whose clock stands elsewhere: the same answers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PLAYER, PLANNED = HERE / "generated.py", HERE.parent / "planned.py"
GENERATED = 400
"""Lines of the 2,000 that `make bench` plays."""
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define MOVED 51840123
int clock_gettime(clockid_t which, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(which, now);
    if (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE) now->tv_sec += MOVED;
    return code;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec then;
    int code = clock_gettime(CLOCK_REALTIME, &then);
    now->tv_sec = then.tv_sec; now->tv_usec = then.tv_nsec / 1000;
    return code;
}
time_t time(time_t *now) {
    struct timespec then;
    clock_gettime(CLOCK_REALTIME, &then);
    if (now) *now = then.tv_sec;
    return then.tv_sec;
}
"""
"""A clock a year and a half and two minutes ahead, for whatever asks the C library, as the interpreter does."""


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process whose clock is moved."""
    return moved_clock(tmp_path_factory.mktemp("clock"))


def moved_clock(folder: Path) -> dict[str, str]:
    """The same, built in a folder."""
    if not shutil.which("cc"):
        pytest.skip("there is no C compiler here to build a clock that is moved")
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(CLOCK, "utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return {
        "LD_PRELOAD": str(library),
        "TZ": "Asia/Tokyo",
        "PYTHONHASHSEED": "77",
        "LC_ALL": "C.UTF-8",
        "HOME": "/nowhere",
    }


def printed(environ: dict[str, str], *command: object) -> str:
    whole = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "UTC"} | environ
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, env=whole)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_moved_clock_is_seen_by_the_interpreter(elsewhere):
    script = "import bashkit; print(bashkit.Bash().execute_sync('date +%s').stdout)"
    assert int(printed(elsewhere, "-c", script)) - int(printed({}, "-c", script)) > 50_000_000


def test_realism_cases_and_generated_lines_give_the_same_in_two_processes(elsewhere):
    here, there = (json.loads(printed(each, PLAYER, PLANNED, GENERATED)) for each in ({}, elsewhere))
    assert len(here) == len(there) >= GENERATED + 60
    assert [number for number, each in enumerate(here) if each != there[number]] == []
