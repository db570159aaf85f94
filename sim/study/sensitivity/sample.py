"""What a sample is made of: factors on their ranges, and whether the points are what a method of analysis needs.

A method is told by the points themselves, not by what a file calls them, so that
points made elsewhere (a CSV written by SALib, say) are analysed just as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.model.theory import numbers

METHODS = ("one-at-a-time", "morris", "sobol", "grid", "first-order")
# The sample that each method was made for, as experiment files name it.
MADE_FOR = {"one-at-a-time": "one-at-a-time", "morris": "morris", "saltelli": "sobol", "grid": "grid"}
SAMPLES = {
    "one-at-a-time": 'method = "one-at-a-time"',
    "morris": 'method = "morris"',
    "sobol": 'method = "saltelli"',
    "grid": 'method = "grid"',
    "first-order": 'method = "latin-hypercube" or "sobol"',
}
FILLING = {"latin-hypercube", "sobol", "points", "saltelli"}  # samples whose points spread over the whole space
LEAST_FIRST_ORDER = 64  # points: RBD-FAST reads ten harmonics of a curve through them
SAME = 1e-9  # shares of a range that differ by less are the same


class Axis(NamedTuple):
    """One factor and the range in which it was moved."""

    name: str
    low: float
    high: float
    log: bool = False
    words: tuple[str, ...] = ()
    kind: str = "lever"
    unit: str = ""
    whole: bool = False
    group: str = ""  # that Sobol's method moves it with

    def positions(self, column) -> np.ndarray:
        """Where values lie in the range: 0 at its lower end, 1 at its upper end; words by their order."""
        if self.words:
            order = {word: k for k, word in enumerate(self.words)}
            return np.array([order[str(value)] for value in column], float) / max(len(self.words) - 1, 1)
        values, low, high = np.asarray(column, float), self.low, self.high
        if self.log:
            values, low, high = np.log(values), np.log(low), np.log(high)
        return (values - low) / (high - low) if high > low else np.zeros(len(values))

    @property
    def range(self) -> str:
        """The range in words.

        >>> Axis("trust.initial", 0.1, 0.9, unit="0..1").range
        '0.1 to 0.9'
        """
        if self.words:
            return " / ".join(self.words)
        return f"{plain(self.low)} to {plain(self.high)}{' (by ratio)' if self.log else ''}"

    @property
    def narrowed(self) -> str:
        """What the theory's bounds would be, if the experiment moved the factor within less; else nothing."""
        about = numbers().get(self.name)
        if about is None or self.words or (about.low >= self.low and about.high <= self.high):
            return ""
        return f"of {plain(about.low)} to {plain(about.high)}"


def plain(value: float) -> str:
    """A number as a person would type it.

    >>> plain(2e7), plain(0.1), plain(3.0)
    ('20,000,000', '0.1', '3')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"


def axes_of(factors: Sequence, X: pd.DataFrame) -> list[Axis]:
    """The factors of an experiment as axes; a factor given by its values ranges from the least to the largest."""
    found = []
    for factor in factors:
        column, values = X[factor.name], factor.values
        if pd.api.types.is_numeric_dtype(column):
            low, high = min(factor.low, *values, column.min()), max(factor.high, *values, column.max())
            log = factor.scale == "log" and low > 0
            found.append(Axis(factor.name, float(low), float(high), log, (), factor.kind, factor.unit,
                              factor.whole, factor.group))  # fmt: skip
        else:
            words = [*(values or factor.words[int(factor.low) : int(factor.high) + 1]), *column]
            found.append(Axis(factor.name, 0, 1, False, tuple(dict.fromkeys(map(str, words))), factor.kind,
                              group=factor.group))  # fmt: skip
    return found


def groups_of(axes: Sequence[Axis]) -> tuple[list[Axis], np.ndarray]:
    """The axes with each group as one, and which of them each axis belongs to: (groups, axes) of true and false.

    >>> groups_of([Axis("a", 0, 1, group="g"), Axis("b", 0, 1), Axis("c", 0, 1, group="g")])[1].tolist()
    [[True, False, True], [False, True, False]]
    """
    named = [axis.group or axis.name for axis in axes]
    found = list(dict.fromkeys(named))
    inside = np.array([[name == each for name in named] for each in found])
    merged = []
    for name, own in zip(found, inside, strict=True):
        members = [axis for axis, there in zip(axes, own, strict=True) if there]
        grouped = Axis(name, 0, 1, False, tuple(each.name for each in members), members[0].kind)
        merged.append(grouped if members[0].group else members[0])
    return merged, inside


class Trajectories(NamedTuple):
    """Morris's walks: from point to point one factor moves, each factor once a walk.

    factor  (walks, factors) which factor moves at each step
    step    (walks, factors) how far, as a signed share of its range
    """

    factor: np.ndarray
    step: np.ndarray


class Blocks(NamedTuple):
    """Saltelli's blocks of points: A, A with one factor from B each, (B with one from A each,) B."""

    count: int
    size: int
    second_order: bool


