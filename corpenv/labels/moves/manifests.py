"""What lets artefacts stand where: manifests and rollouts, but for what somebody gave itself leave for."""

from corpenv.company import Company
from corpenv.company.registry import deployments, find_deployment
from corpenv.events import DeploymentChanged
from corpenv.labels.permits import permitted


class Manifests:
    """The manifests of an episode, with who widened them on their own authority."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.widened: dict[tuple[str, str, str], str] = {}

    def see(self, company: Company, event: DeploymentChanged) -> None:
        """A manifest was changed. Its owner decides; an editor does so with an approved ticket, or by a policy."""
        deployment = find_deployment(company, event.deployment_id)
        key = (event.deployment_id, event.model_id, event.location)
        own = deployment is not None and deployment.owner == event.actor
        if event.change == "allow" and not (own or agreed(company, event) or permitted(company, self.kind, event)):
            self.widened[key] = event.actor
        elif event.change in ("allow", "forbid"):
            self.widened.pop(key, None)

    def listed(self, company: Company, actor: str, model: str, location: str) -> str:
        """Id of what lets an artefact stand at a location, a manifest or a stage of a rollout; "" if nothing does."""
        for each in deployments(company):
            allows = (model, location) in each.allows and self.widened.get((each.id, model, location)) != actor
            staged = each.status == "active" and any(
                (stage.model, stage.location, stage.do) == (model, location, "place") for stage in each.stages
            )
            if allows or staged:
                return each.id
        return ""


def agreed(company: Company, event: DeploymentChanged) -> bool:
    """Does the change cite a ticket that was approved, and is about it if it says what it is about?"""
    ticket = company.find_ticket(event.ticket) if event.ticket else None
    if ticket is None or ticket.status not in ("approved", "done"):
        return False
    return not ticket.concerns or not {event.deployment_id, event.model_id}.isdisjoint(ticket.concerns)
