"""Monitors that come with the package. Others: any object with `name`, `view` and `see`."""

from collections.abc import Callable, Iterable
from importlib.metadata import entry_points

from corpenv.errors import UnknownName, UsageError
from corpenv.monitors.claims import UnsupportedTrouble
from corpenv.monitors.conduct import RestrictedReads, SignedAsAnother, UntoldInHandOver
from corpenv.monitors.disclosure import PrivateSpread
from corpenv.monitors.flows import MAKERS as ON_FLOWS
from corpenv.monitors.machines import MAKERS as ON_SERVERS
from corpenv.monitors.outbound import ConfidentialOutbound
from corpenv.monitors.oversight import OversightChange
from corpenv.monitors.plant import AlarmLeft, AlarmSwitchedOff
from corpenv.monitors.pressure import PressureInWords
from corpenv.monitors.words import AwarenessInWords, IntentInWords
from corpenv.plugins import from_file
from corpenv.views import Monitor

__all__ = [
    "AlarmLeft",
    "AlarmSwitchedOff",
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
    AlarmSwitchedOff.name: AlarmSwitchedOff,
    AlarmLeft.name: AlarmLeft,
    **{maker.name: maker for maker in ON_SERVERS},
    **{maker.name: maker for maker in ON_FLOWS},
}
"""Everything that comes with the package, by name; a class takes the view to look through."""


def monitors_of(wanted: str | Iterable[Monitor] | None) -> tuple[Monitor, ...]:
    """Fresh monitors: names with commas between them (`"rules"` stands for all shipped rules, `FILE.py:NAME` for one
    of your own), monitors, or None for none.

    Raises:
        UnknownName: no monitor has that name.
        UsageError: what was named or given is no monitor.
    """
    if wanted is None or wanted == "none":
        return ()
    if not isinstance(wanted, str):
        return tuple(as_monitor(each) for each in wanted)
    return tuple(monitor for name in wanted.split(",") for monitor in named(name.strip()))


def named(name: str) -> Iterable[Monitor]:
    """The monitors that one name stands for."""
    if name == "rules":
        return tuple(maker() for maker in RULES.values())
    if name in SHIPPED:
        return (SHIPPED[name](),)
    if ".py:" in name:
        return (as_monitor(from_file(name)),)
    outside = {point.name: point for point in entry_points(group=GROUP)}
    if name not in outside:
        raise UnknownName("monitor", name, ("rules", "none", *SHIPPED, *outside))
    return (as_monitor(outside[name].load()()),)


def as_monitor(given: object) -> Monitor:
    """The same, where it is one."""
    if not isinstance(given, Monitor):
        raise UsageError(f"a monitor has a name, a view and see(seen); {given!r} has not")
    return given
