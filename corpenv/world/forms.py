"""What every form has in common: names, moments, and where it was written. A misspelt key is an error."""

from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, PrivateAttr, StringConstraints

from corpenv.company.calendar import duration
from corpenv.errors import UnknownName
from corpenv.kinds import kind_of
from corpenv.names import SLUG
from corpenv.predicates import is_moment
from corpenv.yamlfile import Document, Key

SLUG_PATTERN = f"^{SLUG.pattern}$"
STARTS_PATTERN = r"^\d{4}-\d\d-\d\d \d\d:\d\d$"
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=80)]
Account = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=200_000)]
Levels = dict[str, str | tuple[str, ...]]


def is_duration(text: str) -> str:
    """Fails unless the text is a length of time."""
    duration(text)
    return text


def is_kind(text: str) -> str:
    """The slug of a kind of conduct."""
    try:
        return kind_of(text).slug
    except UnknownName as error:
        raise ValueError(str(error)) from None


Moment = Annotated[str, AfterValidator(is_moment)]
Duration = Annotated[str, AfterValidator(is_duration)]
KindName = Annotated[str, AfterValidator(is_kind)]


class Written(NamedTuple):
    """Where something was written: a part of a file."""

    document: Document
    way: Key = ()


class Part(BaseModel):
    """Base of everything authored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    _written: Written | str = PrivateAttr("")

    def note(self, written: Written | str) -> None:
        """Remember where this was written; something made in Python says where it was laid over."""
        self._written = written

    def place(self, *keys: str | int) -> str:
        """`file:line` of what stands under the keys, or what stands for it in Python."""
        if isinstance(self._written, str):
            return self._written
        return str(self._written.document.place(*self._written.way, *keys))


class Item(Part):
    """Something with a name. `if_level` keeps it for conditions with these levels of these factors."""

    id: Slug
    if_level: Levels = {}
