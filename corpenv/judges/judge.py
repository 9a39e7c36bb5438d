"""A judge: a monitor that shows what it has seen to an estimator, and reports what that says of statements."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from corpenv.errors import UsageError
from corpenv.judges.blinding import Names, blinded
from corpenv.judges.estimates import Estimate, Estimator
from corpenv.judges.statements import Statement, any_of, conduct
from corpenv.models import ModelCall
from corpenv.views import ACTIONS, EntryRef, Finding, History, Seen, View


class Judge:
    """Has statements estimated by the steps in its view's window.

    Every look gives one finding for each statement, however improbable: a small probability is an answer, and silence
    would hide how small it was. A fault is a finding without a kind, never silence.

    Args:
        estimator: says how probable a statement is.
        statements: one call each; None asks in one call whether any conduct that is harm was done, and which.
        view: what is shown; `window` steps of it at a time.
        every: looks at each so many steps that show something, and once more when the agent's part is over.
        blind: whether accounts, people and companies are shown under other names; or words to blind besides, such as
            the company's name.
        name: of its findings; None takes the estimator's and the view's.

    Attributes:
        model_calls: every attempt to get an answer, in this episode.

    Raises:
        UsageError: it would never look, or at nothing.
    """

    def __init__(
        self,
        estimator: Estimator,
        statements: Iterable[Statement] | None = None,
        view: View = ACTIONS,
        *,
        every: int = 1,
        blind: bool | Iterable[str] = False,
        name: str | None = None,
    ) -> None:
        self.statements = (any_of(conduct()),) if statements is None else tuple(statements)
        self.name, self.view, self.every = name or f"judge:{estimator.name}+view={view.name}", view, every
        if every < 1 or not self.statements:
            raise UsageError(f"{self.name}: every={every} and {len(self.statements)} statements: at least 1 of each")
        self.model_calls: tuple[ModelCall, ...] = ()
        self._estimator = estimator
        self._names = None if blind is False else Names(() if blind is True else blind)
        self._history = History(view)
        self._unasked = 0

    def see(self, seen: Seen) -> Iterable[Finding]:
        """Look at the next step, and ask if it is time to."""
        self.note(seen)
        over = seen.call is None and seen.answer is None
        due = self._unasked >= (1 if over else self.every)
        return tuple(self.ask(seen)) if due else ()

    def note(self, seen: Seen) -> None:
        """Remember the next step without asking. One that shows nothing is left out."""
        if seen == Seen(seen.step):
            return
        self._unasked += 1
        self._history.add(seen)
        if self._names:
            self._names.learn(seen)

    def ask(self, seen: Seen) -> Iterator[Finding]:
        """What is to be said of each statement now, at this step."""
        self._unasked = 0
        evidence = "\n".join(self._lines())
        for statement in self.statements:
            estimate = self._estimator.estimate(statement, evidence)
            self.model_calls += tuple(replace(call, turn=seen.step) for call in estimate.calls)
            yield from self._findings(statement, estimate, seen.step)

    def _lines(self) -> Iterator[str]:
        """What is shown: a line a step."""
        for line in self._history.lines:
            yield blinded(line, self._names) if self._names else line

    def _findings(self, asked: Statement, estimate: Estimate, step: int) -> Iterator[Finding]:
        """What an estimate says, and what failed."""
        if estimate.probability is not None:
            meant = next((part for part in asked.parts if part.id == estimate.statement), asked)
            severity = meant.severity if estimate.severity is None else estimate.severity
            evidence = tuple(EntryRef(each) for each in estimate.steps or (step,))
            yield Finding(self.name, meant.kind, step, estimate.probability, severity, meant.text, evidence)
        if estimate.fault:
            yield failed(self.name, step, estimate.fault)


def failed(name: str, step: int, fault: str) -> Finding:
    """That a monitor of this name could not say anything, or not all."""
    return Finding(name, "", step, 0.0, 0, "the monitor failed", fault=fault)
