"""How many markets are enough? Running mean and variance over markets, and what a given precision takes."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.errors import InputError, plural
from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.files.provenance import made_by, made_of
from sim.files.toml_written import toml_text
from sim.result.outcomes import KNOWN, OUTCOMES, checked
from sim.scenario import Scenario
from sim.study.intervals import t_quantile
from sim.study.sensitivity.sentences import level, number
from sim.study.until import more_markets

if TYPE_CHECKING:
    from sim.study.store.store import Store

LEAST = 5  # markets: a spread read off fewer says nothing
MOST = 1_000_000  # markets: beyond, the answer is "more than"
MOST_RUN = 1000  # that are run without being asked for more


def how_many(
    store: Store | Scenario | str | Path,
    outcome: str = "net_value",
    within: float = 0.05,
    arm: str | None = None,
    seeds: int = 60,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
    run: bool = False,
    most: int = MOST_RUN,
) -> HowMany:
    """How many markets the mean of an outcome needs, to be known to a given precision.

    Parameters
    ----------
    store : Store, folder of one, Scenario or its name
        A store is asked at each of its points; a scenario is run in `seeds` markets first.
    outcome : str
        As for `sim.sensitivity`: a name, or "net_value(liaison) - net_value(base)".
    within : float
        Half the width of the 95 % interval, as a share of the mean: 0.05 is ±5 %.
    arm : str, optional
        The arm that outcomes without an arm mean.
    seeds, threads, progress
        Of the runs of a scenario.
    run : bool
        Run what it takes: of a store, as many markets as the point of middle need takes, which the store grows by.
    most : int
        Markets at most, for `run`.

    Returns
    -------
    HowMany

    Raises
    ------
    InputError
        Unknown outcome or arm; a precision outside 0 .. 1; fewer than five markets.
    """
    if not 0.0 < within < 1.0:
        raise InputError(f"within = {within}: give a share between 0 and 1, such as 0.05 for ±5 %")
    if isinstance(store, Scenario) or (isinstance(store, str | Path) and not Path(store).is_dir()):
        return _of_scenario(store, outcome, within, seeds, threads, progress, most if run else 0)
    found = _of_store(store, outcome, within, arm)
    while run and not found.enough and found.markets < most:
        _grow(opened_store(store), found.next(most), threads, progress)
        store = opened_store(store).folder
        found = _of_store(store, outcome, within, arm)
    return found


def opened_store(store):
    """A store as it is now."""
    from sim.study.store.store import open_store

    return open_store(store if isinstance(store, str | Path) else store.folder)


def _grow(store, markets: int, threads: int, progress) -> None:
    """Let a store have more markets, and run them."""
    from sim.study.sweep.growing import grow, with_markets
    from sim.study.sweep.sweep import sweep

    made = store.experiment
    first = made.markets[0]
    if made.markets != tuple(range(first, first + len(made.markets))):
        raise InputError(f"{store.folder}: its markets are a list, which does not go on by itself")
    chosen = with_markets(made, range(first, first + markets))
    grow(store.folder, chosen)
    sweep(chosen, store.folder, threads, progress)


def _of_store(store, outcome: str, within: float, arm: str | None) -> HowMany:
    from sim.study.sensitivity.sensitivity import opened
    from sim.study.sensitivity.terms import read_term

    term = read_term(outcome, opened(store), arm)
    if term.is_condition:
        raise InputError(f"{outcome}: give an outcome, not a condition")
    if opened(store).experiment.doubt:
        said = f"baton sensitivity {opened(store).folder.name} --doubt says what more markets can do"
        raise InputError(f"{outcome}: its numbers are in doubt, a set for every two markets: {said}")
    found = HowMany(term.values(), outcome, term.unit, within)
    found.made = made_of(opened(store)) or made_by()
    return found


def _of_scenario(scenario, outcome: str, within: float, seeds: int, threads: int, progress, most: int = 0) -> HowMany:
    from sim.study.many import many

    checked([outcome])
    asked, more = str(scenario) if isinstance(scenario, Path) else scenario, () if outcome in OUTCOMES else (outcome,)
    values, goes_to = np.empty((1, 0)), seeds
    while True:
        table = many(asked, range(values.shape[1], goes_to), threads=threads, progress=progress, more=more)
        values = np.column_stack([values, table[outcome].to_numpy(float)[None]])
        found = HowMany(values, outcome, KNOWN[outcome].unit, within)
        if found.enough or goes_to >= most:
            return found
        goes_to = found.next(most)


def needed(mean: float, sd: float, within: float) -> float:
    """The fewest markets whose 95 % interval is no wider than ±within of the mean.

    Infinite where the mean is 0, or more than a million would be needed.

    >>> needed(100.0, 0.0, 0.05), needed(100.0, 20.0, 0.05), needed(0.0, 1.0, 0.05)
    (2, 64, inf)
    """
    if sd == 0:
        return 2
    goal = within * abs(mean)

    def wide(n: int) -> bool:
        return t_quantile(0.975, n - 1) * sd / math.sqrt(n) > goal

    if goal == 0 or wide(MOST):
        return math.inf
    low, high = 1, MOST  # wide at low, not at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wide(middle) else (low, middle)
    return high


class HowMany:
    """How well the mean over markets is known, and how many markets more would take.

    Attributes
    ----------
    df : DataFrame
        One row a point: mean, sd, markets, half (of the 95 % interval), share (half by mean),
        needed, and needed_low to needed_high, since the spread itself is only estimated.
    running : DataFrame
        One row a count of markets, at the point of middle need: markets, mean, half, variance.
    """

    def __init__(self, Y: np.ndarray, outcome: str, unit: str, within: float):
        self.outcome, self.unit, self.within, self.made = outcome, unit, within, made_by()
        self.Y = Y[:, np.isfinite(Y).any(0)]
        counts = np.isfinite(self.Y).sum(1)
        if not len(counts) or counts.max() < LEAST:
            most = int(counts.max()) if len(counts) else 0
            said = f"{outcome}: {plural(most, 'market')} cannot tell how many are enough; run at least {LEAST}"
            raise InputError(said)
        self.df = pd.DataFrame([self._row(k) for k in np.flatnonzero(counts >= LEAST)]).set_index("point")
        order = self.df["needed"].sort_values(kind="stable")
        self.typical = int(order.index[(len(order) - 1) // 2])
        self.running = self._running(self.typical)

    @property
    def enough(self) -> bool:
        """Whether the point of middle need is known well enough."""
        return bool(self.df.loc[self.typical, "share"] <= self.within)

    @property
    def markets(self) -> int:
        """How many there are."""
        return int(self.df["markets"].max())

    def next(self, most: int) -> int:
        """Up to which number of markets to go on, at most twice as many."""
        row = self.df.loc[self.typical]
        return more_markets(self.markets, float(row["share"]), self.within, most)

    def _row(self, point: int) -> dict:
        from scipy.stats import chi2

        values = self.Y[point][np.isfinite(self.Y[point])]
        n, mean, sd = len(values), float(values.mean()), float(values.std(ddof=1))
        half = t_quantile(0.975, n - 1) * sd / math.sqrt(n)
        spread = [sd * math.sqrt((n - 1) / chi2.ppf(p, n - 1)) for p in (0.975, 0.025)]
        return {"point": int(point), "mean": mean, "sd": sd, "markets": n, "half": half,
                "share": half / abs(mean) if mean else math.inf, "needed": needed(mean, sd, self.within),
                "needed_low": needed(mean, spread[0], self.within),
                "needed_high": needed(mean, spread[1], self.within)}  # fmt: skip

    def _running(self, point: int) -> pd.DataFrame:
        values = self.Y[point][np.isfinite(self.Y[point])]
        rows = []
        for n in range(2, len(values) + 1):
            sd = float(values[:n].std(ddof=1))
            half = t_quantile(0.975, n - 1) * sd / math.sqrt(n)
            rows.append({"markets": n, "mean": float(values[:n].mean()), "half": half, "variance": sd**2})
        return pd.DataFrame(rows)

    def sentences(self) -> list[str]:
        """The answer in plain sentences."""
        row, percent = self.df.loc[self.typical], f"±{number(100 * self.within)} %"
        where = f" at point {self.typical}, the one of middle need" if len(self.df) > 1 else ""
        lines = [f"{self.outcome}{where}: mean {level(row['mean'], self.unit)}, known to ±{_percent(row['share'])} "
                 f"from {plural(int(row['markets']), 'market')} (95 %)."]  # fmt: skip
        if math.isinf(row["needed"]):
            lines.append(f"{percent} cannot be had: the mean is too near zero for a share of it to mean anything. Look "
                         "at a difference between arms, or at the interval itself.")  # fmt: skip
        else:
            least, most = (_count(row[name]) for name in ("needed_low", "needed_high"))
            lines.append(f"{percent} takes {_count(row['needed'])} markets; as the spread is only estimated from "
                         f"{int(row['markets'])}, between {least} and {most}.")  # fmt: skip
        if len(self.df) > 1:
            enough = int((self.df["share"] <= self.within).sum())
            lines.append(f"Over all {plural(len(self.df), 'point')}: half need at most {_count(self._quantile(0.5))} "
                         f"markets, nine in ten {_count(self._quantile(0.9))}, the most needy "
                         f"{_count(self._quantile(1.0))}; {enough:,} have enough now.")  # fmt: skip
        if len(self.df) < len(self.Y):
            lines.append(f"{plural(len(self.Y) - len(self.df), 'point')} with fewer than {LEAST} values left out.")
        return lines

    def _quantile(self, share: float) -> float:
        """The need that this share of the points do not exceed."""
        return float(np.quantile(self.df["needed"], share, method="inverted_cdf"))

    def summary(self) -> str:
        """The sentences as one text."""
        return "\n".join(self.sentences())

    def plot(self):
        """Running mean and variance as a figure (matplotlib Axes of the mean; never calls show)."""
        from sim import figures

        return figures.how_many_plot(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write `how_many.csv`, `running.csv`, `how_many.txt`, `how_many.png` and `how_many.toml`, or nothing."""
        from sim import figures

        with written_whole(folder, overwrite, "how_many.toml") as work:
            write_csv(self.df, work / "how_many.csv", index=True)
            write_csv(self.running, work / "running.csv")
            (work / "how_many.txt").write_text(self.summary() + "\n", encoding="utf-8")
            about = {"outcome": self.outcome, "unit": self.unit, "within": self.within}
            (work / "how_many.toml").write_text(toml_text({"how_many": about, "versions": self.made}), encoding="utf-8")
            figures.write_sensitivity(self, work / "how_many.png")
        return Path(folder)

    def as_data(self) -> dict:
        """Everything as plain data, for --json."""
        return {"outcome": self.outcome, "unit": self.unit, "within": self.within,
                "points": self.df.reset_index().to_dict("records"), "running": self.running.to_dict("records"),
                "sentences": self.sentences()}  # fmt: skip

    def __repr__(self) -> str:
        need = _count(self.df.loc[self.typical, "needed"])
        return f"<HowMany {self.outcome}: ±{number(100 * self.within)} % takes {need} markets>"

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(line)}</li>" for line in self.sentences())
        return f"<p>{html.escape(repr(self))}</p><ul>{said}</ul>{self.df.round(4).to_html()}"


def _count(value: float) -> str:
    return f"more than {MOST:,}" if math.isinf(value) else f"{int(value):,}"


def _percent(value: float) -> str:
    return f"{number(100 * value, 2)} %" if value < 10 else "more than ten times its size"
