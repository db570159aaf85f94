"""A plan of a firm of one's own against today: what it brings in many markets, why, when, and what would turn it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.model.firm import QUARTER, YEAR
from sim.result.outcomes import OUTCOMES, discounts
from sim.run import run
from sim.scenario import Scenario
from sim.scenario.fitted import CUSTOMERS, DEMAND, with_customers
from sim.scenario.schema import NUMBERS
from sim.study.doubt import TOGETHER, Doubt, check_sets, guessed, in_doubt, layers_of, set_of
from sim.study.explain.shapley import of_all, sampled
from sim.study.intervals import Interval, mean_interval, outcome_interval
from sim.study.many import at_once, markets
from sim.study.own.folder import measured_in
from sim.study.own.plans import Plan

SHOWN = ("contribution", "equity_change", "net_value", "revenue", "score", "followed_up")
MONEY = tuple(name for name in SHOWN if OUTCOMES[name].unit == "k€")
LESS = ("contribution", "net_value")  # outcomes that the plan's own costs lower
EXACT, ORDERS = 6, 8  # actions up to which all mixtures are run; orders beyond
OPEN = "cannot be told apart"
FEW, HALVINGS = 6, 4  # markets in which is looked for what turns the answer round; steps towards the value
ASSUMED = (  # what moves a firm's worth and its stage most (docs/reports/screening.md), where nobody has told it
    "market.drift_sd", "market.value", "market.tolerance", "market.pull_share", "market.cycle_days", "money.margin",
    "money.seat_cost", "customers.start_satisfaction", "customers.satisfied", "customers.renewal", "marketing.fatigue",
    "selling.win", "communication.cost_hours", "trust.initial", "trust.gain", "trust.loss", "trust.attitude",
    "liaison.trust_sales", "workforce.turnover_s",
)  # fmt: skip
COSTS = "what the plan itself costs"


class Lived(NamedTuple):
    """What is kept of a run: outcomes, what each day contributed, the stage that counts by quarter."""

    outcomes: dict[str, float]
    contribution: np.ndarray
    stages: list[int]
    broke: bool
    market: str


class Flip(NamedTuple):
    """An assumption at which the answer turns: its number, what is assumed, and from which value on it is another.

    Where it does not turn within what is plausible, `value` is the end that comes nearest to it and `left` what is left
    of the difference in net value there, k€; else `left` is NaN.
    """

    name: str
    assumed: float
    value: float
    low: float
    high: float
    left: float = math.nan

    @property
    def turns(self) -> bool:
        return math.isnan(self.left)


@dataclass(frozen=True)
class Judged:
    """What a plan brings.

    Attributes
    ----------
    today, plan, scenario
        The firm as it is, the plan, and the firm with it.
    seeds
        The markets; with several sets those of the first set, then of the second, and so on.
    sets
        Sets of numbers that were run: more than one where a fit left them or guesses were drawn, so that doubt about
        numbers is in the intervals.
    in_doubt
        The guessed numbers that were drawn from their plausible ranges; none: the sets are those of the fit.
    before, after : list of list of Lived
        By set and market; the plan's own costs are taken off in `table` and `months`.
    bars : list of (words, k€, low, high)
        What each action adds to net value, and the plan's own costs; they add up in the markets `why_seeds`.
    flips : list of Flip
        Three: those that turn the answer, the nearest first, then those that take most from it; `tried` is how many
        numbers were moved.
    """

    today: Scenario
    plan: Plan
    scenario: Scenario
    seeds: list[int]
    sets: list[dict[str, float]]
    before: list[list[Lived]]
    after: list[list[Lived]]
    bars: list[tuple[str, float, float, float]]
    why_seeds: list[int]
    flips: list[Flip]
    tried: int
    in_doubt: tuple[str, ...] = ()

    def values(self, outcome: str, with_plan: bool) -> np.ndarray:
        """(sets, markets) of an outcome; of the plan, less what it costs by its own words."""
        side = self.after if with_plan else self.before
        found = np.array([[each.outcomes[outcome] for each in row] for row in side])
        if with_plan and outcome in LESS:
            found = found - own_costs(self.plan, self.scenario, outcome)
        return found

    def interval(self, outcome: str) -> Interval:
        """The mean difference, with its interval: of one set of numbers over markets; of several see `interval_is`."""
        gain, unit = self._gain(outcome), OUTCOMES[outcome].unit
        if len(self.sets) == 1:
            return outcome_interval(gain[0], unit)
        found = layers_of(gain.ravel(), self.seeds, unit, len(self.sets))
        return Interval(found.mean, found.world_low, found.world_high)

    def _gain(self, outcome: str) -> np.ndarray:
        return self.values(outcome, True) - self.values(outcome, False)

    @property
    def interval_is(self) -> str:
        """What the intervals of a difference are, in a clause."""
        if len(self.sets) == 1:
            return "where the mean over endlessly many markets lies; doubt about numbers is not in it (--doubt)"
        what = "plausible set of the guessed numbers" if self.in_doubt else "set of numbers that fits as well"
        return f"where the mean over endlessly many markets would lie for another {what}"

    def doubt(self, outcome: str = "net_value") -> Doubt | None:
        """What of a difference is luck and what doubt, and which number to measure first; None of one set."""
        if len(self.sets) < 2:
            return None
        return Doubt(self._gain(outcome).ravel(), self.seeds, self.in_doubt, outcome, OUTCOMES[outcome].unit,
                     self.plan.called, self.today.sets)  # fmt: skip

    def table(self) -> pd.DataFrame:
        """One row an outcome: before, after, difference with its interval, share of today's revenue (money)."""
        rows, revenue = [], float(np.nanmean(self.values("revenue", False)))
        for name in SHOWN:
            was, now = self.values(name, False), self.values(name, True)
            mean, low, high = self.interval(name)
            part = [100 * x / revenue if name in MONEY and revenue > 0 else math.nan for x in (mean, low, high)]
            rows.append({"outcome": name, "unit": OUTCOMES[name].unit, "before": np.nanmean(was),
                         "after": np.nanmean(now), "difference": mean, "low": low, "high": high,
                         "percent": part[0], "percent_low": part[1], "percent_high": part[2],
                         "better_in": int((now > was).sum()), "n": int(now.size)})  # fmt: skip
        return pd.DataFrame(rows).set_index("outcome")

    def months(self) -> np.ndarray:
        """(months,) k€ that the plan has contributed by the end of each month, less its costs; mean over all runs.

        A month is a twelfth of the working year, so that sixty of them are five years.
        """
        days = self.today.days
        gain = np.zeros(days)
        for was, now in zip(self.before, self.after, strict=True):
            for one, other in zip(was, now, strict=True):
                gain += _filled(other.contribution, days) - _filled(one.contribution, days)
        n = len(self.seeds)
        so_far = np.cumsum(gain / n - self.plan.costs(days))
        return so_far[[-(-k * YEAR // 12) - 1 for k in range(1, 12 * days // YEAR + 1)]]

    def shares(self, with_plan: bool) -> np.ndarray:
        """(4, quarters) in how many runs each stage counts."""
        paths = [each.stages for row in (self.after if with_plan else self.before) for each in row]
        return np.array([[sum(len(path) > q and path[q] == stage for path in paths)
                          for q in range(self.today.days // QUARTER)] for stage in (1, 2, 3, 4)])  # fmt: skip

    @property
    def break_even(self) -> int | None:
        """The month, from 1, from whose end on the plan has paid for itself for good; None: not within the time.

        0: it never was behind.
        """
        behind = np.flatnonzero(self.months() < 0)
        if not len(behind):
            return 0
        return None if behind[-1] == len(self.months()) - 1 else int(behind[-1]) + 2

    @property
    def broke(self) -> tuple[int, int]:
        """In how many runs the money ran out: today, with the plan."""
        return tuple(sum(each.broke for row in side for each in row) for side in (self.before, self.after))  # type: ignore[return-value]

    @property
    def open(self) -> bool:
        """Whether nobody can tell which is better: what is said of the mean then must say so."""
        return self.answer() == OPEN

    def answer(self) -> str:
        """The answer in a word: better, worse, or nobody can tell."""
        found = self.interval("net_value")
        if math.isnan(found.low) or found.low <= 0 <= found.high:
            return OPEN
        return "better" if found.mean > 0 else "worse"


def _filled(days: np.ndarray, n: int) -> np.ndarray:
    """A day's column to the end: a firm whose money ran out contributes no more."""
    return np.pad(days[:n], (0, max(n - len(days), 0)))


def own_costs(plan: Plan, scenario: Scenario, outcome: str) -> float:
    """What a plan's own costs take from an outcome: discounted in net value, plain in contribution."""
    costs = plan.costs(scenario.days)
    if outcome == "net_value":
        costs = costs * discounts(len(costs), scenario.theory.money.discount)
    return float(costs.sum())


def lived(scenario: Scenario, seed: int) -> Lived:
    """One run, as far as it is kept."""
    each = run(scenario, seed)
    firm, days = each.state.firm, each.days
    return Lived(
        each.outcomes(), np.array(firm.days["contribution"][:days]),
        [int(stage) for stage in firm.quarters["stage"][: days // QUARTER]], each.broke is not None,
        str(each.about["market"]),
    )  # fmt: skip


def judge(
    today: Scenario,
    plan: Plan,
    seeds: int | Sequence[int] = 30,
    *,
    why: bool = True,
    turns: bool = True,
    doubt: bool = False,
    threads: int = 2,
    progress=None,
) -> Judged:
    """Run a plan and today in the same markets, under each set of numbers.

    Parameters
    ----------
    today, plan
        The firm as it is, with the sets of numbers that a fit left, and what is planned.
    seeds
        A count (markets 0 .. n - 1), or the markets; with several sets a count, of which each set has markets of its
        own, at least two (markets 2k and 2k + 1 are the k-th set's, as in `sim.study.doubt`): were they the same for
        all sets, their luck would be in every difference alike, and no interval over sets could tell of it.
    why, turns
        Whether to find what each action adds, and what would turn the answer round.
    doubt
        Draw the guessed numbers, too, that neither firm nor plan sets: one set for every two markets.

    Raises
    ------
    InputError
        The plan cannot be carried out in this firm, or a set of numbers cannot be set; too few sets for doubt.
    """
    middle = today.without_sets()
    names = guessed([middle, plan.scenario(middle)]) if doubt else ()
    numbers = _by_set(seeds, len(today.sets), doubt)
    bases = [in_doubt(today, names, own[0]) for own in numbers]
    sets = [{name: base.value(name) for name in (*(today.sets[0] if today.sets else ()), *names)} for base in bases]
    pairs = [(base, plan.scenario(base)) for base in bases]
    work = [lambda s=scenario, m=seed: lived(s, m) for pair, own in zip(pairs, numbers, strict=True)
            for scenario in pair for seed in own]  # fmt: skip
    found = iter(at_once(work, threads, progress))
    before, after = [], []
    for own in numbers:
        before.append([next(found) for _ in own])
        after.append([next(found) for _ in own])
    judged = Judged(today, plan, plan.scenario(middle), [m for own in numbers for m in own], sets, before, after, [],
                    [], [], 0, names)  # fmt: skip
    first = markets(seeds)[:FEW]
    if why:
        judged = replace(judged, bars=bars_of(middle, plan, first, threads), why_seeds=first)
    if turns:
        flips, tried = flips_of(middle, plan, first, today.sets, threads)
        judged = replace(judged, flips=flips, tried=tried)
    return judged


def markets_needed(today: Scenario, seeds: int, doubt: bool = False) -> int:
    """In how many markets a plan is judged: two at least for each set of numbers."""
    return sum(len(own) for own in _by_set(seeds, len(today.sets), doubt))


def _by_set(seeds: int | Sequence[int], fitted: int, doubt: bool) -> list[list[int]]:
    """The markets of each set of numbers, as many for all; all markets where there is one set."""
    numbers = markets(seeds)
    if not doubt and fitted < 2:
        return [numbers]
    if not isinstance(seeds, int):
        raise InputError("with several sets of numbers each has markets of its own: give a count of markets")
    if fitted and not doubt:
        each = max(TOGETHER, TOGETHER * round(seeds / fitted / TOGETHER))
        return [[m for m in range(each * fitted) if set_of(m, fitted) == k] for k in range(fitted)]
    seeds = max(seeds, TOGETHER * fitted)
    numbers = list(range(seeds - seeds % TOGETHER))
    check_sets(numbers)
    return [numbers[k : k + TOGETHER] for k in range(0, len(numbers), TOGETHER)]


def bars_of(today: Scenario, plan: Plan, seeds: Sequence[int], threads: int = 2) -> list:
    """What each action adds to net value: its mean part over all orders of doing them, and the plan's own costs."""
    k = len(plan.steps)
    made: dict[int, Scenario] = {}

    def mixture(mask: int) -> Scenario:
        if mask not in made:
            some = replace(plan, steps=tuple(step for i, step in enumerate(plan.steps) if mask >> i & 1))
            made[mask] = some.scenario(today, leave_out=True)
        return made[mask]

    def one(seed: int) -> np.ndarray:
        known: dict[str, float] = {}

        def value(mask: int) -> float:
            scenario = mixture(mask)
            if scenario.hash not in known:
                known[scenario.hash] = lived(scenario, seed).outcomes["net_value"]
            return known[scenario.hash]

        if k <= EXACT:
            return of_all(np.array([value(mask) for mask in range(1 << k)]))
        return sampled(value, k, ORDERS, np.random.default_rng([seed, k]))[0]

    for mask in range(1 << k if k <= EXACT else 0):
        mixture(mask)
    parts = np.array(at_once([lambda s=seed: one(s) for seed in seeds], threads)).reshape(len(seeds), k)
    rows = [(step.says, *mean_interval(parts[:, i])) for i, step in enumerate(plan.steps)]
    cost = own_costs(plan, plan.scenario(today), "net_value")
    if cost:
        rows.append((COSTS, -cost, -cost, -cost))
    return sorted(rows, key=lambda row: -abs(row[1]))


def flips_of(today: Scenario, plan: Plan, seeds, sets, threads: int = 2) -> tuple[list[Flip], int]:
    """The three assumptions at which the difference in net value changes its sign, or that bring it nearest to zero.

    Each of ASSUMED that nobody measured and the plan does not move goes to both ends of what is plausible (of a fit: of
    its sets); where the mean difference over some markets has another sign there, the value is halved in on.
    """
    ranges = ranges_of(today, plan, sets)
    known = {name: today.value(name) for name in (DEMAND, CUSTOMERS)}

    def gain(values: Mapping[str, float]) -> float:
        base = today.but(with_customers(known, values) if sets else values)
        scenario = plan.scenario(base)
        cost = own_costs(plan, scenario, "net_value")
        parts = [lived(scenario, m).outcomes["net_value"] - lived(base, m).outcomes["net_value"] for m in seeds]
        return float(np.mean(parts)) - cost

    ends = [(name, end) for name, (low, high) in ranges.items() for end in (low, high)]
    found = at_once([lambda: gain({}), *(lambda n=name, x=end: gain({n: x}) for name, end in ends)], threads)
    answer = found[0] > 0
    turned = [(name, end) for (name, end), value in zip(ends, found[1:], strict=True) if (value > 0) != answer]

    def edge(name: str, end: float) -> Flip:
        inside, outside = float(today.value(name)), end
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if (gain({name: middle}) > 0) == answer else (inside, middle)
        return Flip(name, float(today.value(name)), (inside + outside) / 2, *ranges[name])

    flips = at_once([lambda n=name, e=end: edge(n, e) for name, end in turned], threads)

    def far(flip: Flip) -> float:
        return abs(flip.value - flip.assumed) / (flip.high - flip.low)

    nearest: dict[str, Flip] = {}
    for flip in sorted(flips, key=far):
        nearest.setdefault(flip.name, flip)
    for value, name, end in sorted((abs(value), *at) for at, value in zip(ends, found[1:], strict=True)):
        left = value if answer else -value
        nearest.setdefault(name, Flip(name, float(today.value(name)), end, *ranges[name], left))
    return list(nearest.values())[:3], len(ranges)


def ranges_of(today: Scenario, plan: Plan, sets: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Between which values each assumption is moved: what is plausible, or what a fit left; around what is assumed."""
    moved = {name for change in plan.scenario(today).changes for name in change.values}
    known = measured_in(today.source)
    found = {}
    for name in ASSUMED:
        about, now = NUMBERS[name], float(today.value(name))
        given = [float(each[name]) for each in sets if name in each]
        if name in moved or name in known and not given:
            continue
        low, high = (min(given), max(given)) if len(given) > 1 else about.plausible or (now, now)
        low, high = min(low, now), max(high, now)
        if low < high:
            found[name] = (max(low, about.low), min(high, about.high))
    return found
