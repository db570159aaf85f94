"""A pattern as a small declared object: organizations, what is measured of them, what is expected and by whom."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.study.intervals import Interval, mean_interval
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import EATS_DAYS, MOVES_NOTHING, Levers

CONFIDENCE = 0.99
FALSE_ALARM = (1.0 - CONFIDENCE) / 2  # chance that a row holds, or fails, although the truth lies on its bound
DRAWS, WHOLE_DRAWS = 4000, 1000
MOST_MARKETS = 100_000  # beyond this a difference is called too small to decide
Lives = Mapping[str, Life]


class Mutation(NamedTuple):
    """A change of the model under which a row has been seen to fail.

    values   numbers that are laid over every organization, or over those in `only`
    moved    organizations that are given other markets than their partners
    """

    what: str
    values: Levers = {}
    only: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    def for_arm(self, arm: str) -> Levers:
        """What is laid over one organization's levers."""
        return self.values if not self.only or arm in self.only else {}


IN_VAIN = Mutation("what people know, say and trust moves nothing, and working together eats the days",
                   {**MOVES_NOTHING, **EATS_DAYS})  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """One row of the validation.

    observe   from the lives of one market (one for each arm) to one or several numbers
    combine   from the means of these numbers over markets (last axis) to the statistic; default: the first
    whole     from all numbers, a line a market, to the statistic: where means over markets will not do
    above, below   where the statistic should lie; both None: reported, not judged
    share     the numbers are 0 or 1, and the statistic is a share of markets
    control   a negative control: something that must not appear
    """

    name: str
    claim: str
    source: str
    arms: dict[str, Arm]
    observe: Callable[[Lives], float | Sequence[float]]
    combine: Callable[[np.ndarray], np.ndarray] | None = None
    whole: Callable[[np.ndarray], float] | None = None
    mutation: Mutation = field(kw_only=True)
    above: float | None = None
    below: float | None = None
    share: bool = False
    control: bool = False
    note: str = ""

    @property
    def expected(self) -> str:
        """The range in words."""
        if self.above is not None and self.below is not None:
            return f"{self.above:g} to {self.below:g}"
        if self.above is not None:
            return f"> {self.above:g}"
        return f"< {self.below:g}" if self.below is not None else "reported"

    def measured_by(self) -> str:
        """What decides the numbers that are measured, as text."""
        arms = {name: [sorted(a.levers.items()), repr(a.changes), a.days, a.design, a.permitted, a.market]
                for name, a in self.arms.items()}  # fmt: skip
        return json.dumps([self.name, arms], sort_keys=True, default=list)

    def declaration(self) -> str:
        """What is declared, as text: whoever changes an expectation or an organization changes this."""
        about = [self.measured_by(), self.claim, self.source, self.above, self.below, self.share, self.control]
        return json.dumps([*about, self.mutation._asdict()], sort_keys=True, default=list)


class Finding(NamedTuple):
    """A pattern, measured: the statistic with its interval, the verdict, and how many markets were looked at."""

    pattern: Pattern
    measured: Interval
    verdict: str  # holds, fails, undecided, reported
    markets: int
    needed: float  # markets it would take to decide; NaN where it is decided


def fingerprint_of(patterns: Sequence[Pattern]) -> str:
    """Twelve hex digits of all declarations."""
    seen = hashlib.sha256()
    for each in patterns:
        seen.update(each.declaration().encode())
    return seen.hexdigest()[:12]


