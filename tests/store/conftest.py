"""A database of a real server, for whoever asks."""

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

POSTGRES = runpy.run_path(str(Path(__file__).with_name("postgres.py")))


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A PostgreSQL server."""
    if POSTGRES["MISSING"]:
        pytest.skip(POSTGRES["MISSING"])
    with POSTGRES["serving"]() as found:
        yield found


@pytest.fixture
def database(server: Any) -> Callable[[], str]:
    """The URL of a new database, whenever it is called."""
    return server.new
