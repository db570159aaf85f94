"""What the findings share: one outcome of a store as an array, points by their levers, claims judged, tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.judging import Check, check
from helpers.printing import number
from sim.study.intervals import Interval, mean_interval


class Results:
    """A finished store, seen by its points and markets."""

    def __init__(self, store):
        self.store, self.design = store, store.design
        self._known: dict[tuple[str, str], np.ndarray] = {}

    def of(self, outcome: str, arm: str = "base") -> np.ndarray:
        """One outcome (points, markets); a run that failed is not a number."""
        if (outcome, arm) not in self._known:
            self._known[outcome, arm] = self.store.matrix(outcome, arm)[1]
        return self._known[outcome, arm]

    def column(self, name: str) -> np.ndarray:
        """What each point sets a factor to (points,)."""
        return self.design[name].to_numpy()

    def rows(self, **levers) -> np.ndarray:
        """Which points have these values; two underscores stand for the dot."""
        here = np.ones(len(self.design), bool)
        for name, value in levers.items():
            column = self.column(name.replace("__", "."))
            here &= column == value if isinstance(value, str) else np.isclose(column.astype(float), value)
        if not here.any():
            raise KeyError(f"no point has {levers}")
        return np.flatnonzero(here)

    def at(self, outcome: str, arm: str = "base", **levers) -> np.ndarray:
        """One outcome market by market, averaged over the points that have these values (markets,)."""
        return self.of(outcome, arm)[self.rows(**levers)].mean(0)

    def levels(self, name: str) -> list:
        """The values of a factor, in their order."""
        return list(dict.fromkeys(self.design[name].tolist()))


def measured(what: str, values, above: float | None = None, below: float | None = None, share: bool = False) -> Check:
    """One check of a claim: one value a market, or an interval; without limits it is reported only."""
    return check("", what, values, above, below, share=share)


def told(values) -> str:
    """A mean with its interval over markets, in a cell: `12.3 (10.1 to 14.5)`."""
    found = values if isinstance(values, Interval) else mean_interval(values)
    if found.low == found.high:
        return number(found.mean)
    return f"{number(found.mean)} ({number(found.low)} to {number(found.high)})"


def average(values: np.ndarray) -> float:
    """A plain mean, for tables in which intervals would hide the pattern."""
    return float(np.mean(values))


def percent(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Differences of a from b market by market, in % of the mean of b."""
    return 100.0 * (a - b) / abs(b.mean())


def best_elsewhere(values: np.ndarray) -> np.ndarray:
    """In each market the row that is best on all *other* markets: no winner is judged where it won.

    `values` is (rows, markets); the answer (markets,).
    """
    return left_out(lambda mean: np.array([mean.argmax()]), values, values)


def left_out(choose: Callable[[np.ndarray], np.ndarray], judge: np.ndarray, by: np.ndarray) -> np.ndarray:
    """What `choose` takes by the means of `by` over all other markets, judged on each market (markets,)."""
    return np.array([judge[choose(np.delete(by, m, 1).mean(1)), m].mean() for m in range(judge.shape[1])])


def grid_table(results: Results, rows: str, columns: str, cell: Callable[..., object]) -> tuple[list, list]:
    """Head and body of a table over two factors; `cell` is called with their values by name."""
    across = results.levels(columns)
    down_key, across_key = rows.replace(".", "__"), columns.replace(".", "__")
    body = [
        [str(down), *(cell(**{down_key: down, across_key: each}) for each in across)] for down in results.levels(rows)
    ]
    return [f"{rows} ↓ {columns} →", *map(str, across)], body
