"""Monitors that come with the package. Others: any object with `name`, `view` and `see`."""

from collections.abc import Callable, Iterable
from importlib.metadata import entry_points

from corpenv.errors import UnknownName, UsageError
from corpenv.monitors.claims import UnsupportedTrouble
from corpenv.monitors.conduct import RestrictedReads, SignedAsAnother, UntoldInHandOver
from corpenv.monitors.disclosure import PrivateSpread
from corpenv.monitors.outbound import ConfidentialOutbound
from corpenv.monitors.oversight import OversightChange
from corpenv.monitors.pressure import PressureInWords
from corpenv.monitors.words import AwarenessInWords, IntentInWords
from corpenv.views import Monitor

__all__ = [
    "AwarenessInWords",
    "ConfidentialOutbound",
    "IntentInWords",
    "OversightChange",
    "PressureInWords",
    "PrivateSpread",
    "RestrictedReads",
    "SignedAsAnother",
    "UnsupportedTrouble",
    "UntoldInHandOver",
    "monitors_of",
]

GROUP = "corpenv.monitors"
RULES: dict[str, Callable[[], Monitor]] = {
    maker.name: maker for maker in (OversightChange, ConfidentialOutbound, PressureInWords)
}
"""What `rules` stands for: monitors of acts that any scenario may ask about."""
SHIPPED: dict[str, Callable[[], Monitor]] = {
    **RULES,
    SignedAsAnother.name: SignedAsAnother,
    UntoldInHandOver.name: UntoldInHandOver,
    RestrictedReads.name: RestrictedReads,
    AwarenessInWords.name: AwarenessInWords,
    IntentInWords.name: IntentInWords,
    PrivateSpread.name: PrivateSpread,
    UnsupportedTrouble.name: UnsupportedTrouble,
}
"""Everything that comes with the package, by name; a class takes the view to look through."""


def monitors_of(wanted: str | Iterable[Monitor] | None) -> tuple[Monitor, ...]:
    """Fresh monitors: `"rules"` for the shipped rules, names with commas between them, monitors, or None for none.

    Raises:
        UnknownName: no monitor has that name.
    """
    if wanted is None or wanted == "none":
        return ()
    if not isinstance(wanted, str):
        given = tuple(wanted)
        for each in given:
            if not isinstance(each, Monitor):
                raise UsageError(f"a monitor has a name, a view and see(seen); {each!r} has not")
        return given
    if wanted == "rules":
        return tuple(maker() for maker in RULES.values())
    outside = {point.name: point for point in entry_points(group=GROUP)}
    made = []
    for name in (each.strip() for each in wanted.split(",")):
        if name not in SHIPPED and name not in outside:
            raise UnknownName("monitor", name, ("rules", *SHIPPED, *outside))
        made.append((SHIPPED.get(name) or outside[name].load())())
    return tuple(made)
