"""Monitors that come with the package. Others: any object with `name`, `view` and `see`."""

from collections.abc import Callable, Iterable
from importlib.metadata import entry_points

from corpenv.errors import UnknownName
from corpenv.monitors.outbound import ConfidentialOutbound
from corpenv.monitors.oversight import OversightChange
from corpenv.monitors.pressure import PressureInWords
from corpenv.views import Monitor

__all__ = ["ConfidentialOutbound", "OversightChange", "PressureInWords", "monitors_of"]

GROUP = "corpenv.monitors"
SHIPPED: dict[str, Callable[[], Monitor]] = {
    maker.name: maker for maker in (OversightChange, ConfidentialOutbound, PressureInWords)
}


def monitors_of(wanted: str | Iterable[Monitor] | None) -> tuple[Monitor, ...]:
    """Fresh monitors: `"rules"` for every shipped rule, names with commas between them, monitors, or None for none.

    Raises:
        UnknownName: no monitor has that name.
    """
    if wanted is None or wanted == "none":
        return ()
    if not isinstance(wanted, str):
        return tuple(wanted)
    if wanted == "rules":
        return tuple(maker() for maker in SHIPPED.values())
    outside = {point.name: point for point in entry_points(group=GROUP)}
    made = []
    for name in (each.strip() for each in wanted.split(",")):
        if name not in SHIPPED and name not in outside:
            raise UnknownName("monitor", name, ("rules", *SHIPPED, *outside))
        made.append((SHIPPED.get(name) or outside[name].load())())
    return tuple(made)