class Star(NamedTuple):
    """One base point, and for every other point the factor in which it differs (-1 at the base)."""

    base: int
    factor: np.ndarray


def positions_of(axes: Sequence[Axis], X: pd.DataFrame) -> np.ndarray:
    """Every point as shares of the ranges: (points, factors)."""
    return np.column_stack([axis.positions(X[axis.name]) for axis in axes])


def star(P: np.ndarray) -> Star | None:
    """The points as one base point and changes of one factor each, or None."""
    usual = np.array([_most_frequent(column) for column in P.T])
    for base in dict.fromkeys([0, int(np.abs(P - usual).sum(1).argmin())]):
        moved = np.abs(P - P[base]) > SAME
        if len(P) > 1 and moved.sum(1).max() == 1:
            return Star(base, np.where(moved.any(1), moved.argmax(1), -1))
    return None


def _most_frequent(column: np.ndarray) -> float:
    values, counts = np.unique(np.round(column, 9), return_counts=True)
    return float(values[counts.argmax()])


def trajectories(P: np.ndarray) -> Trajectories | None:
    """The points as Morris's walks, or None.

    Whole numbers and words are moved by whole steps, so a step may come out
    shorter or longer than planned, or not at all: the factor of such an empty
    step is the one that is missing from the walk.
    """
    n, k = P.shape
    if n % (k + 1) or k < 1:
        return None
    walks = P.reshape(-1, k + 1, k)
    steps = np.diff(walks, axis=1)
    moved = np.abs(steps) > SAME
    if moved.sum(2).max() > 1 or moved.sum(1).max() > 1 or (~moved.any(2)).sum(1).max() > 1:
        return None
    factor = np.where(moved.any(2), moved.argmax(2), -1)
    missing = k * (k - 1) // 2 - np.where(factor >= 0, factor, 0).sum(1)
    factor = np.where(factor < 0, missing[:, None], factor)
    return Trajectories(factor, np.take_along_axis(steps, factor[:, :, None], 2)[:, :, 0])


def blocks(P: np.ndarray, groups: np.ndarray | None = None) -> Blocks | None:
    """The points as Saltelli's blocks, with or without those for second-order indices, or None.

    groups    (groups, factors) of true and false: which factors are moved together; none: each by itself
    """
    n, factors = P.shape
    inside = np.eye(factors, dtype=bool) if groups is None else groups
    k = len(inside)
    for size, second in ((2 * k + 2, True), (k + 2, False)):
        if n % size or n < 2 * size:
            continue
        cut = P.reshape(-1, size, factors)
        a, b, own = cut[:, :1], cut[:, -1:], inside[None]
        fits = np.allclose(cut[:, 1 : k + 1], np.where(own, b, a), atol=SAME)
        if second:
            fits = fits and np.allclose(cut[:, k + 1 : -1], np.where(own, a, b), atol=SAME)
        if fits and not np.allclose(a, b, atol=SAME):
            return Blocks(len(cut), size, second)
    return None


def is_grid(P: np.ndarray) -> bool:
    """Whether the points are every combination of every factor's values, each once."""
    levels = [len(np.unique(np.round(column, 9))) for column in P.T]
    return min(levels) > 1 and np.prod(levels, dtype=float) == len(P) == len(np.unique(np.round(P, 9), axis=0))


def fitting(P: np.ndarray, sample: str, groups: np.ndarray | None = None) -> list[str]:
    """The methods that these points fit, the one they were made for first; `groups` as in `blocks`."""
    many = P.shape[1] > 1 or MADE_FOR.get(sample) in ("morris", "sobol")
    fits = {
        "one-at-a-time": star(P) is not None,
        "morris": many and trajectories(P) is not None,
        "sobol": many and blocks(P, groups) is not None,
        "grid": is_grid(P),
        "first-order": sample in FILLING and len(P) >= LEAST_FIRST_ORDER and blocks(P, groups) is None,
    }
    made_for = MADE_FOR.get(sample)
    return sorted((m for m in METHODS if fits[m]), key=lambda m: (m != made_for, METHODS.index(m)))
