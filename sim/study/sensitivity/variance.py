"""Methods that divide the variance: Sobol's indices, a full grid's exact shares, first-order shares of any sample.

All work on the mean over markets, and hold against it what the same markets
say about its noise. `Y` is (points, markets) without gaps; points that were
lost are rows of NaN, and what is built of them (a block) is left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.extras import extra
from sim.study.intervals import mean_interval, t_quantile
from sim.study.sensitivity.found import (
    MOVES,
    NORMAL,
    NOTHING,
    RESAMPLES,
    ROUNDING,
    Found,
    jackknife,
    problem_of,
    ranked,
    verdict_of,
    whole,
)
from sim.study.sensitivity.sample import SAME, Axis, blocks, groups_of

LEAST_BLOCKS = 4


def sobol(axes: Sequence[Axis], P: np.ndarray, Y: np.ndarray, X: pd.DataFrame) -> Found:
    """Shares of the variance: first (a factor alone), total (with all it takes part in), second (pairs).

    Intervals are SALib's bootstrap over blocks, widened by the jackknife over
    markets. `noise` is the part of the total index that the markets' luck makes:
    half the mean squared error of the differences it is built of. A factor is
    indistinguishable from zero if its total less noise is, within the interval.
    Factors of one group were moved together, and are one row.

    Source: Saltelli et al. 2010, Saltelli 2002; SALib.analyze.sobol.
    """
    axes, groups = groups_of(axes)
    cut = blocks(P, groups)
    if cut is None:
        raise ValueError("these points are not of this method")
    k, markets = len(axes), Y.shape[1]
    values = Y.reshape(cut.count, cut.size, markets)
    kept, left_out = whole(values, "blocks", LEAST_BLOCKS)
    values = values[kept]
    found = _salib_sobol(axes, values.mean(2), cut.second_order)
    one_less = [_salib_sobol(axes, np.delete(values, m, 2).mean(2), cut.second_order, 2)
                for m in range(markets if markets > 1 else 0)]  # fmt: skip

    def half(name: str) -> np.ndarray:
        return np.hypot(found[f"{name}_conf"], NORMAL * jackknife([each[name] for each in one_less], found[name].shape))

    first_half, total_half = half("S1"), half("ST")
    variance = values[:, [0, -1]].mean(2).var()
    rows = []
    for j, axis in enumerate(axes):
        first, total = float(found["S1"][j]), float(found["ST"][j])
        noise = np.nan
        if markets > 1:
            apart = values[:, 0] - values[:, 1 + j]
            noise = float(0.5 * (apart.var(1, ddof=1) / markets).mean() / variance) if variance > 0 else 0.0
        low = total - total_half[j]
        rows.append({
            "factor": axis.name,
            "first": first, "first_low": first - first_half[j], "first_high": first + first_half[j],
            "total": total, "total_low": low, "total_high": total + total_half[j], "noise": noise,
            "verdict": MOVES if low - np.nan_to_num(noise) > 0 else NOTHING,
        })  # fmt: skip
    second = None
    if cut.second_order:
        around = half("S2")
        pairs = [{"one": axes[i].name, "other": axes[j].name, "second": found["S2"][i, j],
                  "low": found["S2"][i, j] - around[i, j], "high": found["S2"][i, j] + around[i, j]}
                 for i, j in combinations(range(k), 2)]  # fmt: skip
        second = pd.DataFrame(pairs)
        second["verdict"] = np.where(second["low"] > 0, MOVES, NOTHING)  # a share below zero is error, however clear
        second = second.sort_values("second", ascending=False, kind="stable").set_index(["one", "other"])
    return Found(ranked(rows, "total"), second, None, left_out)


def _salib_sobol(axes, y: np.ndarray, second_order: bool, resamples: int = RESAMPLES) -> dict[str, np.ndarray]:
    """SALib's indices of blocks (blocks, points of a block); all 0 where the outcome does not vary."""
    with extra("sensitivity", "Sobol's method"):
        from SALib.analyze.sobol import analyze

    k = len(axes)
    if y.std() <= 1e-12 * np.abs(y).max(initial=0.0):
        flat, square = np.zeros(k), np.zeros((k, k))
        return {"S1": flat, "S1_conf": flat, "ST": flat, "ST_conf": flat, "S2": square, "S2_conf": square}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a resample without variance
        return analyze(problem_of(axes), y.reshape(-1), second_order, resamples, seed=1)


