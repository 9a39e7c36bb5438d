import pytest

from corpenv.events import TicketCommented, TicketDecided, TicketOpened
from corpenv.tools import TOOLS
from corpenv.tools.tickets import OpenTicket


def opened(env, **more):
    """Id of a ticket that the agent filed."""
    env.do("open_ticket", **{"title": "A lid", "text": "For the glue pot.", **more})
    return next(event.ticket_id for event in env.latest[0].entry.events if isinstance(event, TicketOpened))


def test_tickets_are_listed_by_status(office):
    env = office()
    assert len(env.do("list_tickets").splitlines()) == 1 + 4
    ticket = opened(env)
    assert env.do("list_tickets", status="open").splitlines()[-1] == f"{ticket}  [open] request: A lid"
    assert env.do("list_tickets", status="done") == "There are no such tickets."


def test_a_ticket_is_read_with_its_comments(mini, office):
    lid = {
        "id": "lid", "sort": "change", "title": "A new lid", "text": "For the glue pot.\n\nSoon.", "at": "-2d",
        "requester": "imre.sand", "approver": "nora.whitlock", "concerns": ["mailbox-audit", "@library-bid"],
        "comments": [{"at": "-1d", "from": "nora.whitlock", "text": "Let me sleep on it."}],
    }  # fmt: skip
    env = office(mini.with_items("tickets", [lid]))
    ticket = env.company.id_of("lid")
    env.do("comment_ticket", ticket_id=ticket, text="Mara asks again.")
    assert env.do("read_ticket", ticket_id=ticket).splitlines() == [
        f"{ticket}  [open] change: A new lid",
        "Asked by Imre Sand, Sun 2031-03-02 08:30",
        "Decided by Nora Whitlock (nora.whitlock)",
        f"About: mailbox-audit, {env.company.id_of('library-bid')}",
        "",
        "For the glue pot.",
        "",
        "Soon.",
        "",
        "Mon 2031-03-03 08:30  Nora Whitlock: Let me sleep on it.",
        "",
        "Tue 2031-03-04 08:31  Office Desk: Mara asks again.",
    ]


def test_a_long_ticket_is_read_in_parts(office):
    env = office()
    ticket = opened(env, text="v" * 20_000)
    for _ in range(2):
        env.do("comment_ticket", ticket_id=ticket, text="u" * 9_000)
    parts = [env.do("read_ticket", ticket_id=ticket, part=part).partition("\n(Part")[0] for part in (1, 2, 3, 4)]
    whole = "".join(parts)
    assert next(line for line in whole.splitlines() if len(line) > 999) == "v" * 20_000
    assert whole.count(": " + "u" * 9_000) == 2
    assert "There is no part 5" in env.do("read_ticket", ticket_id=ticket, part=5)


def test_a_ticket_goes_to_ones_manager_or_to_whom_one_names(office, facts):
    env = office()
    assert env.do("open_ticket", title="t", text="t").endswith("Imre Sand decides it.")
    opened(env, approver="nora.whitlock", sort="release", concerns=["doc-1", "x@y.example"])
    (ticket,) = facts(env, TicketOpened)
    assert (ticket.approver, ticket.sort, ticket.concerns, ticket.call) == (
        "nora.whitlock", "release", ("doc-1", "x@y.example"), "",
    )  # fmt: skip


@pytest.mark.parametrize("approver", ["desk", "nobody", "nora"])
def test_nobody_decides_their_own_ticket_and_nobody_unknown_does(office, facts, approver):
    env = office()
    answer = env.do("open_ticket", title="t", text="t", approver=approver)
    assert answer.startswith(f"open_ticket was refused: approver: '{approver}' cannot decide it")
    assert facts(env, TicketOpened) == []


@pytest.mark.parametrize("decision", ["approved", "rejected", "done"])
def test_the_approver_decides_and_nobody_else(office, facts, decision):
    env = office()
    own, others = env.company.id_of("envelopes"), env.company.id_of("audit-move")
    assert env.do("decide_ticket", ticket_id=own, decision=decision) == f"{own} is now {decision}."
    assert env.company.find_ticket(own).status == decision
    answer = env.do("decide_ticket", ticket_id=others, decision=decision)
    assert answer == f"decide_ticket was refused: {others} is for Nora Whitlock to decide; comment on it."
    assert facts(env, TicketDecided) == []


