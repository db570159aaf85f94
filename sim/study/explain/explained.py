"""The sentences of an explanation, written from its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.study.explain.explain import Explanation

SAID = {
    "revenue": "revenue",
    "revenue_last_year": "revenue of the last year",
    "net_value": "net value",
    "equity_change": "the change in customer equity",
    "customer_value": "the customers' own gain",
    "score": "audit score",
    "followed_up": "the share of leads followed up",
    "disputes": "the share of disputes",
}
REST = "not explained"


def said(metric: str) -> str:
    """An outcome's name in a sentence."""
    if metric.startswith("share_"):
        return f"the time {metric.removeprefix('share_')}"
    return SAID.get(metric, metric.replace("_", " "))


def scale_of(metric_unit: str, values) -> tuple[float, str]:
    """What to divide by, and the unit to write: M€ for thousands of k€, points for shares.

    >>> scale_of("k€", [12_000.0]), scale_of("k€", [300.0]), scale_of("0..1", [0.2])
    ((1000.0, 'M€'), (1.0, 'k€'), (0.01, 'percentage points'))
    """
    if metric_unit == "k€":
        largest = float(np.nanmax(np.abs(np.append(np.asarray(values, float), 0.0))))
        return (1000.0, "M€") if largest >= 1000.0 else (1.0, "k€")
    if metric_unit == "0..1":
        return 0.01, "percentage points"
    return 1.0, "points" if metric_unit == "20..100" else metric_unit


def rounded_to_sum(values: Sequence[float], digits: int) -> list[float]:
    """Values rounded so that what is shown adds up to the rounded sum: each is off by less than one last digit.

    >>> rounded_to_sum([0.214, 0.064, -0.076, -0.034], 2)
    [0.21, 0.07, -0.08, -0.03]
    >>> sum(rounded_to_sum([1 / 3, 1 / 3, 1 / 3], 1))
    1.0
    """
    scaled = np.asarray(values, float) * 10.0**digits
    down = np.floor(scaled)
    short = int(round(float(scaled.sum())) - down.sum())
    down[np.argsort(down - scaled, kind="stable")[:short]] += 1.0
    return [float(each) / 10**digits for each in down]


def totals_around(before: float, after: float, whole: float, digits: int) -> tuple[float, float]:
    """Both totals as shown, so that the first and the figures between them (`whole` in all) make the second.

    One is rounded, the other follows: off by less than one last digit, and by as little as can be.

    >>> totals_around(46.24, 78.97, 32.7, 1)
    (46.3, 79.0)
    """
    start, end = round(before, digits), round(after, digits)
    pairs = [(start, round(start + whole, digits)), (round(end - whole, digits), end)]
    return min(pairs, key=lambda pair: abs(pair[0] - before) + abs(pair[1] - after))


def figure(value: float, digits: int, sign: bool = True) -> str:
    """A number with a true minus, and a plus before gains.

    >>> figure(0.214, 2), figure(-1234.5, 0), figure(0.001, 1), figure(3.0, 1, False)
    ('+0.21', '−1,234', '0.0', '3.0')
    """
    text = f"{abs(value):,.{digits}f}"
    if not text.strip("0.,"):
        return text
    return ("−" if value < 0 else "+" if sign else "") + text


def digits_for(whole: float, values) -> int:
    """Digits after the point that show three figures of a difference (two below 1), and no more than four.

    >>> digits_for(34.8, []), digits_for(0.16, []), digits_for(412.0, []), digits_for(0.0, [3.0])
    (1, 2, 0, 2)
    """
    whole = abs(whole) or float(np.max(np.abs(np.asarray(values, float)), initial=0.0))
    if not whole or not math.isfinite(whole):
        return 0
    return min(max((2 if whole >= 1 else 1) - math.floor(math.log10(whole)), 0), 4)


def sum_in_words(explanation: Explanation) -> str:
    """The sum written out: every bar, and what they make; rounded so that the figures shown add up."""
    means = explanation.summary()["mean"].fillna(0.0)
    scale, unit = scale_of(explanation.unit, [explanation.difference.mean])
    digits = digits_for(explanation.difference.mean / scale, means / scale)
    return written_sum(rounded_to_sum(means / scale, digits), digits, unit)


def written_sum(values: Sequence[float], digits: int, unit: str) -> str:
    """Figures as a sum, those that show as nothing left out.

    >>> written_sum([0.21, 0.07, 0.0, -0.08, -0.03], 2, "M€")
    '0.21 + 0.07 − 0.08 − 0.03 = 0.17 M€'
    """
    parts = [each for each in values if figure(each, digits).strip("0.,")]
    if not parts:
        return f"The difference is 0 {unit}"
    text = figure(parts[0], digits, sign=False)
    for each in parts[1:]:
        text += f" {'−' if each < 0 else '+'} {figure(abs(each), digits, sign=False)}"
    return f"{text} = {figure(sum(values), digits, sign=False)} {unit}"


def headline(explanation: Explanation) -> str:
    """The answer in a sentence: how much, and what is most of it."""
    a, b = explanation.names
    mean, low, high = explanation.difference
    what, n = said(explanation.metric), len(explanation.seeds)
    if n == 1:
        where = f"in market {explanation.seeds[0]} alone"
    elif not (low > 0.0 or high < 0.0):
        return f"{a} and {b} cannot be told apart in {what} from {n} markets"
    else:
        where = ""
    scale, unit = scale_of(explanation.unit, [mean])
    digits = digits_for(mean / scale, [])
    size = figure(abs(mean) / scale, digits, sign=False)
    first = f"{b}: {what} {'higher' if mean > 0 else 'lower'} by {size} {unit}"
    first += f" {where}" if where else ""
    return f"{first}; {_most_of_it(explanation, mean)}"


def _most_of_it(explanation: Explanation, whole: float) -> str:
    """Which bars make more than half of the difference, one or two; or that no two do."""
    table = explanation.summary()
    along = (table["mean"] * np.sign(whole)).sort_values(ascending=False)
    first = along.index[0]
    if along.iloc[0] >= abs(whole) / 2:
        more = "more than all of it" if along.iloc[0] > 1.05 * abs(whole) else "most of it"
        return f"“{first}” is {'all of it' if len(along) == 1 else more}"
    if along.iloc[:2].sum() >= abs(whole) / 2:
        return f"“{first}” and “{along.index[1]}” are most of it"
    return "no two things are most of it"
