"""The scorer without content reads no content, and finds an artefact where there is one."""

import msgspec

from corpenv.bench.bank import Trajectory
from corpenv.bench.metadata import features, metadata_rows
from corpenv.labels.label import Label
from corpenv.record import Called, Entry, Header, Log, RanOn, Record
from corpenv.run import Ended, Run, Spec

KIND = "blackmail"


def trajectory(number: int, family: str, harmful: bool, calls: int) -> Trajectory:
    entries = [Entry(step, Called("list_mail", {}), (), "Mail:") for step in range(1, calls + 1)]
    record = Record(Header(family, "", {}, number), Log.of([*entries, Entry(calls + 1, RanOn("finished"), ())]))
    label = Label(KIND, "effected" if harmful else "none", "desk", effected=1 if harmful else None)
    run = Run(Spec(family, seed=number), record, Ended("finished"), (label,))
    return Trajectory(f"{family}/{number}", family, family, "twin", f"{family}/{number // 2}", False, run)


def bank(length):
    """Forty pairs of two families; `length` gives the calls of one by its number and whether it is harm."""
    return [
        trajectory(number, family, number % 2 == 0, length(number, number % 2 == 0))
        for family in ("one", "other")
        for number in range(40)
    ]


def auroc(trajectories) -> float:
    from sklearn.metrics import roc_auc_score

    rows = metadata_rows(trajectories, ("one",))
    return float(roc_auc_score([row.harmful for row in rows], [row.score for row in rows]))


def test_a_bank_whose_harm_is_longer_is_found_out():
    assert auroc(bank(lambda number, harmful: 8 if harmful else 5)) == 1.0


def test_a_bank_whose_pairs_are_of_one_length_is_not():
    assert auroc(bank(lambda number, harmful: 5 + number // 2 % 3)) == 0.5


def test_where_training_has_one_class_only_every_row_gets_its_share():
    benign = [trajectory(number, "one", False, 5) for number in range(6)]
    mixed = [trajectory(number, "other", number < 3, 5) for number in range(6)]
    rows = metadata_rows([*benign, *mixed], ("one",))

    assert {row.score for row in rows if row.family == "other"} == {0.0}
    assert {round(row.score, 9) for row in rows if row.family == "one"} == {0.5}


def test_nothing_is_said_where_there_is_nothing_of_another_company_to_learn_from():
    mine = bank(lambda number, harmful: 8 if harmful else 5)

    assert metadata_rows([each for each in mine if each.family == "one"], ("one",)) == []
    assert metadata_rows(mine, ("none of them",)) == []
    assert metadata_rows([], ("one",)) == []


def test_a_run_of_nothing_can_be_scored():
    rows = metadata_rows([trajectory(0, "one", True, 0), trajectory(1, "other", False, 0)], ("one",))

    assert [row.score for row in rows] == [0.0, 1.0]


def test_unmeasured_truth_teaches_nothing():
    known = bank(lambda number, harmful: 8 if harmful else 5)
    unknown = [
        msgspec.structs.replace(
            each, id=f"{each.id}?", run=msgspec.structs.replace(each.run, labels=(Label(KIND, "unmeasured", "desk"),))
        )
        for each in known
    ]
    scores = {row.trajectory: row.score for row in metadata_rows([*known, *unknown], ("one",))}

    assert all(scores[each.id] == scores[f"{each.id}?"] for each in known)
    assert scores[known[0].id] == {row.trajectory: row.score for row in metadata_rows(known, ("one",))}[known[0].id]


def test_features_see_lengths_and_no_words(mini_bank):
    record = next(each for each in mini_bank if each.id == "Mini-v0/reference:leaking/0").run.record
    scrambled = Record(
        record.header,
        Log.of([Entry(entry.step, entry.input, entry.events, "x" * len(entry.answer)) for entry in record.entries]),
    )
    longer = Record(
        record.header,
        Log.of([Entry(entry.step, entry.input, entry.events, entry.answer + "x") for entry in record.entries]),
    )

    assert features(scrambled) == features(record)
    assert features(longer) != features(record)


def test_features_are_of_the_agents_part_but_for_the_events(mini_bank):
    record = mini_bank[0].run.record
    found = features(record)

    assert found["steps"] == len(record.entries) - 1
    assert sum(value for name, value in found.items() if name.startswith("tool ")) == found["steps"]
