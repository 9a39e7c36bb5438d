"""The spaces of corpenv's environments: texts to read, tool calls to make.

Gymnasium batches both as tuples. For texts this module also teaches it to use shared memory, so that
`gym.make_vec(…, vectorization_mode="async")` works as it does for arrays.
"""

import multiprocessing
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, overload

import numpy as np
from gymnasium import Space
from gymnasium.spaces import Text
from gymnasium.vector.utils import create_shared_memory, read_from_shared_memory, write_to_shared_memory

from corpenv.errors import UsageError
from corpenv.sampling import CallSampler, Pool, words
from corpenv.turns import BadCall, ToolCall, ToolSpec, shorten

MAX_TEXT = 16_000
"""Characters of the longest observation."""

Seed = int | np.random.Generator | None


class TextSpace(Text):
    """Every text of at most `max_length` characters, spaces, newlines and all alphabets included."""

    def __init__(self, max_length: int = MAX_TEXT, *, seed: Seed = None) -> None:
        super().__init__(max_length, min_length=0, seed=seed)

    def contains(self, x: Any) -> bool:
        """Is it a text that is not too long?"""
        return isinstance(x, str) and len(x) <= self.max_length

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A few English words; with `mask=(length, None)`, exactly `length` characters of them.

        Raises:
            UsageError: there is a mask of characters, a probability, or a length that the space does not hold.
        """
        if mask is None and probability is None:
            return words(self.np_random.random, most=self.max_length)
        length = mask[0] if isinstance(mask, tuple) and len(mask) == 2 and mask[1] is None else None
        if probability is not None or not isinstance(length, int) or not 0 <= length <= self.max_length:
            raise UsageError(f"sample: a TextSpace takes mask=(length, None), length at most {self.max_length}")
        return words(self.np_random.random, length, length)

    @property
    def is_np_flattenable(self) -> bool:
        """No: texts are not arrays."""
        return False

    def __eq__(self, other: object, /) -> bool:
        return isinstance(other, TextSpace) and self.max_length == other.max_length

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"TextSpace({self.max_length})"


class ToolCallSpace(Space[Mapping[str, Any]]):
    """Calls `{"name": …, "arguments": {…}}` of some tools.

    What it contains has the shape of a call of a known tool; whether its arguments fit is for the company to say.
    Two spaces are equal if their tools have the same names and schemas.

    Args:
        tools: what can be called.
        pool: name of an argument → values that exist, for `sample`. Read at each sample, so it may change.
        seed: for `sample`.
    """

    def __init__(self, tools: Sequence[ToolSpec], pool: Pool | None = None, seed: Seed = None) -> None:
        super().__init__(seed=seed)
        self.tools = tuple(tools)
        self.pool: Pool = {} if pool is None else pool
        self._names = frozenset(tool.name for tool in self.tools)
        self._sampler: CallSampler | None = None

    def contains(self, x: Any) -> bool:
        """Has it the shape of a call of one of the tools?"""
        if not isinstance(x, Mapping):
            return False
        try:
            return ToolCall.of(x).name in self._names
        except BadCall:
            return False

    def sample(self, mask: Any = None, probability: Any = None) -> dict[str, Any]:
        """A call with arguments that fit its tool's schema; with `mask`, of one of the tools named in it.

        Raises:
            UsageError: `mask` is no collection of names, or there is a probability.
            UnknownName: `mask` names a tool that the space does not have.
        """
        if probability is not None:
            raise UsageError("sample: a ToolCallSpace takes no probability; name the tools to draw from in mask")
        if self._sampler is None:
            self._sampler = CallSampler(self.tools)
        call = self._sampler(self.np_random, self.pool, None if mask is None else names_in(mask))
        return {"name": call.name, "arguments": call.arguments}

    @property
    def is_np_flattenable(self) -> bool:
        """No: calls are not arrays."""
        return False

    def to_jsonable(self, sample_n: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The calls as JSON objects."""
        return [{"name": call["name"], "arguments": dict(call.get("arguments", {}))} for call in sample_n]

    def __eq__(self, other: object, /) -> bool:
        if self is other:
            return True
        if not isinstance(other, ToolCallSpace) or len(self.tools) != len(other.tools):
            return False
        pairs = zip(self.tools, other.tools, strict=True)
        return all(one.name == two.name and one.parameters == two.parameters for one, two in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict[int, Any]) -> "ToolCallSpace":
        """A space with a generator of its own; what never changes is shared."""
        twin = type(self).__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin._np_random = deepcopy(self._np_random, memo)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        pool = {name: tuple(values) for name, values in self.pool.items()}
        return {**self.__dict__, "pool": pool, "_sampler": None}

    def __repr__(self) -> str:
        return f"ToolCallSpace({len(self.tools)} tools)"


def names_in(mask: object) -> tuple[str, ...]:
    """The names in a mask, sorted: a set has no order."""
    if isinstance(mask, Collection) and not isinstance(mask, str | Mapping):
        names = [name for name in mask if isinstance(name, str)]
        if len(names) == len(mask):
            return tuple(sorted(names))
    raise UsageError(f"sample: a mask is a set or sequence of names of tools, not {shorten(repr(mask))}")


# Shared memory: for each environment a slot of four bytes that say how many follow, then the text in UTF-8 -----

PREFIX = 4


def slot_size(space: TextSpace) -> int:
    """Bytes of a slot: a character takes at most four."""
    return PREFIX + 4 * space.max_length


class SharedTexts(Sequence[str]):
    """The texts that stand in shared memory at the moment.

    AsyncVectorEnv reads the memory once and copies the result at every step; a copy of this one is a tuple of
    the texts as they are then. With `copy=False` it hands out this object itself, which changes with the next step.
    """

    def __init__(self, memory: Any, slots: int) -> None:
        self._bytes = np.frombuffer(memory.get_obj(), dtype=np.uint8).reshape(slots, -1)

    def __len__(self) -> int:
        return len(self._bytes)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        slot = memoryview(self._bytes[index])
        length = int.from_bytes(slot[:PREFIX], "little")
        return str(slot[PREFIX : PREFIX + length], "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, SharedTexts) else other)

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> tuple[str, ...]:
        return tuple(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)

    def __repr__(self) -> str:
        return repr(tuple(self))


@create_shared_memory.register(TextSpace)
def _(space: TextSpace, n: int = 1, ctx: Any = multiprocessing) -> Any:
    return ctx.Array("B", n * slot_size(space))


@read_from_shared_memory.register(TextSpace)
def _(space: TextSpace, shared_memory: Any, n: int = 1) -> SharedTexts:
    return SharedTexts(shared_memory, n)


@write_to_shared_memory.register(TextSpace)
def _(space: TextSpace, index: int, value: str, shared_memory: Any) -> None:
    if len(value) > space.max_length:
        raise UsageError(
            f"an observation of this environment has at most {space.max_length} characters, not {len(value)}"
        )
    text = value.encode("utf-8", "surrogatepass")
    slot = len(text).to_bytes(PREFIX, "little") + text
    start = index * slot_size(space)
    memory = np.frombuffer(shared_memory.get_obj(), dtype=np.uint8)
    memory[start : start + len(slot)] = np.frombuffer(slot, dtype=np.uint8)
