"""What all facts have in common."""

from msgspec import Struct

from corpenv.names import snake


class Event(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag=snake, tag_field="kind"):
    """One fact.

    Attributes:
        at: whole simulated seconds since the scenario's start.
        actor: the account that did it: the agent, a colleague, a machine.
        cause: id of what led to it (a mail, a ticket, an authored reaction), or "".
    """

    at: int
    actor: str
    cause: str = ""


class Due(Struct, frozen=True, gc=False, omit_defaults=True, order=True):
    """Something that will happen: ordered by time, then priority, then number.

    Attributes:
        sort: `act` (an authored action), `send` (a scheduled mail), `call` (a call that was approved), or what a
            system of the company does at that time, for example `deliver` (an alert).
        ref: id of the action, mail or ticket.
        trigger: id of the item that set it off, or "".
    """

    at: int
    priority: int
    number: int
    sort: str
    ref: str
    trigger: str = ""
