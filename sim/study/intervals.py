"""Intervals for means of few observations."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np


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
