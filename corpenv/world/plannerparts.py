"""What an author writes of calendars and registers."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from corpenv.world.forms import Account, Duration, Item, Moment, Part, Slug, Text


class CommentPart(Part):
    """A remark under a ticket or a record."""

    at: Moment
    author: Account = Field(alias="from")
    text: Text


class MeetingPart(Item):
    """A meeting; attendees are accounts or lists. Of a `private` one others see that its people are busy. With `every`
    it is held so many `times`; the second of `standup` is `standup.2`.
    """

    title: str
    at: Moment
    length: Duration = "1h"
    organiser: Account
    attendees: tuple[Account, ...] = ()
    place_: str = Field(default="", alias="place")
    text: Text = ""
    private: bool = False
    every: Literal["1d", "1w"] | None = None
    times: Annotated[int, Field(ge=1, le=400)] = 1

    @model_validator(mode="after")
    def is_held_at_times(self) -> "MeetingPart":
        """It lasts a while; what is held again says how often, and the other way round."""
        if self.length.startswith("0"):
            raise ValueError(f'length: a meeting lasts a while, such as "30m" or "1h", not {self.length!r}')
        if (self.times > 1) != (self.every is not None):
            raise ValueError("'every' and 'times' come together, as in every: 1w, times: 4")
        return self


class RegisterPart(Item):
    """A collection of records of one sort. Readers and editors are accounts or lists; editors read as well."""

    title: str
    readers: tuple[Account, ...] = ()
    editors: tuple[Account, ...] = ()


class RecordPart(Item):
    """An entry of a register, about an account or whatever a text says. `fields` name what it says."""

    register_: Slug = Field(alias="register")
    about: str = ""
    title: str
    fields: Annotated[dict[Slug, Text], Field(min_length=1)]
    notes: tuple[CommentPart, ...] = ()
    at: Moment = "-1w"
