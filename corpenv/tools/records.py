"""Registers and the records in them: expenses, staff files, whatever a company keeps by role."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.items import Record, Register
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import RecordCorrected, RecordNoted, RecordRead
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Line, Name, Page, Part, Tool, listing, page_of, part_of

ASKED = 3
"""Names of people who could help, in a refusal."""

RecordId = Annotated[Name, Meta(description="Id of the record, for example rec-k3f7q.")]


class ListRegisters(Arguments, frozen=True):
    page: Page = 1


class ListRecords(Arguments, frozen=True):
    register_id: Annotated[Name, Meta(description="Id of the register; list_registers shows them.")]
    about: Annotated[Line, Meta(description="Account or words: whom or what the record is about.")] = ""
    query: Annotated[Line, Meta(description="Part of its title or of what its fields say; empty lists all.")] = ""
    page: Page = 1


class ReadRecord(Arguments, frozen=True):
    record_id: RecordId
    part: Part = 1


class CorrectRecord(Arguments, frozen=True):
    record_id: RecordId
    field: Annotated[Name, Meta(description="Name of one of its fields.")]
    value: Annotated[Body, Meta(description="What the field should say.")]
    reason: Annotated[Line, Meta(min_length=1, description="Why; it is kept with the record.")]


class AddRecordNote(Arguments, frozen=True):
    record_id: RecordId
    text: Annotated[Body, Meta(min_length=1)]


# who may what -----------------------------------------------------------------------------------------------


def may_edit(register: Register, account: str) -> bool:
    """Can the account correct what stands in the register?"""
    return account in register.editors or "everyone" in register.editors


def may_read(register: Register, account: str) -> bool:
    """Can the account look into the register?"""
    return may_edit(register, account) or account in register.readers or "everyone" in register.readers


def open_register(company: Company, actor: str, register_id: str) -> Register:
    """A register that is open to the actor, or Refusal."""
    register = company.find_register(register_id)
    if register is None:
        raise Refusal(f"there is no register {register_id!r}{did_you_mean(register_id, company.world.registers, 5)}")
    if not may_read(register, actor):
        raise Refusal(f"the register {register.id} is closed to you; ask {keepers(company, register)}")
    return register


def open_record(company: Company, actor: str, record_id: str) -> tuple[Record, Register]:
    """A record of a register that is open to the actor, or Refusal."""
    record = company.find_record(record_id)
    if record is None:
        raise Refusal(f"there is no record {record_id}; list_records shows the ids")
    return record, open_register(company, actor, record.register)


def keepers(company: Company, register: Register) -> str:
    """Whom to ask about a register."""
    people = [company.name_of(account) for account in register.editors[:ASKED] if account != "everyone"]
    return " or ".join(people) or "whoever keeps it"


# decisions --------------------------------------------------------------------------------------------------


def list_registers(company: Company, actor: str, args: ListRegisters) -> Answer:
    """List the company's registers, and what you may do in each."""
    registers, more = page_of(iter(company.world.registers.values()), args.page)
    rows = [f"{register.id}  {register.title}  [{access(register, actor)}]" for register in registers]
    return Answer(listing("Registers", rows, more, args.page, "The company keeps no registers."))


def access(register: Register, actor: str) -> str:
    """What an account may do in a register."""
    if may_edit(register, actor):
        return "read and correct"
    return "read" if may_read(register, actor) else "closed to you"


def list_records(company: Company, actor: str, args: ListRecords) -> Answer:
    """List the records of a register that is open to you."""
    register = open_register(company, actor, args.register_id)
    found = (record for record in company.records(register.id) if fits(company, record, args))
    records, more = page_of(found, args.page)
    rows = [
        f"{record.id}  {company.when(record.at)}  {record.title}{about_words(company, record)}" for record in records
    ]
    return Answer(listing(register.title, rows, more, args.page, f"{register.title}: no such records."))


def fits(company: Company, record: Record, args: ListRecords) -> bool:
    """Is the record one of those asked for?"""
    about, query = args.about.lower(), args.query.lower()
    if about and about not in f"{record.about} {company.name_of(record.about)}".lower():
        return False
    said = (record.title, *(company.text(text) for text in record.fields.values())) if query else ()
    return not query or any(query in text.lower() for text in said)


def about_words(company: Company, record: Record) -> str:
    """Whom or what a record is about, behind its title."""
    return f" (about {company.name_of(record.about)})" if record.about else ""


def read_record(company: Company, actor: str, args: ReadRecord) -> Answer:
    """Read a record with its fields and notes."""
    record, register = open_record(company, actor, args.record_id)
    read = RecordRead(at=company.now, actor=actor, record_id=record.id, register=register.id)
    return Answer(part_of("\n".join(lines_of(company, record, register)), args.part), (read,))


def lines_of(company: Company, record: Record, register: Register) -> Iterator[str]:
    """A record as it is read."""
    yield f"{record.title} ({record.id}){about_words(company, record)}"
    yield f"{register.title}, {company.when(record.at)}\n"
    for name, text in record.fields.items():
        yield f"{name}: {company.text(text)}"
    for note in company.notes(record):
        yield f"\n{company.when(note.at)}  {company.name_of(note.author)}: {company.text(note.text)}"


def correct_record(company: Company, actor: str, args: CorrectRecord) -> Answer:
    """Correct what a field of a record says, in a register that you may correct."""
    record, register = open_record(company, actor, args.record_id)
    if not may_edit(register, actor):
        raise Refusal(f"you may read {record.id} but not correct it; ask {keepers(company, register)}")
    if args.field not in record.fields:
        raise Refusal(f"{record.id} has no field {args.field!r}{did_you_mean(args.field, record.fields, 8)}")
    was = company.text(record.fields[args.field])
    if was == args.value:
        raise Refusal(f"{args.field} of {record.id} says so already")
    corrected = RecordCorrected(
        at=company.now,
        actor=actor,
        record_id=record.id,
        register=register.id,
        field=args.field,
        was=was,
        value=args.value,
        reason=args.reason,
    )
    return Answer(f"Corrected {args.field} of {record.id}.", (corrected,))


def add_record_note(company: Company, actor: str, args: AddRecordNote) -> Answer:
    """Write a note under a record of a register that is open to you."""
    record, register = open_record(company, actor, args.record_id)
    noted = RecordNoted(at=company.now, actor=actor, record_id=record.id, register=register.id, text=args.text)
    return Answer(f"Noted on {record.id}.", (noted,))


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    registers = [register for register in company.world.registers.values() if may_read(register, actor)]
    own = [register for register in registers if may_edit(register, actor)] or registers
    records = list(islice((record for register in own for record in company.records(register.id)), 50))
    return {
        "register_id": [register.id for register in registers],
        "record_id": [record.id for record in records],
        "field": sorted({name for record in records for name in record.fields}),
    }


TOOLS = (
    Tool("list_registers", "records", ListRegisters, list_registers),
    Tool("list_records", "records", ListRecords, list_records),
    Tool("read_record", "records", ReadRecord, read_record, seconds=60),
    Tool("correct_record", "records", CorrectRecord, correct_record, Effect.INSIDE, seconds=120),
    Tool("add_record_note", "records", AddRecordNote, add_record_note, Effect.OWN, seconds=60),
)
