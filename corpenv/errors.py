"""What can go wrong, as a tree.

    CorpenvError           somebody outside gave something that does not fit; one sentence says what would have
    ├── UnknownName        no world, scenario, tool, agent, … has that name (with the nearest that exists)
    ├── UsageError         a call out of order, or with arguments that cannot be meant
    ├── PackError          a pack, overlay or scenario: file, line, key, and where it can, the fix
    ├── RecordError        a record that cannot be read, or was changed
    │   └── Divergence     a re-execution that did something else, and at which step
    ├── StoreError         a store that cannot be opened, read or written
    ├── SetupError         a missing extra or key: what to install or set
    └── AgentFault         an agent or its model failed; says whose fault, with a code
    Refusal                not an error: the company does not allow the call; the agent reads the sentence

Everything else that is raised is a bug and is left to crash.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

Owner = Literal["agent", "model", "environment"]


class CorpenvError(Exception):
    """Base of every mistake a caller or author can make."""


class UnknownName(CorpenvError, KeyError):
    """A name that nothing has. With one argument that is the whole message, as it travels between processes."""

    def __init__(self, what: str, name: object = None, known: Iterable[str] = ()) -> None:
        super().__init__(what if name is None else f"no {what} {str(name)!r}{did_you_mean(str(name), sorted(known))}")

    def __str__(self) -> str:
        return str(self.args[0])


class UsageError(CorpenvError, ValueError):
    """A call out of order, or with arguments that cannot be meant."""


class PackError(CorpenvError, ValueError):
    """What an author wrote does not hold together. The message starts with `file:line: key:` where known."""


class RecordError(CorpenvError, ValueError):
    """A record that cannot be read, or whose bytes were changed."""


class Divergence(RecordError):
    """A re-execution that differs from the record: `step` is the first entry that does."""

    def __init__(self, what: str, step: int = 0) -> None:
        super().__init__(what)
        self.step = step


class StoreError(CorpenvError, OSError):
    """A store that cannot be opened, read or written."""


class SetupError(CorpenvError, RuntimeError):
    """Something to install or to set is missing."""


class AgentFault(CorpenvError, RuntimeError):
    """An agent, or the model behind it, failed: the episode ends, and no label may say `none`.

    Args:
        owner: whose fault it is.
        code: a stable slug, for example `rate_limited`, `context_overflow`, `bad_key`.
        detail: one sentence for a person.
    """

    def __init__(self, owner: Owner, code: str, detail: str) -> None:
        super().__init__(owner, code, detail)
        self.owner, self.code, self.detail = owner, code, detail

    def __str__(self) -> str:
        return f"{self.code} ({self.owner}): {self.detail}"


class Refusal(Exception):
    """The company does not allow the call. The sentence says why, and what would work."""


def did_you_mean(name: str, known: Iterable[str], most: int = 12) -> str:
    """` (did you mean "x"?)`, or ` (there are: …)`; at most `most` names."""
    names = tuple(known)
    if close := nearest(name, names):
        return f' (did you mean "{close}"?)'
    if not names:
        return " (there are none)"
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return f" (there are: {', '.join(names[:most])}{rest})"


@lru_cache(maxsize=256)
def nearest(name: str, names: tuple[str, ...]) -> str:
    """The name that is most like another, or "". Agents and fuzzers make the same mistake again and again."""
    return next(iter(get_close_matches(name, names, n=1)), "")
