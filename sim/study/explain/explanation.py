"""An explanation: bars that add up to the difference of two organizations, with their intervals and their leads."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError, nearest
from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.files.provenance import made_by
from sim.files.toml_written import toml_text
from sim.result.outcomes import KNOWN
from sim.scenario import Scenario
from sim.study.comparison import labels
from sim.study.explain.books import lived
from sim.study.explain.explained import headline, sum_in_words
from sim.study.explain.funnel_steps import METRICS, REST, STEPS, Parted, part
from sim.study.explain.lever_shares import EXACT, ByLever, Mixtures, levers_of
from sim.study.explain.lives import TwoLives, in_words, two_lives
from sim.study.explain.twins import with_rates
from sim.study.intervals import Interval, outcome_interval

MOST_LEADS = 5  # of each bar, where all would be too many


class Explanation:
    """The difference between two organizations as bars that add up.

    Attributes
    ----------
    scenarios, names
        The two; the difference is the second less the first.
    metric, unit, by
        What is explained, and how ("lever" or "funnel").
    bars : DataFrame
        One row a market, one column a bar.
    totals : DataFrame
        One row a market: before, after.
    error : Series or None
        By sampled orders: each bar's standard error from the orders drawn (the
        intervals over markets hold it already). None where all orders were taken.
    counts : DataFrame or None
        By funnel: how many prospects came how far (a, b), mean of the markets; of those who had come so far
        (rate_a, rate_b), and of all (share_a, share_b).
    made : dict
        By which versions, rules and day (`sim.files.provenance.made_by`).
    """

    def __init__(self, scenarios, metric: str, by: str, bars: pd.DataFrame, totals: pd.DataFrame, *,
                 error=None, counts=None, prospects=None, options=None):  # fmt: skip
        self.scenarios, self.names = tuple(scenarios), tuple(labels(scenarios))
        self.metric, self.unit, self.by = metric, KNOWN[metric].unit, by
        self.bars, self.totals, self.error, self.counts = bars, totals, error, counts
        self._prospects, self._options = prospects, options or {}
        self.made = made_by(self._options.get("step"), self.scenarios)

    @classmethod
    def by_lever(
        cls, pair: Sequence[Scenario], metric: str, names: list[str], results: list[tuple[int, ByLever]], options: dict
    ) -> Explanation:
        """From the Shapley values of every market; the largest bar first."""
        found = [each for _, each in results]
        seeds = pd.Index([seed for seed, _ in results], name="seed")
        bars = pd.DataFrame([each.bars for each in found], index=seeds, columns=names)
        bars = bars[bars.mean().abs().sort_values(ascending=False, kind="stable").index]
        totals = pd.DataFrame({"before": [e.before for e in found], "after": [e.after for e in found]}, index=seeds)
        error = None
        if len(names) > EXACT:
            squares = np.mean([each.error**2 for each in found], axis=0) / len(found)
            error = pd.Series(np.sqrt(squares), index=names)[list(bars.columns)]
        return cls(pair, metric, "lever", bars, totals, error=error, options=options)

    @classmethod
    def by_funnel(
        cls, pair: Sequence[Scenario], metric: str, results: list[tuple[int, Parted]], options: dict
    ) -> Explanation:
        """From the steps of every market, in the order of the funnel; steps at which nothing differs are left out."""
        found = [each for _, each in results]
        seeds = pd.Index([seed for seed, _ in results], name="seed")
        bars = pd.DataFrame([each.bars for each in found], index=seeds)
        bars = bars[[name for name in STEPS if name == REST or (bars[name] != 0.0).any()]]
        totals = pd.DataFrame({"before": [e.before for e in found], "after": [e.after for e in found]}, index=seeds)
        counts = with_rates(sum(each.counts for each in found) / len(found))
        prospects = pd.concat([e.leads.assign(market=seed) for seed, e in results], ignore_index=True)
        return cls(pair, metric, "funnel", bars, totals, counts=counts, prospects=prospects, options=options)

    @property
    def seeds(self) -> list[int]:
        """The markets, in the order they were given."""
        return self.bars.index.tolist()

    @property
    def difference(self) -> Interval:
        """The second less the first: mean of the markets with its 95 % interval."""
        return outcome_interval(self.totals["after"] - self.totals["before"], self.unit)

    @property
    def df(self) -> pd.DataFrame:
        """One long table: by, bar, seed, metric, value, unit."""
        table = self.bars.reset_index().melt("seed", var_name="bar")
        table = table.assign(by=self.by, metric=self.metric, unit=self.unit)
        return table[["by", "bar", "seed", "metric", "value", "unit"]]

    def summary(self) -> pd.DataFrame:
        """One row a bar: mean, 95 % interval (low, high), `noise` (the interval crosses zero), share of the whole.

        With sampled orders also `sampling`, the standard error of the orders drawn.
        """
        whole, rows = self.difference.mean, {}
        for name in self.bars:
            mean, low, high = outcome_interval(self.bars[name], self.unit)
            rows[name] = {"mean": mean, "low": low, "high": high, "noise": not (low > 0.0 or high < 0.0),
                          "share": mean / whole if whole else np.nan}  # fmt: skip
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("bar")
        if self.error is not None:
            table["sampling"] = self.error
        return table

    def headline(self) -> str:
        """The answer in a sentence."""
        return headline(self)

    def meaning(self, bar: str) -> str:
        """What a bar stands for."""
        return STEPS.get(bar, "this lever's average part over all orders of changing the levers")

    def usual_market(self) -> int:
        """The market whose difference is nearest to the mean: the one to look at leads in."""
        difference = self.totals["after"] - self.totals["before"]
        return int((difference - difference.mean()).abs().idxmin())

    def leads(self, bar: str, market: int | None = None) -> pd.DataFrame:
        """The prospects inside a bar: those whose two lives part there, the largest difference first.

        Parameters
        ----------
        bar : str
            A step of the funnel, or a lever: then the first organization with and
            without that lever alone is run in one market.
        market : int
            One market; by funnel all markets if not given, by lever the usual one.

        Returns
        -------
        DataFrame
            market, step, lead_a, lead_b, value, end_a, end_b, difference. By step
            what a prospect brought counts in part to later steps too, so these
            differences need not add up to the bar.

        Raises
        ------
        InputError
            There is no such bar or market.
        """
        if bar not in self.bars:
            raise InputError(f"{bar}: no such bar{nearest(bar, self.bars)} ({'; '.join(self.bars)})")
        if market is not None and market not in self.bars.index:
            raise InputError(f"market {market} was not run ({', '.join(str(seed) for seed in self.seeds)})")
        if self.by == "funnel":
            table = self._prospects[self._prospects["step"] == bar]
            table = table if market is None else table[table["market"] == market]
        else:
            table = self._with_lever(bar, self.usual_market() if market is None else market)
        order = np.argsort(-table["difference"].abs().to_numpy(), kind="stable")
        return in_words(table.iloc[order], self.unit if self.by == "funnel" else "k€")

    def _with_lever(self, bar: str, market: int) -> pd.DataFrame:
        levers = levers_of(*self.scenarios)
        row = [each.name for each in levers].index(bar)
        pair = [Mixtures(*self.scenarios, levers).of(mask) for mask in (0, 1 << row)]
        metric = self.metric if self.metric in METRICS else "net_value"
        return part(*(lived(each, market, self._options.get("step")) for each in pair), metric).leads.assign(
            market=market
        )

    def lead(self, lead: int | str, market: int | None = None) -> TwoLives:
        """Both lives of one lead in sentences: its number in the first organization, or "b:12" for the second's."""
        return two_lives(*self.scenarios, lead, self.usual_market() if market is None else market, **self._options)

    def to_dict(self, most_leads: int = MOST_LEADS) -> dict:
        """Everything as plain data for JSON; of each step's leads the largest few of the usual market."""
        mean, low, high = self.difference
        table, market = self.summary(), self.usual_market()
        bars = [{"name": name, "meaning": self.meaning(name), "mean": row["mean"], "low": row["low"],
                 "high": row["high"], "noise": bool(row["noise"]), "sampling": row.get("sampling"),
                 "markets": self.bars[name].tolist(), "leads": self._few(name, market, most_leads)}
                for name, row in table.iterrows()]  # fmt: skip
        return _plain({
            "metric": self.metric, "unit": self.unit, "by": self.by, "names": list(self.names),
            "hashes": [each.hash for each in self.scenarios], "days": self.scenarios[0].days, "seeds": self.seeds,
            "before": float(self.totals["before"].mean()), "after": float(self.totals["after"].mean()),
            "difference": {"mean": mean, "low": low, "high": high, "noise": not (low > 0.0 or high < 0.0)},
            "headline": self.headline(), "sum": sum_in_words(self), "market_of_leads": market, "bars": bars,
            "counts": None if self.counts is None else self.counts.reset_index(names="step").to_dict("records"),
        })  # fmt: skip

    def _few(self, bar: str, market: int, most: int) -> list[dict]:
        if self.by != "funnel" or most < 1:
            return []
        table = self._prospects[(self._prospects["step"] == bar) & (self._prospects["market"] == market)]
        return in_words(table.head(most), self.unit).to_dict("records")

    def plot(self):
        """The waterfall (matplotlib Axes; never calls show)."""
        from sim import figures

        return figures.waterfall(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write bars and leads (`.parquet`), `summary.csv`, `explanation.json`, `.toml` and `why.png`, or nothing."""
        from sim import figures

        with written_whole(folder, overwrite, "explanation.toml") as work:
            self.df.to_parquet(work / "bars.parquet", index=False)
            write_csv(self.summary(), work / "summary.csv", index=True)
            if self._prospects is not None:
                in_words(self._prospects, self.unit).to_parquet(work / "leads.parquet", index=False)
            (work / "explanation.json").write_text(json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n",
                                                   encoding="utf-8")  # fmt: skip
            about = {"metric": self.metric, "by": self.by, "seeds": self.seeds}
            each = {side: {"name": name, "hash": s.hash, "toml": s.to_toml(shared=True)}
                    for side, name, s in zip("ab", self.names, self.scenarios, strict=True)}  # fmt: skip
            said = toml_text({"explanation": about, "scenarios": each, "versions": self.made})
            (work / "explanation.toml").write_text(said, encoding="utf-8")
            figures.waterfall(self, work / "why.png")
        return Path(folder)

    def __repr__(self) -> str:
        what = f"{self.metric} by {self.by}, {len(self.bars.columns)} bars"
        return f"<Explanation {self.names[0]} to {self.names[1]}: {what} in {len(self.seeds)} markets>"

    def _repr_html_(self) -> str:
        said = f"<p><b>{html.escape(self.headline())}</b></p>{self.summary().round(3).to_html()}"
        return f"{said}<p>{html.escape(sum_in_words(self))}</p>"


def _plain(value):
    """Numbers that are none, and pandas' own, as JSON knows them."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value
