"""Claims judged: what was measured, with its interval, against what was expected."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.study.intervals import Interval, mean_interval


class Check(NamedTuple):
    """One claim with what was measured: it holds if the whole interval lies where it should, fails if none of it."""

    pattern: str
    claim: str
    expected: str
    measured: Interval
    verdict: str
    unit: str = ""


class Report(NamedTuple):
    """What one experiment found: claims judged, and tables beside them (title, head, rows)."""

    checks: list[Check]
    tables: list[tuple[str, list[str], list[list]]] = []


def exact(x: float) -> Interval:
    """A number without chance."""
    return Interval(float(x), float(x), float(x))


def bootstrap(statistic: Callable[[np.ndarray], float], n: int, draws: int = 1000) -> Interval:
    """A statistic of row numbers 0 .. n - 1 with its 95 % percentile interval over resampled rows."""
    rng = np.random.default_rng(20)
    many = [statistic(rng.integers(0, n, n)) for _ in range(draws)]
    low, high = np.nanquantile(many, [0.025, 0.975]) if np.isfinite(many).any() else (math.nan, math.nan)
    return Interval(float(statistic(np.arange(n))), float(low), float(high))


def share_interval(hits) -> Interval:
    """A share with its 95 % interval (Wilson)."""
    from scipy.stats import binomtest

    hits = np.asarray(hits, float)
    low, high = binomtest(round(hits.sum()), len(hits)).proportion_ci(0.95, "wilson")
    return Interval(float(np.mean(hits)), float(low), float(high))


def check(pattern: str, claim: str, measured, above=None, below=None, unit: str = "", share: bool = False) -> Check:
    """A claim judged: `measured` is an Interval, or one value a market."""
    if not isinstance(measured, Interval):
        measured = share_interval(measured) if share else mean_interval(measured)
    least, most = -math.inf if above is None else above, math.inf if below is None else below
    expected = f"{least:g} to {most:g}" if above is not None and below is not None else ""
    expected = expected or (f"> {least:g}" if above is not None else f"< {most:g}" if below is not None else "")
    low, high = (m if math.isnan(b) else b for m, b in ((measured.mean, measured.low), (measured.mean, measured.high)))
    if not expected:
        verdict = "reported"
    elif math.isnan(measured.mean):
        verdict = "undecided"
    elif least <= low and high <= most:
        verdict = "holds"
    else:
        verdict = "fails" if high < least or low > most else "undecided"
    return Check(pattern, claim, expected or "-", measured, verdict, unit)
