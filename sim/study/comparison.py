"""A comparison: organizations side by side in the same markets, and what differs between them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.errors import InputError, nearest
from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.files.provenance import made_by
from sim.files.toml_written import toml_text
from sim.result import label
from sim.result.outcomes import KNOWN, unknown
from sim.scenario import Scenario
from sim.study.doubt import Doubt, by_set, drawn_table, guessed
from sim.study.intervals import all_at_once, chance_of_none, outcome_interval
from sim.study.until import Until, unpaired_markets, wanted_width, width_of

if TYPE_CHECKING:
    from sim.study.explain.explanation import Explanation

# The market's lists are sized by the headcount at the start, unless market.for_… say otherwise.
SIZES = ("workforce.marketers", "workforce.salespeople")
ROUNDING = 1e-20  # a difference that varies by less than this share of the whole does not vary


def checked_metric(metric: str) -> str:
    """The name of an outcome; raises InputError with the nearest right one."""
    if metric not in KNOWN:
        raise InputError(unknown(metric))
    return metric


def labels(scenarios: Sequence[Scenario]) -> list[str]:
    """Short names that differ: files' names, with a number where two are alike."""
    found: list[str] = []
    for each in scenarios:
        name, n = label(each), 2
        while name in found:
            name, n = f"{label(each)} ({n})", n + 1
        found.append(name)
    return found


