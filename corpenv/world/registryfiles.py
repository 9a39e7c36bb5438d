"""The files of artefacts on the servers of a world under one condition."""

from msgspec.structs import replace

from corpenv.company.artefactfiles import content_of, file_name
from corpenv.company.hosts import HostFile, Server
from corpenv.company.registryitems import Artefact
from corpenv.errors import did_you_mean
from corpenv.world.registryparts import LocationPart, ModelPart
from corpenv.world.resolve import Resolver
from corpenv.world.serverfiles import folders_above


def place_files(names: Resolver) -> None:
    """Every artefact stands as a file where its author says so, and in the folders of its locations."""
    facts = names.facts
    parts: list[LocationPart] = names.there("locations")
    seen: dict[tuple[str, str], str] = {}
    for part in parts:
        place = facts.locations[part.id]
        if place.server and seen.setdefault((place.server, place.folder), part.id) != part.id:
            names.fault(part, "folder", f"{seen[place.server, place.folder]} is this folder too")
    for model in names.there("models"):
        place_model(names, model)


def place_model(names: Resolver, part: ModelPart) -> None:
    """The files of one artefact; where a file of it stands, there it stands as well."""
    facts = names.facts
    model = facts.models[facts.slugs[part.id]]
    held = dict.fromkeys(model.locations)
    for name, path in part.files.items():
        server = facts.servers.get(name)
        if server is None:
            names.fault(part, ("files", name), f'no server "{name}"{did_you_mean(name, facts.servers)}')
            continue
        put(names, part, model, server, path)
        held |= dict.fromkeys([each.id for each in facts.folders if each.holds(name, path)][:1])
    for place in (facts.locations[name] for name in held if name in facts.locations):
        server = facts.servers.get(place.server)
        if server and not place.holds(server.id, part.files.get(server.id, "")):
            put(names, part, model, server, f"{place.folder.rstrip('/')}/{file_name(model)}")
    if (*held,) != model.locations:
        facts.models[model.id] = replace(model, locations=(*held,))


def put(names: Resolver, part: ModelPart, model: Artefact, server: Server, path: str) -> None:
    """One file of an artefact; a file that is authored there without a text says its owner and mode."""
    facts = names.facts
    files = dict(facts.servers[server.id].files)
    there = files.get(path)
    if there is not None and (there.text or there.sort != "file"):
        told = f"{path} on {server.id} is something else: leave its 'text' out, or say another path"
        names.fault(part, ("files", server.id) if server.id in part.files else "locations", told)
        return
    known = there or HostFile(path, at=server.booted)
    files[path] = replace(known, text=content_of(names.world.seed, model))
    for folder in folders_above(path):
        files.setdefault(folder, HostFile(folder, mode=0o755, sort="directory", at=server.booted))
    facts.servers[server.id] = replace(facts.servers[server.id], files=dict(sorted(files.items())))
