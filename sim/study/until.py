"""How many markets until a difference is known well enough: looking a few times, and saying what that costs."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.errors import InputError
from sim.result.outcomes import KNOWN
from sim.study.intervals import Interval, t_quantile

FIRST, MOST = 10, 1000  # markets to begin with, and at most
GROWTH = 0.1  # a look takes at least so many more markets, or nearly every market would be looked at


class Until(NamedTuple):
    """What was wanted of a paired difference, and what came of it."""

    metric: str
    width: float  # of the 95 % interval, from low to high, in the metric's unit
    found: float  # the widest interval's width at the end
    looks: int  # how often it was looked at
    enough: bool
    markets: int
    unpaired: int  # markets for each organization that would give the width found if each had markets of its own

    def sentences(self) -> list[str]:
        """What to say of it."""
        unit, name = KNOWN[self.metric].unit, self.metric.replace("_", " ").capitalize()
        word = "known well enough" if self.enough else "still not known well enough"
        first = f"{name} is {word} after {self.markets} markets: the 95 % interval is {self.found:,.4g} {unit} wide,\n"
        first += f"{self.width:,.4g} {unit} was wanted."
        other = f"With markets of their own the same width would take about {self.unpaired:,} for each organization."
        looked = (
            f"It was looked at {self.looks} times. To stop as soon as an interval is narrow makes it slightly\n"
            "optimistic: about 94 in 100 hold the truth, not 95 (simulated)."
        )
        return [first, other] + ([looked] if self.looks > 1 else [])


def wanted_width(until: float | str, baseline: float) -> float:
    """The width meant by a number in the metric's unit, or by a share of the baseline's mean such as "5%".

    >>> wanted_width(500, 20_000.0), wanted_width("5%", 20_000.0), wanted_width("0.02", 0.4)
    (500.0, 1000.0, 0.02)
    """
    text = str(until).strip()
    share = text.endswith("%")
    try:
        width = float(text.rstrip("% ").replace(",", ""))
    except ValueError:
        width = math.nan
    if not (math.isfinite(width) and width > 0.0):
        raise InputError(f"until = {until}: give the width of the interval, such as 500, or 5% of the baseline")
    return width / 100.0 * abs(baseline) if share else width


def more_markets(n: int, width: float, wanted: float, most: int) -> int:
    """How many markets the next look should have: as many as seem needed, at least some more, at most twice as many.

    >>> more_markets(10, 2.0, 1.0, 1000), more_markets(10, 1.05, 1.0, 1000), more_markets(600, 9.0, 1.0, 1000)
    (20, 15, 1000)
    """
    seems = math.ceil(n * (width / wanted) ** 2) if math.isfinite(width) else 2 * n
    return min(max(seems, n + 5, math.ceil(n * (1.0 + GROWTH))), max(2 * n, n + 5), most)


def width_of(interval: Interval) -> float:
    """From low to high; not a number where there is no interval."""
    return interval.high - interval.low


def unpaired_markets(variances: float, width: float) -> int:
    """Markets for each of two organizations that give an interval of that width if the markets are different ones.

    variances: of one organization's outcome and of the other's, summed.

    >>> unpaired_markets(2.0, 1.0)
    32
    """
    if not (math.isfinite(variances) and width > 0.0) or variances == 0.0:
        return 2
    n = 2
    for _ in range(60):  # the quantile depends on n, mildly
        again = math.ceil((2.0 * t_quantile(0.975, 2 * n - 2)) ** 2 * variances / width**2)
        if again == n:
            break
        n = max(again, 2)
    return n
