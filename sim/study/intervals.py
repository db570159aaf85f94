"""Intervals for means of few observations, without a statistics library."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """A mean with its 95 % interval (NaN where one observation cannot give one)."""

    mean: float
    low: float
    high: float


def t_quantile(p: float, freedom: int) -> float:
    """Quantile of Student's t (Hill 1970, algorithm 396; exact for 1 and 2 degrees of freedom).

    >>> round(t_quantile(0.975, 29), 3), round(t_quantile(0.975, 1), 3)
    (2.045, 12.706)
    """
    if freedom < 1 or not 0.5 <= p < 1.0:
        raise ValueError("needs at least one degree of freedom and 0.5 <= p < 1")
    q = 2.0 * (1.0 - p)
    n = float(freedom)
    if freedom == 1:
        return 1.0 / math.tan(q * math.pi / 2.0)
    if freedom == 2:
        return math.sqrt(2.0 / (q * (2.0 - q)) - 2.0)
    a = 1.0 / (n - 0.5)
    b = 48.0 / (a * a)
    c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36
    d = ((94.5 / (b + c) - 3.0) / b + 1.0) * math.sqrt(a * math.pi / 2.0) * n
    y = (d * q) ** (2.0 / n)
    if y > 0.05 + a:
        from statistics import NormalDist

        x = NormalDist().inv_cdf(q * 0.5)
        y = x * x
        if n < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x
        y = math.expm1(a * y * y)
    else:
        y = (1.0 / (((n + 6.0) / (n * y) - 0.089 * d - 0.822) * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) * y - 1.0
        y = y * (n + 1.0) / (n + 2.0) + 1.0 / ((d * q) ** (2.0 / n))
    return math.sqrt(n * y)


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
