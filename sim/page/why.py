"""Why two organizations differ, for the page: bars by lever or by step, the leads in a bar, a lead's two lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.page.kept import Kept
from sim.page.view import MANY_PEOPLE, View, people
from sim.scenario import Scenario
from sim.study.explain.explain import explain
from sim.study.explain.explained import digits_for, rounded_to_sum, scale_of
from sim.study.explain.explanation import Explanation
from sim.study.explain.lever_shares import EXACT, Mixtures, levers_of
from sim.study.explain.lives import two_lives
from sim.study.intervals import outcome_interval

METRIC = "net_value"
MOST_RUNS, MOST_MARKETS, FEWEST = 1000, 30, 6  # runs that a visitor may wait for; markets
KEPT = 8  # explanations that are kept, for their leads
MOST_LEADS = 8


def unheard(done: int, of: int) -> None:
    """Progress that nobody waits for."""


class Whys:
    """Explanations as the page shows them, the last few kept."""

    def __init__(self, step: Callable | None = None) -> None:
        self._step = {} if step is None else {"step": step}  # a day of the user's own
        self._kept: Kept[Explanation] = Kept(KEPT)

    def bars(self, plan: View, by: str, tell: Callable[[int, int], None]) -> dict[str, Any]:
        """The explanation of a plan's difference as plain data, every bar with its rounded figure.

        Raises
        ------
        InputError
            The two are the same, or too large or too different to be explained beside a page.
        """
        pair = pair_of(plan)
        explanation = self._explained(pair, by, tell)
        whole, bars = explanation.difference, explanation.summary()
        scale, unit = scale_of(explanation.unit, [whole.mean])
        means = bars["mean"] / scale
        digits = digits_for(whole.mean / scale, means)
        shown = rounded_to_sum(means, digits)
        levers = {each.name: each for each in levers_of(*pair)} if by == "lever" else {}
        return {
            "metric": METRIC, "unit": explanation.unit, "by": by, "days": pair[0].days, "seeds": explanation.seeds,
            "before": float(explanation.totals["before"].mean()), "after": float(explanation.totals["after"].mean()),
            "difference": _interval(*whole),
            "bars": [{"name": name, **_interval(*outcome_interval(values, explanation.unit)),
                      "markets": values.tolist(), "moved": _moved(levers[name], pair[0]) if levers else [],
                      "shown": figure} for (name, values), figure in zip(explanation.bars.items(), shown, strict=True)],
            "scale": scale, "shown_unit": unit, "digits": digits, "shown": sum(shown),
        }  # fmt: skip

    def leads(self, plan: View, by: str, bar: str, tell: Callable[[int, int], None] = unheard) -> dict[str, Any]:
        """The leads inside a bar, in one market; first those that did most of what the bar says."""
        explanation = self._explained(pair_of(plan), by, tell)
        _must_be(bar, explanation)
        market = market_for(explanation, bar, plan.seed)
        table = explanation.leads(bar, market)
        way = -1.0 if explanation.bars[bar].mean() < 0.0 else 1.0
        table = table.sort_values("difference", ascending=way < 0.0, kind="stable")
        ways = {"lost_won": 0, "won_lost": 0, "other": 0}
        won = [table[f"end_{side}"].astype(str).str.startswith(("won", "a customer")) for side in "ab"]
        ways["lost_won"], ways["won_lost"] = int((~won[0] & won[1]).sum()), int((won[0] & ~won[1]).sum())
        ways["other"] = len(table) - ways["lost_won"] - ways["won_lost"]
        few = table.head(MOST_LEADS)
        numbers = [few[f"lead_{side}"].to_numpy(dtype=int, na_value=-1) for side in "ab"]
        rows = [
            {"a": _number(a), "b": _number(b), "value": float(row.value), "end_a": row.end_a,
             "end_b": row.end_b, "difference": float(row.difference)}
            for row, a, b in zip(few.itertuples(index=False), *numbers, strict=True)
        ]  # fmt: skip
        value = float(explanation.bars.loc[market, bar])
        return {"bar": bar, "market": market, "value": value, "n": len(table), "ways": ways, "rows": rows}

    def lives(self, plan: View, by: str, bar: str, a: int | None, b: int | None,
              tell: Callable[[int, int], None] = unheard) -> dict[str, Any]:  # fmt: skip
        """One lead's two lives in sentences: with the whole plan, in the market that the bar's leads are of.

        A lead of a lever's bar is numbered in the organization with that lever
        alone, so it is told as it went there.
        """
        explanation = self._explained(pair_of(plan), by, tell)
        told = lives_in_bar(explanation, bar, a, b, plan.seed, **self._step)
        return {"market": told.market, "a": told.a, "b": told.b, "lead_a": told.lead_a, "lead_b": told.lead_b}

    def _explained(self, pair: tuple[Scenario, Scenario], by: str, tell: Callable[[int, int], None]) -> Explanation:
        if max(people(each) for each in pair) > MANY_PEOPLE:
            raise InputError("Too many people to explain beside the page; `baton explain` does it.")

        def make() -> Explanation:
            markets = markets_for(pair, by)
            tell(0, markets)
            return explain(*pair, METRIC, by, markets, threads=1, progress=tell, **self._step)

        return self._kept.get((pair[0].hash, pair[1].hash, by), make)


def market_for(explanation: Explanation, bar: str, shown: int) -> int:
    """Where to look at a bar's leads: in the market that is shown, if it was run and the bar says the same there.

    Otherwise in the one whose bar comes nearest to the mean, so that the leads show what the bar says.
    """
    values = explanation.bars[bar]
    if shown in values.index and values[shown] * values.mean() > 0.0:
        return shown
    return int((values - values.mean()).abs().idxmin())


def lives_in_bar(explanation: Explanation, bar: str, a: int | None, b: int | None, shown: int = -1, **step):
    """A lead of a bar, as its two organizations lived it, where the floor shows some market."""
    pair = explanation.scenarios
    _must_be(bar, explanation)
    if explanation.by == "lever":
        levers = levers_of(*pair)
        mixtures = Mixtures(*pair, levers)
        pair = (mixtures.of(0), mixtures.of(1 << [each.name for each in levers].index(bar)))
    market = market_for(explanation, bar, shown)
    try:
        return two_lives(*pair, a if a is not None else f"b:{b}", market, **step)
    except InputError:
        raise InputError(f"lead {b if a is None else a}: there is no such lead") from None


def _must_be(bar: str, explanation: Explanation) -> None:
    if bar not in explanation.bars:
        raise InputError(f"{bar}: there is no such bar")


def _interval(mean: float, low: float, high: float) -> dict[str, Any]:
    """A mean with its interval; none where few markets or equal values give none."""
    ends = (end if np.isfinite(end) else None for end in (low, high))
    return {
        "mean": float(mean),
        **dict(zip(("low", "high"), ends, strict=True)),
        "noise": not (low > 0.0 or high < 0.0),
    }


def pair_of(plan: View) -> tuple[Scenario, Scenario]:
    """What is held against what: A and B of a comparison, else the baseline and the plan."""
    first = plan.arms["a"] if "b" in plan.arms else plan.base
    return first, plan.arms.get("b", plan.arms["a"])


def markets_for(pair: tuple[Scenario, Scenario], by: str) -> int:
    """How many markets a visitor can wait for.

    Raises
    ------
    InputError
        Too many levers differ.
    """
    if by != "lever":
        return MOST_MARKETS
    n = len(levers_of(*pair))
    if n > EXACT - 1:
        raise InputError(f"{n} levers differ; the page explains up to {EXACT - 1}, `baton explain` more.")
    return max(FEWEST, min(MOST_MARKETS, MOST_RUNS // 2**n))


def _moved(lever, a: Scenario) -> list[dict[str, Any]]:
    """What a bar's lever moves: name, from, to, day."""
    found = [{"name": n, "day": 0, "to": v, "before": a.value(n)}
             for n, v in lever.values.items()]  # fmt: skip
    for change in lever.added:
        theory = a.theory_on(change.day)
        for name, value in change.values.items():
            group, field = name.split(".")
            before = getattr(getattr(theory, group), field)
            found.append({"name": name, "day": change.day, "to": value, "before": before})
    return found


def _number(value: int) -> int | None:
    return None if value < 0 else int(value)
