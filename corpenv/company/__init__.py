"""The company: a value made of the world it started from and what the episode added.

Company    what is true now; read it through `find_…`        state
apply      event → company, one function a kind of event     changes
Facts      the start, shared by every episode                facts
items      the nouns: Person, Mail, Document, Ticket, …      items
"""

from corpenv.company.changes import apply, replay
from corpenv.company.facts import Facts
from corpenv.company.state import Company

__all__ = ["Company", "Facts", "apply", "replay"]
