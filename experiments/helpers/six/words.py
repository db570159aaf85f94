"""Words of docs/reports/findings.md: intervals told, sentences chosen by what was found, numbers that were assumed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from sim.model.theory import FITTED, GUESS, numbers
from sim.study.intervals import Interval, mean_interval

MEGA = 1000.0  # k€ in a M€


class Section(NamedTuple):
    """One finding: what the template of its page is filled with, and its picture."""

    key: str  # of its template and its picture
    stores: tuple[str, ...]  # the experiments it is made from
    title: str  # the picture's headline
    words: dict[str, str]
    draw: Callable[[], Axes]


def interval(values) -> Interval:
    """One value a market, or an interval already, as an interval."""
    return values if isinstance(values, Interval) else mean_interval(values)


def side(values, limit: float = 0.0) -> str:
    """Where a 95 % interval lies: all of it "above" or "below" a limit, or "open"."""
    found = interval(values)
    if not math.isfinite(found.low):
        return "open"
    return "above" if found.low > limit else "below" if found.high < limit else "open"


def choose(where: str, above: str, below: str, open: str) -> str:
    """The sentence that is true of what was found."""
    return {"above": above, "below": below, "open": open}[where]


# ---- figures in a sentence


def signed(x: float, places: int) -> str:
    """With its sign, and a true minus.

    >>> signed(2.26, 1), signed(-0.04, 1), signed(-3.0, 0)
    ('+2.3', '0.0', '−3')
    """
    text = f"{x:+,.{places}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def spread(found: Interval, places: int, scale: float = 1.0) -> str:
    low, high = (signed(end / scale, places) for end in (found.low, found.high))
    return f"{low} to {high}"


def told(values, unit: str, places: int = 1, scale: float = 1.0) -> str:
    """A difference with its interval: `+8.4 M€ (+6.8 to +10.1)`."""
    found = interval(values)
    return f"{signed(found.mean / scale, places)} {unit} ({spread(found, places, scale)})"


def points(values) -> str:
    """A difference of the score."""
    return told(values, "points")


def money(values) -> str:
    """A difference in k€, told in M€."""
    return told(values, "M€", 1, MEGA)


def percent(values) -> str:
    return told(values, "%")


def counted(hits) -> str:
    """How many of how many.

    >>> counted(np.array([1.0, 0.0, 1.0]))
    '2 of 3'
    """
    hits = np.asarray(hits)
    return f"{int(hits.sum())} of {len(hits)}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def counts(numbers_found: Sequence[int]) -> str:
    """`9`, if all are the same; else `9, 8 and 7`."""
    same = len(set(numbers_found)) == 1
    return str(numbers_found[0]) if same else listed([str(each) for each in numbers_found])


def practice(name: str) -> str:
    """A practice in a sentence."""
    return name.replace("_", " ").replace("key accounts", "key-account teams")


# ---- what it rests on


def told_source(name: str) -> str:
    """A number's default, unit and source: `0.006 1/week (our guess)`."""
    each = numbers()[name]
    source = each.source.replace(FITTED, "fitted").replace(GUESS, "our guess")
    unit = "" if each.unit in ("0..1", "number") else f" {each.unit}"
    return f"{each.default:g}{unit} ({source})"


def leans_on(*names: str) -> str:
    """The numbers of the theory that a finding rests on."""
    return "Numbers it rests on: " + "; ".join(f"`{name}` = {told_source(name)}" for name in names) + "."


def bullets(parts: Sequence[str]) -> str:
    return "\n".join(f"- {each}" for each in parts)
