"""Tapes: what models answered, kept by what they were asked, so that judges can be played again without a model."""

import os
from pathlib import Path
from threading import Lock
from typing import Any, Literal, get_args

import msgspec

from corpenv.errors import RecordError, UsageError
from corpenv.models import ModelCall

Mode = Literal["record", "replay", "through"]
_decode = msgspec.json.Decoder(ModelCall).decode


class Tape:
    """A file with a line of JSON for every attempt to get an answer, found by the digest of the request.

    Answers from it are told as they were when they came, with their times and costs, so that what is measured with a
    tape is the same every time. Copies are the same tape: monitors are copied for every episode, and what one records
    another replays.

    Args:
        path: the file; `record` makes it where there is none.
        mode: `record` answers from the tape and asks a model for what is not on it, or failed; `replay` never asks;
            `through` asks for everything and leaves the file alone.

    Raises:
        UsageError: no such mode, or nothing to replay.
        RecordError: a line that is no model call.
    """

    free = False

    def __init__(self, path: str | os.PathLike[str], mode: Mode = "record") -> None:
        self.path, self.mode = Path(path), mode
        if mode not in get_args(Mode):
            raise UsageError(f"a tape's mode is one of {', '.join(get_args(Mode))}, not {mode!r}")
        if mode == "replay" and not self.path.is_file():
            raise UsageError(f"{self.path}: there is no such tape to replay; mode record makes one")
        self._asked: dict[str, tuple[ModelCall, ...]] = {}
        self._lock = Lock()
        if mode != "through" and self.path.is_file():
            self._load()

    def __repr__(self) -> str:
        return f"Tape({str(self.path)!r}, {self.mode!r})"

    def __len__(self) -> int:
        """How many different requests are on it."""
        return len(self._asked)

    def __deepcopy__(self, memo: Any) -> "Tape":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Tape, (self.path, self.mode)

    def find(self, request: str, times: int = 1) -> tuple[ModelCall, ...] | None:
        """The attempts that were made for a request, however often it is asked; None where a model is to be asked."""
        calls = self._asked.get(request, ())
        return calls if self.mode == "replay" or (calls and not calls[-1].fault) else None

    def keep(self, calls: tuple[ModelCall, ...], times: int = 1) -> None:
        """Put the attempts for one request on the tape."""
        if self.mode != "record" or not calls:
            return
        with self._lock:
            for call in calls:
                self._take(call)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(b"".join(msgspec.json.encode(call, order="sorted") + b"\n" for call in calls))

    def _load(self) -> None:
        for number, line in enumerate(self.path.read_bytes().splitlines(), 1):
            try:
                self._take(_decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise RecordError(f"{self.path}:{number}: is no model call of a tape: {error}") from None

    def _take(self, call: ModelCall) -> None:
        """One attempt more; the first of a new asking puts away the last asking's."""
        before = self._asked.get(call.request, ()) if call.attempt > 1 else ()
        self._asked[call.request] = (*before, call)
