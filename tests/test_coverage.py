"""Every interval that a verb prints holds what it says: invented data with known truth, each at its stated error.

The table of them all, and which test is whose, is docs/reference/intervals.md; here are those that no other test holds.
"""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.study import doubt
from sim.study.futures import Futures
from sim.study.intervals import band, mean_interval
from sim.study.own import backtest, gate
from sim.study.reach.doubted import rate_of_sets
from sim.study.reach.plan import rate_interval
from sim.study.sensitivity.effects import morris
from sim.study.sensitivity.how_many import HowMany, needed
from sim.study.sensitivity.sample import Axis
from sim.study.sensitivity.variance import first_order, grid, sobol
from sim.study.tables.kaplan_meier import kaplan_meier
from sim.study.validation.patterns.pattern import statistic

DOC = Path(__file__).parent.parent / "docs" / "reference" / "intervals.md"
AXES = [Axis(name, 0.0, 1.0) for name in ("a", "b", "c")]
SLOPES = np.array([3.0, 1.0, 0.0])  # of a sum of three factors, each evenly from 0 to 1
SHARES = SLOPES**2 / (SLOPES**2).sum()  # of its variance; first and total are the same


def means_of_sets(rng) -> bool:
    """explain, compare --doubt: the mean of sets of numbers that two markets share."""
    found = doubt.layers(_sets(rng, 12, 0.5), range(24))
    return found.low <= 0 <= found.high


def one_world(rng) -> bool:
    """brief, plan of a firm with 15 sets of its own: the mean over all markets for one set more."""
    found = doubt.layers(_sets(rng, 15, 0.2), range(30), of=15)
    return found.world_low <= math.sqrt(0.2) * rng.normal() <= found.world_high


def first_to_measure(rng) -> bool:
    """compare --doubt: the shares of all numbers at once, one of which makes a third of the variance."""
    names, begin = [f"number {k}" for k in range(8)], 2 * int(rng.integers(10**6))
    seeds = range(begin, begin + 80)
    U = np.array([doubt.place(names[0], doubt.set_of(seed)) for seed in seeds[::2]])
    means = (U - 0.5) * math.sqrt(12 / 3) + math.sqrt(2 / 3) * rng.normal(size=40)
    found = doubt.rank(np.repeat(means, 2), seeds, names)
    truth = pd.Series([1 / 3] + [0.0] * 7, index=names).reindex(found.index)
    return bool(((found["share_low"] <= truth + 1e-9) & (truth <= found["share_high"])).all())


def rate_over_sets(alike: float, p: float = 0.3):
    """reach --doubt: the share of runs that get there, where two markets of a set are more or less alike."""

    def study(rng) -> bool:
        rates = rng.beta(p * (1 / alike - 1), (1 - p) * (1 / alike - 1), 30) if alike else np.full(30, p)
        found = rate_of_sets((rng.random((30, 2)) < rates[:, None]).astype(float).ravel(), range(60))
        return found.low <= p <= found.high

    return study


def markets_needed(rng) -> bool:
    """sensitivity --how-many: how many markets a precision takes, as the spread is only estimated."""
    found = HowMany(rng.normal(100.0, 20.0, (1, 40)), "net_value", "k€", 0.02).df.iloc[0]
    return found["needed_low"] <= needed(100.0, 20.0, 0.02) <= found["needed_high"]


def values_of_one_factor(rng) -> bool:
    """sensitivity, one at a time: all three values of a factor at once, in the same markets."""
    apart = rng.normal(size=(3, 12)) + rng.normal(size=(1, 12))
    ends = [mean_interval(row, 1 - 0.05 / 3) for row in apart]
    return all(each.low <= 0 <= each.high for each in ends)


def shares_of_a_grid(rng) -> bool:
    """sensitivity, grid: the largest share of the variance, of a grid of three values each in 20 markets."""
    P = np.stack(np.meshgrid(*[np.array([0.0, 0.5, 1.0])] * 3, indexing="ij"), -1).reshape(-1, 3)
    Y = (P @ SLOPES)[:, None] + P[:, [0]] * rng.normal(size=(1, 20)) + 0.3 * rng.normal(size=(27, 20))
    found = grid(AXES, P, Y, pd.DataFrame(P, columns=["a", "b", "c"])).table.loc["a"]
    return found["first_low"] <= SHARES[0] <= found["first_high"]


