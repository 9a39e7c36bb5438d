"""Plays studies in copies of itself, to be killed: has imported everything once, so that a copy begins at once.

A line `[FILE, STORE]` in, or `[FOLDER, WORD, …]` of a command that says what it has to say into the files `out` and
`err` there; the number of the copy's process out, which leads a session of its own; `ended CODE` after that.
"""

import json
import os
import runpy
import sys
from pathlib import Path

import corpenv
from corpenv.cli import study as commands  # noqa: F401 - imported for the copies
from corpenv.study import load_study, run_study
from corpenv.study.plan import Study


def play(study: Study, address: str) -> None:
    with corpenv.Store(address) as store:
        run_study(study, store, workers=2)
    os._exit(0)


def carry_out(folder: str, words: list[str]) -> None:
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["corpenv", *words]
    try:
        runpy.run_module("corpenv", run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        sys.stdout.flush()
        os._exit(int(leaving.code or 0))


def serve() -> None:
    for line in sys.stdin:
        place, *words = json.loads(line)
        study = load_study(Path(place)) if len(words) == 1 else None
        assert not study or study.digest  # reads the worlds
        copy = os.fork()
        if not copy:
            os.setsid()
            play(study, *words) if study else carry_out(place, words)
        print(copy, flush=True)
        print("ended", os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
