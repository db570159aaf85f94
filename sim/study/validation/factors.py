"""How many things lie behind a questionnaire, which of its statements belong to which, and how much one explains."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

# A statement belongs to a factor if it loads so on it, and less than so on every other; a factor has so many at least.
OWN, FOREIGN, LEAST = 0.5, 0.4, 3


def alpha(x: np.ndarray) -> float:
    """Cronbach's alpha of (rows, items).

    >>> alpha(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    1.0
    """
    k = x.shape[1]
    return float(k / (k - 1) * (1 - x.var(0, ddof=1).sum() / x.sum(1).var(ddof=1)))


@functools.cache
def parallel(rows: int, items: int, draws: int = 100) -> np.ndarray:
    """Horn's parallel analysis: eigenvalues, largest first, that random data exceed in five of a hundred draws."""
    rng = np.random.default_rng(20)
    found = [np.linalg.eigvalsh(np.corrcoef(rng.normal(size=(rows, items)), rowvar=False)) for _ in range(draws)]
    return np.quantile(found, 0.95, axis=0)[::-1]


def varimax(loadings: np.ndarray, rounds: int = 200) -> np.ndarray:
    """Loadings turned so that each statement loads on few factors (Kaiser 1958); signs are made positive."""
    n, k = loadings.shape
    turn, was = np.eye(k), 0.0
    for _ in range(rounds if k > 1 else 0):
        turned = loadings @ turn
        u, grown, v = np.linalg.svd(loadings.T @ (turned**3 - turned @ np.diag((turned**2).sum(0)) / n))
        turn = u @ v
        if grown.sum() < was * (1 + 1e-9):
            break
        was = grown.sum()
    turned = loadings @ turn
    turned = turned * np.where(turned.sum(0) < 0, -1, 1)
    return turned[:, np.argsort(-(turned**2).sum(0))]


def r2(x: np.ndarray, y: np.ndarray) -> float:
    """Share of the variance of y that a straight line in the columns of x explains."""
    a = np.column_stack([np.ones(len(x)), x])
    left = y - a @ np.linalg.lstsq(a, y, rcond=None)[0]
    return float(1 - left.var() / y.var())


class Factors(NamedTuple):
    """The factors behind a questionnaire: principal components that outdo random data, turned by varimax."""

    loadings: np.ndarray  # (statements, factors)
    values: np.ndarray  # eigenvalues of the correlations, largest first
    random: np.ndarray  # what random data reach

    @property
    def kept(self) -> int:
        """How many eigenvalues in a row, from the largest on, outdo random data."""
        return int(np.argmin([*(self.values > self.random), False]))

    def margins(self) -> np.ndarray:
        """(statements, factors): how far a loading lies over .5 with all others under .4; below 0 it does not."""
        size = np.abs(self.loadings)
        others = np.array([np.delete(size, f, 1).max(1, initial=0.0) for f in range(size.shape[1])]).T
        return np.minimum(size - OWN, FOREIGN - others)

    def own(self, factor: int) -> np.ndarray:
        """The statements that belong to a factor and to no other; the three that come nearest to it at the least."""
        margin = self.margins()[:, factor]
        return np.argsort(-margin)[: max(int((margin > 0).sum()), LEAST)]


def factors_of(x: np.ndarray, least: int = 1, number: int | None = None) -> Factors:
    """The factors of (rows, statements): as many as parallel analysis keeps but at the least some, or a number."""
    correlation = np.nan_to_num(np.corrcoef(x, rowvar=False))
    values, vectors = np.linalg.eigh(correlation)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    found = Factors(vectors, values, parallel(*x.shape))
    k = max(found.kept, least) if number is None else number
    return found._replace(loadings=varimax(vectors[:, :k] * np.sqrt(values[:k])))


def congruence(one: np.ndarray, other: np.ndarray) -> float:
    """Tucker's congruence of two solutions: that of the worst pair of factors, paired as they match best.

    >>> congruence(np.eye(3), -np.eye(3)[:, ::-1])
    1.0
    """
    from scipy.optimize import linear_sum_assignment

    lengths = np.linalg.norm(one, axis=0)[:, None] * np.linalg.norm(other, axis=0)
    alike = np.abs(one.T @ other) / np.maximum(lengths, 1e-12)
    return float(alike[linear_sum_assignment(-alike)].min())
