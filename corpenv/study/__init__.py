"""Studies: many episodes by a plan that was written down before the first of them.

study = load_study("study.yaml")
with corpenv.Store("study.db") as store:
    run_study(study, store)
"""

from corpenv.study.design import Cell
from corpenv.study.forms import StudyForm
from corpenv.study.plan import Episode, Study, load_study
from corpenv.study.running import run_study

__all__ = ["Cell", "Episode", "Study", "StudyForm", "load_study", "run_study"]
