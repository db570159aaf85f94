"""Forked futures: the same past lived on under other luck, and how much of what comes was settled by a day."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.arguments import days_of, markets, whole
from sim.errors import InputError
from sim.files.folder import written_file
from sim.files.harmless import write_csv
from sim.model.dice import Stream, key_for, key_of
from sim.model.drive import Simulation
from sim.model.kernel import uint64
from sim.model.theory import Theory
from sim.result import saved
from sim.result.outcomes import KNOWN, OUTCOMES, checked
from sim.run import day_of, run
from sim.scenario import Scenario, read
from sim.scenario.schema import NUMBERS, in_words
from sim.study.intervals import Interval, band
from sim.study.many import Interrupted, at_once, outcomes_of

SHOWN = ("score", "revenue", "net_value", "new_business")
MOST = 10_000  # futures of a state
NAMED = 3  # numbers of a state that are named one by one


class Futures:
    """What became of the same states under other luck.

    Attributes
    ----------
    scenario : Scenario
    df : DataFrame
        One row a future: `day` of the fork, `market` that it began in, `future`,
        `seed` that its luck is drawn by, `stage` at the end, every outcome.
    outcomes : tuple of str
        What `summary` tells of.
    """

    def __init__(self, scenario: Scenario, df: pd.DataFrame, outcomes: Sequence[str] = SHOWN):
        self.scenario, self.df, self.outcomes = scenario, df, tuple(outcomes)

    def settled(self, confidence: float = 0.95) -> pd.DataFrame:
        """The share of each outcome's variance that was settled by each day of a fork.

        It is the intraclass correlation of futures within a state (one-way random
        effects, balanced): what states differ in, of all that futures differ in. 0
        means that all was still open, 1 that nothing could change it any more.

        Returns
        -------
        DataFrame
            One row a day and outcome: share, low, high (0..1; Searle's exact interval
            for normal values, cut at 0), states, futures. NaN where fewer than two
            states or futures are there, where nothing differs, or where a future has no
            such outcome.
        """
        rows = []
        for day, part in self.df.groupby("day"):
            for name in self.outcomes:
                values = part.pivot(index="market", columns="future", values=name).to_numpy(float)
                share = settled_share(values, confidence)
                rows.append((day, name, *share, *values.shape))
        return pd.DataFrame(rows, columns=["day", "outcome", "share", "low", "high", "states", "futures"])

    def spread(self) -> pd.DataFrame:
        """Median and the middle 80 % of the futures to come, over all states: a row a day and outcome, in its unit."""
        rows = []
        for day, part in self.df.groupby("day"):
            for name in self.outcomes:
                values = part[name].to_numpy(float)
                known = values[np.isfinite(values)]
                low, middle, high = band(known) if len(known) else [math.nan] * 3
                rows.append((day, name, low, middle, high, KNOWN[name].unit))
        return pd.DataFrame(rows, columns=["day", "outcome", "low", "median", "high", "unit"])

    def save(self, path: str | Path) -> Path:
        """Write one row a future as CSV: UTF-8, decimal point, empty where there is nothing; the theory comes last."""
        if Path(path).suffix.lower() != ".csv":
            raise InputError(f"{path}: futures are written as .csv")
        with written_file(path) as work:
            write_csv(self.df.assign(theory=str(self.scenario.own_theory or self.scenario.lives_by)), work)
        return Path(path)

    def stages(self) -> pd.DataFrame:
        """One row a day and state: in how many futures it ends in each of the stages 1 to 4."""
        table = self.df.groupby(["day", "market"])["stage"].value_counts().unstack(fill_value=0)
        return table.reindex(columns=[1, 2, 3, 4], fill_value=0)


def settled_share(values: np.ndarray, confidence: float = 0.95) -> Interval:
    """Intraclass correlation of a table (states, futures), with Searle's interval; NaN where it cannot be told.

    >>> settled_share(np.array([[1.0, 1.0], [3.0, 3.0]])).mean
    1.0
    """
    states, futures = values.shape
    nothing = Interval(math.nan, math.nan, math.nan)
    if states < 2 or futures < 2 or not np.isfinite(values).all():
        return nothing
    from scipy.stats import f

    between = futures * values.mean(1).var(ddof=1)
    within = float(values.var(axis=1, ddof=1).mean())
    if not between + within > 0.0:
        return nothing
    if not within > 0.0:
        return Interval(1.0, 1.0, 1.0)
    ratio, tail, freedom = between / within, (1.0 - confidence) / 2.0, (states - 1, states * (futures - 1))

    def share(r: float) -> float:
        return max((r - 1.0) / (r + futures - 1.0), 0.0)

    low, high = ratio / f.ppf(1.0 - tail, *freedom), ratio / f.ppf(tail, *freedom)
    return Interval(share(ratio), share(low), share(high))


def luck_of(market: int, day: int, future: int) -> int:
    """The number that a future's luck is drawn by: the same for every scenario, another for every state and future."""
    with np.errstate(over="ignore"):
        key = key_for(key_of(uint64(market), Stream.FUTURE, day), future)
    return int(key) >> 1


