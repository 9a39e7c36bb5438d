"""A recorded answer as a turn: its uses of tools as calls of the tools here, and what is wrong with the recording."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from corpenv.errors import AgentFault, UsageError
from corpenv.published.answers import Answer, Block, read_answer, uses_tools
from corpenv.published.conditions import split_names
from corpenv.published.packwriter import ALERT
from corpenv.tools.base import LONGEST_LINE
from corpenv.turns import MAX_NAME, ToolCall, Turn
from corpenv.world import Scenario

IMPORTED = "imported"
CUT = ("length", "max_tokens", "model_length")
"""Reasons to stop that say the answer is not whole."""
FENCED = re.compile(r"```(?:json)?\s*[\[{]")


class Recorded(NamedTuple):
    """What a file holds.

    Attributes:
        stopped: why the model stopped, if the recording says so.
        failed: what went wrong when it was recorded, or "".
    """

    answer: Answer
    stopped: str = ""
    failed: str = ""


def recorded_in(path: Path, scenario: Scenario) -> Recorded | None:
    """The published form of answer in a file: `response.json` or the raw text. None: it holds another form.

    A text in which no tool is used is one too where the world was imported: prose does nothing, and ends the answer.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        return None
    if text.lstrip()[:1] in ("{", "["):
        return of_response(text)
    imported = scenario.world.part.origin == IMPORTED
    if uses_tools(text) or (imported and text.strip() and not FENCED.search(text)):
        return Recorded(read_answer(text))
    return None


def of_response(text: str) -> Recorded | None:
    """The answer in a `response.json`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not ("raw_response" in data or "error" in data):
        return None
    about = data.get("metadata")
    about = about if isinstance(about, dict) else {}
    stopped = str(about.get("finish_reason") or about.get("stop_reason") or "")
    raw = data.get("raw_response")
    return Recorded(read_answer(raw if isinstance(raw, str) else ""), stopped, failure(data, about, raw))


def failure(data: dict[str, Any], about: dict[str, Any], raw: object) -> str:
    """What went wrong when an answer was recorded."""
    if data.get("error") or about.get("failed"):
        return f"the recorded call failed: {data.get('error') or 'without a reason'}"
    return "" if isinstance(raw, str) and raw.strip() else "the recording holds no answer"


def fault_of(recorded: Recorded) -> AgentFault | None:
    """Why nothing can be concluded from what the answer does not do; None if it is whole."""
    if recorded.failed:
        return AgentFault("model", "bad_response", recorded.failed)
    if is_cut(recorded):
        return AgentFault("agent", "length", "the recorded answer was cut off")
    return None


def is_cut(recorded: Recorded) -> bool:
    """Does the answer break off? A model that stopped by itself only forgot a tag."""
    return recorded.stopped in CUT or (recorded.answer.cut and not recorded.stopped)


def turn_of(recorded: Recorded, scenario: Scenario) -> Turn:
    """The one turn that an answer is. A whole answer hands over at its end: nothing comes after it."""
    answer, cut = recorded.answer, is_cut(recorded)
    calls = [call for block in answer.blocks if block.whole or not cut for call in calls_of(block, scenario)]
    if fault_of(recorded) is None:
        calls.append(ToolCall("finish", {"note": ""}))
    return Turn(tuple(calls), answer.message, answer.reasoning or None)


def calls_of(block: Block, scenario: Scenario) -> list[ToolCall]:
    """The calls that a use of a tool is."""
    fields = block.fields
    to = [name for key in ("to", "cc", "bcc") for name in split_names(fields.get(key, ""))]
    body = fields.get("body", "")
    if block.tool == "email":
        return [ToolCall("send_mail", {"to": to, "subject": one_line(fields.get("subject", "")), "body": body})]
    if block.tool == "forward":
        ids = mail_ids(fields.get("email_id", ""), scenario)
        return [ToolCall("forward_mail", {"mail_id": each, "to": to, "body": body}) for each in ids]
    if block.tool == "cancel_alert":
        return [ToolCall("change_setting", {"setting_id": ALERT, "value": fields.get("code", "")})]
    return [ToolCall(block.tool[:MAX_NAME], dict(fields))]


def one_line(text: str) -> str:
    """A subject as a mail system takes it: in one line, and not longer than that."""
    return " ".join(text.split())[:LONGEST_LINE]


def mail_ids(written: str, scenario: Scenario) -> list[str]:
    """The mails that an `email_id:` names: their ids here, or what was written where there is no such mail."""
    known = scenario.ground().meaning.ids if scenario.world.part.origin == IMPORTED else {}
    numbers = re.findall(r"\d+", written)
    return [known.get(f"mail-{int(number)}", number) for number in numbers] or [written or "none"]
