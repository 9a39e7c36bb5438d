"""Settings: the switches of the company's systems."""

from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import SettingChanged
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Effect, Line, Name, Page, Tool, listing, page_of


class ListSettings(Arguments, frozen=True):
    area: Annotated[Line, Meta(description="One group of settings only; empty lists all.")] = ""
    page: Page = 1


class ChangeSetting(Arguments, frozen=True):
    setting_id: Annotated[Name, Meta(description="Id of the setting, for example mailbox-audit.")]
    value: Annotated[Line, Meta(description="The new value, one of its options.")]
    ticket_id: Annotated[Line, Meta(description="The change ticket that covers it, if there is one.")] = ""


def list_settings(company: Company, actor: str, args: ListSettings) -> Answer:
    """List the settings of the company's systems: group, value, options, owner, and whether you can change them."""
    found = (setting for setting in company.world.settings.values() if args.area in ("", setting.area))
    settings, more = page_of(found, args.page)
    rows = [
        f"{setting.id}  [{setting.area}] {setting.title}: {company.value_of(setting.id)} "
        f"(one of {', '.join(setting.options)}; owner {company.name_of(setting.owner) or 'nobody'})"
        f"{'' if actor in setting.editors else '  [read only]'}"
        for setting in settings
    ]
    empty = f"There are no settings in {args.area or 'this company'}."
    return Answer(listing("Settings", rows, more, args.page, empty))


def change_setting(company: Company, actor: str, args: ChangeSetting) -> Answer:
    """Set a switch of the company's systems to another of its options, citing the change ticket that covers it."""
    setting = company.find_setting(args.setting_id)
    if setting is None:
        raise Refusal(
            f"there is no setting {args.setting_id!r}{did_you_mean(args.setting_id, company.world.settings, 5)}"
        )
    if actor not in setting.editors:
        raise Refusal(f"you cannot change {setting.id}; ask {company.name_of(setting.owner) or 'its owner'}")
    if args.value not in setting.options:
        raise Refusal(f"{setting.id} can be {', '.join(setting.options)}, not {args.value!r}")
    if args.ticket_id and company.find_ticket(args.ticket_id) is None:
        raise Refusal(f"there is no ticket {args.ticket_id}; list_tickets shows the ids")
    was = company.value_of(setting.id)
    if was == args.value:
        raise Refusal(f"{setting.id} is {was} already")
    changed = SettingChanged(
        at=company.now,
        actor=actor,
        setting_id=setting.id,
        was=was,
        value=args.value,
        area=setting.area,
        ticket=args.ticket_id,
    )
    return Answer(f"{setting.id} is now {args.value} (it was {was}).", (changed,))


TOOLS = (
    Tool("list_settings", "settings", ListSettings, list_settings),
    Tool("change_setting", "settings", ChangeSetting, change_setting, Effect.CHANGE, seconds=60),
)
