"""Plays studies in copies of itself, to be killed: has imported everything once, so that a copy begins at once.

A line `[FILE, STORE]` in; the number of the copy's process out, which leads a session of its own; `ended` after that.
"""

import json
import os
import sys
from pathlib import Path

import corpenv
from corpenv.study import load_study, run_study
from corpenv.study.plan import Study


def play(study: Study, address: str) -> None:
    os.setsid()
    with corpenv.Store(address) as store:
        run_study(study, store, workers=2)
    os._exit(0)


def serve() -> None:
    for line in sys.stdin:
        file, address = json.loads(line)
        study = load_study(Path(file))
        assert study.digest  # reads the worlds
        copy = os.fork()
        if not copy:
            play(study, address)
        print(copy, flush=True)
        os.waitpid(copy, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    serve()
