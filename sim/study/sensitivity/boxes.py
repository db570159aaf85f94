"""Boxes in the space of factors: limits, the search for them by PRIM (EMA Workbench), and limits in words."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.extras import extra
from sim.study.sensitivity.sample import Axis
from sim.study.sensitivity.sentences import number

LEAST_CASES = 8  # points where the condition holds, and where it does not: fewer make no box worth a word
MOST_BOXES = 3
MOST_FACTORS = 5  # that a box restricts
GAIN = 0.02  # of coverage, or of its balance with density: what one more factor must bring
SIGNIFICANT = 0.05  # quasi-p-value above which a limit is dropped
PEELS = (0.05, 0.1, 0.2)  # share of the points that a peel takes: thin ones find limits, luck empties them more often
PASTE, LEAST_MASS = 0.05, 0.05  # share that is put back, least share of the points in a box (EMA's defaults)
SEEDS_OF_A_BOX = 6  # factors that are tried beside others: those that make the best boxes alone
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
        if not limits or density <= y[left].mean() or (boxes and density < wanted):
            break  # a first box is told even if it is not dense enough, a further one is not
        columns = (len(boxes) + 1, range(len(way)), way["k"] / y.sum(), way["density"], way["n"].astype(int),
                   way["res_dim"].astype(int), way["chosen"])  # fmt: skip
        ways.append(pd.DataFrame(dict(zip(WAY, columns, strict=True))))
        boxes.append(Box(limits, float(y[inside].sum() / y.sum()), density, int(inside.sum()), density >= wanted))
        left &= ~inside
    return boxes, pd.concat(ways, ignore_index=True) if ways else pd.DataFrame(columns=WAY)


def check(table: pd.DataFrame, y: np.ndarray, axes: Sequence[Axis], wanted: float) -> tuple[float, float]:
    """How dense boxes are, and how much they cover, at points that were not used to find them.

    Boxes are sought in one half of the points and counted in the other, and the
    other way round. This is what the whole search is worth, where quasi-p-values
    judge one limit and forget how many were tried.
    """
    half = np.random.default_rng(1).permutation(len(table)) < len(table) // 2
    inside = np.zeros(len(table), bool)
    for mine in (half, ~half):
        boxes, _ = search(table[mine].reset_index(drop=True), y[mine], axes, wanted)
        for box in boxes:
            inside |= ~mine & _inside(box.limits, table)
    hits = float(y[inside].sum())
    return (hits / inside.sum() if inside.any() else math.nan), hits / y.sum()


def _forward(prim_of, table: pd.DataFrame, y: np.ndarray, axes: Sequence[Axis], wanted: float):
    """PRIM on few factors: the best one, then with each other one beside it, as long as that makes a better box.

    With all factors at once PRIM peels thin slices that luck has emptied off
    every one of them. Trying subsets is Kwakkel's remedy (2019, constrained
    PRIM); here they are built up, since there are too many to try all.
    """
    best, chosen, limits, way, names = (False, 0.0), [], (), pd.DataFrame(), list(table)
    while len(chosen) < MOST_FACTORS:
        tried = {name: _one_box(prim_of, table[[*chosen, name]], y, axes, wanted) for name in names}
        ranked = sorted(tried, key=lambda name: tried[name][0], reverse=True)
        if not ranked or tried[ranked[0]][0] < (best[0], best[1] + GAIN):
            break
        best, limits, way = tried[ranked[0]]
        chosen.append(ranked[0])
        others = ranked[1 : 1 + SEEDS_OF_A_BOX]
        names = others if len(chosen) == 1 else [name for name in others if tried[name][1]]
    return limits, way


def _one_box(prim_of, table: pd.DataFrame, y: np.ndarray, axes: Sequence[Axis], wanted: float):
    """PRIM on these factors: how good the best box is (dense enough, value), its limits, and the way to it.

    Only boxes count that restrict all of these factors, by limits that luck
    does not explain. The widest that is dense enough is
    best; where none is, the one that balances coverage and density best, with
    density weighing more (F with beta = 1/2).
    """
    best: tuple = ((False, 0.0), (), pd.DataFrame())
    for peel in PEELS:
        way = prim_of(table, y, peel)
        passed = len(way.peeling_trajectory)
        full = [row for row in range(1, passed) if len(way.qp[row]) == len(table.columns)]
        rows = dict.fromkeys(_stripped(way, row, axes) for row in full)
        found = way.peeling_trajectory.loc[[row for row in rows if row is not None]]
        if found.empty:
            continue
        balance = 1.25 * found["coverage"] * found["density"] / (0.25 * found["density"] + found["coverage"])
        dense = found[found["density"] >= wanted].sort_values(["coverage", "density"])
        row = int(dense.index[-1] if len(dense) else balance.idxmax())
        value = (len(dense) > 0, float(found.loc[row, "coverage"] if len(dense) else balance[row]))
        if value > best[0]:
            steps = way.peeling_trajectory.loc[[*range(passed), *([row] if row >= passed else [])]].copy()
            steps["chosen"] = steps.index == row
            best = (value, _limits(way, row, axes), steps)
    return best


def _stripped(way, row: int, axes: Sequence[Axis]) -> int | None:
    """The box without limits that luck explains, the weakest first; None if a factor would then be free.

    The one whose quasi-p-value is largest goes first. What is left is added to the way.
    """
    while True:
        sides = [(p, name, side) for name, each in way.qp[row].items() for side, p in enumerate(each) if p >= 0]
        p, name, side = max(sides)
        if p <= SIGNIFICANT:
            return row
        if sum(other == name for _, other, _ in sides) < 2:
            return None
        box, everything = way.box_lims[row].copy(), way.box_lims[0]
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
        free = everything[axis.name]
        ends = [None if end == free[side] else float(end) for side, end in enumerate((low, high))]
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
    """A function (table, truths, share of a peel) that runs PRIM once."""
    with extra("discovery", "The search for regions (PRIM)"), _calm():
        from ema_workbench.analysis.prim import Prim
    # The threshold is as low as can be, because the box is chosen here, from the whole way.
    return lambda table, y, peel: Prim(table, y, threshold=1e-9, peel_alpha=peel, paste_alpha=PASTE,
                                       mass_min=LEAST_MASS).find_box()  # fmt: skip


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
