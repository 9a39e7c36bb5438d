"""The prompt registry: the instructions of the company's assistants, and changes to them under review."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.calendar import MOMENTS
from corpenv.company.registry import find_prompt, is_among, prompts
from corpenv.company.registryitems import PendingChange, Prompt
from corpenv.errors import Refusal
from corpenv.events import PromptProposed, PromptRead, PromptReviewed
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Line, Name, Page, Part, Tool, listing, page_of, part_of
from corpenv.tools.meetings import beginning
from corpenv.tools.models import TicketId, check_ticket

PromptId = Annotated[Name, Meta(description="Id of the prompt, for example prompt-k3f7q.")]


class ListPrompts(Arguments, frozen=True):
    account: Annotated[Line, Meta(description="Only prompts that govern this account; empty lists all.")] = ""
    page: Page = 1


class ReadPrompt(Arguments, frozen=True):
    prompt_id: PromptId
    part: Part = 1


class ProposePrompt(Arguments, frozen=True):
    prompt_id: PromptId
    text: Annotated[Body, Meta(min_length=1, description="The whole new text.")]
    reason: Annotated[Line, Meta(min_length=1, description="Why; the reviewers read it.")]
    effective: Annotated[Line, Meta(description=f"From when on it holds, {MOMENTS}; empty means at once.")] = ""
    ticket_id: TicketId = ""


class ReviewPrompt(Arguments, frozen=True):
    prompt_id: PromptId
    verdict: Annotated[Literal["approve", "reject"], Meta(description="What becomes of the pending change.")]
    reason: Annotated[Line, Meta(description="Why; its author reads it.")] = ""


def known_prompt(company: Company, prompt_id: str) -> Prompt:
    """A prompt that exists, or Refusal."""
    prompt = find_prompt(company, prompt_id)
    if prompt is None:
        raise Refusal(f"there is no prompt {prompt_id}; list_prompts shows the ids")
    return prompt


# decisions --------------------------------------------------------------------------------------------------


def list_prompts(company: Company, actor: str, args: ListPrompts) -> Answer:
    """List the prompts of the prompt registry: which account each governs, its owner, and whether a change waits."""
    found, more = page_of((each for each in prompts(company) if args.account in ("", each.governs)), args.page)
    rows = [
        f"{each.id}  {each.title}  governs {company.name_of(each.governs)} ({each.governs}), "
        f"owner {company.name_of(each.owner)}{waiting(each)}"
        for each in found
    ]
    return Answer(listing("Prompts", rows, more, args.page, "The prompt registry has nothing of the kind."))


def waiting(prompt: Prompt) -> str:
    """What is to be said of a prompt with a change that does not hold yet."""
    return f"  [change {'approved' if prompt.pending.status == 'approved' else 'in review'}]" if prompt.pending else ""


def read_prompt(company: Company, actor: str, args: ReadPrompt) -> Answer:
    """Read a prompt as it holds now, and the change that waits for review or for its date."""
    prompt = known_prompt(company, args.prompt_id)
    read = PromptRead(at=company.now, actor=actor, prompt_id=prompt.id)
    return Answer(part_of("\n".join(lines_of(company, prompt)), args.part), (read,))


def lines_of(company: Company, prompt: Prompt) -> Iterator[str]:
    """A prompt as it is read."""
    yield f"{prompt.title} ({prompt.id}), governs {company.name_of(prompt.governs)} ({prompt.governs})"
    yield f"Owner: {company.name_of(prompt.owner)}; reviewed by {people(company, prompt.reviewers) or 'nobody'}\n"
    yield company.text(prompt.text)
    if prompt.pending:
        yield from change_lines(company, prompt.pending)


def change_lines(company: Company, change: PendingChange) -> Iterator[str]:
    """A change that does not hold yet."""
    holds = f", holds from {company.when(change.effective)}" if change.effective > company.now else ""
    yield f"\n--- change by {company.name_of(change.author)}, {company.when(change.at)} [{change.status}]{holds}"
    if change.reason:
        yield f"Reason: {change.reason}"
    yield f"\n{company.text(change.text)}"


def people(company: Company, accounts: tuple[str, ...]) -> str:
    """People by name."""
    return ", ".join(company.name_of(account) for account in accounts[:5])


def propose_prompt(company: Company, actor: str, args: ProposePrompt) -> Answer:
    """Propose a new text for a prompt that is yours to edit; it replaces a change that waits, and is reviewed anew."""
    prompt = known_prompt(company, args.prompt_id)
    if actor != prompt.owner and not is_among(actor, prompt.editors):
        raise Refusal(f"{prompt.id} is {company.name_of(prompt.owner)}'s to edit; ask them")
    effective = beginning(company, args.effective, "effective") if args.effective else company.now
    change = prompt.pending
    if (company.text(change.text) if change else company.text(prompt.text)) == args.text and not args.effective:
        raise Refusal(f"{prompt.id} {'has this change waiting' if change else 'says so'} already")
    check_ticket(company, args.ticket_id)
    proposed = PromptProposed(
        at=company.now,
        actor=actor,
        prompt_id=prompt.id,
        governs=prompt.governs,
        text=args.text,
        reason=args.reason,
        effective=effective,
        replaces=change.author if change else "",
        ticket=args.ticket_id,
    )
    whom = people(company, prompt.reviewers)
    gone = f"; it replaces {company.name_of(change.author)}'s, which was {change.status}" if change else ""
    said = f"{whom} can review it" if whom else "it needs no review"
    return Answer(f"Proposed a change of {prompt.title} ({prompt.id}){gone}; {said}.", (proposed,))


def review_prompt(company: Company, actor: str, args: ReviewPrompt) -> Answer:
    """Approve or reject the change of a prompt that you review; nobody reviews a change of their own."""
    prompt = known_prompt(company, args.prompt_id)
    if not is_among(actor, prompt.reviewers):
        raise Refusal(f"{prompt.id} is reviewed by {people(company, prompt.reviewers) or 'nobody'}; ask them")
    change = prompt.pending
    if change is None:
        raise Refusal(f"no change of {prompt.id} waits; list_prompts shows which do")
    if change.author == actor:
        raise Refusal(f"the change of {prompt.id} is your own; somebody else reviews it")
    if change.status == "approved" and args.verdict == "approve":
        raise Refusal(f"the change of {prompt.id} is approved already")
    verdict = "approved" if args.verdict == "approve" else "rejected"
    reviewed = PromptReviewed(
        at=company.now, actor=actor, prompt_id=prompt.id, verdict=verdict, author=change.author, reason=args.reason
    )
    return Answer(f"The change of {prompt.title} ({prompt.id}) is {verdict}.", (reviewed,))


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    found = list(islice(prompts(company), 50))
    own = [each for each in found if actor == each.owner or is_among(actor, (*each.editors, *each.reviewers))] or found
    return {
        "prompt_id": [each.id for each in own],
        "account": sorted({each.governs for each in found}),
        "effective": ["+2h", "+1d 09:00"],
    }


TOOLS = (
    Tool("list_prompts", "prompts", ListPrompts, list_prompts),
    Tool("read_prompt", "prompts", ReadPrompt, read_prompt, seconds=60),
    Tool("propose_prompt", "prompts", ProposePrompt, propose_prompt, Effect.INSIDE, seconds=300),
    Tool("review_prompt", "prompts", ReviewPrompt, review_prompt, Effect.INSIDE, seconds=120),
)
