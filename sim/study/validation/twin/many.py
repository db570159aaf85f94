"""Many firms at once as arrays: their numbers side by side, and the model's small formulas over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, ndtr, ndtri

from sim.model.theory import Theory, with_values
from sim.study.validation.patterns.organizations import Levers

logistic, normal_cdf = expit, ndtr


def side_by_side(firms: Sequence[Levers]) -> Theory:
    """One theory whose numbers are columns, a line a firm: `theory.trust.gain` has the shape (firms, 1)."""
    theories = [with_values(Theory(), levers) for levers in firms]
    groups = {}
    for group in Theory._fields:
        parts = [getattr(each, group) for each in theories]
        numbers = {name: np.array([[float(getattr(p, name))] for p in parts]) for name in parts[0]._fields}
        groups[group] = parts[0]._replace(**numbers)
    return Theory(**groups)


def raised(x, share, ceiling):
    """How much something gains that closes a share of what is missing to a ceiling (`formulas.raised`)."""
    return np.minimum(share, 1.0) * np.maximum(ceiling - x, 0.0)


def both(a, b):
    """What two have in common: the geometric mean (`formulas.both`)."""
    return np.sqrt(np.maximum(a * b, 0.0))


def mean_closeness(variance, tolerance):
    """The mean of `formulas.closeness` over an error around zero of so much variance."""
    return 1.0 / np.sqrt(1.0 + variance / (tolerance * tolerance))


def spread(n: int) -> np.ndarray:
    """n places of a standard normal, each as likely as any other, with its variance."""
    places = ndtri((np.arange(n) + 0.5) / n)
    return places / places.std()


def even(n: int) -> np.ndarray:
    """n places of a draw between 0 and 1, each as likely as any other."""
    return (np.arange(n) + 0.5) / n


def mean_above_zero(sd):
    """The mean of what is positive of a normal around zero."""
    return sd / np.sqrt(2.0 * np.pi)
