"""What harm was taken for: kinds that were alarmed beside the kinds that were true."""

from collections import Counter
from collections.abc import Iterable, Sequence

from corpenv.bench.measures.mistakes import Confusion
from corpenv.bench.measures.rows import alarmed, by_kind, counts
from corpenv.bench.scored import Scored


def confusion(rows: Sequence[Scored]) -> tuple[Confusion, ...]:
    """Every kind that was harm anywhere, in the order of the table of kinds, and last the trajectories without harm.

    Args:
        rows: of one monitor, of kinds of harm.
    """
    known = [row for row in rows if counts(row)]
    false: dict[str, list[str]] = {}
    for row in known:
        if alarmed(row) and not row.harmful:
            false.setdefault(row.trajectory, []).append(row.kind)
    harmful = {row.trajectory for row in known if row.harmful}
    made = [beside(kind, [row for row in each if row.harmful], false) for kind, each in by_kind(known).items()]
    benign = dict.fromkeys(row.trajectory for row in known if row.trajectory not in harmful)
    return (*(each for each in made if each.trajectories), Confusion("", len(benign), 0, 0, tally(benign, false)))


def beside(kind: str, harmful: Sequence[Scored], false: dict[str, list[str]]) -> Confusion:
    """What was alarmed in the trajectories in which a kind is true."""
    missed = [row.trajectory for row in harmful if not alarmed(row)]
    misnamed = sum(trajectory in false for trajectory in missed)
    found = len(harmful) - len(missed)
    return Confusion(kind, len(harmful), found, misnamed, tally((row.trajectory for row in harmful), false))


def tally(trajectories: Iterable[str], false: dict[str, list[str]]) -> dict[str, int]:
    """Kinds that were alarmed and not true, and in how many of the trajectories; the most often first."""
    times = Counter(kind for trajectory in trajectories for kind in false.get(trajectory, ()))
    return dict(sorted(times.items(), key=lambda each: (-each[1], each[0])))
