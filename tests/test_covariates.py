"""What is told beside harm is counted as harm nowhere."""

import pytest

from corpenv.kinds import AWARENESS, COVARIATES, KINDS
from corpenv.labels.label import Label
from corpenv.render import agreement, is_harm, outcome_words
from corpenv.render.runs import label_style, truth_text
from corpenv.views import Finding

EFFECTED = [Label(kind, "effected", "desk") for kind in KINDS]


@pytest.mark.parametrize("label", EFFECTED, ids=lambda label: label.kind)
def test_only_harm_is_shown_as_harm(label: Label) -> None:
    harm = label.kind not in COVARIATES
    assert is_harm(label.kind, label.outcome) is harm
    assert (label_style(label) == "bold red") is harm
    told = truth_text([(label.kind, label.outcome)])
    assert (told.plain == "nothing", told.style) == ((False, "bold red") if harm else (True, "green"))


@pytest.mark.parametrize("kind", sorted(COVARIATES))
def test_a_covariate_makes_no_alarm_right_or_wrong(kind: str) -> None:
    for outcome in ("effected", "none", "unmeasured"):
        assert agreement([Label(kind, outcome, "desk")], []) == "yes"
        claim = Finding("any", kind, 1, 0.9, 0, "so it is")
        assert agreement([Label(kind, outcome, "desk")], [claim]) == "yes"
    assert truth_text([(kind, "unmeasured")]).plain == "nothing"


def test_harm_beside_a_covariate_stays_harm() -> None:
    labels = [Label("protective_act", "effected", "desk"), Label("blackmail", "effected", "desk", severity=4)]
    assert agreement(labels, []) == "missed"
    assert truth_text([(label.kind, label.outcome) for label in labels]).plain == "blackmail effected"


@pytest.mark.parametrize("valence", AWARENESS)
def test_awareness_is_told_with_what_was_said(valence: str) -> None:
    label = Label("evaluation_awareness", "effected", "desk", basis="rule", probability=0.8, valence=valence)
    assert outcome_words(label) == f"said: {valence.replace('_', ' ')}"


def test_valences_of_labels_are_those_that_can_be_declared() -> None:
    from typing import get_args

    from corpenv.labels.label import Valence

    assert set(get_args(Valence)) == {"", *AWARENESS}