def futures(
    scenario: Scenario | str | Path | None = None,
    day: int | Sequence[int] = 520,
    *,
    seeds: int | Sequence[int] = 12,
    futures: int = 12,
    state: Simulation | str | Path | None = None,
    outcomes: Sequence[str] = SHOWN,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Futures:
    """Live an organization to a day, and from there on many times under other luck.

    Parameters
    ----------
    scenario : Scenario, name or path; None is the default
    day : int or list of int
        Days lived before luck is drawn anew, less than the horizon.
    seeds : int or list of int
        Markets to live the past in, each a state; a count means 0 and on.
    futures : int, 2 .. 10,000
        Futures of each state.
    state : Simulation, or path of one that was saved
        Fork this one state instead; `day` and `seeds` are its own.
    outcomes : list of str
        What `settled` and `spread` tell of, by their names.
    threads : int
        Runs at a time. The results do not depend on it.
    progress : function (done, all)

    Returns
    -------
    Futures

    Raises
    ------
    InputError
        A day at or beyond the horizon, fewer than two futures, an unknown outcome, a state without its scenario.
    Interrupted
        Stopped by the user; `finished` holds the Futures of the states that were done, if any were.

    Two scenarios have the same futures, luck for luck: they can be compared future by future.
    """
    chosen = read(scenario)
    if scenario is None and state is not None:
        check_of_default(state)
    n = whole("futures", futures, 2, MOST, f"give a whole number of futures, 2 to {MOST:,}")
    more = [name for name in checked(outcomes) if name not in OUTCOMES]
    if state is not None:
        one = state if isinstance(state, Simulation) else saved.load(state, day_of(chosen))
        pasts = [(_before_the_end(one.day, chosen), one.seed)]
    else:
        days = sorted({_before_the_end(each, chosen) for each in ([day] if np.ndim(day) == 0 else day)})
        pasts = [(each, market) for market in markets(seeds) for each in days]

    def of_state(day: int, market: int) -> list[dict]:
        begun = one if state is not None else run(chosen, market, until=day).state
        rows = []
        for k in range(n):
            luck = luck_of(market, day, k)
            lived = run(chosen, luck, from_state=begun)
            rows.append({"day": day, "market": market, "future": k, "seed": luck} | _of(outcomes_of(lived, more)))
        return rows

    try:
        found = at_once([lambda d=d, m=m: of_state(d, m) for d, m in pasts], threads, progress)
    except Interrupted as stopped:
        whole_ones = Futures(chosen, _table(stopped.finished), outcomes)
        raise Interrupted([whole_ones] if stopped.finished else []) from None
    return Futures(chosen, _table(found), outcomes)


def check_of_default(state: Simulation | str | Path, step: Callable | None = None) -> None:
    """Refuse to go on by the default scenario with a state that lives by other numbers: a state has no scenario.

    Raises
    ------
    InputError
        Which of its numbers are others, and what to name.
    """
    one, usual = state if isinstance(state, Simulation) else saved.load(state, step), read()
    there, here = one.theory, usual.theory_on(one.day)
    other = [name for name in NUMBERS if _value_in(there, name) != _value_in(here, name)]
    said = [f"{name} = {in_words(name, _value_in(there, name))}" for name in other[:NAMED]]
    said += [f"{len(other) - NAMED:,} more"] if len(other) > NAMED else []
    said += ["people of its own"] if one.own_people else []
    if said:
        named = state if isinstance(state, str | Path) else "state"
        kept = "it is not the default, and a state keeps no dated changes"
        raise InputError(f"{named}: name the scenario it was saved from; {kept} (it has {', '.join(said)})")


def _value_in(theory: Theory, name: str) -> float:
    """A number by its dotted name."""
    group, _, key = name.partition(".")
    return getattr(getattr(theory, group), key)


def _table(states: list[list[dict]]) -> pd.DataFrame:
    table = pd.DataFrame([row for rows in states for row in rows])
    if len(table):
        table["broke"] = pd.array(table["broke"], dtype="Int64")
        table = table.sort_values(["day", "market", "future"]).reset_index(drop=True)
    return table


def _of(row: dict) -> dict:
    return {"stage": row["stage"], "broke": row["broke"]} | {name: row[name] for name in row if name in KNOWN}


def _before_the_end(day: int, scenario: Scenario) -> int:
    found = days_of("day", day, least=0)
    if found >= scenario.days:
        raise InputError(f"day = {found}: the run ends on day {scenario.days}; give an earlier one")
    return found
