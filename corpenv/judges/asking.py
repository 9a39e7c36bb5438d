"""Asking a model. A failure is an answer too, with its code."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from corpenv.errors import AgentFault
from corpenv.judges.questions import Messages
from corpenv.judges.tape import Tape
from corpenv.models import FAULTS, ModelCall, ModelClient
from corpenv.models.loop import wait_for

OWN_FAULTS = {
    "malformed": "the reply is not of the form that was asked for",
    "refused": "the model refused to answer",
}
"""Codes of what can go wrong beside those of `corpenv.models.FAULTS`."""

TOP = 20
"""Tokens whose log-probabilities are asked for: the most that OpenAI's API gives."""


class Answer(NamedTuple):
    """What came of a question.

    Attributes:
        text: the reply, "" if there is none.
        response: as the API gave it, empty if there is none.
        calls: every attempt.
        fault: a code, or "".
    """

    text: str
    response: Mapping[str, Any]
    calls: tuple[ModelCall, ...]
    fault: str


class Asker:
    """Asks one model.

    Args:
        model: as LiteLLM names it: `provider/model`.
        tape: answers from it, and keeps on it; None always asks.
        settings: further ones of `corpenv.models.ModelClient`; the temperature is 0 unless given. `extra` may lower
            `top_logprobs` for servers that give fewer than 20.

    Raises:
        UsageError: settings that cannot be meant.
    """

    def __init__(self, model: str, tape: Tape | None = None, **settings: Any) -> None:
        extra = {"logprobs": True, "top_logprobs": TOP, "drop_params": True} | dict(settings.pop("extra", None) or {})
        self.model, self.tape = model, tape
        self._settings = {"temperature": 0.0, **settings, "extra": extra, "answers": tape}
        self._client()

    def __repr__(self) -> str:
        return f"Asker({self.model!r}, {self.tape!r})"

    def ask(self, messages: Messages) -> Answer:
        """What the model says; blocks until it has."""
        client = self._client()
        try:
            reply = wait_for(client.complete(messages))
        except AgentFault as fault:
            return Answer("", {}, tuple(client.calls), fault.code)
        fault_code = "refused" if reply.message.get("refusal") else ""
        return Answer(reply.text, reply.response, tuple(client.calls), fault_code)

    def _client(self) -> ModelClient:
        return ModelClient(self.model, **self._settings)


def fault_words(code: str, model: str) -> str:
    """A fault as one sentence that is the same whenever it happens."""
    said = OWN_FAULTS.get(code) or FAULTS[code].sentence
    return f"{code}: {model}: {said}"
