"""Two or more organizations in the same markets: what differs, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.folder import toml_text, written_whole
from sim.model.firm import QUARTER
from sim.outcomes import OUTCOMES
from sim.result import Run, label
from sim.run import run
from sim.scenario import Scenario, read
from sim.study.intervals import mean_interval
from sim.study.many import Interrupted, at_once, markets, outcomes_of

# What of the diary is kept by quarter for each run: enough to draw two lines and their bands.
KEPT = ("revenue", "bookings", "contribution", "customer_value", "contacts", "disputes")
# The market's lists are sized by the headcount at the start, unless market.for_… say otherwise.
ROUNDING = 1e-20  # a difference that varies by less than this share of the whole does not vary
SIZES = ("workforce.marketers", "workforce.salespeople")


def compare(
    *scenarios: Scenario | str | Path,
    seeds: int | Sequence[int] = 30,
    threads: int = 2,
    days: int | None = None,
    progress=None,
    **options,
) -> Comparison:
    """Run scenarios in the same markets and take the differences market by market.

    Parameters
    ----------
    *scenarios : Scenario, name or path
        The first is the baseline; each other one is compared with it.
    seeds : int or list of int
        A count (markets 0 .. n - 1), or the markets themselves.
    threads : int
        Runs at a time; the results do not depend on it.
    days : int
        A horizon for all, in place of their own.
    **options
        Passed to `sim.run`.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        Fewer than two scenarios, or horizons that differ.
    """
    chosen = [each if isinstance(each, Scenario) else read(each) for each in scenarios]
    if len(chosen) < 2:
        raise InputError("compare needs at least two scenarios")
    if days is not None:
        chosen = [each.but(days=days) for each in chosen]
    horizons = {each.days for each in chosen}
    if len(horizons) > 1:
        told = ", ".join(f"{label(each)} {each.days}" for each in chosen)
        raise InputError(f"the scenarios have different horizons in days ({told}); give one for all (days=, --days)")
    names, seeds = labels(chosen), markets(seeds)

    def one(number: int, seed: int) -> tuple[dict, pd.DataFrame]:
        each = run(chosen[number], seed, **options)
        return outcomes_of(each) | {"scenario": names[number]}, _by_quarter(each, names[number])

    # Market by market, so that an interruption leaves whole pairs.
    work = [lambda n=n, s=s: one(n, s) for s in seeds for n in range(len(chosen))]
    try:
        return Comparison._of(chosen, names, at_once(work, threads, progress))
    except Interrupted as stopped:
        raise Interrupted(_whole_markets(chosen, names, stopped.finished)) from None


def labels(scenarios: Sequence[Scenario]) -> list[str]:
    """Short names that differ: files' names, with a number where two are alike."""
    found: list[str] = []
    for each in scenarios:
        name, n = label(each), 2
        while name in found:
            name, n = f"{label(each)} ({n})", n + 1
        found.append(name)
    return found


def _by_quarter(each: Run, name: str) -> pd.DataFrame:
    firm, n = each.state.firm, each.days // QUARTER
    table = pd.DataFrame({"scenario": name, "seed": each.seed, "quarter": np.arange(1, n + 1)})
    for column in ("score", "stage", "equity"):
        table[column] = np.array(firm.quarters[column][:n])
    for column in KEPT:
        table[column] = np.array(firm.days[column][: n * QUARTER]).reshape(n, QUARTER).sum(1)
    return table


