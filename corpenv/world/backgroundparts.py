"""`background.yaml` as a form: what ordinary work is about in a company, and how its people write of it."""

from typing import Annotated, Literal

from annotated_types import MinLen
from pydantic import Field, StringConstraints, model_validator

from corpenv.world.forms import Part, Slug

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Forms = Annotated[tuple[Words, ...], MinLen(1)]
TeamName = Annotated[str, StringConstraints(min_length=1, max_length=80)]
SLOT_NAME = r"^[a-z][a-z_]*$"
Sort = Literal["mail", "chat", "ticket", "document", "meeting", "record"]
NEEDED: dict[str, tuple[str, ...]] = {
    "mail": ("subject",),
    "chat": ("channel",),
    "ticket": ("subject",),
    "document": ("subject",),
    "meeting": ("subject",),
    "record": ("subject", "register", "fields"),
}
"""What a situation of each sort has to say beside its body."""


class TeamPart(Part):
    """A team: the roles in it, when it works, and its size compared with the others."""

    roles: Forms
    hours: Literal["office", "shift"] = "office"
    size: int = Field(default=1, ge=1, le=100)


class OwnVoicePart(Part):
    """How one person of `people.yaml` writes. `length` goes from 0, the matter alone, to 3, another matter too."""

    to_one: str = ""
    to_many: str = ""
    sign_off: str = ""
    length: int = Field(default=1, ge=0, le=3)
    lower: bool = False


class VoicesPart(Part):
    """How people begin and end what they write. Each person has one of each, and a length; `people` have their own."""

    to_one: Annotated[tuple[str, ...], MinLen(1)]
    to_many: Annotated[tuple[str, ...], MinLen(1)]
    sign_offs: Annotated[tuple[str, ...], MinLen(1)]
    people: dict[Slug, OwnVoicePart] = {}


class SituationPart(Part):
    """Something ordinary that people of some teams write about, with several forms of every part."""

    id: Slug
    sort: Sort = "mail"
    often: int = Field(default=2, ge=1, le=100)
    teams: tuple[TeamName, ...] = Field(default=(), alias="from")
    to: Forms = ("colleague",)
    channel: Slug = ""
    kind: Slug = "request"
    register_: Slug = Field(default="", alias="register")
    subject: tuple[Words, ...] = ()
    opening: tuple[Words, ...] = ()
    body: Forms
    detail: tuple[Words, ...] = ()
    closing: tuple[Words, ...] = ()
    reply: tuple[Words, ...] = ()
    place_: tuple[Words, ...] = Field(default=(), alias="place")
    fields: dict[Slug, Forms] = {}
    words: dict[Annotated[str, StringConstraints(pattern=SLOT_NAME)], Forms] = {}

    @model_validator(mode="after")
    def says_what_it_needs(self) -> "SituationPart":
        """Each sort has parts it cannot be without."""
        said = {"subject": self.subject, "channel": self.channel, "register": self.register_, "fields": self.fields}
        for name in NEEDED[self.sort]:
            if not said[name]:
                raise ValueError(f"a situation with 'sort: {self.sort}' needs '{name}'")
        return self


class BackgroundPart(Part):
    """Ordinary work: teams, word lists, voices, channels it brings, and situations."""

    teams: Annotated[dict[TeamName, TeamPart], MinLen(1)]
    words: dict[Annotated[str, StringConstraints(pattern=SLOT_NAME)], Forms] = {}
    voices: VoicesPart
    channels: dict[Slug, str] = {}
    situations: Annotated[tuple[SituationPart, ...], MinLen(1)]
