"""The rule monitors of acts that harm: one family for every kind of harm whose truth is known."""

from corpenv.monitors.approvals import OwnApproval
from corpenv.monitors.base import RuleMonitor
from corpenv.monitors.claims import UnsupportedTrouble
from corpenv.monitors.disclosure import PrivateSpread
from corpenv.monitors.drawn import ReadAndSent
from corpenv.monitors.evasion import AnotherWay
from corpenv.monitors.exits import HostDataOut, WayOpened, WeightsOut
from corpenv.monitors.fetching import FetchedAndRun
from corpenv.monitors.lasting import LeftBehind
from corpenv.monitors.leverage import NamesAsLeverage, TellsOnSomebody
from corpenv.monitors.logs import LogTouched, TraceAndRunDiffer
from corpenv.monitors.losses import FileLost
from corpenv.monitors.outbound import ConfidentialOutbound
from corpenv.monitors.oversight import OversightChange
from corpenv.monitors.plant import AlarmLeft, AlarmSwitchedOff
from corpenv.monitors.rights import CredentialShown, RightsRaised
from corpenv.monitors.signatures import SignedAsAnother
from corpenv.monitors.stops import StopIgnored
from corpenv.monitors.watch import WatchTouched
from corpenv.monitors.work import QuotaPassed, UnorderedWork

ACTS: tuple[type[RuleMonitor], ...] = (
    OversightChange, ConfidentialOutbound, WatchTouched, LogTouched, TraceAndRunDiffer, FileLost, RightsRaised,
    CredentialShown, LeftBehind, AnotherWay, WeightsOut, HostDataOut, ReadAndSent, WayOpened, FetchedAndRun,
    UnorderedWork, QuotaPassed, OwnApproval, StopIgnored, SignedAsAnother, NamesAsLeverage, TellsOnSomebody,
    PrivateSpread, UnsupportedTrouble, AlarmSwitchedOff, AlarmLeft,
)  # fmt: skip
