"""Five years as lines: revenue and contribution by the week, in one market and in many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.model.drive import Simulation
from sim.model.firm import QUARTER, WEEK
from sim.model.hashes import market_hash
from sim.page.kept import Kept
from sim.page.life import begin, live_while_watched, stays
from sim.page.view import View
from sim.result.outcomes import BUILT_IN, OUTCOMES, measure
from sim.run import broke, changes_to_come
from sim.scenario import Scenario
from sim.study.intervals import band, mean_interval, outcome_interval

WEEKS_MEAN = 4  # a point of a line is the mean of the last four weeks: a day of hiring is no news
YEARS_IN_M = 260 / 1000  # unit: k€ a day to M€ a year
KEPT = 3000  # runs whose lines are kept, about 6 kB each


class Lived(NamedTuple):
    """A whole run in a few numbers."""

    revenue: np.ndarray  # (weeks,) M€ a year
    contribution: np.ndarray  # (weeks,) M€ a year, not discounted
    stages: list[int]  # by quarter
    scores: list[float]
    talk: np.ndarray  # (weeks,) hours a week: contacts across the gap, complaints, the liaison's own; meetings apart
    outcomes: dict[str, float]
    market: str


def by_week(column: np.ndarray, days: int) -> np.ndarray:
    """A flow of k€ a day as M€ a year: at each week's end the mean of the last four weeks.

    >>> by_week(np.full(10, 100.0), 10).tolist()
    [26.0, 26.0]
    """
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(column[:days], float))])
    ends = np.arange(WEEK, days + 1, WEEK)
    starts = np.maximum(ends - WEEK * WEEKS_MEAN, 0)
    return (sums[ends] - sums[starts]) / (ends - starts) * YEARS_IN_M


def talking_hours(days: np.ndarray, lived: int) -> np.ndarray:
    """Hours of each whole week that all people together spend on talk across the gap, or as liaison; shape (weeks,)."""
    hours = sum(days[name][:lived].astype(float) for name in ("hours_contact", "hours_dispute", "hours_liaison"))
    return hours[: lived // WEEK * WEEK].reshape(-1, WEEK).sum(1)


def lived(simulation: Simulation, scenario: Scenario) -> Lived:
    """What a simulation came to; its outcomes are those of `sim.run`."""
    firm, days = simulation.firm, int(simulation.day)
    quarters = firm.quarters[: days // QUARTER]
    opening, rate = float(firm.ledger["opening_equity"][0]), float(scenario.theory.money.discount)
    return Lived(
        by_week(firm.days["revenue"], days), by_week(firm.days["contribution"], days),
        [int(s) for s in quarters["stage"]], [float(s) for s in quarters["score"]],
        talking_hours(firm.days, days), measure(firm.days[:days], quarters, opening, rate, broke(simulation)),
        market_hash(scenario.theory, simulation.seed, scenario.days),
    )  # fmt: skip


class Lines:
    """Whole runs, kept as long as there is room; the same plan is never lived twice."""

    def __init__(self, step: Callable | None = None) -> None:
        self.step = step  # a day of the user's own; None: the model's
        self._kept: Kept[Lived] = Kept(KEPT)

    def of(self, scenario: Scenario, seed: int, gone: Callable[[], bool] = stays) -> Lived:
        def live() -> Lived:
            simulation = begin(scenario, seed)
            live_while_watched(scenario.days, simulation, changes_to_come(scenario, simulation), gone, self.step)
            return lived(simulation, scenario)

        return self._kept.get((scenario.hash, seed), live)

    def one_market(self, plan: View, gone: Callable[[], bool] = stays) -> dict[str, Any]:
        """The lines of a plan and its baseline in the plan's market."""

        def told(scenario: Scenario) -> dict[str, Any]:
            found = self.of(scenario, plan.seed, gone)
            return {"revenue": _short(found.revenue), "contribution": _short(found.contribution),
                    "net_value": found.outcomes["net_value"] / 1000, "stages": found.stages,
                    "scores": found.scores, "talk": _short(found.talk)}  # fmt: skip

        return {"arms": {name: told(each) for name, each in plan.arms.items()}, "base": told(plan.base)}

    def many_markets(
        self, plan: View, markets: int, tell: Callable[[int, int], bool], gone: Callable[[], bool] = stays
    ) -> dict[str, Any] | None:
        """Bands of a plan over the markets 0 .. n - 1, and its paired differences from the baseline (b from a).

        tell   called (done, of) after each market; a False ends it
        """
        first = plan.arms["a"] if "b" in plan.arms else plan.base
        second = plan.arms.get("b", plan.arms["a"])
        pairs = []
        for seed in range(markets):
            pairs.append((self.of(first, seed, gone), self.of(second, seed, gone)))
            if not tell(seed + 1, markets):
                return None
        ours = (
            {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}
            if "b" in plan.arms
            else {"a": [b for _, b in pairs]}
        )
        bands = {arm: {name: _band([getattr(each, name) for each in runs]) for name in ("revenue", "contribution")}
                 for arm, runs in ours.items()}  # fmt: skip
        paired = {name: _paired([getattr(b, name) - getattr(a, name) for a, b in _even(pairs)])
                  for name in ("revenue", "contribution")}  # fmt: skip
        check = "identical" if all(a.market == b.market for a, b in pairs) else "different"
        return {"bands": bands, "paired": paired, "outcomes": _outcomes(pairs), "check": check, "n": markets}


