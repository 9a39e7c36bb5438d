"""A published condition: two prompts and a mailbox, read from its folder."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from corpenv.errors import PackError

SYSTEM, INSTRUCTION, MAILS, METADATA = "system_prompt.txt", "user_prompt.txt", "email_content.txt", "metadata.json"
MAIL = re.compile(r"<email>(.*?)</email>", re.DOTALL)
HEADER = re.compile(r"(ID|From|To|Cc|Subject|Timestamp|Attachments|Body):[ \t]*(.*)")
NEEDED = ("From", "To", "Subject", "Timestamp", "Body")
QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")
SESSION = re.compile(r"session begins at (\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])\.?M", re.IGNORECASE)


class PublishedMail(NamedTuple):
    """One mail of the mailbox.

    Attributes:
        number: its `ID:`, else its place from 1; answers forward it by this.
        sender, to: as they are written, perhaps with names.
        at: as it is written; no zone.
        attachments: names of files; what is in them is not published.
    """

    number: int
    sender: str
    to: tuple[str, ...]
    subject: str
    at: datetime
    body: str
    attachments: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """What the pack calls it."""
        return f"mail-{self.number}"

    @property
    def thread(self) -> str:
        """The subject without what an answer or a forwarded mail begins with."""
        return re.sub(r"^(?:(?:re|fwd?):\s*)+", "", self.subject, flags=re.IGNORECASE)


class Condition(NamedTuple):
    """Everything in a condition's folder.

    Attributes:
        name: its id.
        scenario, urgency: what it is a condition of, and which pressure it holds.
        system, instruction: the two prompts.
        mailbox: the mails as one text, as the prompt held them.
    """

    name: str
    scenario: str
    urgency: str
    system: str
    instruction: str
    mailbox: str
    mails: tuple[PublishedMail, ...]

    @property
    def starts(self) -> datetime:
        """When the session begins, to the minute: no mail of the prompt comes after it."""
        last = max(mail.at for mail in self.mails)
        begins = max(last, session_begin(self.system, last))
        return (begins + timedelta(seconds=59)).replace(second=0, microsecond=0)


def session_begin(system: str, day: datetime) -> datetime:
    """The clock that the system prompt names, on that day; the day itself if it names none."""
    found = SESSION.search(system)
    if not found or not 1 <= int(found[1]) <= 12 or int(found[2]) > 59:
        return day
    hour = int(found[1]) % 12 + (12 if found[4].upper() == "P" else 0)
    return day.replace(hour=hour, minute=int(found[2]), second=min(59, int(found[3] or 0)), microsecond=0)


def read_condition(folder: Path) -> Condition:
    """Read a condition's folder.

    Raises:
        PackError: a file is missing, or a mail lacks something; says where.
    """
    about = metadata(folder)
    mailbox = read_text(folder / MAILS)
    mails = tuple(read_mails(mailbox, f"{folder.name}/{MAILS}"))
    parts = folder.name.split("_")
    return Condition(
        str(about.get("condition_id") or folder.name),
        str(about.get("scenario") or parts[0]),
        str(about.get("urgency_type") or parts[-1]),
        read_text(folder / SYSTEM).strip(),
        read_text(folder / INSTRUCTION).strip(),
        mailbox.strip(),
        mails,
    )


def read_text(path: Path) -> str:
    """One file of a condition, without the blanks at the ends of lines, which nobody sees."""
    try:
        return re.sub(r"[ \t\r]+$", "", path.read_text("utf-8-sig"), flags=re.MULTILINE)
    except OSError as error:
        needed = ", ".join((SYSTEM, INSTRUCTION, MAILS, METADATA))
        raise PackError(f"{path}: cannot be read: {error.strerror}; a condition's folder holds {needed}") from None
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: byte {error.start}: a text in UTF-8 is needed") from None


def metadata(folder: Path) -> dict[str, Any]:
    """What the folder says of itself."""
    path = folder / METADATA
    try:
        found = json.loads(read_text(path))
    except ValueError as error:
        if isinstance(error, PackError):
            raise
        raise PackError(f"{path}: not JSON that can be read") from None
    if not isinstance(found, dict):
        raise PackError(f"{path}: a JSON object is needed, with condition_id, scenario and urgency_type")
    return found


def read_mails(text: str, where: str) -> Iterator[PublishedMail]:
    """The mails of a mailbox.

    Raises:
        PackError: there is none, one is not closed, lacks a header, or has a number twice.
    """
    found = list(MAIL.finditer(text))
    if (opened := text.count("<email>")) != len(found):
        raise PackError(f"{where}: {opened} mails begin with <email> and {len(found)} end with </email>")
    if not found:
        raise PackError(f"{where}: there is no mail: each stands between <email> and </email>")
    seen: set[int] = set()
    for place, block in enumerate(found, 1):
        mail = read_mail(block[1], place, f"{where}:{text.count(chr(10), 0, block.start()) + 1}")
        if mail.number in seen:
            raise PackError(f"{where}: ID: two mails have the number {mail.number}")
        seen.add(mail.number)
        yield mail


def read_mail(block: str, place: int, where: str) -> PublishedMail:
    """One mail."""
    headers = headers_of(block)
    for name in NEEDED:
        if name not in headers or (name in ("From", "To") and not headers[name]):
            raise PackError(f"{where}: {name}: is missing; a mail has {', '.join(NEEDED)}")
    number = headers.get("ID", str(place))
    if not number.isdecimal():
        raise PackError(f"{where}: ID: {number!r} is no number such as {place}")
    to = (*split_names(headers["To"]), *split_names(headers.get("Cc", "")))
    return PublishedMail(
        int(number),
        headers["From"],
        to,
        headers["Subject"],
        moment_of(headers["Timestamp"], where),
        headers["Body"].strip("\n"),
        tuple(one or other for one, other in QUOTED.findall(headers.get("Attachments", ""))),
    )


def headers_of(block: str) -> dict[str, str]:
    """The headers of a mail, wrapped ones in one line; its body is the last."""
    headers: dict[str, str] = {}
    last, lines = "", block.strip("\n").split("\n")
    for number, line in enumerate(lines):
        found = HEADER.match(line)
        if found and found[1] == "Body":
            headers["Body"] = "\n".join((found[2], *lines[number + 1 :]))
            break
        if found and found[1] not in headers:
            last = found[1]
            headers[last] = found[2].strip()
        elif last and line.strip():
            headers[last] = f"{headers[last]} {line.strip()}".strip()
    return headers


def moment_of(text: str, where: str) -> datetime:
    """When a mail came. A zone is left out: nothing else in a condition has one."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise PackError(f"{where}: Timestamp: {text!r} is no moment such as 2031-05-06T09:15:00") from None


def split_names(text: str) -> tuple[str, ...]:
    """Recipients as they are written, each with its address; `Fenn, Ada <ada@…>` is one."""
    names: list[str] = []
    for part in re.split(r"[,;\n]|\sand\s", text):
        name = part.strip().strip("[]\"'*- ")
        if names and "<" in name and "@" not in names[-1]:
            names[-1] = f"{names[-1]}, {name}"
        elif name:
            names.append(name)
    return tuple(names)
