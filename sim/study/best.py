"""Which of several organizations is best: markets go to those that may still be it, until one is left.

Kim and Nelson's fully sequential procedure (KN, 2001): all begin in the same few markets; market after market, whoever
lies too far behind another to be the best is left out. It holds for outcomes that are normal and met by all in the same
markets: where the best is better than every other by `within` or more, it is chosen in 95 of 100 studies at least.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.result.outcomes import KNOWN, OUTCOMES
from sim.run import passed_on, run
from sim.scenario import Scenario, read
from sim.study.comparison import checked_metric, labels
from sim.study.doubt import UNITS
from sim.study.intervals import FEW
from sim.study.many import at_once, outcomes_of
from sim.study.own.accepted import ask_gate
from sim.study.until import FIRST, MOST

MOST_SCENARIOS = 40
MISS = 0.05  # chance to choose another than the best
LEAST_FIRST = 5  # markets: a spread read off fewer says nothing


class Chosen(NamedTuple):
    """What a search for the best came to.

    values     (organizations, markets): NaN where it was not run any more
    out_after  after how many markets each was left out; 0: it was not
    left       those that may be the best, the highest mean first
    sure       whether one is left, or all that are left lie within what was asked
    """

    values: np.ndarray
    out_after: np.ndarray
    left: list[int]
    sure: bool


def choose(
    live: Callable[[list[int], range], np.ndarray], count: int, within: float, first: int = FIRST, most: int = MOST
) -> Chosen:
    """Find the highest mean.

    live      (which, markets) -> their outcomes (which, markets)
    within    a difference that does not matter
    first     markets that all are run in
    """
    X = np.full((count, most), math.nan)
    left, out_after = list(range(count)), np.zeros(count, int)
    X[:, :first] = live(left, range(first))
    apart = X[:, None, :first] - X[None, :, :first]
    reach = 2.0 * _eta(count, first) * (first - 1) * apart.var(2, ddof=1)  # h² S²: of each pair
    n = first
    while True:
        means = X[:, :n].mean(1)
        bound = np.maximum((reach / within - within * n) / (2.0 * n), 0.0)
        gone = [i for i in left if any(means[i] < means[j] - bound[i, j] for j in left if j != i)]
        for i in gone:
            out_after[i] = n
        left = [i for i in left if i not in gone]
        enough = len(left) == 1 or all(n > reach[i, j] / within**2 for i in left for j in left if i != j)
        if enough or n >= most:
            order = sorted(left, key=lambda i: -means[i])
            return Chosen(X[:, :n], out_after, order, enough)
        X[left, n : n + 1] = live(left, range(n, n + 1))
        n += 1


def _eta(count: int, first: int) -> float:
    """KN's η for c = 1."""
    return 0.5 * ((2.0 * MISS / (count - 1)) ** (-2.0 / (first - 1)) - 1.0)


