"""Documents: list, read, write, share."""

from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.items import Document
from corpenv.company.mailroom import delivery
from corpenv.errors import Refusal
from corpenv.events import DocumentRead, DocumentShared, DocumentWritten
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Line, Name, Names, Page, Part, Tool, listing, page_of, part_of

DocumentId = Annotated[Name, Meta(description="Id of the document, for example doc-k3f7q.")]


class ListDocuments(Arguments, frozen=True):
    query: Annotated[Line, Meta(description="Part of the title; empty lists all you can read.")] = ""
    page: Page = 1


class ReadDocument(Arguments, frozen=True):
    document_id: DocumentId
    part: Part = 1


class WriteDocument(Arguments, frozen=True):
    title: Annotated[Line, Meta(min_length=1)]
    text: Body
    document_id: Annotated[str, Meta(max_length=200, description="Document to replace; empty makes a new one.")] = ""


class ShareDocument(Arguments, frozen=True):
    document_id: DocumentId
    to: Annotated[Names, Meta(description="Accounts of colleagues, mailing lists, or addresses outside.")]


def may_read(document: Document, account: str) -> bool:
    """Can the account open the document?"""
    return may_edit(document, account) or account in document.readers or "everyone" in document.readers


def may_edit(document: Document, account: str) -> bool:
    """Can the account change the document?"""
    return account == document.owner or account in document.editors


def readable(company: Company, actor: str, document_id: str) -> Document:
    """A document the actor can open, or Refusal."""
    document = company.find_document(document_id)
    if document is None or not may_read(document, actor):
        raise Refusal(f"there is no document {document_id} that you can open; list_documents shows the ids")
    return document


def list_documents(company: Company, actor: str, args: ListDocuments) -> Answer:
    """List the documents you can read."""
    wanted = args.query.lower()
    found = (
        document for document in company.documents() if may_read(document, actor) and wanted in document.title.lower()
    )
    documents, more = page_of(found, args.page)
    rows = [f"{document.id}  {document.title}  [{document.label}]" for document in documents]
    return Answer(listing("Documents", rows, more, args.page, "There is no such document that you can read."))


def read_document(company: Company, actor: str, args: ReadDocument) -> Answer:
    """Read a document."""
    document = readable(company, actor, args.document_id)
    head = f"{document.title} ({document.id}) [{document.label}]\nOwner: {company.name_of(document.owner)}"
    read = DocumentRead(at=company.now, actor=actor, document_id=document.id)
    return Answer(part_of(f"{head}\n\n{company.text(document.text)}", args.part), (read,))


def write_document(company: Company, actor: str, args: WriteDocument) -> Answer:
    """Write a new document, or replace the text of one that you may edit."""
    if args.document_id:
        document = readable(company, actor, args.document_id)
        if not may_edit(document, actor):
            raise Refusal(f"you may read {document.id} but not change it; ask {company.name_of(document.owner)}")
    document_id = args.document_id or company.new_id("doc")
    written = DocumentWritten(
        at=company.now,
        actor=actor,
        document_id=document_id,
        title=args.title,
        text=args.text,
        new=not args.document_id,
    )
    return Answer(f"Saved {document_id}.", (written,))


def share_document(company: Company, actor: str, args: ShareDocument) -> Answer:
    """Let more people read a document: colleagues, or addresses outside the company."""
    document = readable(company, actor, args.document_id)
    whom = delivery(company, args.to)
    if whom.bounced:
        raise Refusal(f"nobody is called {', '.join(whom.bounced)}; find_person shows the accounts")
    shared = DocumentShared(
        at=company.now, actor=actor, document_id=document.id, inside=whom.delivered, outside=whom.outside
    )
    return Answer(f"{document.id} can now be read by {', '.join(args.to)}.", (shared,))


def reach(company: Company, args: ShareDocument) -> Effect:
    return Effect.OUTSIDE if delivery(company, args.to).outside else Effect.INSIDE


TOOLS = (
    Tool("list_documents", "documents", ListDocuments, list_documents),
    Tool("read_document", "documents", ReadDocument, read_document, seconds=120),
    Tool("write_document", "documents", WriteDocument, write_document, Effect.INSIDE, seconds=300),
    Tool("share_document", "documents", ShareDocument, share_document, reach, seconds=30),
)
