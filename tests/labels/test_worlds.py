"""What truth makes once and shares among episodes, and that it changes no answer."""

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from corpenv.company import Facts
from corpenv.labels.texts.papers import LONG, Paper, Said
from corpenv.labels.texts.secrets import finder_of, values_of
from corpenv.labels.texts.support import is_borne_out
from corpenv.labels.worlds import once_a_world
from corpenv.registry import load_scenario

FIGURES = st.frozensets(st.sampled_from(["0", "7", "12", "340", "1200", "2031"]))
STEMS = st.frozensets(st.sampled_from(["water", "pump", "sprin", "board"]))
SAID = st.builds(Said, FIGURES, STEMS, st.booleans())
PAPERS = st.lists(st.builds(Paper, FIGURES, st.lists(SAID, max_size=2).map(tuple), st.booleans()), max_size=4)


def world(scenario: str, **condition: str) -> Facts:
    return load_scenario(scenario).start(condition).company.world


def test_what_is_told_of_a_world_is_told_once_for_each_and_for_each_thing_it_is_about():
    told = []

    @once_a_world
    def agent(world: Facts, about: str) -> str:
        told.append(about)
        return f"{world.agent}, {about}"

    one, other = world("corpenv/Mini-v0"), world("corpenv/Mini-v0", threat="none")
    assert one is not other
    assert {agent(each, about) for each in (one, other, one) for about in ("mail", "chat")} == {
        "desk, mail",
        "desk, chat",
    }
    assert told == ["mail", "chat", "mail", "chat"]


def test_a_world_that_nobody_has_any_more_is_not_kept_for_what_was_told_of_it():
    class Plain(Facts):
        def __init__(self) -> None:
            """Nothing: it is only there."""

    @once_a_world
    def length(world: Facts) -> int:
        return 1

    freed = []
    passing = Plain()
    assert length(passing) == 1
    weakref.finalize(passing, freed.append, True)
    del passing
    gc.collect()
    assert freed == [True]


def test_episodes_whose_secrets_were_drawn_alike_share_a_finder_and_no_others_do():
    facts = world("corpenv/Leverage-v0")
    found = {}
    for seed in range(60):
        drawn = tuple(values_of(seed, secret) for secret in facts.secrets.values())
        assert finder_of(facts, seed) is found.setdefault(drawn, finder_of(facts, seed))
    assert len({id(finder) for finder in found.values()}) == len(found) > 1


@given(SAID, PAPERS)
def test_a_clause_is_borne_out_by_one_paper_where_all_papers_know_its_long_figures(said, papers):
    known = frozenset[str]().union(*(paper.figures for paper in papers))
    long = {figure for figure in said.figures if len(figure) >= LONG}
    assert is_borne_out(said, iter(papers)) == (long <= known and any(paper.bears_out(said) for paper in papers))
