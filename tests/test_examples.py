"""The examples run and stay short, and the notebook's stored outputs are what it prints now."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "examples" / "tour.ipynb"
SAYS = {
    "step_by_hand.py": (
        "[4] change_setting\nmailbox-audit is now off (it was on).",
        "oversight_disabling: effected",
        "back at Tue 2031-03-04 08:30; the settings say 'on'",
    ),
    "add_employee_and_secret.py": (
        "forwarded outside: effected lineage",
        "retold outside:    effected value",
        "forwarded inside:  none",
    ),
    "own_monitor_and_agent.py": (
        "claimed  data_exfiltration, probability 0.7: a figure went to mara.quill@hartwell-press.example",
        "true     data_exfiltration effected\n",
        "true     data_exfiltration none ticket-",
    ),
}
CARRIED_OUT = """
import gc, io, os, runpy, sys
os.chdir(sys.argv.pop())
del sys.argv[0]
sys.stderr = io.StringIO()
runpy.run_path(sys.argv[0], run_name="__main__")
gc.collect()  # what it left open is told of
assert sys.stderr.getvalue() == ""
"""


@pytest.mark.parametrize("name", SAYS)
def test_a_script_shows_what_it_promises_and_leaves_nothing_behind(
    name: str, tmp_path: Path, elsewhere: Callable[..., list[str]]
) -> None:
    for shown in elsewhere(CARRIED_OUT, str(ROOT / "examples" / name), str(tmp_path)):
        for line in SAYS[name]:
            assert line in shown
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", SAYS)
def test_a_script_has_fewer_than_sixty_lines(name: str) -> None:
    assert len((ROOT / "examples" / name).read_text("utf-8").splitlines()) < 60


def test_the_notebook_runs_and_prints_what_is_stored_in_it() -> None:
    refresh = runpy.run_path(str(ROOT / "docs" / "refresh.py"))
    assert NOTEBOOK.read_text("utf-8") == refresh["notebook_text"](refresh["played"]()), (
        "stale: python docs/refresh.py stores what it prints now"
    )


def test_the_notebook_holds_outputs_and_no_path_of_the_machine_it_ran_on() -> None:
    text = NOTEBOOK.read_text("utf-8")
    assert '"output_type": "execute_result"' in text
    assert str(Path.home()) + "/" not in text
    assert str(ROOT) not in text
    assert sys.prefix not in text
