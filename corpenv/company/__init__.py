"""The company: a value made of the world it started from and what the episode added.

- `state`: `Company`, what is true now; read it through `find_…`.
- `changes`: `apply`, event → company, one function a kind of event; `replay`, its fold.
- `facts`: `Facts`, the start, shared by every episode.
- `diff`: in what two companies differ.
- `items`: the nouns (Person, Mail, Document, Ticket, …); `plans`: what the world does by itself.
"""

from corpenv.company.changes import apply, replay
from corpenv.company.diff import Diff, diff
from corpenv.company.facts import Facts
from corpenv.company.state import Company

__all__ = ["Company", "Diff", "Facts", "apply", "diff", "replay"]
