"""A brief for a strategist: one or two organizations over many markets, in what fits on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.model.audit import STATEMENTS
from sim.model.firm import QUARTER
from sim.model.firm import Side as Scored
from sim.result import label
from sim.result.outcomes import LEFT_OUT, OUTCOMES
from sim.run import run
from sim.scenario import Scenario, read
from sim.study.comparison import labels
from sim.study.doubt import Doubt, check_sets, guessed, in_doubt, layers_of
from sim.study.intervals import band, outcome_interval
from sim.study.many import at_once, markets
from sim.study.own.accepted import ask_gate, is_accepted

SHOWN = ("revenue", "contribution", "equity_change", "net_value", "customer_value", "score", "followed_up")
HOLDING = 3  # statements named as holding a firm back
MADE_UP = "The level of money is that of a made-up firm; only differences in the same markets are meant."
OF_OWN = "The level of money is as near to the firm's as what was measured of it; differences are surer."
LIMITS = (
    "How fast real firms move from stage to stage is not known: read orders and comparisons.",
    f"{LEFT_OUT[:1].upper()}{LEFT_OUT[1:]}: contribution is what remains after Marketing's and Sales' own costs.",
    MADE_UP,
    "Many numbers are guesses with bounds, not estimates; baton levers names each one's source.",
    "Integrated is a description, no prize: what counts is net value after the cost of working together.",
)


@dataclass(frozen=True)
class Organization:
    """One organization in all markets: outcomes (a row a market), stages by quarter, statements' mean final scores."""

    name: str
    scenario: Scenario
    rows: pd.DataFrame
    stages: list[list[int]]
    items: np.ndarray
    broke: int

    def shares(self) -> np.ndarray:
        """Markets in each stage (4, quarters)."""
        quarters = self.scenario.days // QUARTER
        return np.array([[sum(len(path) > q and path[q] == stage for path in self.stages) for q in range(quarters)]
                         for stage in (1, 2, 3, 4)]).reshape(4, quarters)  # fmt: skip

    def holding(self) -> list[tuple[int, str, float]]:
        """The statements that score lowest at the end: number, text, mean score 1..5."""
        if not np.isfinite(self.items).any():
            return []
        order = np.argsort(self.items, kind="stable")[:HOLDING]
        return [(int(i) + 1, STATEMENTS[i].text, float(self.items[i])) for i in order]


class Brief:
    """What a strategist is told: see `brief`.

    Attributes
    ----------
    sides : list of Organization
        One, or the baseline and the plan.
    seeds, market_hashes
        The markets, and their hashes for the first side.
    same_markets : bool
        Whether both sides met the same markets.
    in_doubt : tuple of str
        The guessed numbers that were drawn, a set for every two markets; none without doubt.
    """

    def __init__(
        self, sides: list[Organization], seeds: list[int], market_hashes: list[str], same_markets: bool,
        in_doubt: tuple[str, ...] = (),
    ):  # fmt: skip
        self.sides, self.seeds, self.market_hashes = sides, seeds, market_hashes
        self.same_markets, self.in_doubt = same_markets, in_doubt

    @property
    def last(self) -> Organization:
        """The plan, or the only organization."""
        return self.sides[-1]

    def differs(self) -> list[tuple[str, object, object]]:
        """The levers in which the plan differs: name, before, after; none for one organization."""
        return self.sides[0].scenario.differs(self.last.scenario) if len(self.sides) > 1 else []

    @property
    def money(self) -> bool:
        """Whether money is told as money: of an imported firm only once its gate is accepted (`baton gate`)."""
        return all(is_accepted(side.scenario.firm) for side in self.sides if side.scenario.firm)

    def doubt(self, outcome: str = "net_value") -> Doubt | None:
        """What of a difference is luck and what doubt, and which number to measure first; None where none was drawn."""
        if not self.in_doubt:
            return None
        before, after = (side.rows[outcome].to_numpy(float) for side in self.sides)
        return Doubt(after - before, self.seeds, self.in_doubt, outcome, OUTCOMES[outcome].unit, self.last.name,
                     self.sides[0].scenario.sets)  # fmt: skip

    def table(self) -> pd.DataFrame:
        """One row an outcome: of one: median, low, high (`intervals.band`); of two: the paired difference.

        Where numbers are in doubt, low and high say where the mean over markets lies for another plausible set. Where
        money is not told (`money`), it is in per cent of the first side's mean revenue.
        """
        rows, whole = [], float(np.nanmean(self.sides[0].rows["revenue"].to_numpy(float)))
        for name in SHOWN:
            values = [side.rows[name].to_numpy(float) for side in self.sides]
            if not self.money and OUTCOMES[name].unit == "k€":
                values = [100 * each / whole if whole else each * np.nan for each in values]
            if len(values) == 1:
                known = values[0][np.isfinite(values[0])]
                low, middle, high = band(known) if len(known) else [np.nan] * 3
                rows.append({"outcome": name, "median": middle, "low": low, "high": high})
                continue
            before, after = values
            gain = after - before
            mean, low, high = outcome_interval(gain, OUTCOMES[name].unit)
            if self.in_doubt:
                found = layers_of(gain, self.seeds, OUTCOMES[name].unit)
                mean, low, high = found.mean, found.world_low, found.world_high
            rows.append({"outcome": name, "before": np.nanmean(before), "after": np.nanmean(after), "difference": mean,
                         "low": low, "high": high, "higher_in": int((gain > 0).sum())})  # fmt: skip
        return pd.DataFrame(rows).set_index("outcome")

    def plot(self):
        """The page (a matplotlib figure)."""
        from sim import figures

        return figures.brief_page(self)

    def save(self, path: str | Path) -> Path:
        """Write the page as .pdf, .svg or .png."""
        from sim import figures

        return figures.save(self.plot(), path)


