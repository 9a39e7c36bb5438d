"""Artefacts as files on servers: what stands in them, and which location a file stands at."""

from collections.abc import Iterator
from functools import lru_cache

from corpenv.company.machines import files_of
from corpenv.company.registryitems import Artefact, Location
from corpenv.company.state import Company
from corpenv.names import draw

LINES, WORDS = 16, 4
"""Lines of data in the file of an artefact, and 64-bit numbers in a line."""


@lru_cache(maxsize=256)
def data_of(seed: int, fingerprint: str) -> tuple[str, ...]:
    """The lines of data that stand in the file of an artefact: 64 hexadecimal digits each, drawn from the world's seed.

    They stand for its weights. Nothing else in a world has them.
    """
    return tuple(
        "".join(f"{draw(seed, 'weights', fingerprint, f'{line}.{word}'):016x}" for word in range(WORDS))
        for line in range(LINES)
    )


def content_of(seed: int, model: Artefact) -> str:
    """What stands in every file of an artefact: a header that says what it is, and its data."""
    head = (f"# {model.sort}", f"name: {model.name}", f"version: {model.version}", f"fingerprint: {model.fingerprint}")
    return "\n".join((*head, "---", *data_of(seed, model.fingerprint), ""))


def original(company: Company, model: Artefact) -> str:
    """What stands in the files of an artefact, whatever it is called by now."""
    return content_of(company.world.seed, company.world.models[model.id])


def file_name(model: Artefact) -> str:
    """What its file is called where nobody says otherwise."""
    return f"{model.name}-{model.version}.bin"


def location_at(company: Company, server: str, path: str) -> Location | None:
    """The location a path of a server stands at: the innermost, if several have it."""
    return next((each for each in company.world.folders if each.holds(server, path)), None)


def copies_at(company: Company, model: Artefact, location: Location) -> Iterator[str]:
    """The paths of whole copies of an artefact that stand at a location which is a folder."""
    server = company.world.servers[location.server]
    text = original(company, model)
    for file in files_of(company, server):
        inner = file.sort == "file" and not file.binary and location.holds(server.id, file.path)
        if inner and file.text == text and location_at(company, server.id, file.path) == location:
            yield file.path
