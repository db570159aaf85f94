"""Boxes in the space of factors: limits, the search for them by PRIM (EMA Workbench), and limits in words."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.study.sensitivity_sample import Axis
from sim.study.sensitivity_words import number

LEAST_CASES = 8  # points where the condition holds, and where it does not: fewer make no box worth a word
MOST_BOXES = 3
MOST_FACTORS = 5  # that a box restricts
GAIN = 0.02  # of coverage, or of its balance with density: what one more factor must bring
SIGNIFICANT = 0.05  # quasi-p-value above which a limit is dropped
SLICE = 25  # points that a peel takes: of fewer, luck empties too many
LEAST_PEEL, MOST_PEEL, LEAST_MASS = 0.05, 0.2, 0.05  # shares of the points: of a peel, and in a box
WAY = ("box", "step", "coverage", "density", "points", "restricted", "chosen")


class Limit(NamedTuple):
    """How a box restricts one factor.

    low, high    numbers; None where that side is free
    words        the words inside, of a factor that takes words
    quasi_p      the larger quasi-p-value of its sides: how often luck alone would do as well
    """

    factor: str
    low: float | None
    high: float | None
    words: tuple[str, ...]
    quasi_p: float


class Box(NamedTuple):
    """A corner of the space.

    coverage  share of all points where the condition holds that lie in it
    density   share of its points where the condition holds
    points    how many points lie in it
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    points: int
    dense: bool


def search(table: pd.DataFrame, y: np.ndarray, axes: Sequence[Axis], wanted: float) -> tuple[list[Box], pd.DataFrame]:
    """PRIM: peel the space thin layer by thin layer toward where `y` is 1; again among what is left, up to three times.

    Parameters
    ----------
    table
        The points: numbers as floats, words as text; factors that vary.
    y
        1 where the condition holds, else 0.
    wanted
        The density asked for.

    Returns
    -------
    The boxes, and every box on the way to them (columns WAY).
    """
    prim_of = _ema()
    boxes: list[Box] = []
    ways: list[pd.DataFrame] = []
    left = np.ones(len(table), bool)
    while len(boxes) < MOST_BOXES and min(y[left].sum(), (1 - y[left]).sum()) >= LEAST_CASES:
        with _calm():
            limits, way = _forward(prim_of, table[left].reset_index(drop=True), y[left], axes, wanted)
        inside = left & _inside(limits, table)
        density = float(y[inside].mean()) if inside.any() else 0.0
        if not limits or density <= y[left].mean():
            break
        columns = (len(boxes) + 1, range(len(way)), way["k"] / y.sum(), way["density"], way["n"].astype(int),
                   way["res_dim"].astype(int), way["chosen"])  # fmt: skip
        ways.append(pd.DataFrame(dict(zip(WAY, columns, strict=True))))
        boxes.append(Box(limits, float(y[inside].sum() / y.sum()), density, int(inside.sum()), density >= wanted))
        left &= ~inside
    return boxes, pd.concat(ways, ignore_index=True) if ways else pd.DataFrame(columns=WAY)


def _forward(prim_of, table: pd.DataFrame, y: np.ndarray, axes: Sequence[Axis], wanted: float):
    """PRIM on few factors: the best one, then with each other one beside it, as long as that makes a better box.

    With all factors at once PRIM peels thin slices that luck has emptied off
    every one of them. Trying subsets is Kwakkel's remedy (2019, constrained
    PRIM); here they are built up, since there are too many to try all.
    """
    best, chosen, limits, way = (False, 0.0), [], (), pd.DataFrame()
    while len(chosen) < MOST_FACTORS:
        found = []
        for name in table:
            if name not in chosen:
                tried = _one_box(prim_of, table[[*chosen, name]], y, axes, wanted)
                if tried[1]:
                    found.append((name, *tried))
        if not found:
            break
        name, value, there, passed = max(found, key=lambda each: each[1])
        if value[0] == best[0] and value[1] < best[1] + GAIN:
            break
        best, limits, way = value, there, passed
        chosen.append(name)
    return limits, way


def _one_box(prim_of, table: pd.DataFrame, y: np.ndarray, axes: Sequence[Axis], wanted: float):
    """PRIM on these factors: how good the chosen box is, its limits, and the way to it.

    Each box on the way is stripped of limits that luck explains; what then
    restricts all of these factors counts. The widest that is dense enough is
    chosen; where none is, the one that balances coverage and density best, with
    density weighing more (F with beta = 1/2).
    """
    way = prim_of(table, y).find_box()
    passed = len(way.peeling_trajectory)
    rows = list(dict.fromkeys(_stripped(way, row, axes) for row in range(1, passed)))
    found = way.peeling_trajectory.loc[[row for row in rows if len(way.qp[row]) == len(table.columns)]]
    if found.empty:
        return (False, 0.0), (), pd.DataFrame()
    balance = 1.25 * found["coverage"] * found["density"] / (0.25 * found["density"] + found["coverage"])
    dense = found[found["density"] >= wanted].sort_values(["coverage", "density"])
    row = int(dense.index[-1] if len(dense) else balance.idxmax())
    steps = way.peeling_trajectory.loc[[*range(passed), *([row] if row >= passed else [])]].copy()
    steps["chosen"] = steps.index == row
    value = float(found.loc[row, "coverage"] if len(dense) else balance[row])
    return (len(dense) > 0, value), _limits(way, row, axes), steps


