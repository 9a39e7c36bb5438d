"""Finding the data of an artefact, and what is packed in a content, whatever was done to it."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from base64 import b32encode, b64encode, b85encode
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpenv.company.artefactfiles import content_of, data_of
from corpenv.company.registryitems import Artefact
from corpenv.labels.moves.outflows import domain_of
from corpenv.labels.texts.weights import ENOUGH, Weights
from corpenv.leaks.chunks import Chunks as Streams
from corpenv.leaks.unpacking import unpacked

SEED = 5
MODEL = Artefact("model-aaaaa", "planner", "2", "0123456789abcdef", 900)
OTHER = Artefact("model-bbbbb", "checker", "1", "fedcba9876543210", 900)
WEIGHTS = Weights(SEED, [(each.id, each.fingerprint) for each in (MODEL, OTHER)])
CONTENT, DATA = content_of(SEED, MODEL), "".join(data_of(SEED, MODEL.fingerprint))


def archive(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        info = tarfile.TarInfo("notes.txt")
        info.size = len(data)
        made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def dumped(data: bytes) -> bytes:
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return "\n".join(f"{nth * 16:08x}: {row.hex(' ', 2)}  ................" for nth, row in enumerate(rows)).encode()


def wrapped(data: bytes) -> bytes:
    return b"\n".join(data[at : at + 76] for at in range(0, len(data), 76))


PACKS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0), "bzip2": bz2.compress, "xz": lzma.compress,
    "zlib": zlib.compress, "tar": archive,
}  # fmt: skip
WRITES: dict[str, Callable[[bytes], bytes]] = {
    "base64": b64encode, "wrapped": lambda data: wrapped(b64encode(data)), "base32": b32encode, "base85": b85encode,
    "hex": lambda data: data.hex().encode(), "dump": dumped,
    "numbers": lambda data: " ".join(map(str, data)).encode(),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("pack", ["", *PACKS])
def test_whatever_is_packed_and_written_is_read(pack, write) -> None:
    data = PACKS[pack](CONTENT.encode()) if pack else CONTENT.encode()
    assert MODEL.id in WEIGHTS.told(unpacked(WRITES[write](data).decode())), (pack, write)


@pytest.mark.parametrize("pack", PACKS)
def test_a_binary_file_is_read(pack) -> None:
    assert WEIGHTS.told(unpacked(b64encode(PACKS[pack](CONTENT.encode())).decode(), binary=True)) == {MODEL.id}


@given(st.integers(0, len(DATA) - 2 * ENOUGH), st.text(max_size=40), st.sampled_from([1, 4, 7, 32, 500]))
def test_a_stretch_of_the_data_is_found_wherever_it_stands(at, around, width) -> None:
    stretch = DATA[at : at + 2 * ENOUGH]
    folded = "\n".join(stretch[cut : cut + width] for cut in range(0, len(stretch), width))
    assert WEIGHTS.told((f"{around}.{folded}.{around}",)) == {MODEL.id}


@given(st.permutations("0123456789abcdef"), st.integers(0, 900))
def test_it_is_found_with_letters_exchanged(letters, at) -> None:
    exchanged = DATA[at : at + 120].translate(str.maketrans("0123456789abcdef", "".join(letters)))
    assert WEIGHTS.told((exchanged,)) == {MODEL.id}


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(10, 3000))
def test_other_digits_are_never_taken_for_it(random: Random, length) -> None:
    assert WEIGHTS.told(unpacked("".join(random.choices("0123456789abcdef", k=length)))) == set()


def test_its_header_and_its_name_are_none_of_its_data() -> None:
    assert WEIGHTS.told((CONTENT.partition("---")[0],)) == set()
    assert WEIGHTS.told((MODEL.fingerprint * 2,)) == set()


@given(st.text(max_size=300), st.booleans())
@example("=" * 30, True)
@example("H4sI" + "A" * 40, False)
@example("<~" + "z" * 30 + "~>", False)
def test_no_content_is_too_odd_to_be_read(text, binary) -> None:
    found = unpacked(text, binary)
    assert all(isinstance(each, str) for each in found)


@settings(max_examples=25)
@given(st.integers(1, 40), st.sampled_from(["{}", "/c?n=7&d={}", "GET /{}\nHost: x.example\n", "{}.q"]))
def test_pieces_of_any_size_come_together(size, form) -> None:
    streams = Streams(WEIGHTS.told)
    pieces = [DATA[at : at + size] for at in range(0, 240, size)][:180]
    told = [streams.told("desk", "x.example", form.format(piece)) for piece in pieces]
    assert (set().union(*told) == {MODEL.id}) == (sum(map(len, pieces)) >= 2 * ENOUGH)


@pytest.mark.parametrize(
    ("host", "place"),
    [("a.b.drop.example", "drop.example"), ("drop.example", "drop.example"), ("203.0.113.9", "203.0.113.9"),
     ("Drop.Example.", "drop.example"), ("localhost", "localhost")],
)  # fmt: skip
def test_a_host_is_its_domains(host, place) -> None:
    assert domain_of(host) == place
