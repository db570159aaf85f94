"""Runs for `reach`: counted against a budget, never made twice, and stopped when the answer is clear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.model.audit import BANDS
from sim.model.firm import QUARTER, WEEK, YEAR, Side, Stage
from sim.result import Run
from sim.run import run
from sim.scenario import Scenario
from sim.study.many import at_once
from sim.study.reach.actions import Action, with_actions

Chosen = frozenset[Action]
NOTHING: Chosen = frozenset()
BATCH = 8  # markets between two looks; fixed, so that results do not depend on the number of threads
DOUBT = 0.005  # chance of calling a rate clearly above or below the target when it is just at it, at one look


class Seen(NamedTuple):
    """What `reach` needs of one run, over the days within which the stage is to be reached."""

    first: int  # quarter, from 1, at whose end the stage first counted; 0 never
    close: float  # audit points above the stage's lower edge, in the best two quarters running
    stays: bool  # whether the stage counts in the last quarter
    cost: float  # k€ a year, payroll and other cash
    hours: float  # hours a week of working together
    items: tuple[float, ...]  # the 20 scores of the last quarter


class Life(NamedTuple):
    """A run to the scenario's end: what was seen within the days, and what came after."""

    seen: Seen
    first: int  # quarter in which the stage first counted, at any time; 0 never
    net_value: float  # k€
    broke: bool


class Verdict(NamedTuple):
    """In how many of how many markets the stage was reached, and whether that is enough."""

    reached: int
    markets: int
    close: float
    cost: float  # k€ a year more than as it is; NaN where no limit made it needed
    enough: bool

    @property
    def rate(self) -> float:
        return self.reached / self.markets if self.markets else 0.0


class Spent(Exception):
    """The budget of runs does not hold what was asked for."""