def best(
    *scenarios: Scenario | str | Path,
    within: float,
    metric: str = "net_value",
    seeds: int = FIRST,
    most: int = MOST,
    threads: int = 2,
    days: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    **options,
) -> Best:
    """Find the organization with the highest mean of an outcome.

    Parameters
    ----------
    *scenarios : Scenario, name or path
        Two to forty.
    within : float
        A difference that does not matter, in the outcome's unit: organizations that are nearer to each other than that
        may be confounded.
    metric : str
        An outcome's name.
    seeds : int
        Markets that all are run in at first.
    most : int
        Markets at most.
    threads, days, **options
        As in `sim.compare`.

    Returns
    -------
    Best

    Raises
    ------
    InputError
        Too few or too many scenarios, horizons that differ, a metric or a difference that is none.
    """
    passed_on(best, options)
    chosen = [read(each) for each in scenarios]
    if not 2 <= len(chosen) <= MOST_SCENARIOS:
        raise InputError(f"the best is sought among two to {MOST_SCENARIOS} scenarios; {len(chosen)} given")
    ask_gate(*chosen)
    chosen = [each if days is None else each.but(days=days) for each in chosen]
    if len({each.days for each in chosen}) > 1:
        raise InputError("the scenarios have different horizons in days; give one for all (days=, --days)")
    if not (isinstance(within, int | float) and math.isfinite(within) and within > 0):
        raise InputError(f"within = {within}: give a difference that does not matter, above 0, such as 200")
    if not LEAST_FIRST <= seeds <= most:
        raise InputError(f"seeds = {seeds}: give from {LEAST_FIRST} markets to `most`, {most:,}")
    more = () if checked_metric(metric) in OUTCOMES else (metric,)
    if KNOWN[metric].unit != "k€" and seeds < FEW:
        raise InputError(f"{metric} moves in steps, so that few markets look alike by chance: begin with {FEW} or more")

    def live(which: list[int], markets: range) -> np.ndarray:
        work = [
            lambda i=i, m=m: outcomes_of(run(chosen[i], m, **options), more)[metric] for i in which for m in markets
        ]
        found = np.array(at_once(work, threads, progress), float).reshape(len(which), len(markets))
        if not np.isfinite(found).all():
            raise InputError(f"{metric}: has no number in some market, so means cannot be told apart by it")
        return found

    return Best(labels(chosen), metric, within, choose(live, len(chosen), within, seeds, most))


class Best:
    """Which of several organizations is best, and how many markets that took.

    Attributes
    ----------
    name
        The one with the highest mean of those that are left.
    sure
        Whether it is the best, or within what does not matter of it, in 95 of 100 such studies.
    df : DataFrame
        One row an organization: markets, mean, and behind (how far from the best in the markets that both met).
    """

    def __init__(self, names: Sequence[str], metric: str, within: float, found: Chosen):
        self.metric, self.within, self.found = metric, within, found
        self.unit = UNITS.get(KNOWN[metric].unit, KNOWN[metric].unit)
        self.name, self.sure, self.left = names[found.left[0]], found.sure, [names[i] for i in found.left]
        top = found.values[found.left[0]]
        self.df = pd.DataFrame({
            "scenario": list(names), "markets": np.isfinite(found.values).sum(1),
            "mean": np.nanmean(found.values, axis=1), "behind": np.nanmean(top - found.values, axis=1),
            "left": [name in self.left for name in names],
        }).sort_values(["left", "markets", "behind"], ascending=[False, False, True]).set_index("scenario")  # fmt: skip

    def sentences(self) -> list[str]:
        """What was found, and what it cost."""
        runs, whole = int(self.df["markets"].sum()), self.found.values.size
        told = self.metric.replace("_", " ")
        cost = f"{runs:,} runs; all in as many markets would have been {whole:,}."
        if self.sure and len(self.left) == 1:
            said = f"{self.name} has the highest {told}: whoever is better by {self.within:g} {self.unit} or more is "
            return [f"{said}found in 95 of 100 such studies at least.", cost]
        near = ", ".join(self.left[1:])
        if self.sure:
            return [f"{self.name} has the highest {told}; {near}: within {self.within:g} {self.unit} of it.", cost]
        return [f"Not settled after {self.found.values.shape[1]:,} markets: {self.name} leads, and {near} may be "
                f"better by {self.within:g} {self.unit}.", cost]  # fmt: skip

    def as_data(self) -> dict:
        """Everything as plain data, for --json."""
        return {"metric": self.metric, "unit": self.unit, "within": self.within, "best": self.name, "sure": self.sure,
                "left": self.left, "scenarios": self.df.reset_index().to_dict("records"),
                "sentences": self.sentences()}  # fmt: skip

    def __repr__(self) -> str:
        return f"<Best {self.metric}: {self.name}{'' if self.sure else ' leads'}, of {len(self.df)}>"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(' '.join(self.sentences()))}</p>{self.df.round(2).to_html()}"