def grid(axes: Sequence[Axis], P: np.ndarray, Y: np.ndarray, X: pd.DataFrame) -> Found:
    """Shares of the variance over a full grid's points: exact for these values, no sampling.

    `first` is the variance of the means at a factor's values; `total` what is
    left unless the factor is known. Intervals come from the markets alone
    (jackknife), the noise as in `sobol`.
    """
    levels = [np.unique(np.round(P[:, j], 9), return_inverse=True)[1] for j in range(P.shape[1])]
    shape = tuple(int(level.max()) + 1 for level in levels)
    cube = np.empty((*shape, Y.shape[1]))
    cube[tuple(levels)] = Y
    if np.isnan(cube).any():
        lost = int(np.isnan(Y).any(1).sum())
        raise InputError(
            f"{lost} of {len(Y)} points have no value, and the shares of a grid need all of them: "
            "see why runs failed (column reason of the store), or ask for the regions (--discover)"
        )
    markets = Y.shape[1]
    found = _grid_shares(cube.mean(-1))
    one_less = [_grid_shares(np.delete(cube, m, -1).mean(-1)) for m in range(markets if markets > 1 else 0)]
    width = t_quantile(0.975, markets - 1) if markets > 1 else np.nan
    around = {name: width * jackknife([each[name] for each in one_less], len(axes)) for name in ("first", "total")}
    variance, rows, curves = cube.mean(-1).var(), [], []
    for j, axis in enumerate(axes):
        noise = np.nan
        if markets > 1:  # as in sobol: the error of differences along this factor
            own = cube - cube.mean(j, keepdims=True)
            noise = float((own.var(-1, ddof=1) / markets).mean() / variance) if variance > 0 else 0.0
            noise = noise if noise > ROUNDING else 0.0
        means = cube.mean(tuple(i for i in range(len(axes)) if i != j))
        curve = [_on_curve(axis, X, P, j, int(np.flatnonzero(levels[j] == k)[0]), means[k]) for k in range(shape[j])]
        curves += curve
        first, total = found["first"][j], found["total"][j]
        rows.append({
            "factor": axis.name, "values": shape[j],
            "first": first, "first_low": first - around["first"][j], "first_high": first + around["first"][j],
            "total": total, "total_low": total - around["total"][j], "total_high": total + around["total"][j],
            "noise": noise, "low_end": curve[0]["value"], "at_low_end": curve[0]["mean"],
            "high_end": curve[-1]["value"], "at_high_end": curve[-1]["mean"],
            "verdict": verdict_of(total - around["total"][j] - np.nan_to_num(noise) > 0, markets > 1 or total == 0),
        })  # fmt: skip
    return Found(ranked(rows, "total"), None, pd.DataFrame(curves), "")


def _on_curve(axis: Axis, X: pd.DataFrame, P: np.ndarray, j: int, point: int, values: np.ndarray) -> dict:
    """One value of a factor, with the mean of all points that have it."""
    mean, low, high = mean_interval(values)
    return {"factor": axis.name, "value": X[axis.name].iloc[point], "position": P[point, j],
            "mean": mean, "low": low, "high": high}  # fmt: skip


def _grid_shares(cube: np.ndarray) -> dict[str, np.ndarray]:
    variance, k = cube.var(), cube.ndim
    if variance <= 1e-24 * np.abs(cube).max(initial=0.0) ** 2:
        return {"first": np.zeros(k), "total": np.zeros(k)}
    first = [cube.mean(tuple(i for i in range(k) if i != j)).var() / variance for j in range(k)]
    total = [1 - cube.mean(j).var() / variance for j in range(k)]
    found = {"first": np.array(first), "total": np.array(total)}
    return {name: np.where(np.abs(each) < ROUNDING, 0.0, each) for name, each in found.items()}


def first_order(axes: Sequence[Axis], P: np.ndarray, Y: np.ndarray, X: pd.DataFrame) -> Found:
    """Shares of the variance that each factor explains alone, from points that fill the space.

    Totals and pairs cannot be told from such a sample.

    Source: RBD-FAST, Tarantola et al. 2006, Tissot and Prieur 2012 (bias); SALib.analyze.rbd_fast.
    """
    with extra("sensitivity", "The first-order method"):
        from SALib.analyze.rbd_fast import analyze

    there = np.isfinite(Y).all(1)
    lost = int((~there).sum())
    P, Y = P[there], Y[there]
    P = P + SAME * np.random.default_rng(1).random(P.shape)  # equal values in random order, not in the sample's
    y, k, markets = Y.mean(1), len(axes), Y.shape[1]
    if y.std() <= 1e-12 * np.abs(y).max(initial=0.0):
        found = {"S1": np.zeros(k), "S1_conf": np.zeros(k)}
        one_less: list = []
    else:
        found = analyze(problem_of(axes), P, y, num_resamples=RESAMPLES, seed=1)
        one_less = [analyze(problem_of(axes), P, np.delete(Y, m, 1).mean(1), num_resamples=2, seed=1)["S1"]
                    for m in range(markets if markets > 1 else 0)]  # fmt: skip
    half = np.hypot(np.asarray(found["S1_conf"], float), NORMAL * jackknife(one_less, k))
    rows = [{"factor": axis.name, "first": float(found["S1"][j]), "first_low": float(found["S1"][j]) - half[j],
             "first_high": float(found["S1"][j]) + half[j],
             "verdict": MOVES if found["S1"][j] - half[j] > 0 else NOTHING}
            for j, axis in enumerate(axes)]  # fmt: skip
    left_out = f"{lost} of {len(there)} points were left out, because they have no value" if lost else ""
    return Found(ranked(rows, "first"), None, None, left_out)