def shares_by_sobol(rng) -> bool:
    """sensitivity, Sobol: a factor's total share, of 64 blocks in 8 markets."""
    A, B = rng.random((2, 64, 3))
    blocks = [A, *(np.where(np.arange(3) == j, B, A) for j in range(3)), B]
    P = np.stack(blocks, 1).reshape(-1, 3)
    Y = (P @ SLOPES)[:, None] + 0.2 * rng.normal(size=(len(P), 8))
    found = sobol(AXES, P, Y, pd.DataFrame(P, columns=["a", "b", "c"])).table.loc["b"]
    return found["total_low"] <= SHARES[1] + found["noise"] and SHARES[1] <= found["total_high"]


def sizes_by_morris(rng) -> bool:
    """sensitivity, Morris: the mean size of a factor's effects that differ between walks, 12 walks in 6 markets."""
    walks, sizes = [], rng.normal(4.0, 1.0, 12)
    for _ in range(12):
        at = rng.integers(0, 2, 3) / 3
        path = [at]
        for j in rng.permutation(3):
            at = at + np.eye(3)[j] * 2 / 3
            path.append(at)
        walks.append(np.array(path))
    P = np.concatenate(walks)
    clean = P[:, 0] * np.repeat(sizes, 4) + P[:, 1]
    Y = clean[:, None] + 0.3 * rng.normal(size=(len(P), 6))
    found = morris(AXES, P, Y, pd.DataFrame(P, columns=["a", "b", "c"])).table.loc["a"]
    return found["low"] <= 4.0 <= found["high"]


def shares_alone(rng) -> bool:
    """sensitivity, first-order: a factor's share, from 200 points of a random sample."""
    P = rng.random((200, 3))
    Y = (P @ SLOPES)[:, None] + 0.2 * rng.normal(size=(200, 6))
    found = first_order(AXES, P, Y, pd.DataFrame(P, columns=["a", "b", "c"])).table.loc["a"]
    return found["first_low"] <= SHARES[0] <= found["first_high"]


def median_time(rng) -> bool:
    """survival: the median time to a stage, of 40 firms, some lost from sight."""
    times, lost = rng.exponential(1.0, 40), rng.uniform(0.0, 4.0, 40)
    curve = kaplan_meier(np.minimum(times, lost), (times <= lost).astype(int))
    first = [
        curve.time[np.argmax(side >= 0.5)] if (side >= 0.5).any() else math.inf for side in (curve.high, curve.low)
    ]
    return first[0] <= math.log(2) <= first[1]


def ratio_of_means(rng) -> bool:
    """validate: a pattern's statistic of several means, by the bootstrap over 20 markets."""
    pattern = SimpleNamespace(share=False, combine=lambda m: m[..., 0] / m[..., 1], whole=None)
    found = statistic(pattern, rng.normal([3.0, 2.0], [0.5, 0.3], (20, 2)))
    return found.low <= 1.5 <= found.high


# What is studied, how often, the least and the most that may be held: what is nominal (or known to be held, where that
# is said) less and more three standard errors. Seeds are fixed.
STUDIES = {
    "means of sets": (means_of_sets, 500, 0.92, 0.98),
    "one world": (one_world, 500, 0.92, 1.0),
    "first to measure": (first_to_measure, 150, 0.90, 1.0),
    "rate, independent runs": (rate_over_sets(0.0), 400, 0.92, 1.0),
    "rate, sets a little alike": (rate_over_sets(0.2), 400, 0.92, 1.0),
    "rate, sets much alike": (rate_over_sets(0.8), 400, 0.92, 1.0),
    "rare, sets much alike": (rate_over_sets(0.8, 0.05), 400, 0.92, 1.0),
    "markets needed": (markets_needed, 200, 0.90, 0.99),
    "values of one factor": (values_of_one_factor, 400, 0.92, 1.0),
    "shares of a grid": (shares_of_a_grid, 100, 0.88, 1.0),
    "shares by Sobol": (shares_by_sobol, 40, 0.85, 1.0),
    "sizes by Morris": (sizes_by_morris, 60, 0.80, 1.0),
    "shares alone": (shares_alone, 40, 0.80, 1.0),
    "median time": (median_time, 150, 0.89, 1.0),
    "ratio of means": (ratio_of_means, 150, 0.89, 1.0),
}


