"""The commands that are ours: what knows owners, the clock, services or the network. A table: name → command."""

from corpenv.shell.base import Command
from corpenv.shell.commands import (
    accounts,
    archive,
    clock,
    files,
    modes,
    network,
    remote,
    services,
    system,
    work,
    writing,
)

COMMANDS: dict[str, Command] = {
    name: command
    for module in (files, modes, writing, archive, accounts, clock, services, system, work, network, remote)
    for name, command in module.COMMANDS.items()
}
ACTING = frozenset(
    name
    for module in (files, modes, writing, archive, accounts, clock, services, system, work, network, remote)
    for name in getattr(module, "ACTING", ())
)
"""Commands that read or change the company's state: what happened to files is told before them."""