class Comparison:
    """Scenarios side by side in the same markets.

    Attributes
    ----------
    scenarios, names
        What was compared; the first is the baseline.
    outcomes : DataFrame
        One row a run: scenario, seed, and a column for each outcome.
    quarters : DataFrame
        One row a run and quarter: score, stage, and sums of revenue, bookings, contribution, …
    until : Until or None
        Where markets were added until the difference was known well enough: what came of it.
    in_doubt : tuple of str
        The guessed numbers that are drawn, a set for every two markets; none: all are as they stand.
    made : dict
        By which versions, rules and day (`sim.files.provenance.made_by`).
    """

    def __init__(
        self, scenarios: Sequence[Scenario], names: Sequence[str], outcomes: pd.DataFrame, quarters: pd.DataFrame
    ):
        self.scenarios, self.names = tuple(scenarios), tuple(names)
        self.outcomes, self.quarters = outcomes, quarters
        self.until: Until | None = None
        self.in_doubt: tuple[str, ...] = ()
        self.made = made_by(lived=scenarios)

    @classmethod
    def of(cls, scenarios: Sequence[Scenario], names: Sequence[str], results: list) -> Comparison:
        outcomes = pd.DataFrame([row for row, _ in results])
        outcomes["broke"] = pd.array(outcomes["broke"], dtype="Int64")
        return cls(scenarios, names, outcomes, pd.concat([table for _, table in results], ignore_index=True))

    @property
    def seeds(self) -> list[int]:
        """The markets, in the order they were given."""
        return list(dict.fromkeys(self.outcomes["seed"].tolist()))

    @property
    def measured(self) -> list[str]:
        """The names of all outcomes that were taken."""
        return [name for name in self.outcomes.columns if name in KNOWN]

    @property
    def df(self) -> pd.DataFrame:
        """One long table: run, scenario, seed, day, metric, value, unit (outcomes on the last day of each run)."""
        wide = self.outcomes.drop(columns=["broke", "market", "stage"])
        table = wide.melt(["scenario", "seed", "days"], var_name="metric")
        table["day"] = table.pop("days") - 1
        table["run"] = table["scenario"] + "-" + table["seed"].astype(str)
        table["unit"] = table["metric"].map({name: KNOWN[name].unit for name in self.measured})
        return table[["run", "scenario", "seed", "day", "metric", "value", "unit"]]

    def values(self, outcome: str, name: str) -> np.ndarray:
        """One outcome of one scenario in every market, in the order of `seeds`."""
        rows = self.outcomes[self.outcomes["scenario"] == name].set_index("seed")
        return rows.loc[self.seeds, outcome].to_numpy(float)

    def differences(self, outcome: str, name: str) -> np.ndarray:
        """A scenario's outcome less the baseline's, market by market."""
        return self.values(outcome, name) - self.values(outcome, self.names[0])

    def alone(self, values: np.ndarray) -> np.ndarray:
        """Values that are independent of each other: of markets, or of sets of numbers where these are in doubt."""
        return by_set(values, self.seeds) if self.in_doubt else values

    def doubt(self, metric: str = "net_value", name: str | None = None) -> Doubt:
        """What of a difference is the market's luck and what is doubt about numbers; only of `compare(…, doubt=True)`.

        Raises
        ------
        InputError
            The numbers were not in doubt, or the sets are too few.
        """
        if not self.in_doubt:
            raise InputError("no number was in doubt here: sim.compare(…, doubt=True)")
        name = name or self.names[1]
        fitted = next((each.sets for each in self.scenarios if each.sets), ())
        return Doubt(self.differences(metric, name), self.seeds, self.in_doubt, metric, KNOWN[metric].unit, name,
                     fitted)  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """The paired table: one row for each outcome and scenario beside the baseline.

        Columns: the means of both, the mean difference with its 95 % t-interval
        (`low`, `high`: each by itself; NaN where the markets are too few or all
        equal, see `intervals.outcome_interval`), `all_at_once` (the chance of
        such a difference where there is none, adjusted by Holm's method for all
        rows of the table: below 0.05 it stands although many were looked at), in
        how many of `n` markets the scenario was higher (`higher_in`) or equal
        (`equal_in`), and `saved`: var(unpaired) / var(paired), how many times
        fewer markets are needed because they are the same (infinite where the
        difference is the same everywhere, NaN where nothing varies). Where numbers
        are in doubt, what counts is the mean of each set's two markets.
        """
        rows = []
        for name in self.names[1:]:
            for outcome in self.measured:
                a, b = self.values(outcome, self.names[0]), self.values(outcome, name)
                a, b = self.alone(a), self.alone(b)
                known = np.isfinite(a) & np.isfinite(b)
                a, b = a[known], b[known]
                unit = KNOWN[outcome].unit
                mean, low, high = outcome_interval(b - a, unit)
                rows.append({
                    "scenario": name,
                    "outcome": outcome,
                    "unit": unit,
                    "baseline": float(a.mean()) if len(a) else np.nan,
                    "with_change": float(b.mean()) if len(b) else np.nan,
                    "difference": mean,
                    "low": low,
                    "high": high,
                    "all_at_once": chance_of_none(b - a) if np.isfinite(low) else np.nan,
                    "higher_in": int((b > a).sum()),
                    "equal_in": int((b == a).sum()),
                    "n": len(a),
                    "saved": _saved(a, b),
                })  # fmt: skip
        table = pd.DataFrame(rows).set_index(["scenario", "outcome"])
        table["all_at_once"] = all_at_once(table["all_at_once"])
        return table

    def levers(self) -> pd.DataFrame:
        """What differs, and nothing else: one row a lever, one column a scenario; "yes" or "no" for dated changes."""
        rows: dict[str, dict[str, object]] = {}
        for name, other in zip(self.names[1:], self.scenarios[1:], strict=True):
            for lever, here, there in self.scenarios[0].differs(other):
                if lever == "changes":
                    lever, here, there = str(here or there), "yes" if here else "no", "yes" if there else "no"
                rows.setdefault(lever, dict.fromkeys(self.names, here))[name] = there
        table = pd.DataFrame.from_dict(rows, orient="index", columns=list(self.names), dtype=object)
        return table.rename_axis("lever")

    def unpaired(self, metric: str, width: float) -> int:
        """Markets for each organization that an interval of that width would take if they were not the same ones."""
        base = self.values(metric, self.names[0])
        spreads = [np.nanvar(base, ddof=1) + np.nanvar(self.values(metric, name), ddof=1) for name in self.names[1:]]
        return max(unpaired_markets(float(each), width) for each in spreads)

    def look(self, metric: str, until: float | str) -> tuple[float, float]:
        """The width that is wanted, and that of the widest interval of the differences.

        Raises InputError where the outcome has no number in some scenario.
        """
        empty = [name for name in self.names if not np.isfinite(self.values(metric, name)).any()]
        if empty:
            raise InputError(f"{metric}: has no number in any market of {', '.join(empty)}, so no width can be met")
        found = [
            width_of(outcome_interval(self.alone(self.differences(metric, name)), KNOWN[metric].unit))
            for name in self.names[1:]
        ]
        baseline = self.values(metric, self.names[0])
        return wanted_width(until, float(np.nanmean(baseline))), float(np.max(found))

    def market_check(self) -> str:
        """What the market hashes say: "identical", else which levers made another market."""
        hashes = self.outcomes.groupby("seed")["market"].nunique()
        later = self._dated_market_changes()
        if int(hashes.max()) == 1 and not later:
            return "identical"
        return f"different: {', '.join(self.market_levers() + later) or 'market hash'}"

    def market_levers(self) -> list[str]:
        """The market's own numbers, and the sizes it goes by, in which a scenario differs from the baseline."""
        found: dict[str, None] = {}
        for other in self.scenarios[1:]:
            for name, _, _ in self.scenarios[0].differs(other):
                if name.startswith("market.") or name in SIZES or name == "organization":
                    found[name] = None
        return list(found)

    def _dated_market_changes(self) -> list[str]:
        """Dated changes of the market that not all scenarios have; the hashes are those of day 0."""
        rows = [row for other in self.scenarios[1:] for row in self.scenarios[0].differs(other)]
        found = any(name == "changes" and "market." in f"{here}{there}" for name, here, there in rows)
        return ["a dated change of market.*"] if found else []

    def plot(self, metric: str = "net_value"):
        """One outcome's paired differences as a figure (matplotlib Axes; never calls show)."""
        checked_metric(metric)
        from sim import figures

        return figures.compare_plot(self, metric)

    def explain(self, metric: str = "net_value", by: str = "lever", other: str | None = None, **options) -> Explanation:
        """What the difference is made of, in the same markets.

        Parameters
        ----------
        metric, by
            As in `sim.explain`.
        other : str
            The name of the scenario beside the baseline, where there are several.
        **options
            Passed to `sim.explain`.
        """
        from sim.study.explain.explain import explain

        names = self.names[1:]
        other = names[0] if other is None else other
        if other not in names:
            raise InputError(
                f"{other}: no such scenario beside the baseline{nearest(other, names)} ({', '.join(names)})"
            )
        checked_metric(metric)
        pair = (self.scenarios[0], self.scenarios[self.names.index(other)])
        same = not self.in_doubt or guessed(pair) == self.in_doubt  # of three, the third may have said more numbers
        known = {(scenario.hash, seed): value for scenario, name in zip(pair, (self.names[0], other), strict=True)
                 for seed, value in zip(self.seeds, self.values(metric, name), strict=True) if same}  # fmt: skip
        return explain(*pair, metric, by, self.seeds, known=known, doubt=bool(self.in_doubt), **options)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write `comparison.parquet` (long), `quarters.parquet`, `summary.csv`, `comparison.toml`, and of numbers in
        doubt the sets that were drawn (`numbers.csv`); or nothing."""
        with written_whole(folder, overwrite, "comparison.toml") as work:
            self.df.to_parquet(work / "comparison.parquet", index=False)
            self.quarters.to_parquet(work / "quarters.parquet", index=False)
            if self.in_doubt:
                write_csv(drawn_table(self.in_doubt, self.seeds), work / "numbers.csv")
            write_csv(self.summary(), work / "summary.csv", index=True)
            (work / "comparison.toml").write_text(self._toml(), encoding="utf-8")
        return Path(folder)

    def _toml(self) -> str:
        about = {"seeds": self.seeds, "market_check": self.market_check()}
        about |= {"in_doubt": list(self.in_doubt)} if self.in_doubt else {}
        if self.until is not None:
            about |= {f"until_{name}": value for name, value in self.until._asdict().items()}
        each = {str(i): {"name": name, "hash": s.hash, "toml": s.to_toml(shared=True)}
                for i, (name, s) in enumerate(zip(self.names, self.scenarios, strict=True))}  # fmt: skip
        return toml_text({"comparison": about, "scenarios": each, "versions": self.made})

    def __repr__(self) -> str:
        return (
            f"<Comparison {' / '.join(self.names)} in {len(self.seeds)} markets, market check: {self.market_check()}>"
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.summary().round(3).to_html()}"


def _saved(a: np.ndarray, b: np.ndarray) -> float:
    """var(unpaired) / var(paired) of a mean difference over markets."""
    if len(a) < 2:
        return np.nan
    unpaired, paired = a.var(ddof=1) + b.var(ddof=1), (b - a).var(ddof=1)
    if paired <= ROUNDING * unpaired:
        return np.inf if unpaired > 0.0 else np.nan
    return float(unpaired / paired)
