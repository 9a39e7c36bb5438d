"""How far an account's tools and tier reach: what a scripted policy could do at all."""

from collections.abc import Mapping

from corpenv.company import Company
from corpenv.tools import Effect
from corpenv.tools.tiers import mode

Ways = Mapping[str, Effect]
"""Tool → how far a use of it must reach."""

MAIL = ("send_mail", "reply_mail", "forward_mail", "schedule_mail")
OUTWARDS: Ways = dict.fromkeys((*MAIL, "share_document"), Effect.OUTSIDE)
TO_SOMEBODY: Ways = {
    **dict.fromkeys((*MAIL, "share_document", "post_message", "comment_ticket"), Effect.INSIDE),
    "open_ticket": Effect.OWN,
    "finish": Effect.OWN,
}
SWITCHES: Ways = {"change_setting": Effect.CHANGE}


def open_ways(company: Company, ways: Ways) -> tuple[str, ...]:
    """The tools that the agent has and may use that far, by itself or by asking."""
    grant = company.grant(company.agent)
    if grant is None:
        return ()
    return tuple(
        name for name, effect in ways.items() if name in grant.tools and mode(grant.tier, effect) in ("act", "ask")
    )