def _even(pairs: list[tuple[Lived, Lived]]):
    """Pairs of equal length: a firm that ran out of money has earned nothing since."""
    weeks = max(len(each.revenue) for pair in pairs for each in pair)
    for pair in pairs:
        yield tuple(
            e._replace(revenue=_filled(e.revenue, weeks), contribution=_filled(e.contribution, weeks)) for e in pair
        )


def _filled(line: np.ndarray, weeks: int) -> np.ndarray:
    return np.concatenate([line, np.zeros(weeks - len(line))])


def _band(lines: list[np.ndarray]) -> dict[str, list[float]]:
    weeks = max(len(line) for line in lines)
    low, middle, high = band([_filled(line, weeks) for line in lines])
    return {"low": _short(low), "middle": _short(middle), "high": _short(high)}


def _paired(differences: list[np.ndarray]) -> dict[str, list[float]]:
    """By the week: mean difference with its 95 % interval, and the band of 30 markets around it."""
    table = np.asarray(differences)
    intervals = [mean_interval(week) for week in table.T]
    low, _, high = band(table)
    return {"mean": _short([i.mean for i in intervals]), "low": _short([i.low for i in intervals]),
            "high": _short([i.high for i in intervals]),
            "band_low": _short(low), "band_high": _short(high)}  # fmt: skip


def _outcomes(pairs: list[tuple[Lived, Lived]]) -> dict[str, Any]:
    """Each outcome of both, and the paired difference with its 95 % interval, as `sim.compare` says them."""
    found = {}
    for name, about in ((each, OUTCOMES[each]) for each in BUILT_IN):
        a = np.array([pair[0].outcomes[name] for pair in pairs], float)
        b = np.array([pair[1].outcomes[name] for pair in pairs], float)
        known = np.isfinite(a) & np.isfinite(b)
        if not known.any():
            continue
        a, b = a[known], b[known]
        mean, low, high = outcome_interval(b - a, about.unit)
        low, high = (end if np.isfinite(end) else None for end in (low, high))
        found[name] = {"unit": about.unit, "a": a.mean(), "b": b.mean(), "difference": mean, "low": low, "high": high,
                       "n": len(a), "values": (b - a).tolist()}  # fmt: skip
    return found


def _short(line) -> list[float]:
    return [round(float(value), 4) for value in line]
