"""How many things lie behind a questionnaire, which of its statements belong to which, and how much one explains."""

from __future__ import annotations

import numpy as np


def alpha(x: np.ndarray) -> float:
    """Cronbach's alpha of (rows, items).

    >>> alpha(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    1.0
    """
    k = x.shape[1]
    return float(k / (k - 1) * (1 - x.var(0, ddof=1).sum() / x.sum(1).var(ddof=1)))


def parallel(x: np.ndarray, draws: int = 100) -> np.ndarray:
    """Horn's parallel analysis: eigenvalues that shuffled columns exceed in five of a hundred draws."""
    rng = np.random.default_rng(20)
    found = []
    for _ in range(draws):
        shuffled = np.column_stack([rng.permutation(column) for column in x.T])
        found.append(np.linalg.eigvalsh(np.corrcoef(shuffled, rowvar=False))[::-1])
    return np.quantile(found, 0.95, axis=0)


def varimax(loadings: np.ndarray, rounds: int = 200) -> np.ndarray:
    """Loadings turned so that each statement loads on few factors (Kaiser 1958); signs are made positive."""
    n, k = loadings.shape
    turn = np.eye(k)
    for _ in range(rounds if k > 1 else 0):
        turned = loadings @ turn
        u, _, v = np.linalg.svd(loadings.T @ (turned**3 - turned @ np.diag((turned**2).sum(0)) / n))
        turn = u @ v
    turned = loadings @ turn
    turned = turned * np.where(turned.sum(0) < 0, -1, 1)
    return turned[:, np.argsort(-(turned**2).sum(0))]


def r2(x: np.ndarray, y: np.ndarray) -> float:
    """Share of the variance of y that a straight line in the columns of x explains."""
    a = np.column_stack([np.ones(len(x)), x])
    left = y - a @ np.linalg.lstsq(a, y, rcond=None)[0]
    return float(1 - left.var() / y.var())