def _sets(rng, sets: int, share: float) -> np.ndarray:
    """Differences in two markets of each set, of variance 1, of which `share` lies between sets; the mean is 0."""
    between = math.sqrt(share) * rng.normal(size=(sets, 1))
    return (between + math.sqrt(1 - share) * rng.normal(size=(sets, 2))).ravel()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name == "shares alone" else name for name in STUDIES]
)
def test_an_interval_holds_what_it_says(name):
    study, times, least, most = STUDIES[name]
    rng = np.random.default_rng([5, list(STUDIES).index(name)])
    held = sum(bool(study(rng)) for _ in range(times)) / times
    assert least <= held <= most


@pytest.mark.parametrize("p", [0.03, 0.2, 0.5, 0.8, 0.97])
def test_the_exact_interval_of_a_plans_rate_holds_95_at_least(p):
    """Reckoned over all outcomes of 60 markets, not drawn."""
    ends = np.array([rate_interval(x, 60) for x in range(61)])
    held = ((ends[:, 0] <= p) & (p <= ends[:, 1])) @ stats.binom.pmf(np.arange(61), 60, p)
    assert held >= 0.95


def test_markets_that_are_the_same_for_all_sets_would_hold_far_too_little():
    """Why each set of numbers has markets of its own: else the luck of two markets is in every difference, and no
    interval over sets tells of it (60 of 100 worlds held where 95 are named)."""
    rng, held = np.random.default_rng(8), 0
    for _ in range(300):
        values = (0.5 * rng.normal(size=(15, 1)) + rng.normal(size=(1, 2))).ravel()
        found = doubt.layers(values, range(30))
        held += found.world_low <= 0.5 * rng.normal() <= found.world_high
    assert held / 300 < 0.75


def test_bands_of_runs_are_of_the_runs_to_come():
    """futures, backtest, gate: between the ends (`intervals.band`) lies the share that is named, of runs to come;
    between the quantiles of the runs themselves lies less."""
    rng = np.random.default_rng(9)
    values = rng.normal(size=30)
    table = pd.DataFrame({"day": 5, "score": [*values, math.nan]})
    assert Futures(None, table, ["score"]).spread()[["low", "median", "high"]].iloc[0].tolist() == band(values).tolist()
    step = gate._step("leads a day", 1.0, values.tolist(), "k")
    assert [step.low, step.middle, step.high] == [gate._twice("leads a day", x) for x in band(values, 0.9)]
    months = [{"month": f"2024-{m:02d}", "leads": 10.0 + m} for m in range(1, 13)]
    runs = [{each["month"]: value for each in months} for value in values]
    row = backtest._row("leads", months, ["2024-11", "2024-12"], runs)
    assert [row.low[0], row.middle[0], row.high[0]] == band(values, 0.9).tolist()
    for n in (50, 100):
        many = rng.normal(size=(n, 2000))
        ours, plain = band(many, 0.9), np.quantile(many, (0.05, 0.5, 0.95), axis=0)
        inside = [float((stats.norm.cdf(each[2]) - stats.norm.cdf(each[0])).mean()) for each in (ours, plain)]
        assert abs(inside[0] - 0.9) < 0.006 and inside[1] < 0.885


def test_the_list_of_intervals_names_tests_that_there_are():
    """Each row of docs/reference/intervals.md names its test as file and function, or a study of this file."""
    rows = [line.split("|")[-2].strip() for line in DOC.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) >= 20
    for row in rows:
        file, _, name = row.strip("`").partition(" ")
        text = (Path(__file__).parent / file).read_text("utf-8")
        assert f"def {name}(" in text or f'"{name}": (' in text, row
