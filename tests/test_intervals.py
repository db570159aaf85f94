"""Bands and intervals hold the share that they name: simulated, each test with its false-alarm rate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.result.outcomes import OUTCOMES
from sim.study.intervals import (
    FEW,
    all_at_once,
    band,
    band_name,
    chance_of_none,
    mean_interval,
    outcome_interval,
)

SETS = 4000  # of markets a case
SHAPES = {"normal": stats.norm(), "skewed": stats.lognorm(0.8), "bounded": stats.uniform(), "wild": stats.t(4)}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [9, 10, 15, 20, 30, 100])
def test_the_band_holds_four_fifths_of_the_markets_to_come(shape, n):
    """The mean share held over 4,000 sets of markets, reckoned and not drawn. One set's share has a standard deviation
    of at most 0.12, so the mean's is 0.002; the limits lie more than five of them away from what is expected (0.80 to
    0.825): a false alarm in less than one of a million tests."""
    luck = np.random.default_rng(n)
    low, _, high = band(SHAPES[shape].rvs((n, SETS), random_state=luck))
    held = SHAPES[shape].cdf(high) - SHAPES[shape].cdf(low)
    assert 0.79 < held.mean() < 0.836


@pytest.mark.parametrize("n", range(2, 9))
def test_fewer_than_nine_markets_give_their_range(n):
    values = np.random.default_rng(n).normal(size=n)
    low, middle, high = band(values)
    assert (low, middle, high) == pytest.approx((values.min(), np.median(values), values.max()))
    assert band_name(n) == "range" and band_name(9) == "80 % band"


def few_and_far(n: int, luck) -> np.ndarray:
    """Differences of which one in six lies far from the others, as where only some markets carry a firm up."""
    return 0.2 + 0.05 * luck.normal(size=(SETS, n)) + (luck.random((SETS, n)) < 1 / 6)


def stepwise(n: int, luck) -> np.ndarray:
    """Shares of twenty quarters that seldom differ, so that few markets are often all equal."""
    return luck.binomial(20, 0.05, (SETS, n)) / 20


def held(samples: np.ndarray, true: float, unit: str) -> tuple[float, float]:
    """Of the intervals given: how many hold the truth; and how many were given."""
    found = np.array([outcome_interval(each, unit)[1:] for each in samples])
    given = np.isfinite(found[:, 0])
    inside = (found[given, 0] <= true) & (true <= found[given, 1])
    return float(inside.mean()) if given.any() else 1.0, float(given.mean())


@pytest.mark.parametrize("n", [3, 5, 9])
def test_steps_and_clusters_get_no_interval_from_few_markets(n):
    """What Student's t would claim there, and that nothing is claimed."""
    luck, true = np.random.default_rng(n), 0.2 + 1 / 6
    samples = few_and_far(n, luck)
    plain = np.array([mean_interval(each)[1:] for each in samples])
    assert np.mean((plain[:, 0] <= true) & (true <= plain[:, 1])) < 0.85
    assert held(samples, true, "0..1")[1] == held(stepwise(n, luck), 0.05, "0..1")[1] == 0.0


def test_three_equal_shares_are_no_certainty():
    equal = outcome_interval([0.25] * 3, "0..1")
    assert equal.mean == 0.25 and np.isnan(equal.low) and np.isnan(equal.high)
    assert np.isnan(outcome_interval([0.25] * 30, "0..1").low)


@pytest.mark.parametrize("n, least", [(10, 0.81), (20, 0.865), (30, 0.90)])
def test_what_the_intervals_hold_from_ten_markets_on(n, least):
    """Clusters hold less than 95 %, as `outcome_interval` says: 83, 88 and 92 of 100, and steps 94 (20,000 sets each).
    The limits lie four standard errors (0.006 at most) below: a false alarm in one of 10,000 tests."""
    luck = np.random.default_rng(n)
    assert FEW == 10
    assert held(few_and_far(n, luck), 0.2 + 1 / 6, "0..1")[0] > least
    assert held(stepwise(n, luck), 0.05, "0..1")[0] > 0.925


@pytest.mark.parametrize("n", [3, 5, 10, 30])
def test_money_holds_95_of_100(n):
    """Normal differences; standard error 0.0034, limits four of them away: a false alarm in 16,000 tests."""
    share, given = held(np.random.default_rng(n).normal(1.0, 3.0, (SETS, n)), 1.0, "k€")
    assert given == 1.0 and abs(share - 0.95) < 0.014


def test_all_asked_at_once_seldom_err_where_nothing_differs():
    """2,000 tables of as many outcomes without any difference: at most 5 % show one (standard error 0.005, limit four
    above: a false alarm in 30,000 tests), where by themselves half of the tables would."""
    luck, rows = np.random.default_rng(1), len(OUTCOMES)
    tables = luck.normal(size=(2000, rows, 10))
    chances = np.array([[chance_of_none(row) for row in table] for table in tables])
    alone = (chances < 0.05).any(1).mean()
    together = np.mean([(all_at_once(row) < 0.05).any() for row in chances])
    assert together < 0.07 and alone > 0.4


def test_holm_is_scipys_p_and_never_less_than_it():
    luck = np.random.default_rng(2)
    values = luck.normal(0.5, 1.0, (9, 12))
    chances = [chance_of_none(row) for row in values]
    assert chances == pytest.approx([stats.ttest_1samp(row, 0.0).pvalue for row in values])
    adjusted = all_at_once(chances)
    assert (adjusted >= chances).all() and adjusted.min() == pytest.approx(min(1.0, 9 * min(chances)))
    assert (np.diff(adjusted[np.argsort(chances)]) >= 0).all()