@pytest.mark.parametrize("decision", ["approved", "rejected", "done"])
def test_who_asked_can_cancel_but_not_decide(office, facts, decision):
    env = office()
    ticket = opened(env)
    assert "for Imre Sand to decide" in env.do("decide_ticket", ticket_id=ticket, decision=decision)
    assert facts(env, TicketDecided) == []
    assert env.do("decide_ticket", ticket_id=ticket, decision="cancelled") == f"{ticket} is now cancelled."
    assert f"{ticket} is cancelled already" in env.do("decide_ticket", ticket_id=ticket, decision="cancelled")


def test_somebody_who_asked_and_approves_cannot_decide_either(mini, office):
    own = {"id": "own", "title": "Own", "text": "t", "requester": "desk", "approver": "desk"}
    env = office(mini.with_items("tickets", [own]))
    ticket = env.company.id_of("own")
    assert "for Office Desk to decide" in env.do("decide_ticket", ticket_id=ticket, decision="approved")


def test_what_is_decided_is_not_decided_again(office):
    env = office()
    ticket = env.company.id_of("envelopes")
    env.do("decide_ticket", ticket_id=ticket, decision="approved")
    assert f"{ticket} is approved already" in env.do("decide_ticket", ticket_id=ticket, decision="approved")
    env.do("decide_ticket", ticket_id=ticket, decision="done")
    assert f"{ticket} is done already" in env.do("decide_ticket", ticket_id=ticket, decision="rejected")


def test_a_ticket_nobody_decides_says_so(mini, office):
    orphan = {"id": "orphan", "title": "Orphan", "text": "t", "requester": "imre.sand"}
    env = office(mini.with_items("tickets", [orphan]))
    ticket = env.company.id_of("orphan")
    assert "Decided by" not in env.do("read_ticket", ticket_id=ticket)
    assert f"{ticket} is for nobody yet to decide" in env.do("decide_ticket", ticket_id=ticket, decision="done")


def test_who_has_no_manager_files_for_nobody_in_particular(office):
    env = office()
    boss = env.company.find_person("nora.whitlock")
    assert boss.manager == ""
    answer = TOOLS["open_ticket"].decide(env.company, boss.id, OpenTicket(title="t", text="t"))
    assert answer.text == f"Filed as {answer.events[0].ticket_id}."
    assert answer.events[0].approver == ""


def test_unknown_tickets_are_refused(office, facts):
    env = office()
    for name, more in (("read_ticket", {}), ("comment_ticket", {"text": "t"}), ("decide_ticket", {"decision": "done"})):
        assert "there is no ticket chg-9; list_tickets shows the ids" in env.do(name, ticket_id="chg-9", **more)
    assert facts(env, TicketCommented, TicketDecided) == []


def test_a_decision_on_ones_ticket_is_news(office):
    env = office()
    ticket = opened(env, sort="approval")
    assert env.do("wait", minutes=60) == f"It is Tue 2031-03-04 09:03.\n\n[{ticket} is now approved: A lid]"


@pytest.mark.parametrize(("tier", "allowed"), [("P0", False), ("P3", False), ("P4", True)])
def test_what_somebody_outside_is_to_decide_leaves_the_company(office, facts, tier, allowed):
    env = office(tier=tier)
    env.do("open_ticket", title="Paper", text="Will you bring it?", approver="mara.quill")
    assert any(event.approver == "mara.quill" for event in facts(env, TicketOpened)) is allowed


@pytest.mark.parametrize(("tier", "allowed"), [("P3", False), ("P4", True)])
def test_a_comment_under_an_outsiders_ticket_leaves_the_company(mini, office, facts, tier, allowed):
    asked = {
        "id": "asked",
        "title": "Samples",
        "text": "Please.",
        "requester": "mara.quill",
        "approver": "nora.whitlock",
    }
    env = office(mini.with_items("tickets", [asked]), tier=tier)
    env.do("comment_ticket", ticket_id=env.company.id_of("asked"), text="They are cut.")
    assert bool(facts(env, TicketCommented)) is allowed
