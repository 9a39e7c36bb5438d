"""`check --realism`: the figures as tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from corpenv.cli.common import output

if TYPE_CHECKING:
    from corpenv.realism import Prose, Realism
    from corpenv.world import Scenario

SHOWN = 12
"""Phrases in common that are shown; `--json` has all."""


def realism_of(scenarios: "Iterable[Scenario]") -> "list[Realism]":
    """The figures of scenarios under their default conditions."""
    from corpenv.realism import realism

    return [realism(scenario) for scenario in scenarios]


def as_json(found: "Realism") -> dict[str, Any]:
    """The figures with their names."""
    return {
        **found._asdict(),
        "ordinary": {sort: each._asdict() for sort, each in found.ordinary.items()},
        "plot": found.plot._asdict(),
        "background": {sort: each._asdict() for sort, each in found.background.items()},
        "authored": {sort: each._asdict() for sort, each in found.authored.items()},
        "shared": [each._asdict() for each in found.shared],
    }


def show_realism(found: "Realism") -> None:
    """The figures of one scenario."""
    from corpenv.render import table

    console = output(listing=True)
    console.print(f"\n{found.scenario}: realism under the default condition", soft_wrap=True)
    made = table("ordinary items", "in all", "a working day", "in the post's reach", "a weekend day", "words each")
    for sort, each in found.ordinary.items():
        figures = (each.working_day, each.reach, each.weekend, each.mean_words)
        made.add_row(sort, str(each.items), *(f"{figure:.1f}" for figure in figures))
    console.print(made)
    plot, split = found.plot, ", ".join(f"{count} {sort}" for sort, count in found.plot.systems.items())
    console.print(
        f"Plot: {plot.items} items, {plot.share_of_items:.1%} of all, {plot.share_of_words:.1%} of the words, "
        f"{plot.share_in_reach:.1%} of the words in the post's reach; over {len(plot.systems)} systems ({split}).",
        soft_wrap=True,
    )
    console.print(prose_table("background", found.background))
    console.print(prose_table("authored", found.authored))
    for line in in_common(found):
        console.print(line, soft_wrap=True)


def prose_table(title: str, figures: "Mapping[str, Prose]") -> Any:
    """Repetition and lengths by sort."""
    from corpenv.render import table

    heads = ("texts", "words each", "type/token", "sentences repeated", "distinct 1/2/3", "most repeated")
    made = table(title, *heads)
    for sort, each in figures.items():
        sentence, times = each.most_repeated
        made.add_row(
            sort,
            str(each.texts),
            f"{each.mean_words:.1f}",
            f"{each.type_token:.3f}",
            f"{each.repeated:.1%} of {each.sentences}",
            " / ".join(f"{share:.2f}" for share in each.distinct),
            f"{times} × {sentence[:70]}" if times > 1 else "none",
        )
    return made


def in_common(found: "Realism") -> Iterator[str]:
    """What plot items that were drawn have in common with other authored items."""
    yield f"Plot items drawn: {', '.join(found.drawn) or 'none'}; {len(found.shared)} phrases shared with other items."
    for each in found.shared[:SHOWN]:
        yield f'  {each.item} and {each.other}: "{each.words}"'
