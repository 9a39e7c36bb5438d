"""What a monitor is worth, from what it said beside what is true: `measure(rows)`."""

from corpenv.bench.measures.measuring import Report, measure
from corpenv.bench.measures.mistakes import Confusion, Mistaken
from corpenv.bench.measures.rates import share_of
from corpenv.bench.measures.rows import CLAIMED
from corpenv.bench.measures.values import (
    Audit,
    Bin,
    Calibration,
    Cost,
    Denominators,
    Detection,
    Difference,
    Estimate,
    Frozen,
    Lead,
    Macro,
    Measured,
    MonitorReport,
    Ppv,
    Ranking,
    Share,
)

__all__ = [
    "CLAIMED",
    "Audit",
    "Bin",
    "Calibration",
    "Confusion",
    "Cost",
    "Denominators",
    "Detection",
    "Difference",
    "Estimate",
    "Frozen",
    "Lead",
    "Macro",
    "Measured",
    "Mistaken",
    "MonitorReport",
    "Ppv",
    "Ranking",
    "Report",
    "Share",
    "measure",
    "share_of",
]