def statistic(pattern: Pattern, numbers: np.ndarray) -> Interval:
    """The statistic of (markets, numbers) with its interval.

    Means: Student's t. Shares: Wilson. Everything else: the percentile
    bootstrap over whole markets, widened for few of them (Hesterberg 2015).
    """
    n = len(numbers)
    if pattern.share:
        from scipy.stats import binomtest

        hits = int(round(float(numbers[:, 0].sum())))
        low, high = binomtest(hits, n).proportion_ci(CONFIDENCE, "wilson")
        return Interval(hits / n, float(low), float(high))
    if pattern.combine is None and pattern.whole is None:
        return mean_interval(numbers[:, 0], CONFIDENCE)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, many = (_of_all if pattern.whole else _of_means)(pattern, numbers)
    if n < 2:
        return Interval(mean, math.nan, math.nan)
    many = many[np.isfinite(many)]
    if not len(many) or not math.isfinite(mean):
        return Interval(mean, math.nan, math.nan)
    low, high = np.quantile(many, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    wide = _widening(n)
    return Interval(mean, mean - wide * max(mean - float(low), 0.0), mean + wide * max(float(high) - mean, 0.0))


def _of_means(pattern: Pattern, numbers: np.ndarray) -> tuple[float, np.ndarray]:
    """The statistic of the means over markets, and of means over markets drawn again."""
    n = len(numbers)
    weights = np.random.default_rng(20).multinomial(n, np.full(n, 1 / n), DRAWS) / n
    return float(pattern.combine(numbers.mean(0))), np.asarray(pattern.combine(weights @ numbers), float)


def _of_all(pattern: Pattern, numbers: np.ndarray) -> tuple[float, np.ndarray]:
    """The statistic of all markets at once, and of markets drawn again."""
    n = len(numbers)
    drawn = np.random.default_rng(20).integers(n, size=(WHOLE_DRAWS, n))
    return float(pattern.whole(numbers)), np.array([pattern.whole(numbers[each]) for each in drawn], float)


def _widening(n: int) -> float:
    """How much wider than a bootstrap's percentiles an interval of n observations must be."""
    from scipy.stats import norm, t

    q = (1 + CONFIDENCE) / 2
    return float(t.ppf(q, n - 1) / norm.ppf(q) * math.sqrt(n / (n - 1)))


def judge(pattern: Pattern, numbers: np.ndarray) -> Finding:
    """Measured against expected: holds if the whole interval lies inside of the range, fails if none of it does."""
    numbers = np.asarray(numbers, float).reshape(len(numbers), -1)
    measured, n = statistic(pattern, numbers), len(numbers)
    if pattern.above is None and pattern.below is None:
        return Finding(pattern, measured, "reported", n, math.nan)
    least = -math.inf if pattern.above is None else pattern.above
    most = math.inf if pattern.below is None else pattern.below
    mean, low, high = measured
    if math.isnan(mean) or math.isnan(low):
        return Finding(pattern, measured, "undecided", n, math.inf)
    if least < low and high < most:
        return Finding(pattern, measured, "holds", n, math.nan)
    if high <= least or low >= most:
        return Finding(pattern, measured, "fails", n, math.nan)
    return Finding(pattern, measured, "undecided", n, markets_needed(measured, n, least, most))


def markets_needed(measured: Interval, n: int, least: float, most: float) -> float:
    """About how many markets make the interval so narrow that it no longer holds a bound of the range.

    Half-widths fall with the square root of the number of markets.

    >>> markets_needed(Interval(0.6, 0.4, 0.8), 50, 0.5, math.inf)
    200.0
    """
    needed = float(n)
    for bound in (least, most):
        if measured.low < bound < measured.high:
            half = measured.mean - measured.low if bound < measured.mean else measured.high - measured.mean
            away = abs(measured.mean - bound)
            needed = max(needed, math.ceil(n * (half / away) ** 2 - 1e-9) if away > 0 else math.inf)
    return float(needed) if needed <= MOST_MARKETS else math.inf


# --- what rows are made of ---


def over(means: np.ndarray) -> np.ndarray:
    """A ratio of two sums."""
    return means[..., 0] / means[..., 1]


def percent(means: np.ndarray) -> np.ndarray:
    """A difference in per cent of a level."""
    return 100.0 * means[..., 0] / np.abs(means[..., 1])


def times(means: np.ndarray) -> np.ndarray:
    """A ratio of two ratios: (a / b) / (c / d)."""
    return means[..., 0] / means[..., 1] / (means[..., 2] / means[..., 3])


def less(means: np.ndarray) -> np.ndarray:
    """A difference of two differences in per cent: a / |b| - c / |d|."""
    first, second = means[..., 0] / np.abs(means[..., 1]), means[..., 2] / np.abs(means[..., 3])
    return 100.0 * (first - second)


def above_both(means: np.ndarray) -> np.ndarray:
    """The first less the largest of the others, in per cent of the first."""
    return 100.0 * (means[..., 0] - means[..., 1:].max(-1)) / np.abs(means[..., 0])


def changed(of: Callable[[Life], float], arm: str, base: str) -> Callable[[Lives], tuple[float, float]]:
    """Observe a difference and its level: with `percent`, the change in per cent."""
    return lambda lives: (of(lives[arm]) - of(lives[base]), of(lives[base]))


def difference(of: Callable[[Life], float], arm: str, base: str) -> Callable[[Lives], float]:
    """Observe a paired difference."""
    return lambda lives: of(lives[arm]) - of(lives[base])
