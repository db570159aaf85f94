"""Fits to real data, reduced-form: approximate Bayesian computation on the funnel, a logit of who asks whom for advice.

Rejection with a local-linear correction (Beaumont, Zhang and Balding 2002):
parameters are drawn from their prior by a Sobol sequence, one run each; the runs
whose statistics are nearest to the data's are kept, and their parameters moved
along the regression of parameters on statistics to where the data are. The same
table of runs, each in turn taken for the data, shows how well a parameter would
be recovered if the model were true.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import qmc

from sim.study.many import at_once


class Prior(NamedTuple):
    """A parameter's range; on the logarithm or not."""

    name: str
    low: float
    high: float
    log: bool = False

    def at(self, u: np.ndarray) -> np.ndarray:
        """Values at places 0..1 of the range."""
        if self.log:
            return self.low * (self.high / self.low) ** u
        return self.low + (self.high - self.low) * u

    def place(self, x: np.ndarray) -> np.ndarray:
        """The logit of the place of values in the range, so that corrected values stay inside."""
        u = (
            np.log(x / self.low) / math.log(self.high / self.low)
            if self.log
            else (x - self.low) / (self.high - self.low)
        )
        u = np.clip(u, 1e-6, 1 - 1e-6)
        return np.log(u / (1 - u))

    def back(self, z: np.ndarray) -> np.ndarray:
        """Values from the logits of their places."""
        return self.at(1 / (1 + np.exp(-z)))


class Posterior(NamedTuple):
    """Draws of each parameter with their weights, and how the nearest runs miss the data."""

    names: list[str]
    draws: np.ndarray  # (kept, parameters)
    weights: np.ndarray  # (kept,)
    misfit: np.ndarray  # (statistics,) weighted mean of the kept runs less the data

    def quantile(self, name: str, *at: float) -> list[float]:
        """Weighted quantiles of one parameter."""
        x = self.draws[:, self.names.index(name)]
        order = np.argsort(x)
        share = np.cumsum(self.weights[order]) / self.weights.sum()
        return [float(x[order][min(int(np.searchsorted(share, q)), len(x) - 1)]) for q in at]


class Runs(NamedTuple):
    """Parameters drawn from the prior, with the statistics of a run each."""

    priors: Sequence[Prior]
    parameters: np.ndarray  # (runs, parameters)
    statistics: np.ndarray  # (runs, statistics)


def simulate(
    priors: Sequence[Prior],
    statistics: Callable[[dict[str, float], int], Sequence[float]],
    runs: int = 2048,
    threads: int = 2,
    progress=None,
) -> Runs:
    """Draw parameters and run each once, in a market of its own.

    statistics   from parameters and a market to the numbers that are compared
    """
    u = qmc.Sobol(len(priors), seed=20).random(runs)
    drawn = np.column_stack([prior.at(u[:, i]) for i, prior in enumerate(priors)])
    names = [prior.name for prior in priors]
    work = [lambda k=k: statistics(dict(zip(names, drawn[k].tolist(), strict=True)), 80_000 + k) for k in range(runs)]
    found = np.array(at_once(work, threads, progress), float)
    whole = np.isfinite(found).all(1)
    return Runs(priors, drawn[whole], found[whole])


def posterior(runs: Runs, data: Sequence[float], share: float = 0.1, without: int | None = None) -> Posterior:
    """The parameters that bring the model near the data.

    share     of the runs that is kept
    without   a run that is left out (it is the data)
    """
    use = np.arange(len(runs.parameters)) != (-1 if without is None else without)
    x, s = runs.parameters[use], runs.statistics[use]
    data = np.asarray(data, float)
    scale = np.median(np.abs(s - np.median(s, 0)), 0)
    away = np.sqrt((((s - data) / np.where(scale > 0, scale, 1.0)) ** 2).sum(1))
    kept = np.argsort(away)[: max(int(share * len(x)), 30)]
    reach = away[kept].max()
    weights = np.maximum(1 - (away[kept] / reach) ** 2, 1e-6)
    z = np.column_stack([prior.place(x[kept, i]) for i, prior in enumerate(runs.priors)])
    design = np.column_stack([np.ones(len(kept)), s[kept] - data])
    root = np.sqrt(weights)[:, None]
    slope = np.linalg.lstsq(design * root, z * root, rcond=None)[0]
    corrected = z - design[:, 1:] @ slope[1:]
    draws = np.column_stack([prior.back(corrected[:, i]) for i, prior in enumerate(runs.priors)])
    misfit = (weights[:, None] * (s[kept] - data)).sum(0) / weights.sum()
    return Posterior([prior.name for prior in runs.priors], draws, weights, misfit)


def recovery(runs: Runs, times: int = 100, share: float = 0.1) -> dict[str, tuple[float, float]]:
    """How well each parameter is found again when runs are taken for the data.

    Returns, by name, the share of 90 % intervals that hold the truth, and how
    much narrower they are than the prior's (0 nothing learnt, 1 all).
    """
    rng = np.random.default_rng(21)
    chosen = rng.choice(len(runs.parameters), min(times, len(runs.parameters)), replace=False)
    held = np.zeros((len(chosen), len(runs.priors)))
    width = np.zeros_like(held)
    for row, k in enumerate(chosen):
        found = posterior(runs, runs.statistics[k], share, without=int(k))
        for i, prior in enumerate(runs.priors):
            low, high = found.quantile(prior.name, 0.05, 0.95)
            held[row, i] = low <= runs.parameters[k, i] <= high
            ends = prior.at(np.array([0.05, 0.95]))
            width[row, i] = (high - low) / (ends[1] - ends[0])
    return {p.name: (float(held[:, i].mean()), float(1 - np.median(width[:, i]))) for i, p in enumerate(runs.priors)}


class Slopes(NamedTuple):
    """A logit: coefficients with standard errors, the mean log-likelihood a pair, and the number of pairs."""

    names: list[str]
    slopes: np.ndarray
    errors: np.ndarray
    fit: float
    pairs: int


def logit(names: Sequence[str], x: np.ndarray, y: np.ndarray, groups: np.ndarray) -> Slopes:
    """Logistic regression by Newton's steps; errors are robust to dependence within groups (one who answers).

    x   (pairs, predictors), without a constant
    """
    a = np.column_stack([np.ones(len(x)), x])
    b = np.zeros(a.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-a @ b))
        information = (a * (p * (1 - p))[:, None]).T @ a + 1e-9 * np.eye(len(b))
        step = np.linalg.solve(information, a.T @ (y - p))
        b += step
        if np.abs(step).max() < 1e-10:
            break
    p = 1 / (1 + np.exp(-a @ b))
    scores = np.array([((y - p)[:, None] * a)[groups == g].sum(0) for g in np.unique(groups)])
    bread = np.linalg.inv(information)
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
    return Slopes(["constant", *names], b, errors, likelihood(b, x, y), len(y))


def likelihood(b: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """Mean log-likelihood a pair of a logit with these coefficients."""
    z = np.column_stack([np.ones(len(x)), x]) @ b
    return float((y * z - np.logaddexp(0, z)).mean())
