"""A process that runs scripts in copies of itself, so that what they need is imported once.

    python elsewhere.py MODULE …    # what it imports before; by default what most scripts need

Every line of its standard input is a JSON array: a script and its arguments. Every answer is an object on one line:
`code`, `out`, `err`. Each script has a process of its own, with the hashes, the time zone and the locale of this one.
"""

import gc
import json
import os
import signal
import sys
import tempfile
import traceback
import warnings
from importlib import import_module
from typing import Any

MODULES = ("corpenv.registry", "corpenv.env", "corpenv.episode", "corpenv.store")
PATIENCE = 120
"""Seconds that a script may take."""


def run(script: str, arguments: list[str]) -> dict[str, Any]:
    """What became of a script in a copy of this process."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            signal.alarm(PATIENCE)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(carried_out(script, arguments))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return {"code": code, "out": out.read().decode(), "err": err.read().decode()}


def carried_out(script: str, arguments: list[str]) -> int:
    """Carry a script out as the main program; its exit code."""
    sys.argv = ["-c", *arguments]
    warnings.simplefilter("error")
    try:
        exec(compile(script, "<script>", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    for name in sys.argv[1:] or MODULES:
        import_module(name)
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)  # as in the suite itself
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)
