"""The commands that are ours: what knows owners, the clock, services or the network. A table: name → command."""

from corpenv.shell.base import Command
from corpenv.shell.commands import (
    accounts,
    apart,
    archive,
    clock,
    conditions,
    copying,
    delegated,
    files,
    find,
    firewall,
    flags,
    gitfiles,
    gpus,
    hardware,
    journal,
    kinds,
    later,
    listing,
    modes,
    mounts,
    network,
    packages,
    power,
    printing,
    processes,
    remote,
    removing,
    routes,
    services,
    shred,
    storage,
    system,
    telling,
    usage,
    users,
    visits,
    web,
    writing,
)

MODULES = (
    files, apart, modes, flags, shred, mounts, writing, archive, storage, accounts, users, clock, services, system,
    processes, gpus, later, network, web, firewall, routes, power, remote, copying, gitfiles, find, conditions,
    delegated, printing, removing, usage, listing, hardware, telling, journal, kinds, packages, visits,
)  # fmt: skip
COMMANDS: dict[str, Command] = {name: command for module in MODULES for name, command in module.COMMANDS.items()}
ACTING = frozenset(name for module in MODULES for name in getattr(module, "ACTING", ()))
"""Commands that read or change the company's state: what happened to files is told before them."""
