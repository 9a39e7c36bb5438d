"""How full the disk of a server is."""

from corpenv.company.hosts import Server
from corpenv.company.machines import files_of, find_file
from corpenv.company.state import Company

SYSTEM = 3_402_188 * 1024
"""Bytes that a system takes before anybody writes anything."""


def capacity(server: Server) -> int:
    """Bytes of a disk."""
    return server.disk * 1_048_576 * 1024


def left_of(company: Company, server: Server) -> int:
    """Bytes that still fit on the disk; texts are too small to count."""
    written = (find_file(company, server.id, path) for path in company.machines.new.get(server.id, ()))
    return max(0, capacity(server) - SYSTEM - sum(file.size for file in written if file))


def is_full(company: Company, server: Server) -> bool:
    """Can nothing more be written?"""
    return left_of(company, server) == 0


def used_of(company: Company, server: Server) -> int:
    """Bytes that are taken, texts included."""
    texts = sum(len(company.text(file.text)) for file in files_of(company, server))
    return min(capacity(server), capacity(server) - left_of(company, server) + texts)