def _stripped(way, row: int, axes: Sequence[Axis]) -> int:
    """The box without limits whose quasi-p-value is large, the largest first; each one less is added to the way."""
    while True:
        sides = [(p, name, side) for name, each in way.qp[row].items() for side, p in enumerate(each) if p >= 0]
        p, name, side = max(sides, default=(0.0, "", 0))
        if p <= SIGNIFICANT:
            return row
        box, everything = way.box_lims[row].copy(), way.box_lims[0]
        if next(axis for axis in axes if axis.name == name).words:
            box[name] = everything[name]
        else:
            box.loc[side, name] = everything.loc[side, name]
        way.update(box, np.flatnonzero(_inside(_limits_of(box, everything, axes, {}), way.prim.x)))
        row = len(way.peeling_trajectory) - 1


def _limits(way, row: int, axes: Sequence[Axis]) -> tuple[Limit, ...]:
    return _limits_of(way.box_lims[row], way.box_lims[0], axes, way.qp[row])


def _limits_of(box: pd.DataFrame, everything: pd.DataFrame, axes: Sequence[Axis], quasi_p: dict) -> tuple[Limit, ...]:
    """How a box restricts the factors, the surest limit first."""
    found = []
    for axis in axes:
        if axis.name not in box:
            continue
        p = float(max((v for v in quasi_p.get(axis.name, ()) if v >= 0), default=math.nan))
        low, high = box[axis.name]
        if axis.words:
            if low != everything.loc[0, axis.name]:
                found.append(Limit(axis.name, None, None, tuple(word for word in axis.words if word in low), p))
            continue
        ends = [None if end == free else float(end) for end, free in zip((low, high), everything[axis.name], strict=True)]
        if ends != [None, None]:
            found.append(Limit(axis.name, *ends, (), p))
    return tuple(sorted(found, key=lambda limit: limit.quasi_p))


def _inside(limits: tuple[Limit, ...], table: pd.DataFrame) -> np.ndarray:
    """Which points lie within all limits."""
    inside = np.ones(len(table), bool)
    for limit in limits:
        column = table[limit.factor]
        if limit.words:
            inside &= column.isin(limit.words).to_numpy()
        if limit.low is not None:
            inside &= (column >= limit.low).to_numpy()
        if limit.high is not None:
            inside &= (column <= limit.high).to_numpy()
    return inside


def limit_ends(limit: Limit, axis: Axis) -> tuple[float | None, float | None]:
    """A limit's lower and upper end as told: of whole numbers the last ones inside.

    >>> limit_ends(Limit("liaison.count", 1.5, None, (), 0.01), Axis("liaison.count", 0, 3, whole=True))
    (2, None)
    """
    if not axis.whole:
        return limit.low, limit.high
    return None if limit.low is None else math.ceil(limit.low), None if limit.high is None else math.floor(limit.high)


def limit_words(limit: Limit, axis: Axis) -> str:
    """One limit in words.

    >>> limit_words(Limit("trust.initial", None, 0.46721, (), 0.01), Axis("trust.initial", 0, 1))
    'trust.initial at most 0.467'
    """
    if limit.words:
        return f"{limit.factor} {' or '.join(limit.words)}"
    low, high = limit_ends(limit, axis)
    if low is not None and low == high:
        return f"{limit.factor} {number(low)}"
    ends = [f"at {word} {number(end)}" for word, end in (("least", low), ("most", high)) if end is not None]
    return f"{limit.factor} {' and '.join(ends)}"


def quasi_p_words(value: float) -> str:
    return "under 0.001" if value < 0.001 else number(value, 2)


def _ema():
    """A function (table, truths) that sets PRIM up."""
    try:
        with _calm():
            from ema_workbench.analysis.prim import Prim
    except ImportError as fault:
        raise InputError(
            "the search for regions (PRIM) needs EMA Workbench, which is not installed: "
            'pip install "baton-sim[discovery]"'
        ) from fault

    def prim_of(table: pd.DataFrame, truths: np.ndarray):
        peel = min(max(SLICE / len(table), LEAST_PEEL), MOST_PEEL)
        # The threshold is as low as can be, because the box is chosen here, from the whole way.
        return Prim(table, truths, threshold=1e-9, peel_alpha=peel, paste_alpha=LEAST_PEEL, mass_min=LEAST_MASS)

    return prim_of


class _calm:
    """Without the library's warnings and log."""

    def __enter__(self) -> None:
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")
        self._level = logging.getLogger("ema_workbench").level
        logging.getLogger("ema_workbench").setLevel(logging.ERROR)

    def __exit__(self, *_) -> None:
        logging.getLogger("ema_workbench").setLevel(self._level)
        self._warnings.__exit__(None, None, None)