def stages_of(each: Run) -> np.ndarray:
    """The stage that counts, by quarter lived."""
    return np.asarray(each.state.firm.quarters["stage"][: each.days // QUARTER])


def first_quarter(stages: np.ndarray, stage: int) -> int:
    """The quarter, from 1, in which a stage or a higher one first counts; 0 if never.

    >>> first_quarter(np.array([1, 1, 2, 3]), 2), first_quarter(np.array([1, 1]), 2)
    (3, 0)
    """
    there = np.flatnonzero(stages >= stage)
    return int(there[0]) + 1 if len(there) else 0


def seen_in(each: Run, stage: Stage, days: int) -> Seen:
    """What `reach` needs of a run that lived at least `days` (fewer if the money ran out)."""
    firm, lived = each.state.firm, min(each.days, days)
    quarters = lived // QUARTER
    stages, scores = stages_of(each)[:quarters], np.asarray(firm.quarters["score"][:quarters])
    edge = (0.0, *BANDS)[stage - 1]
    # The first quarter counts at once, later ones two at a time.
    best = max([float(scores[0]), *np.minimum(scores[1:], scores[:-1]).tolist()]) if quarters else 0.0
    daily = firm.days[:lived]
    hours = sum(float(daily[n].sum()) for n in ("hours_contact", "hours_dispute", "hours_meeting", "hours_liaison"))
    items = firm.answers[quarters - 1, Side.BOTH]["score"].tolist() if quarters else [1.0] * 20
    return Seen(
        first=first_quarter(stages, stage),
        close=best - edge,
        stays=bool(quarters and lived == days and stages[-1] >= stage),
        cost=float(daily["payroll"].sum() + daily["other_cash"].sum()) / lived * YEAR,
        hours=hours / lived * WEEK,
        items=tuple(items),
    )


class Trials:
    """Runs of an as-is with sets of actions, each (set, market) at most once.

    Parameters
    ----------
    as_is, stage, days
        From where, to which stage, within how many days.
    chance
        Share of the markets in which the stage is to be reached.
    max_cost, max_hours
        Most that payroll and other cash may rise, k€ a year, and working together, hours a week; None: no limit.
    budget
        Most runs; `limit` may be set lower for a while.

    Markets `on_one` live by the one set of numbers that a fitted firm's file says itself; all others each by its own.
    """

    def __init__(
        self,
        as_is: Scenario,
        stage: Stage,
        days: int,
        chance: float,
        max_cost: float | None,
        budget: int,
        threads: int = 2,
        progress: Callable[[int, int], None] | None = None,
        max_hours: float | None = None,
    ):
        self.as_is, self.stage, self.days = as_is, stage, days
        self.chance, self.max_cost, self.max_hours = chance, max_cost, max_hours
        self.budget = self.limit = budget
        self.used = 0
        self.threads, self._progress = threads, progress
        self.on_one: frozenset[int] = frozenset()
        self._seen: dict[tuple[Chosen, int], Seen] = {}
        self._lives: dict[tuple[Chosen, int], Life] = {}

    def _run(self, chosen: Chosen, markets: Sequence[int], made: dict, one: Callable[[Scenario, int], object]) -> None:
        """Make the runs that are missing, on threads; each counts when it is done."""
        missing = [seed for seed in markets if (chosen, seed) not in made]
        if not missing:
            return
        if self.used + len(missing) > self.limit:
            raise Spent
        scenario = with_actions(self.as_is, in_order(chosen))
        of = {market: scenario.without_sets() if market in self.on_one else scenario for market in missing}
        begun = self.used

        def tell(done: int, _: int) -> None:
            self.used = begun + done
            if self._progress:
                self._progress(self.used, self.budget)

        results = at_once([lambda s=seed: one(of[s], s) for seed in missing], self.threads, tell)
        made.update({(chosen, seed): result for seed, result in zip(missing, results, strict=True)})

    def seen(self, chosen: Chosen, markets: Sequence[int]) -> list[Seen]:
        """A set of actions in some markets, up to the days within which the stage is to be reached."""
        self._run(chosen, markets, self._seen, lambda s, m: self._seen_in(run(s, m, until=self.days), chosen))
        return [self._seen[chosen, seed] for seed in markets]

    def _seen_in(self, each: Run, chosen: Chosen) -> Seen:
        """What is seen of a run, with what the actions take beside what the model charges."""
        seen = seen_in(each, self.stage, self.days)
        cost = sum(action.own_cost(self.days) for action in in_order(chosen)) / self.days * YEAR
        return seen._replace(cost=seen.cost + cost, hours=seen.hours + sum(a.own_hours for a in in_order(chosen)))

    def known(self, chosen: Chosen, markets: Sequence[int]) -> list[Seen]:
        """What has been seen already of a set of actions; makes no runs."""
        return [self._seen[chosen, seed] for seed in markets if (chosen, seed) in self._seen]

    def lives(self, chosen: Chosen, markets: Sequence[int]) -> list[Life]:
        """A set of actions in some markets, up to the scenario's end."""
        self._run(chosen, markets, self._lives, lambda scenario, market: self.life(scenario, market, chosen))
        return [self._lives[chosen, seed] for seed in markets]

    def life(self, scenario: Scenario, market: int, chosen: Chosen) -> Life:
        """One run to the end of a scenario that some actions made; not counted against the budget."""
        each = run(scenario, market)
        first = first_quarter(stages_of(each), self.stage)
        rate = scenario.theory.money.discount
        own = sum(action.own_cost(scenario.days, rate) for action in in_order(chosen))
        return Life(self._seen_in(each, chosen), first, each.outcomes()["net_value"] - own, each.broke is not None)

    def judged(self, chosen: Chosen, markets: Sequence[int]) -> Verdict:
        """Whether a set of actions is enough in these markets: a test that stops when the answer is clear.

        It stops for certain when the markets left can no longer change the
        answer, and before that when a rate at the target would look like this
        in fewer than one of 200 cases.
        """
        from scipy.stats import binom

        found: list[Seen] = []
        reached, goal = 0, self.chance * len(markets) - 1e-9
        for begin in range(0, len(markets), BATCH):
            found += self.seen(chosen, markets[begin : begin + BATCH])
            reached = sum(each.first > 0 for each in found)
            left = len(markets) - len(found)
            if reached + left < goal or reached >= goal:
                break
            below = binom.cdf(reached, len(found), self.chance)
            above = binom.sf(reached - 1, len(found), self.chance)
            if min(below, above) < DOUBT:
                break
        cost = self.extra_cost(chosen, markets[: len(found)]) if self.max_cost is not None else float("nan")
        rate = reached / len(found)
        enough = rate >= self.chance - 1e-9 and not (self.max_cost is not None and cost > self.max_cost)
        if enough and self.max_hours is not None:
            enough = self.extra_hours(chosen, markets[: len(found)]) <= self.max_hours
        return Verdict(reached, len(found), float(np.mean([each.close for each in found])), cost, enough)

    def extra_cost(self, chosen: Chosen, markets: Sequence[int]) -> float:
        """What payroll and other cash rise by against the as-is, k€ a year, mean over the same markets."""
        with_them, without = self.seen(chosen, markets), self.seen(NOTHING, markets)
        return float(np.mean([a.cost - b.cost for a, b in zip(with_them, without, strict=True)]))

    def extra_hours(self, chosen: Chosen, markets: Sequence[int]) -> float:
        """What working together takes more than as it is, hours a week, mean over the same markets."""
        with_them, without = self.seen(chosen, markets), self.seen(NOTHING, markets)
        return float(np.mean([a.hours - b.hours for a, b in zip(with_them, without, strict=True)]))


def in_order(chosen: Chosen) -> list[Action]:
    """Actions in the order of the table, those of plans by name behind: equal sets make equal scenarios."""
    from sim.study.reach.actions import ACTIONS

    known = {action: place for place, action in enumerate(ACTIONS)}
    return sorted(chosen, key=lambda action: (known.get(action, len(known)), action.name))
