"""Episodes are given to a crew, each until it has a result.

A worker that dies takes nothing along but what it was at: that is begun again. Those who were there when one died play
among fewer and fewer, so that the episode which kills its worker time after time is alone in the end, and is kept as a
fault of the environment.
"""

import os
import platform
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from math import pow

from corpenv.errors import SetupError
from corpenv.names import draw
from corpenv.store.studies import Studies
from corpenv.study.crews import Crew, Task
from corpenv.study.plan import Study
from corpenv.study.playing import Outcome, lost, outcome_of
from corpenv.study.progress import kept_results

AHEAD = 2
"""Portions a worker has besides those that it plays."""
DEATHS = 3
"""Workers that may die over one episode."""
STILLBORN = 3
"""Workers that may die one after the other before they can be given anything."""


class Dispatch:
    """What is left of a study, and who is at what.

    Attributes:
        at: worker → portions it was given and has not told of, by their first episode, in order.
        deaths: episode → workers that died while they were at it.
        shared: what was given before another runner of the study was last noticed.
        runner: who hands out, unlike all others that do.
    """

    def __init__(self, study: Study, task: Task, left: Iterable[int]) -> None:
        self.study, self.store, self.task = study, task.store, task
        self.waiting = deque(left)
        self.at: dict[int, dict[int, Sequence[int]]] = {}
        self.deaths: Counter[int] = Counter()
        self.shared: set[int] = set()
        self.leaps = self.stillborn = 0
        self.runner = (platform.node(), str(os.getpid()))

    def outcomes(self, crew: Crew) -> Iterator[Outcome]:
        """Results as they come, until nothing is left. All are kept already."""
        while self.waiting or any(self.at.values()):
            for worker, news in crew.news():
                if news == "joined":
                    self.at[worker] = {}
                    self.stillborn = 0
                elif news == "left":
                    self.note_death(worker)
                    yield from self.after_a_death(self.at.pop(worker, {}))
                elif isinstance(news, list) and news:
                    del self.at[worker][news[0].number]
                    yield from self.told(news)
            for worker in self.at:
                self.fill(worker, crew)

    # what a worker is given ---------------------------------------------------------------------------------

    def fill(self, worker: int, crew: Crew) -> None:
        """Give a worker what it has room for."""
        at = self.at[worker]
        while self.waiting and (portion := self.next_portion(at)):
            at[portion[0]] = portion
            crew.give(worker, portion)

    def next_portion(self, at: dict[int, Sequence[int]]) -> Sequence[int]:
        """What a worker is given next, empty while it has enough: near the end portions are small."""
        deaths = self.deaths[self.waiting[0]]
        room = self.company(max([deaths, *map(self.deaths.__getitem__, at)])) - sum(map(len, at.values()))
        size = min(self.task.portion, room, max(1, len(self.waiting) // (2 * self.task.size)))
        found: list[int] = []
        while self.waiting and len(found) < size and self.deaths[self.waiting[0]] == deaths:
            found.append(self.waiting.popleft())
        return found

    def company(self, deaths: int) -> int:
        """How many episodes a worker may have, if it has one over which so many died."""
        task = self.task
        if not deaths:
            return (task.together + AHEAD) * task.portion
        return round(pow(max(task.together, task.portion), 1 - deaths / (DEATHS - 1)))

    # what is heard of it ------------------------------------------------------------------------------------

    def told(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Results of a portion."""
        for outcome in outcomes:
            yield outcome
            if outcome.late and outcome.number not in self.shared:
                yield from self.make_way()

    def make_way(self) -> Iterator[Outcome]:
        """Somebody else plays the study as well: leave out what they have done, and go on elsewhere.

        Where is drawn, so that two who meet do not go the same way. It changes who plays an episode, not what
        comes of it.
        """
        kept = {each.number: each for each in kept_results(self.study, self.store)}
        theirs = [number for number in self.waiting if number in kept]
        left = [number for number in self.waiting if number not in kept]
        self.leaps += 1
        place = draw(self.leaps, *self.runner) % max(1, len(left))
        self.waiting = deque(left[place:] + left[:place])
        self.shared = {number for at in self.at.values() for portion in at.values() for number in portion}
        return (kept[number] for number in theirs)

    def note_death(self, worker: int) -> None:
        """Workers that die before they can be given anything are no episode's fault.

        Raises:
            SetupError: several have, one after the other.
        """
        self.stillborn += worker not in self.at
        if self.stillborn > STILLBORN:
            raise SetupError(
                "processes that should play die before they can begin; in a script, call run_study under "
                '`if __name__ == "__main__":`, or give it workers=0'
            )

    def after_a_death(self, at: dict[int, Sequence[int]]) -> Iterator[Outcome]:
        """What became of the episodes that a worker was at: kept already, begun again, or given up."""
        studies = Studies(self.store)
        kept = studies.results(self.study.digest)
        begun = {number for portion in [*at.values()][: self.task.together] for number in portion}
        for number in reversed([number for portion in at.values() for number in portion]):
            if number in kept:
                yield outcome_of(self.study, number, self.store.load(kept[number]))
                continue
            self.deaths[number] += number in begun
            if self.deaths[number] < DEATHS:
                self.waiting.appendleft(number)
                continue
            run = lost(
                self.study, self.study.episode(number), f"{DEATHS} processes died over this episode", "process_died"
            )
            studies.save(self.study.digest, number, run)
            yield outcome_of(self.study, number, run)
