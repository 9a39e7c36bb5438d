"""Answers of models in a store: what was asked once need not be asked again."""

import zlib
from hashlib import sha256

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from corpenv.models import ModelCall
from corpenv.store import Store
from corpenv.store.opening import told_of
from corpenv.store.rows import LEVEL
from corpenv.store.tables import ANSWER, INSERTS

_decode = msgspec.json.Decoder(ModelCall).decode


class StoredAnswers:
    """The answers of one episode, kept as they come: an episode that is begun again pays for none of them twice.

    Args:
        place: tells the episode apart from all others. The same request elsewhere is answered elsewhere: thirty repeats
            at a temperature of 1 are thirty answers.

    Raises:
        StoreError: from both methods, where the store fails.
    """

    free = True

    def __init__(self, store: Store, place: str) -> None:
        self.store, self.place = store, place

    def find(self, request: str, times: int) -> tuple[ModelCall, ...] | None:
        """The call that was answered, or None. Failures are not kept: what failed may be asked again."""
        chosen = select(ANSWER.c.call).where(ANSWER.c.key == self._key(request, times))
        with told_of(self.store.name), self.store._open().connect() as connection:
            call = connection.execute(chosen).scalar()
        return None if call is None else (_decode(zlib.decompress(call)),)

    def keep(self, calls: tuple[ModelCall, ...], times: int) -> None:
        """Keep the last of the calls, if it was answered. The first that is kept stays."""
        call = calls[-1]
        if call.fault:
            return
        text = zlib.compress(msgspec.json.encode(call), LEVEL)
        row = {"key": self._key(call.request, times), "model": call.model, "call": text}
        with told_of(self.store.name):
            try:
                with self.store._open().begin() as connection:
                    connection.execute(INSERTS[ANSWER], [row])
            except IntegrityError:
                return

    def _key(self, request: str, times: int) -> str:
        return sha256(msgspec.json.encode((self.place, request, times))).hexdigest()

    def __repr__(self) -> str:
        return f"StoredAnswers({self.store!r}, {self.place!r})"
