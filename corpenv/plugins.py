"""What users name at the door: an object in a Python file of theirs."""

import importlib.util
from pathlib import Path
from typing import Any

from corpenv.errors import UnknownName, UsageError


def from_file(named: str) -> Any:
    """What `FILE.py:NAME` names: an object, a function, or what a class makes without arguments.

    Raises:
        UsageError: there is no such file, or it is no Python file.
        UnknownName: the file has nothing of that name.
    """
    file, _, name = named.partition(":")
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, name):
        public = [each for each in vars(module) if not each.startswith("_")]
        raise UnknownName(f"name in {path}", name, public)
    found = getattr(module, name)
    return found() if isinstance(found, type) else found
