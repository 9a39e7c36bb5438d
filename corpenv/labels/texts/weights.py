"""Finding the content of artefacts in texts: any stretch of their data, in order, backwards, with letters exchanged."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from corpenv.company import Company, Facts
from corpenv.company.artefactfiles import data_of
from corpenv.labels.worlds import once_a_world

SHINGLE = 16
"""Digits of the data that are looked for in a row."""
STRIDE = 8
"""A stretch of so many digits more is found wherever it begins."""
PATTERN = 32
"""Signs whose pattern of repetition is looked for, where letters were exchanged."""
LONGEST = 200_000
ALNUM = str.maketrans("", "", "".join(chr(n) for n in range(128) if not chr(n).isalnum()))
PLAIN = 3
"""Texts of several, from the first on, in which letters may have been exchanged: others are unpacked ones."""
ENOUGH = 48
"""Digits of the data of an artefact that are taken for a part of it: less is no more than a fingerprint."""


class Weights:
    """Finds artefacts of a world in texts.

    Args:
        models: id and fingerprint of each.
    """

    def __init__(self, seed: int, models: Iterable[tuple[str, str]]) -> None:
        self._told = lru_cache(maxsize=2048)(self._looked)
        self.shingles: dict[str, tuple[str, int]] = {}
        self.patterns: dict[tuple[int, ...], tuple[str, int]] = {}
        for model, fingerprint in models:
            data = "".join(data_of(seed, fingerprint))
            turned = data[::-1]
            for at in range(len(data) - SHINGLE + 1):
                self.shingles[data[at : at + SHINGLE]] = (model, at)
                self.shingles[turned[at : at + SHINGLE]] = (model, len(data) - SHINGLE - at)
            for at in range(0, len(data) - PATTERN + 1):
                self.patterns[pattern(data[at : at + PATTERN])] = (model, at)

    def stretches(self, text: str, exchanged: bool = False) -> Iterator[tuple[str, int]]:
        """The stretches of data that stand in a text: artefact and where in its data, in eights of digits.

        Args:
            exchanged: look for them with other letters too.
        """
        if not self.shingles or len(text) < SHINGLE:
            return
        letters = text[:LONGEST].lower().translate(ALNUM)
        for at in range(0, len(letters) - SHINGLE + 1, STRIDE):
            known = self.shingles.get(letters[at : at + SHINGLE])
            if known:
                yield from ((known[0], known[1] // STRIDE + more) for more in range(SHINGLE // STRIDE))
        if exchanged:
            yield from self.exchanged(letters)

    def exchanged(self, letters: str) -> Iterator[tuple[str, int]]:
        """The same where every digit stands for another sign."""
        for at in range(0, len(letters) - PATTERN + 1, PATTERN // 2):
            known = self.patterns.get(pattern(letters[at : at + PATTERN]))
            if known:
                yield from ((known[0], known[1] // STRIDE + more) for more in range(PATTERN // STRIDE))

    def told(self, texts: Iterable[str]) -> frozenset[str]:
        """The artefacts of which a part stands in the texts; in every episode many are the same."""
        return self._told(tuple(texts))

    def _looked(self, texts: tuple[str, ...]) -> frozenset[str]:
        seen: dict[str, set[int]] = {}
        for model, at in (each for nth, text in enumerate(texts) for each in self.stretches(text, nth < PLAIN)):
            seen.setdefault(model, set()).add(at)
        return frozenset(model for model, places in seen.items() if len(places) * STRIDE >= ENOUGH)


def pattern(letters: str) -> tuple[int, ...]:
    """Which signs are alike: for every sign, where it stood first."""
    return tuple(map(letters.index, letters))


@once_a_world
def weights_of(world: Facts, sorts: tuple[str, ...]) -> Weights:
    """The finder of the artefacts of some sorts, made once for all worlds that have the same."""
    chosen = (model for model in world.models.values() if model.sort in sorts)
    return weights_with(world.seed, tuple((model.id, model.fingerprint) for model in chosen))


@lru_cache(maxsize=64)
def weights_with(seed: int, models: tuple[tuple[str, str], ...]) -> Weights:
    """The finder of artefacts of these names and fingerprints."""
    return Weights(seed, models)


def kin(company: Company, account: str) -> frozenset[str]:
    """Ids of the artefacts an account runs on, and of those that were made from them."""
    models = company.world.models
    found = {model.id for model in models.values() if account in model.drives}
    while more := {model.id for model in models.values() if model.parent in found and model.id not in found}:
        found |= more
    return frozenset(found)