def brief(
    today: Scenario | str | Path,
    plan: Scenario | str | Path | None = None,
    seeds: int | Sequence[int] = 30,
    *,
    doubt: bool = False,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Brief:
    """One organization over many markets, or a plan against today, for a page that a strategist reads.

    Parameters
    ----------
    today, plan : Scenario, name or path
        Without a plan, today alone.
    seeds : int or list of int
        A count (markets 0 .. n - 1), or the markets themselves.
    doubt : bool
        Draw the guessed numbers from their plausible ranges, a set for every two markets (`sim.compare`); of a plan
        against today alone.
    threads : int
        Runs at a time; the results do not depend on it.
    progress : function (done, all)

    Raises
    ------
    InputError
        Horizons that differ; doubt of one organization, or with too few markets.
    """  # fmt: skip
    chosen = [read(today), *([] if plan is None else [read(plan)])]
    if len({each.days for each in chosen}) > 1:
        told = ", ".join(f"{label(each)} {each.days}" for each in chosen)
        raise InputError(f"the scenarios have different horizons in days ({told}); give one for both (--days)")
    if len(chosen) > 1:
        ask_gate(*chosen)
    numbers = markets(seeds)
    if doubt and plan is None:
        raise InputError("doubt about numbers is told of a difference: name a plan to hold against today")
    if doubt:
        check_sets(numbers)
    drawn = guessed(chosen) if doubt else ()

    def one(scenario: Scenario, seed: int):
        each = run(in_doubt(scenario, drawn, seed) if doubt else scenario, seed)
        n = each.days // QUARTER
        firm = each.state.firm
        items = firm.answers[n - 1, Scored.BOTH]["score"].copy() if n else np.full(len(STATEMENTS), np.nan)
        stages = [int(stage) for stage in firm.quarters["stage"][:n]]
        return each.outcomes(), stages, items, each.broke is not None, each.about["market"]

    work = [lambda s=scenario, m=seed: one(s, m) for seed in numbers for scenario in chosen]
    found = at_once(work, threads, progress)
    sides = []
    for k, (name, scenario) in enumerate(zip(labels(chosen), chosen, strict=True)):
        part = found[k :: len(chosen)]
        rows = pd.DataFrame([outcomes for outcomes, *_ in part], columns=list(OUTCOMES))
        audited = [each[2] for each in part if each[1]]
        items = np.mean(audited, axis=0) if audited else np.full(len(STATEMENTS), np.nan)
        stages, broke = [each[1] for each in part], sum(each[3] for each in part)
        sides.append(Organization(name, scenario, rows, stages, items, broke))
    hashes = [[each[4] for each in found[k :: len(chosen)]] for k in range(len(chosen))]
    return Brief(sides, numbers, hashes[0], all(other == hashes[0] for other in hashes), drawn)
