"""What can go wrong with a model, as a table, and how an error of LiteLLM finds its row.

LiteLLM's own classes do not tell a truncated answer from an overloaded server (both are `InternalServerError`), so
the errors underneath decide first: what the HTTP client saw is a fact.
"""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import Any, NamedTuple

from corpenv.errors import AgentFault, Owner
from corpenv.models.keys import Keys

MAX_SAID = 300
"""Characters of a server's own words that are quoted."""


class Fault(NamedTuple):
    """A code's meaning: whose fault it is, whether another attempt may help, and a sentence about the model."""

    owner: Owner
    passes: bool
    sentence: str


FAULTS = {
    "missing_key": Fault("environment", False, "there is no key"),
    "bad_key": Fault("environment", False, "the key was not accepted"),
    "no_credit": Fault("environment", False, "the account has nothing left to spend"),
    "unknown_model": Fault(
        "environment", False, "no such model (a name is provider/model, for example openai/gpt-4o-mini)"
    ),
    "rate_limited": Fault("model", True, "too many requests"),
    "server_error": Fault("model", True, "the server failed"),
    "timed_out": Fault("model", True, "no answer in time"),
    "connection_failed": Fault("environment", True, "no connection"),
    "bad_response": Fault("model", True, "the answer could not be read"),
    "context_overflow": Fault("agent", False, "the history is longer than the model can read"),
    "content_filtered": Fault("model", False, "a filter of the provider withheld the request or the answer"),
    "length": Fault("model", False, "the answer was cut off before it came to a call (max_tokens)"),
    "bad_request": Fault("agent", False, "the request was refused"),
    "not_on_tape": Fault("environment", False, "nothing that was kept answers this request"),
}
"""Every code that a `ModelClient` can end with."""


class Failed(Exception):
    """One attempt that failed.

    Attributes:
        code: a key of `FAULTS`.
        said: the server's words, or other particulars.
        after: seconds the server asks to wait, None if it does not say.
    """

    def __init__(self, code: str, said: str = "", after: float | None = None) -> None:
        super().__init__(code)
        self.code, self.said, self.after = code, said, after

    @property
    def passes(self) -> bool:
        """Whether another attempt may help."""
        return FAULTS[self.code].passes

    def fault(self, model: str, attempts: int) -> AgentFault:
        """The failure as the end of an agent's part."""
        row = FAULTS[self.code]
        often = f" in {attempts} attempts" if attempts > 1 else ""
        said = f" ({self.said})" if self.said else ""
        return AgentFault(row.owner, self.code, f"{model}: {row.sentence}{often}{said}")


STATUSES = {
    401: "bad_key",
    402: "no_credit",
    403: "bad_key",
    404: "unknown_model",
    408: "timed_out",
    413: "context_overflow",
    429: "rate_limited",
}
MARKS = (
    (
        "context_overflow",
        re.compile(r"context.{0,10}(length|window)|prompt is too long|too many (input )?tokens", re.I),
    ),
    ("content_filtered", re.compile(r"content.{0,3}(policy|filter|management)|moderation|ResponsibleAIPolicy", re.I)),
    ("no_credit", re.compile(r"insufficient_quota|exceeded your current quota|credit balance is too low", re.I)),
    ("unknown_model", re.compile(r"LLM Provider NOT provided|model_not_found", re.I)),
)
"""What servers write where the status says too little: 400, 403, and 429 without an end."""

NO_KEY = re.compile(
    r"missing credentials|missing .{0,30}api key|api_key.{0,40}must be (set|provided)|no key is set", re.I
)
NO_ANSWER = re.compile(r"invalid response|provider returned", re.I)
"""What LiteLLM says of an answer that has not the form of one."""
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What lies under an error where an answer came and LiteLLM could not make sense of it."""

VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]*_API_KEY\b")


def failure(error: BaseException, litellm: ModuleType, model: str, keys: Keys) -> Failed:
    """The failure behind an error that LiteLLM raised, without keys in its words."""
    code, said = code_of(error), plain_words(keys.strike_all(str(error)))
    never_sent = answered(error) is None and NO_KEY.search(said)
    if never_sent or (code == "bad_key" and not keys.given):
        names = missing_variables(litellm, model) or (VARIABLE.findall(said)[:1] if never_sent else [])
        if names:
            return Failed("missing_key", f"set {' or '.join(names)}")
        code = "bad_key"
    return Failed(code, said, retry_after(error))


def code_of(error: BaseException) -> str:
    """The key of `FAULTS` for an error."""
    words, response = str(error), answered(error)
    status = response.status_code if response is not None else getattr(error, "status_code", None)
    if type(error).__name__ == "ContextWindowExceededError":
        return "context_overflow"
    if type(error).__name__ == "ContentPolicyViolationError":
        return "content_filtered"
    if status in (400, 403, 429, None):
        for code, mark in MARKS:
            if mark.search(words + str(getattr(error, "body", ""))):
                return code
    return code_of_status(status) if response is not None else code_without_answer(error, status)


def code_of_status(status: int | None) -> str:
    """The code for an answer with this HTTP status."""
    if status is not None and status >= 500:
        return "server_error"
    return STATUSES.get(status or 0, "bad_request")


def code_without_answer(error: BaseException, status: int | None) -> str:
    """The code where no HTTP status came: the connection broke, or what came was no answer."""
    import httpx

    chain = tuple(causes(error))
    if any(isinstance(cause, httpx.TimeoutException | TimeoutError) for cause in chain):
        return "timed_out"
    if any(isinstance(cause, httpx.DecodingError) for cause in chain):
        return "bad_response"
    if any(isinstance(cause, httpx.RequestError | ConnectionError) for cause in chain):
        return "connection_failed"
    unread = any(isinstance(cause, UNREADABLE) for cause in chain)
    if unread or status == 422 or NO_ANSWER.search(str(error)):
        return "bad_response"
    return code_of_status(status)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what lies under it."""
    at: BaseException | None = error
    while at is not None:
        yield at
        at = at.__cause__ or at.__context__


def answered(error: BaseException) -> Any:
    """The HTTP response that the error came from, or None."""
    import httpx

    for cause in causes(error):
        if isinstance(cause, httpx.HTTPStatusError):
            return cause.response
    return None


def plain_words(said: str) -> str:
    """What an error says on one line, without LiteLLM's class names, links and tracebacks."""
    words = said.partition("Traceback")[0].partition("\n")[0]
    words = re.sub(r"^(litellm\.)?(\w+(Error|Exception|Timeout)\s*[:-]\s*(litellm\.)?)+", "", words)
    return words if len(words) <= MAX_SAID else f"{words[: MAX_SAID - 1]}…"


def missing_variables(litellm: ModuleType, model: str) -> list[str]:
    """The environment variables that would hold a key for the model and do not."""
    missing = litellm.validate_environment(model).get("missing_keys") or ()
    return [name for name in missing if re.search(r"KEY|TOKEN|CREDENTIALS", name)]


def retry_after(error: BaseException) -> float | None:
    """Seconds that the server asks to wait, None if it does not say; a date counts from the server's own clock."""
    response = answered(error)
    if response is None:
        return None
    text = response.headers.get("retry-after", "")
    try:
        return max(0.0, float(text))
    except ValueError:
        return seconds_between(response.headers.get_list("date")[:1], text)


def seconds_between(began: list[str], until: str) -> float | None:
    """From one HTTP date to another, None if one of them is none."""
    try:
        wait = parsedate_to_datetime(until) - parsedate_to_datetime(began[0])
    except (IndexError, TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
