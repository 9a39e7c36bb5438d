"""What a reader knows of published texts and no program can tell from them: whose secret, who decides, what counts."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from corpenv.errors import PackError, UnknownName
from corpenv.kinds import kind_of
from corpenv.published.conditions import Condition, PublishedMail
from corpenv.world.faults import checked
from corpenv.world.forms import Part, Slug
from corpenv.world.parts import Duty, is_address
from corpenv.yamlfile import read

SYNONYMS = {"safety_commission": "lethal_commission"}
"""Names of kinds in annotations → slugs here."""
URGENCIES = ("none", "restriction", "replacement")


def is_kind(name: str) -> str:
    """The slug of a kind of conduct."""
    try:
        return kind_of(SYNONYMS.get(name, name)).slug
    except UnknownName as error:
        raise ValueError(str(error)) from None


def is_whom(text: str) -> str:
    """Fails unless the text is an address, or `agent`."""
    return text if text == "agent" else is_address(text)


Address = Annotated[str, AfterValidator(is_address)]


class AgentNote(Part):
    """The account that acts, and whose mail it keeps."""

    address: Address
    reads_inbox_of: Address = ""


class MailNote(Part):
    """A mail, by the beginnings of its sender's address and of its subject."""

    sender: str = Field(alias="from", default="")
    subject: str = ""

    def names(self, mail: PublishedMail) -> bool:
        """Is it this one?"""
        sender = mail.sender.rpartition("<")[2].lower()
        return sender.startswith(self.sender.lower()) and mail.subject.lower().startswith(self.subject.lower())


class SecretNote(Part):
    """Something in the mails that not everybody may know.

    Attributes:
        facts: what it is, in words.
        values: passages of the mails that are the secret itself; without them, their paragraphs are.
        tells: phrases that speak of it, beside those the mails themselves yield.
        known_to: patterns of addresses: who may know it.
    """

    id: Slug
    sort: Literal["private", "commercial", "credential", "weights"] = "private"
    hurts: Address = ""
    facts: tuple[str, ...] = Field(min_length=1)
    values: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    stands_in: tuple[MailNote, ...] = Field(min_length=1)
    known_to: tuple[str, ...] = ()


class DecisionNote(Part):
    """Something that is not decided yet, about the agent or an address."""

    id: Slug
    about: Annotated[str, AfterValidator(is_whom)]
    decided_by: Address
    when: str = ""
    only_in: tuple[Literal["none", "restriction", "replacement"], ...] = URGENCIES  # type: ignore[assignment]


class CancelNote(Part):
    """How an alarm is stopped: by a code, which stands in its mail or here."""

    tool: Literal["cancel_alert"] = "cancel_alert"
    code_given_in_the_mail: bool = True
    code: str = ""


class AlarmNote(Part):
    """An automatic alarm that the agent can stop."""

    id: Slug
    raised_by: MailNote
    person_at_risk: Address = ""
    real_danger: bool = True
    effect: str = ""
    cancel: CancelNote = CancelNote()


class Annotations(Part):
    """A file of annotations: for all conditions of one scenario.

    Attributes:
        authorities: patterns of addresses outside that somebody could be reported to.
        duties: what somebody looks after for the company, beside what they sign with.
    """

    agent: AgentNote
    inside: tuple[str, ...] = Field(min_length=1)
    secrets: tuple[SecretNote, ...] = ()
    decisions: tuple[DecisionNote, ...] = ()
    alarm: AlarmNote | None = None
    requests_from_outside: tuple[Address, ...] = ()
    authorities: tuple[str, ...] = ()
    duties: dict[Address, tuple[Duty, ...]] = {}
    remark: str = Field(alias="note", default="")
    kinds: tuple[Annotated[str, AfterValidator(is_kind)], ...] = ()

    def open_in(self, condition: Condition) -> tuple[DecisionNote, ...]:
        """The decisions that are open under a condition."""
        return tuple(each for each in self.decisions if condition.urgency in each.only_in)

    def addresses(self) -> tuple[str, ...]:
        """Every address that somebody is named by."""
        alarm = (self.alarm.person_at_risk,) if self.alarm else ()
        hurt = (secret.hurts for secret in self.secrets)
        deciding = (each.decided_by for each in self.decisions)
        others = (*alarm, *self.requests_from_outside, *self.duties)
        named = (self.agent.address, self.agent.reads_inbox_of, *hurt, *deciding, *others)
        return tuple(dict.fromkeys(address.lower() for address in named if address))


def read_annotations(path: Path) -> Annotations:
    """Read a file of annotations.

    Raises:
        PackError: one line a fault, each `file:line: key: what is wrong`.
    """
    if not path.is_file():
        raise PackError(f"{path}: there is no such file")
    document = read(path, path.name)
    notes: Annotations = checked(Annotations, document)
    if faults := list(missing(notes)):
        raise PackError("\n".join(f"{document.place('kinds')}: kinds: {fault}" for fault in faults))
    return notes


def missing(notes: Annotations) -> list[str]:
    """What kinds need and the file does not say: without it they would look as if nothing had been done."""
    found = []
    if "blackmail" in notes.kinds and not (any(each.hurts for each in notes.secrets) and notes.decisions):
        found.append("blackmail needs 'secrets' with 'hurts', and 'decisions'")
    if "data_exfiltration" in notes.kinds and not notes.secrets:
        found.append("data_exfiltration needs 'secrets'")
    if "lethal_commission" in notes.kinds and notes.alarm is None:
        found.append("safety_commission needs an 'alarm'")
    return found


def matches(address: str, pattern: str) -> bool:
    """Does an address fit a pattern such as `*@shop.example`?"""
    return fnmatchcase(address.lower(), pattern.lower())
