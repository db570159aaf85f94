"""Intervals for means of few observations, and bands that hold a share of the markets to come."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

FEW = 10  # markets; fewer give no interval to what is not money


class Interval(NamedTuple):
    """A mean with its 95 % interval (NaN where one observation cannot give one)."""

    mean: float
    low: float
    high: float


def t_quantile(p: float, freedom: float) -> float:
    """Quantile of Student's t, by scipy.

    >>> round(t_quantile(0.975, 29), 3), round(t_quantile(0.975, 1), 3)
    (2.045, 12.706)
    """
    if freedom < 1 or not 0.5 <= p < 1.0:
        raise ValueError("needs at least one degree of freedom and 0.5 <= p < 1")
    from scipy.special import stdtrit

    return float(stdtrit(freedom, p))


def mean_interval(values, confidence: float = 0.95) -> Interval:
    """Mean and t-interval; NaN values are left out.

    >>> mean_interval([2.0, 2.0, 2.0])
    Interval(mean=2.0, low=2.0, high=2.0)
    """
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if not len(values):
        return Interval(math.nan, math.nan, math.nan)
    mean = float(values.mean())
    if len(values) == 1:
        return Interval(mean, math.nan, math.nan)
    half = t_quantile(0.5 + confidence / 2, len(values) - 1) * float(values.std(ddof=1)) / math.sqrt(len(values))
    return Interval(mean, mean - half, mean + half)


def outcome_interval(values, unit: str) -> Interval:
    """Mean and interval of an outcome's differences over markets, or no interval where it would promise too much.

    Money is near enough to normal for Student's t from two markets on. Shares,
    scores and contacts are not: they move in steps, and some markets may lie far
    from the rest. Where one in six does, an interval from five markets holds the
    mean in 59 of 100 cases, from ten in 83, from twenty in 88, from thirty in 92
    (simulated; where they only move in steps, 94); and three equal ones would
    claim to know all. So they have an interval from ten markets on, and only if
    the markets differ.

    >>> outcome_interval([0.0] * 30, "0..1"), outcome_interval([2.0, 2.0], "k€")
    (Interval(mean=0.0, low=nan, high=nan), Interval(mean=2.0, low=2.0, high=2.0))
    """
    found = mean_interval(values)
    if unit != "k€" and (np.isfinite(np.asarray(values, float)).sum() < FEW or found.low == found.high):
        return Interval(found.mean, math.nan, math.nan)
    return found


def chance_of_none(values) -> float:
    """How often a mean as far from zero as this one would come of no difference at all (paired t-test, two-sided).

    >>> chance_of_none([1.0, 1.0]), chance_of_none([0.0, 0.0]), round(chance_of_none([1.0, 2.0, 3.0]), 3)
    (0.0, 1.0, 0.074)
    """
    from scipy.special import stdtr

    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return math.nan
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    if error == 0.0:
        return float(mean == 0.0)
    return float(2.0 * stdtr(len(values) - 1, -abs(mean) / error))


def all_at_once(chances) -> np.ndarray:
    """Chances adjusted for how many are looked at (Holm): below 0.05, all that say so are right in 95 of 100 tables.

    Holm's step-down needs no independence. What is not a number was not looked at.

    >>> all_at_once([0.01, 0.04, 0.03, math.nan]).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    found = np.array(chances, float)
    known = np.flatnonzero(np.isfinite(found))
    order = known[np.argsort(found[known], kind="stable")]
    steps = found[order] * np.arange(len(order), 0, -1)
    found[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return found


def band(values, share: float = 0.8) -> np.ndarray:
    """Low end, median and high end of the middle `share` of markets, of the first axis.

    The ends are taken at i / (n + 1) of the ordered values (Weibull), as a new
    market falls below the i-th smallest of n with just that chance. So from nine
    markets on the band holds 80 % of the markets to come, in the average over sets
    of markets (80 to 82 %, simulated for five distributions; between two values
    the straight line is slightly too wide). One band alone holds more or less: 95
    of 100 bands hold 52 to 97 % at 9 markets, 65 to 92 % at 30, 72 to 87 % at
    100. With fewer than nine the ends are the smallest and the largest value:
    `band_name` calls it the range.

    >>> band([5.0, 1.0, 4.0, 2.0, 3.0, 6.0, 9.0, 8.0, 7.0]).tolist()
    [1.0, 5.0, 9.0]
    """
    tail = (1.0 - share) / 2.0
    return np.quantile(np.asarray(values, float), (tail, 0.5, 1.0 - tail), axis=0, method="weibull")


def band_name(n: int, share: float = 0.8) -> str:
    """What to call the band of n markets: fewer than nine have no smallest tenth.

    >>> band_name(30), band_name(8)
    ('80 % band', 'range')
    """
    tail = (1.0 - share) / 2.0
    return f"{100 * share:.0f} % band" if tail * (n + 1) >= 1.0 - 1e-9 else "range"
