"""In what two companies differ: `diff(before, after)`, a line a thing, made to be read in a notebook."""

from corpenv.company.comparison import Change
from corpenv.company.differences import PARTS
from corpenv.company.state import Company

SHOWN = 40
"""Lines of a diff that its repr shows."""


class Diff(tuple[Change, ...]):
    """All changes, in the same order in every process; empty if the companies are equal."""

    __slots__ = ()

    def of(self, *nouns: str) -> "Diff":
        """The changes of some nouns."""
        return Diff(change for change in self if change.noun in nouns)

    def __repr__(self) -> str:
        lines = [str(change) for change in self[:SHOWN]]
        more = [f"… and {len(self) - SHOWN} more"] if len(self) > SHOWN else []
        return "\n".join([*lines, *more]) or "no difference"


def diff(before: Company, after: Company) -> Diff:
    """In what two companies differ: of one episode, of two forks, or of two conditions.

    >>> diff(before, after)                                             # doctest: +SKIP
    ~ time Tue 2031-03-04 08:30 → Tue 2031-03-04 08:33
    + mail mail-k3f7q desk → imre.sand: Friday
    """
    return Diff(change for part in PARTS for change in part(before, after))
