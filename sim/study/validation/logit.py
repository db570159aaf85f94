"""A logit with errors by group, by statsmodels (the extra `fit`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.extras import extra


class Slopes(NamedTuple):
    """A logit: coefficients, the constant first, with 95 % intervals and the mean log-likelihood a pair."""

    names: list[str]
    slopes: np.ndarray
    intervals: np.ndarray  # (coefficients, 2)
    fit: float
    pairs: int


def logit(names: Sequence[str], x: np.ndarray, y: np.ndarray, groups: np.ndarray) -> Slopes:
    """Logistic regression; intervals are robust to dependence within groups (one who answers).

    x   (pairs, predictors), without a constant
    """
    with extra("fit", "A logit with errors by group"):
        from statsmodels.api import Logit, add_constant

    numbered = np.unique(groups, return_inverse=True)[1]
    found = Logit(y, add_constant(x)).fit(disp=0, cov_type="cluster", cov_kwds={"groups": numbered})
    return Slopes(["constant", *names], found.params, found.conf_int(), found.llf / len(y), len(y))


def likelihood(slopes: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """Mean log-likelihood a pair of a logit with these coefficients."""
    with extra("fit", "A logit with errors by group"):
        from statsmodels.api import Logit, add_constant

    return float(Logit(y, add_constant(x)).loglike(slopes) / len(y))