def _whole_markets(chosen: list[Scenario], names: list[str], finished: list) -> list[Comparison]:
    """What an interruption left, as a Comparison of the markets that all scenarios finished; or nothing."""
    done: dict[int, int] = {}
    for row, _ in finished:
        done[row["seed"]] = done.get(row["seed"], 0) + 1
    whole = [each for each in finished if done[each[0]["seed"]] == len(chosen)]
    return [Comparison._of(chosen, names, whole)] if whole else []


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
    """

    def __init__(
        self, scenarios: Sequence[Scenario], names: Sequence[str], outcomes: pd.DataFrame, quarters: pd.DataFrame
    ):
        self.scenarios, self.names = tuple(scenarios), tuple(names)
        self.outcomes, self.quarters = outcomes, quarters

    @classmethod
    def _of(cls, scenarios: Sequence[Scenario], names: Sequence[str], results: list) -> Comparison:
        outcomes = pd.DataFrame([row for row, _ in results])
        outcomes["broke"] = pd.array(outcomes["broke"], dtype="Int64")
        return cls(scenarios, names, outcomes, pd.concat([table for _, table in results], ignore_index=True))

    @property
    def seeds(self) -> list[int]:
        """The markets, in the order they were given."""
        return list(dict.fromkeys(self.outcomes["seed"].tolist()))

    @property
    def df(self) -> pd.DataFrame:
        """One long table: run, scenario, seed, day, metric, value, unit (outcomes on the last day of each run)."""
        wide = self.outcomes.drop(columns=["broke", "market", "stage"])
        table = wide.melt(["scenario", "seed", "days"], var_name="metric")
        table["day"] = table.pop("days") - 1
        table["run"] = table["scenario"] + "-" + table["seed"].astype(str)
        table["unit"] = table["metric"].map({name: about.unit for name, about in OUTCOMES.items()})
        return table[["run", "scenario", "seed", "day", "metric", "value", "unit"]]

    def values(self, outcome: str, name: str) -> np.ndarray:
        """One outcome of one scenario in every market, in the order of `seeds`."""
        rows = self.outcomes[self.outcomes["scenario"] == name].set_index("seed")
        return rows.loc[self.seeds, outcome].to_numpy(float)

    def differences(self, outcome: str, name: str) -> np.ndarray:
        """A scenario's outcome less the baseline's, market by market."""
        return self.values(outcome, name) - self.values(outcome, self.names[0])

    def summary(self) -> pd.DataFrame:
        """The paired table: one row for each outcome and scenario beside the baseline.

        Columns: the means of both, the mean difference with its 95 % t-interval
        (`low`, `high`), in how many of `n` markets the scenario was higher
        (`higher_in`) or equal (`equal_in`), and `saved`: var(unpaired) /
        var(paired), how many times fewer markets are needed because they are
        the same (infinite where the difference is the same everywhere, NaN where
        nothing varies).
        """
        rows = []
        for name in self.names[1:]:
            for outcome, about in OUTCOMES.items():
                a, b = self.values(outcome, self.names[0]), self.values(outcome, name)
                known = np.isfinite(a) & np.isfinite(b)
                a, b = a[known], b[known]
                mean, low, high = mean_interval(b - a)
                rows.append({
                    "scenario": name,
                    "outcome": outcome,
                    "unit": about.unit,
                    "baseline": float(a.mean()) if len(a) else np.nan,
                    "with_change": float(b.mean()) if len(b) else np.nan,
                    "difference": mean,
                    "low": low,
                    "high": high,
                    "higher_in": int((b > a).sum()),
                    "equal_in": int((b == a).sum()),
                    "n": len(a),
                    "saved": _saved(a, b),
                })  # fmt: skip
        return pd.DataFrame(rows).set_index(["scenario", "outcome"])

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
        if metric not in OUTCOMES:
            from sim.errors import nearest

            raise InputError(f"{metric}: no such outcome{nearest(metric, OUTCOMES)} ({', '.join(OUTCOMES)})")
        from sim import figures

        return figures.compare_plot(self, metric)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write `comparison.parquet` (long), `quarters.parquet`, `summary.csv` and `comparison.toml`, or nothing."""
        with written_whole(folder, overwrite, "comparison.toml") as work:
            self.df.to_parquet(work / "comparison.parquet", index=False)
            self.quarters.to_parquet(work / "quarters.parquet", index=False)
            self.summary().to_csv(work / "summary.csv")
            (work / "comparison.toml").write_text(self._toml(), encoding="utf-8")
        return Path(folder)

    def _toml(self) -> str:
        from sim.model.kernel import versions

        about = {"seeds": self.seeds, "market_check": self.market_check()}
        each = {f"scenarios.{i}": {"name": name, "hash": s.hash, "toml": s.to_toml()}
                for i, (name, s) in enumerate(zip(self.names, self.scenarios, strict=True))}  # fmt: skip
        return toml_text({"comparison": about, **each, "versions": versions()})

    def __repr__(self) -> str:
        return (
            f"<Comparison {' / '.join(self.names)} in {len(self.seeds)} markets, market check: {self.market_check()}>"
        )

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(repr(self))}</p>{self.summary().round(3).to_html()}"


def _saved(a: np.ndarray, b: np.ndarray) -> float:
    """var(unpaired) / var(paired) of a mean difference over markets."""
    if len(a) < 2:
        return np.nan
    unpaired, paired = a.var(ddof=1) + b.var(ddof=1), (b - a).var(ddof=1)
    if paired <= ROUNDING * unpaired:
        return np.inf if unpaired > 0.0 else np.nan
    return float(unpaired / paired)
