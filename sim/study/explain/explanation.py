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
from sim.study.doubt import Doubt, by_set, drawn_table, in_doubt, layers_of
from sim.study.explain.books import lived
from sim.study.explain.explained import headline, sum_in_words
from sim.study.explain.funnel_steps import METRICS, REST, STEPS, Parted, part
from sim.study.explain.lever_shares import EXACT, ByLever, Mixtures, levers_of
from sim.study.explain.lives import TwoLives, in_words, two_lives
from sim.study.explain.twins import with_rates
from sim.study.intervals import Interval, outcome_interval

WORLD = ("doubt", "world_low", "world_high")  # columns of bars whose numbers are in doubt
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
    in_doubt : tuple of str
        The guessed numbers that are drawn, a set for every two markets; none: all are as they stand.
    made : dict
        By which versions, rules and day (`sim.files.provenance.made_by`).
    """

    def __init__(self, scenarios, metric: str, by: str, bars: pd.DataFrame, totals: pd.DataFrame, *,
                 error=None, counts=None, prospects=None, options=None, in_doubt: Sequence[str] = ()):  # fmt: skip
        self.scenarios, self.names = tuple(scenarios), tuple(labels(scenarios))
        self.metric, self.unit, self.by = metric, KNOWN[metric].unit, by
        self.bars, self.totals, self.error, self.counts = bars, totals, error, counts
        self._prospects, self._options, self.in_doubt = prospects, options or {}, tuple(in_doubt)
        self.made = made_by(self._options.get("step"), self.scenarios)

    @classmethod
    def by_lever(
        cls, pair: Sequence[Scenario], metric: str, names: list[str], results: list[tuple[int, ByLever]],
        options: dict, in_doubt: Sequence[str] = (),
    ) -> Explanation:  # fmt: skip
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
        return cls(pair, metric, "lever", bars, totals, error=error, options=options, in_doubt=in_doubt)

    @classmethod
    def by_funnel(
        cls, pair: Sequence[Scenario], metric: str, results: list[tuple[int, Parted]], options: dict,
        in_doubt: Sequence[str] = (),
    ) -> Explanation:  # fmt: skip
        """From the steps of every market, in the order of the funnel; steps at which nothing differs are left out."""
        found = [each for _, each in results]
        seeds = pd.Index([seed for seed, _ in results], name="seed")
        bars = pd.DataFrame([each.bars for each in found], index=seeds)
        bars = bars[[name for name in STEPS if name == REST or (bars[name] != 0.0).any()]]
        totals = pd.DataFrame({"before": [e.before for e in found], "after": [e.after for e in found]}, index=seeds)
        counts = with_rates(sum(each.counts for each in found) / len(found))
        prospects = pd.concat([e.leads.assign(market=seed) for seed, e in results], ignore_index=True)
        return cls(pair, metric, "funnel", bars, totals, counts=counts, prospects=prospects, options=options,
                   in_doubt=in_doubt)  # fmt: skip

    @property
    def seeds(self) -> list[int]:
        """The markets, in the order they were given."""
        return self.bars.index.tolist()

    @property
    def difference(self) -> Interval:
        """The second less the first: mean of the markets (in doubt: of the sets) with its 95 % interval."""
        return outcome_interval(self.alone(self._apart), self.unit)

    @property
    def _apart(self) -> np.ndarray:
        return (self.totals["after"] - self.totals["before"]).to_numpy(float)

    def alone(self, values) -> np.ndarray:
        """Values that are independent of each other: of markets, or of sets of numbers where these are in doubt."""
        values = np.asarray(values, float)
        return by_set(values, self.seeds) if self.in_doubt else values

    @property
    def means(self) -> pd.Series:
        """Each bar's mean over the markets, or over the sets where numbers are in doubt; they add up."""
        return pd.Series({name: float(self.alone(self.bars[name]).mean()) for name in self.bars}, dtype=float)

    @property
    def ends(self) -> tuple[float, float]:
        """The means of both totals: the first and the bars' means make the second."""
        before, after = (float(self.alone(self.totals[name]).mean()) for name in ("before", "after"))
        return before, after

    def doubt(self, bar: str | None = None) -> Doubt:
        """What of the difference, or of a bar, is the market's luck and what is doubt about numbers.

        Raises
        ------
        InputError
            The numbers were not in doubt, the sets are too few, or there is no such bar.
        """
        if not self.in_doubt:
            raise InputError("no number was in doubt here: sim.explain(…, doubt=True)")
        if bar is not None:
            self._check_bar(bar)
        values = self._apart if bar is None else self.bars[bar].to_numpy(float)
        fitted = next((each.sets for each in self.scenarios if each.sets), ())
        return Doubt(values, self.seeds, self.in_doubt, self.metric, self.unit, bar or self.names[1], fitted)

    @property
    def df(self) -> pd.DataFrame:
        """One long table: by, bar, seed, metric, value, unit."""
        table = self.bars.reset_index().melt("seed", var_name="bar")
        table = table.assign(by=self.by, metric=self.metric, unit=self.unit)
        return table[["by", "bar", "seed", "metric", "value", "unit"]]

    def summary(self) -> pd.DataFrame:
        """One row a bar: mean, 95 % interval (low, high), `noise` (the interval crosses zero), share of the whole.

        With sampled orders also `sampling`, the standard error of the orders drawn. Where numbers are in doubt also
        `doubt`, its part of the variance of the bar's mean (the rest is luck), and `world_low` and `world_high`,
        between which the bar lies for 95 of 100 plausible sets of numbers (NaN of an interruption that left too few).
        """
        whole, rows = self.difference.mean, {}
        for name in self.bars:
            mean, low, high = outcome_interval(self.alone(self.bars[name]), self.unit)
            rows[name] = {"mean": mean, "low": low, "high": high, "noise": not (low > 0.0 or high < 0.0),
                          "share": mean / whole if whole else np.nan}  # fmt: skip
            rows[name] |= self._of_doubt(self.bars[name]) if self.in_doubt else {}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("bar")
        if self.error is not None:
            table["sampling"] = self.error
        return table

    def _of_doubt(self, values) -> dict[str, float]:
        """The columns WORLD of what was found market by market."""
        try:
            found = layers_of(values, self.seeds, self.unit)
        except InputError:  # an interruption left too few sets
            return dict.fromkeys(WORLD, np.nan)
        return dict(zip(WORLD, (found.of_interval, found.world_low, found.world_high), strict=True))

    def of_difference(self) -> dict[str, float]:
        """The columns of doubt for the whole difference, as `summary` has them for bars; empty without doubt."""
        return self._of_doubt(self._apart) if self.in_doubt else {}

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
        self._check_bar(bar)
        if market is not None and market not in self.bars.index:
            raise InputError(f"market {market} was not run ({', '.join(str(seed) for seed in self.seeds)})")
        if self.by == "funnel":
            table = self._prospects[self._prospects["step"] == bar]
            table = table if market is None else table[table["market"] == market]
        else:
            table = self._with_lever(bar, self.usual_market() if market is None else market)
        order = np.argsort(-table["difference"].abs().to_numpy(), kind="stable")
        return in_words(table.iloc[order], self.unit if self.by == "funnel" else "k€")

    def _check_bar(self, bar: str) -> None:
        if bar not in self.bars:
            raise InputError(f"{bar}: no such bar{nearest(bar, self.bars)} ({'; '.join(self.bars)})")

    def _in(self, scenario: Scenario, market: int) -> Scenario:
        """A scenario with the set of numbers that the market takes here."""
        return in_doubt(scenario, self.in_doubt, market) if self.in_doubt else scenario

    def _with_lever(self, bar: str, market: int) -> pd.DataFrame:
        levers = levers_of(*self.scenarios)
        row = [each.name for each in levers].index(bar)
        pair = [Mixtures(*self.scenarios, levers).of(mask) for mask in (0, 1 << row)]
        metric = self.metric if self.metric in METRICS else "net_value"
        lives = (lived(self._in(each, market), market, self._options.get("step")) for each in pair)
        return part(*lives, metric).leads.assign(market=market)

    def lead(self, lead: int | str, market: int | None = None) -> TwoLives:
        """Both lives of one lead in sentences: its number in the first organization, or "b:12" for the second's."""
        market = self.usual_market() if market is None else market
        return two_lives(*(self._in(each, market) for each in self.scenarios), lead, market, **self._options)

    def to_dict(self, most_leads: int = MOST_LEADS) -> dict:
        """Everything as plain data for JSON; of each step's leads the largest few of the usual market."""
        mean, low, high = self.difference
        table, market = self.summary(), self.usual_market()
        bars = [{"name": name, "meaning": self.meaning(name), "mean": row["mean"], "low": row["low"],
                 "high": row["high"], "noise": bool(row["noise"]), "sampling": row.get("sampling"),
                 "markets": self.bars[name].tolist(), "leads": self._few(name, market, most_leads)}
                for name, row in table.iterrows()]  # fmt: skip
        if self.in_doubt:
            for each in bars:
                each |= {key: table.at[each["name"], key] for key in WORLD}
        return _plain({
            "metric": self.metric, "unit": self.unit, "by": self.by, "names": list(self.names),
            "hashes": [each.hash for each in self.scenarios], "days": self.scenarios[0].days, "seeds": self.seeds,
            "before": self.ends[0], "after": self.ends[1],
            "difference": {"mean": mean, "low": low, "high": high, "noise": not (low > 0.0 or high < 0.0)},
            **({"doubt": self.doubt().as_data()} if self.in_doubt and np.isfinite(self.of_difference()["world_low"])
               else {}),
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
            if self.in_doubt:
                about["in_doubt"] = list(self.in_doubt)
                write_csv(drawn_table(self.in_doubt, self.seeds), work / "numbers.csv")
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
