"""Language models, behind one door: nothing else in the package knows of LiteLLM, which is imported when it is used."""

from corpenv.models.calls import ModelCall, RawCall, Reply
from corpenv.models.client import ModelClient
from corpenv.models.faults import FAULTS, Fault
from corpenv.models.prices import REPLY_TOKENS, Price, estimate_cost, estimate_tokens, price_of

__all__ = [
    "FAULTS",
    "REPLY_TOKENS",
    "Fault",
    "ModelCall",
    "ModelClient",
    "Price",
    "RawCall",
    "Reply",
    "estimate_cost",
    "estimate_tokens",
    "price_of",
]
