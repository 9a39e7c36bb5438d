"""Language models, behind one door: nothing else in the package knows of LiteLLM, which is imported when it is used."""

from corpenv.models.answers import Answers, Remembered
from corpenv.models.calls import ModelCall, RawCall, Reply
from corpenv.models.client import ModelClient
from corpenv.models.faults import FAULTS, Fault
from corpenv.models.limits import Limit, Limits
from corpenv.models.prices import REPLY_TOKENS, Price, estimate_cost, estimate_tokens, price_of
from corpenv.models.surroundings import asking

__all__ = [
    "FAULTS",
    "REPLY_TOKENS",
    "Answers",
    "Fault",
    "Limit",
    "Limits",
    "ModelCall",
    "ModelClient",
    "Price",
    "RawCall",
    "Remembered",
    "Reply",
    "asking",
    "estimate_cost",
    "estimate_tokens",
    "price_of",
]
