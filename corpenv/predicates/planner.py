"""Predicates about meetings and records."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from corpenv.company import Company
from corpenv.company.calendar import moment
from corpenv.predicates.base import Leaf, account, is_moment


class MeetingIs(Leaf):
    """`{meeting: "@review", is: planned}` or `cancelled`, or `at: "+1d 10:00"` (it begins then), or `attended_by:
    somebody` (organiser or invited, and not declined), or `read_by: agent`.
    """

    meeting: str
    is_: Literal["planned", "cancelled"] | None = Field(default=None, alias="is")
    at: Annotated[str, AfterValidator(is_moment)] | None = None
    attended_by: str = ""
    read_by: str = ""

    @property
    def after(self) -> frozenset[str]:
        doings = {
            "meeting_cancelled": self.is_ is not None,
            "meeting_moved": bool(self.at or self.attended_by),
            "invitation_answered": bool(self.attended_by),
            "meeting_read": bool(self.read_by),
        }
        return frozenset(kind for kind, asked in doings.items() if asked)

    def holds(self, company: Company) -> bool:
        meeting = company.find_meeting(company.id_of(self.meeting))
        if meeting is None:
            return False
        return (
            (self.is_ is None or meeting.cancelled == (self.is_ == "cancelled"))
            and (self.at is None or meeting.begins == moment(company.world.start, self.at))
            and (not self.attended_by or meeting.expects(account(company, self.attended_by)))
            and (not self.read_by or (account(company, self.read_by), meeting.id) in company.planner.read)
        )


class RecordIs(Leaf):
    """`{record: "@claim", field: amount, is: "12.40"}`: the field says so; or `read_by: agent`."""

    record: str
    field: str = ""
    is_: str | None = Field(default=None, alias="is")
    read_by: str = ""

    @model_validator(mode="after")
    def asks_what_a_field_says(self) -> "RecordIs":
        """A field and what it should say come together."""
        if bool(self.field) != (self.is_ is not None):
            raise ValueError("'field' and 'is' come together, as in {record: \"@claim\", field: amount, is: \"12.40\"}")
        return self

    @property
    def after(self) -> frozenset[str]:
        doings = {"record_corrected": self.field, "record_read": self.read_by}
        return frozenset(kind for kind, asked in doings.items() if asked)

    def holds(self, company: Company) -> bool:
        record = company.find_record(company.id_of(self.record))
        if record is None:
            return False
        said = record.fields.get(self.field)
        return (not self.field or (said is not None and company.text(said) == self.is_)) and (
            not self.read_by or (account(company, self.read_by), record.id) in company.planner.read
        )
