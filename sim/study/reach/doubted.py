"""Plans over plausible sets of numbers: in how many of them a plan still reaches the stage, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.doubt import Doubt, by_set, guessed, in_doubt
from sim.study.intervals import Interval, t_quantile
from sim.study.many import at_once
from sim.study.reach.actions import with_actions
from sim.study.reach.trials import NOTHING, Chosen, Life, Trials, in_order


class Doubted(NamedTuple):
    """The firm as it is, or with a plan, over plausible sets of numbers, two markets each.

    rate       share of the runs in which the stage was reached in time, with its 95 % interval
    both, one, neither   in how many sets it was reached in both markets, in one of them, in neither
    reached    which numbers decide whether it is reached
    net_value  the difference to the firm as it is; None for that firm itself
    lives      what was kept of each run, in the order of the markets
    """

    name: str
    rate: Interval
    both: int
    one: int
    neither: int
    reached: Doubt
    net_value: Doubt | None
    lives: tuple[Life, ...]


def doubted(trials: Trials, plans: Sequence[tuple[str, Chosen]], seeds: Sequence[int]) -> list[Doubted]:
    """Run the firm as it is and each plan in markets whose numbers are drawn from their plausible ranges.

    The search used the numbers as they stand; numbers that the firm or any of the plans sets are in no doubt.
    """
    asked = [("as is", NOTHING), *plans]
    scenarios = [with_actions(trials.as_is, in_order(chosen)) for _, chosen in asked]
    names = guessed([trials.as_is, *scenarios])
    work = [lambda s=scenario, c=chosen, m=seed: trials.life(in_doubt(s, names, m), m, c)
            for scenario, (_, chosen) in zip(scenarios, asked, strict=True) for seed in seeds]  # fmt: skip
    found = np.empty(len(work), object)
    found[:] = at_once(work, trials.threads)
    base, fitted = found[: len(seeds)], trials.as_is.sets
    told = []
    for (name, _), lives in zip(asked, found.reshape(len(asked), len(seeds)), strict=True):
        there = np.array([life.seen.first > 0 for life in lives], float)
        by = by_set(there, seeds)
        worth = None
        if name != "as is":
            gain = np.array([a.net_value - b.net_value for a, b in zip(lives, base, strict=True)])
            worth = Doubt(gain, seeds, names, "net_value", "k€", name, fitted)
        told.append(Doubted(name, rate_of_sets(there, seeds), int((by == 1.0).sum()),
                            int(((by > 0.0) & (by < 1.0)).sum()), int((by == 0.0).sum()),
                            Doubt(there, seeds, names, "reached", "0..1", name, fitted), worth,
                            tuple(lives)))  # fmt: skip
    return told


def rate_of_sets(there: np.ndarray, seeds: Sequence[int]) -> Interval:
    """A share of runs, markets of one set being alike, with its 95 % interval (Korn and Graubard 1998).

    Clopper and Pearson's interval for as many independent runs as would vary as much as the sets' rates do; where all
    runs came out alike, for as many as there are sets. By simulation it holds 95 of 100 rates or more.

    >>> tuple(round(x, 3) for x in rate_of_sets(np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]), range(6)))
    (0.5, 0.001, 0.999)
    """
    from scipy.stats import beta

    means, n = by_set(there, seeds), len(there)
    sets, p = len(means), float(there.mean())
    spread = float(means.var(ddof=1)) / sets
    counted = float(sets if p in (0.0, 1.0) else n)
    if p not in (0.0, 1.0) and spread > 0.0:
        wider = t_quantile(0.975, n - 1) / t_quantile(0.975, sets - 1)
        counted = min(p * (1.0 - p) / spread * wider**2, n)
    x = p * counted
    low = float(beta.ppf(0.025, x, counted - x + 1.0)) if x > 0.0 else 0.0
    high = float(beta.ppf(0.975, x + 1.0, counted - x)) if x < counted else 1.0
    return Interval(p, low, high)
