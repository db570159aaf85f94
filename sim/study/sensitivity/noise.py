"""What is a factor's doing and what is the market's: runs that failed, and how the variance divides."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

LEAST_MARKETS = 0.5  # a point counts if at least this share of its markets has a value


class Filled(NamedTuple):
    """An outcome without gaps.

    Y        (points, markets); rows of points that are lost are NaN throughout
    missing  how many runs had no value
    lost     how many points had too few
    """

    Y: np.ndarray
    missing: int
    lost: int


def filled(Y: np.ndarray) -> Filled:
    """Fill the gaps that failed runs left, so that no point owes its mean to a lucky market.

    A point that lacks a market is given what the point and the market are worth
    elsewhere, point + market, fitted to the runs there are. A point with fewer
    than half of the markets is lost: what it would have given is not known.
    Markets that no point has are left out.

    >>> filled(np.array([[1.0, 3.0], [2.0, np.nan], [np.nan, np.nan]])).Y[1]
    array([2., 4.])
    """
    Y = np.array(Y, float)
    Y[~np.isfinite(Y)] = np.nan
    Y = Y[:, np.isfinite(Y).any(0)]
    if not Y.size:
        return Filled(Y, 0, len(Y))
    gaps = np.isnan(Y)
    lost = gaps.mean(1) > 1 - LEAST_MARKETS
    missing = int(gaps.sum())
    if missing:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # rows without any value
            market = np.zeros(Y.shape[1])
            for _ in range(100):  # alternating least squares: each mean given the other
                point = np.nanmean(Y - market, axis=1)
                market = np.nan_to_num(np.nanmean(Y - point[:, None], axis=0))
                market -= market.mean()
        Y = np.where(gaps, point[:, None] + market, Y)
        Y[lost] = np.nan
    return Filled(Y, missing, int(lost.sum()))


class Shares(NamedTuple):
    """How the variance of single runs divides, as shares that add up to 1; NaN with one market.

    factors    between points, whatever the market
    market     between markets, whatever the point: luck that all points share
    interplay  what a market does to one point and not to another
    noise      of the variance between points' means, the share that is left of that interplay
    """

    factors: float
    market: float
    interplay: float
    noise: float


def shares(Y: np.ndarray) -> Shares:
    """Divide the variance by points and markets (two-way analysis of variance, one run a cell, random effects).

    Source: the expected mean squares of any textbook; negative components are read as 0.
    """
    Y = Y[np.isfinite(Y).all(1)]
    points, markets = Y.shape
    if points < 2 or markets < 2:
        return Shares(np.nan, np.nan, np.nan, np.nan)
    by_point, by_market, mean = Y.mean(1), Y.mean(0), Y.mean()
    rest = Y - by_point[:, None] - by_market + mean
    of_points = markets * ((by_point - mean) ** 2).sum() / (points - 1)
    of_markets = points * ((by_market - mean) ** 2).sum() / (markets - 1)
    of_rest = (rest**2).sum() / ((points - 1) * (markets - 1))
    scale = float(np.abs(Y).max(initial=0.0)) ** 2
    if of_rest < 1e-24 * scale:
        of_rest = 0.0  # rounding
    parts = np.array([max(of_points - of_rest, 0.0) / markets, max(of_markets - of_rest, 0.0) / points, of_rest])
    whole = parts.sum()
    if not whole > 1e-24 * scale:
        return Shares(np.nan, np.nan, np.nan, np.nan)
    noise = min(of_rest / of_points, 1.0) if of_points > 0 else np.nan
    return Shares(*(float(part) for part in parts / whole), float(noise))
