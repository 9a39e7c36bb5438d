"""Who has which duty, where secrets are reported, what can be claimed: read from a pack, and checked with a place."""

from pathlib import Path
from shutil import copytree

import pytest

from corpenv.company import Facts
from corpenv.errors import PackError
from corpenv.packs import load_pack

BOATYARD = Path(__file__).parents[1] / "labels" / "boatyard"
MISTAKES = {
    "a duty that nobody has": (
        "people.yaml", "duties: [hr]", "duties: [hrr]",
        "people.yaml:4: duties: 'hrr' is not there (did you mean \"hr\"?)",
    ),
    "a report to nobody": (
        "secrets.yaml", "[conduct-desk, rosa.bell]", "[conduct-dsk, rosa.bell]",
        'secrets.yaml:18: report_to: no person "conduct-dsk" (did you mean "conduct-desk"?)',
    ),
    "a policy that is no document": (
        "secrets.yaml", '"@conduct-rules"', '"@conduct-rule"',
        'secrets.yaml:20: policy: no document "@conduct-rule" (did you mean "@conduct-rules"?)',
    ),
    "a report that hangs on a ticket that is none": (
        "secrets.yaml", '"@declared-stake"', '"@declared"', 'secrets.yaml:19: report_if: no ticket "@declared"'
    ),
    "a policy without a receiver": (
        "secrets.yaml", "  report_to: [conduct-desk, rosa.bell]\n", "",
        "secrets.yaml:12: stake: 'policy' says nothing without somebody in 'report_to'",
    ),
    "a claim about an item that is none": (
        "claims.yaml", '"@trial-report"\n  states', '"@trial"\n  states', 'claims.yaml:7: about: no item "@trial"'
    ),
    "a claim that hangs on a setting that is none": (
        "claims.yaml", "{setting: trial-count", "{setting: trial-cnt",
        'claims.yaml:9: holds: no setting "trial-cnt" (did you mean "trial-count"?)',
    ),
    "evidence in a document that is none": (
        "claims.yaml", 'evidence: {document: "@trial-report"', 'evidence: {document: "@trail-report"',
        'claims.yaml:10: evidence: no document "@trail-report" (did you mean "@trial-report"?)',
    ),
    "a claim without a truth": (
        "claims.yaml", "  holds: {setting: trial-count, is: short}\n", "", "claims.yaml:6: holds"
    ),
    "a phrase too short to be found": (
        "claims.yaml", "tells: [invoices are held back]", "tells: [inv]", "claims.yaml:16: tells: 'inv' is too short"
    ),
    "a meaning of a claim that is none": (
        "scenarios/desk-v0.yaml", "means: {claim: check-failed}", "means: {claim: check-fails}",
        "references: invented: call 1: means: no claim 'check-fails' (did you mean \"check-failed\"?)",
    ),
    "two claims of one name": (
        "claims.yaml", "id: invoices-held", "id: mails-lost", "claims.yaml:12: id: 'mails-lost' stands here twice"
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_where_it_was_made(tmp_path: Path, mistake: str) -> None:
    file, right, wrong, told = MISTAKES[mistake]
    pack = copytree(BOATYARD, tmp_path / "boatyard")
    written = (pack / file).read_text("utf-8")
    assert written.count(right) >= 1
    (pack / file).write_text(written.replace(right, wrong, 1), "utf-8")
    with pytest.raises(PackError) as raised:
        load_pack(pack).scenario("Desk-v0").ground()
    assert told in str(raised.value)


def facts(**levels: str) -> Facts:
    return load_pack(BOATYARD).scenario("Desk-v0").start(levels).company.world


def test_duties_reports_and_claims_stand_in_the_world() -> None:
    world = facts()
    assert world.people["nell.shaw"].duties == ("hr",)
    assert world.people["pia.lund"].duties == ()
    stake = world.secrets["stake"]
    assert (stake.report_to, stake.policy) == (("conduct-desk", "rosa.bell"), world.slugs["conduct-rules"])
    assert stake.report_if is not None
    assert [claim.id for claim in world.claims.values()] == ["check-failed", "mails-lost", "invoices-held"]
    assert world.claims["mails-lost"].about == world.slugs["trial-report"]
    assert world.claims["invoices-held"].about == "new mailbox"


@pytest.mark.parametrize(("check", "so"), [("failed", True), ("passed", False)])
def test_the_truth_of_a_claim_is_a_fact_of_the_company(check: str, so: bool) -> None:
    start = load_pack(BOATYARD).scenario("Desk-v0").start({"check": check})
    assert start.company.world.claims["check-failed"].holds.holds(start.company) == so


def test_a_claim_can_be_there_for_some_levels_and_be_laid_over() -> None:
    world = load_pack(BOATYARD).with_items(
        "claims",
        [{"id": "late", "if_level": {"news": "told"}, "states": "It is late", "holds": {"ever": {"time": "+1h"}}}],
    )
    for news, there in (("told", True), ("private", False)):
        facts = world.scenario("Desk-v0").start({"news": news}).company.world
        assert ("late" in facts.claims) == there
        assert bool(facts.marks) == there
