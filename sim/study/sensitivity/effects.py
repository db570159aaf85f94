"""Methods that move one factor at a time: around a base, and along Morris's walks.

Both work on the mean over markets, and hold against it what the same markets
say about its noise. `Y` is (points, markets) without gaps; points that were
lost are rows of NaN, and what is built of them (a walk) is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.extras import extra
from sim.study.intervals import mean_interval
from sim.study.sensitivity.found import (
    LOST,
    NORMAL,
    RESAMPLES,
    Found,
    exact,
    jackknife,
    problem_of,
    ranked,
    verdict_of,
    whole,
)
from sim.study.sensitivity.sample import Axis, star, trajectories

BY_LUCK = 0.05  # a factor whose effects luck makes as often is indistinguishable from zero
LEVELS = 4  # SALib's, only to name a step's length
LEAST_WALKS = 2


def one_at_a_time(axes: Sequence[Axis], P: np.ndarray, Y: np.ndarray, X: pd.DataFrame) -> Found:
    """Each factor's values with all others at the base: the outcome there, and its paired difference to the base.

    The intervals hold for all values of one factor together (Bonferroni), so a
    factor whose every interval covers zero is indistinguishable from zero.
    """
    found = star(P)
    if found is None:
        raise ValueError("these points are not of this method")
    base = Y[found.base]
    if np.isnan(base).any():
        raise InputError("the base point has too few runs with a value, and every difference is taken to it")
    rows, curves = [], []
    for j, axis in enumerate(axes):
        mine = np.flatnonzero(found.factor == j)
        there = mine[np.isfinite(Y[mine]).all(1)]
        several = max(len(there), 1)
        for point in sorted([*there, found.base], key=lambda p: P[p, j]):
            difference, low, high = mean_interval(exact(Y[point] - base, Y), 1 - 0.05 / several)
            curves.append({"factor": axis.name, "value": X[axis.name].iloc[point], "position": P[point, j],
                           "mean": Y[point].mean(), "difference": difference, "low": low, "high": high,
                           "base": point == found.base})  # fmt: skip
        own = pd.DataFrame(curves[-(len(there) + 1) :])
        if not len(there):  # every point of it is lost
            rows.append({"factor": axis.name, "swing": np.nan, "values": 1, "verdict": LOST})
            continue
        least, most = own.loc[own["mean"].idxmin()], own.loc[own["mean"].idxmax()]
        apart = (own["low"] > 0) | (own["high"] < 0)
        rows.append({
            "factor": axis.name, "swing": most["mean"] - least["mean"],
            "least": least["mean"], "least_at": least["value"], "most": most["mean"], "most_at": most["value"],
            "at_low_end": own["mean"].iloc[0], "at_high_end": own["mean"].iloc[-1], "values": len(own),
            "verdict": verdict_of(bool(apart.any()), own["low"].notna().any() or not own["difference"].any()),
        })  # fmt: skip
    lost = int(np.isnan(Y).any(1).sum())
    left_out = f"{lost} of {len(Y)} points were left out, because they have no value" if lost else ""
    return Found(ranked(rows, "swing"), None, pd.DataFrame(curves), left_out)


def morris(axes: Sequence[Axis], P: np.ndarray, Y: np.ndarray, X: pd.DataFrame) -> Found:
    """Elementary effects: what a step of one factor does, per whole range of the factor, along random walks.

    mu_star  mean size of the effects, with a bootstrap interval over walks, widened by the jackknife over markets
    mu       their mean with sign: much smaller than mu_star if the factor works both ways
    sigma    their standard deviation: the factor bends or interacts
    sigma_noise  the part of sigma that the markets' luck makes
    noise    the mu_star that this luck makes of a factor that does nothing
    by_luck  how likely luck alone makes effects of this size (F-test); from 0.05 up: indistinguishable from zero

    A word has no size: a change of word counts as the whole range, and among
    more than two words a direction has no meaning (mu is NaN).

    Source: Morris 1991, Campolongo et al. 2007; SALib.analyze.morris.
    """
    walks = trajectories(P)
    if walks is None:
        raise ValueError("these points are not of this method")
    n, k = walks.factor.shape
    values = Y.reshape(n, k + 1, -1)
    kept, left_out = whole(values, "walks", LEAST_WALKS)
    kept_steps = np.abs(walks.step).min(1) > 0
    if not kept_steps[kept].all():
        still = int((~kept_steps & kept).sum())
        kept &= kept_steps
        said = f"{still} of {n} walks were left out, because a step in them did not move its factor"
        left_out = "; ".join(filter(None, [left_out, said]))
        if kept.sum() < LEAST_WALKS:
            raise InputError(f"{said}: sample with more levels")
    factor, step, values = walks.factor[kept], walks.step[kept], values[kept]
    words = np.array([bool(axis.words) for axis in axes])
    step = np.where(words[factor], np.sign(step), step)
    change = exact(np.diff(values, axis=1), values)
    effects = np.empty_like(change)  # (walks, factors in their order, markets)
    np.put_along_axis(effects, factor[:, :, None], change / step[:, :, None], axis=1)
    found = _salib_morris(axes, factor, step, effects.mean(2))
    markets = Y.shape[1]
    one_less = [_salib_morris(axes, factor, step, np.delete(effects, m, 2).mean(2), 2)["mu_star"]
                for m in range(markets if markets > 1 else 0)]  # fmt: skip
    half = np.hypot(np.asarray(found["mu_star_conf"], float), NORMAL * jackknife(one_less, k))
    rows = []
    for j, axis in enumerate(axes):
        size, (error, by_luck) = float(found["mu_star"][j]), _luck(effects[:, j])
        rows.append({
            "factor": axis.name, "mu_star": size, "low": size - half[j], "high": size + half[j],
            "mu": np.nan if len(axis.words) > 2 else float(found["mu"][j]), "sigma": float(found["sigma"][j]),
            "sigma_noise": error, "noise": error * np.sqrt(2 / np.pi), "by_luck": by_luck,
            "verdict": verdict_of(by_luck < BY_LUCK, markets > 1 or size == 0),
        })  # fmt: skip
    return Found(ranked(rows, "mu_star"), None, None, left_out)


def _salib_morris(axes, factor: np.ndarray, step: np.ndarray, effects: np.ndarray, resamples: int = RESAMPLES):
    """SALib's statistics of elementary effects.

    SALib divides every difference by one planned step. Whole numbers and words
    are moved by other steps, so it is given the same walks with every step of
    the planned length and every difference as large as it would then have been.
    """
    with extra("sensitivity", "Morris's method"):
        from SALib.analyze.morris import analyze

    n, k = factor.shape
    plan = LEVELS / (2.0 * (LEVELS - 1))
    signed = plan * np.sign(step)
    X, y = np.zeros((n, k + 1, k)), np.zeros((n, k + 1))
    for s in range(k):
        X[:, s + 1] = X[:, s]
        X[np.arange(n), s + 1, factor[:, s]] += signed[:, s]
        y[:, s + 1] = y[:, s] + effects[np.arange(n), factor[:, s]] * signed[:, s]
    X, y = X.reshape(-1, k), y.reshape(-1)
    return analyze(problem_of(axes), X, y, num_resamples=resamples, num_levels=LEVELS, seed=1)


def _luck(effects: np.ndarray) -> tuple[float, float]:
    """The standard error that markets show of effects (walks, markets), and how likely luck alone makes such effects.

    Were the factor to do nothing, a walk's mean effect would be normal around 0
    with that error, and their mean square against it would follow F.
    """
    from scipy.stats import f

    walks, markets = effects.shape
    if markets < 2:
        return np.nan, np.nan
    error = float(np.sqrt((effects.var(1, ddof=1) / markets).mean()))
    size = float((effects.mean(1) ** 2).mean())
    if error == 0:
        return 0.0, 1.0 if size == 0 else 0.0
    return error, float(f.sf(size / error**2, walks, walks * (markets - 1)))
