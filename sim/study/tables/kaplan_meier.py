"""Kaplan-Meier curves: how large a share has come so far by each time, when some were lost from sight."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np


class Curve(NamedTuple):
    """A Kaplan-Meier estimate: the share that has come so far by each time, with its 95 % interval.

    `time` begins at 0; `at_risk` counts who was still on the way just before.
    """

    time: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    censored: np.ndarray  # times at which somebody was lost from sight
    times: np.ndarray  # of everybody, whether the event came or not

    def still(self, time: float) -> int:
        """How many are still on the way at a time."""
        return int((self.times > time).sum()) if time else len(self.times)


def kaplan_meier(times: Iterable[float], events: Iterable[int]) -> Curve:
    """The share that has had the event by each time, from times that may be censored (event 0).

    The product-limit estimate with Greenwood's variance on the log-log scale
    (`scipy.stats.ecdf`), turned round: 1 minus the survival function. Where
    everybody has come the formula gives no interval: NaN.

    >>> curve = kaplan_meier([1, 2, 2, 3, 4], [1, 1, 0, 1, 0])
    >>> curve.time.tolist(), curve.share.round(3).tolist(), curve.at_risk.tolist()
    ([0.0, 1.0, 2.0, 3.0], [0.0, 0.2, 0.4, 0.7], [5, 5, 4, 2])
    """
    from scipy.stats import CensoredData, ecdf

    times, events = np.asarray(list(times), float), np.asarray(list(events), int)
    censored = np.sort(times[events == 0])
    if not events.any():
        start = np.zeros(1)
        return Curve(start, start, start, start, np.array([len(times)]), censored, times)
    survival = ecdf(CensoredData(uncensored=times[events == 1], right=censored)).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")  # that an interval is undefined is said by NaN
        ends = survival.confidence_interval(0.95, method="log-log")
    happened = np.isin(survival.quantiles, times[events == 1])
    at = survival.quantiles[happened]
    share = 1.0 - survival.probabilities[happened]
    low, high = 1.0 - ends.high.probabilities[happened], 1.0 - ends.low.probabilities[happened]
    at_risk = [(times >= t).sum() for t in at]
    first = np.zeros(1)
    return Curve(*(np.concatenate([first, part]) for part in (at, share, low, high)),
                 np.array([len(times), *at_risk]), censored, times)  # fmt: skip
