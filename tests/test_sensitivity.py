"""What matters, where, and how many markets: known answers through the same code, faults said, true sentences."""

from __future__ import annotations

import json
import math
import shlex
import shutil
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from test_figures import check_words, texts_of

import sim
from sim import figures
from sim.errors import InputError
from sim.files.sums import SUMS, sums_of, sums_text
from sim.scenario.schema import NUMBERS
from sim.study.experiments.design import design
from sim.study.experiments.experiment import BASE, Factor, Sample
from sim.study.intervals import t_quantile
from sim.study.sensitivity.boxes import check, search
from sim.study.sensitivity.discovery import discover
from sim.study.sensitivity.found import MOVES, NOTHING, UNKNOWN, jackknife
from sim.study.sensitivity.how_many import HowMany, how_many, needed
from sim.study.sensitivity.noise import filled, shares
from sim.study.sensitivity.sample import LEAST_FIRST_ORDER, Axis, trajectories
from sim.study.sensitivity.sensitivity import can_rank, sensitivity
from sim.study.sensitivity.sentences import WIDE
from sim.study.sensitivity.terms import read_term

FOUR = ("trust.initial", "trust.gain", "trust.loss", "trust.attitude")
WORDS = ("teams decide", "mandated", "forbidden")


def factor(name, low=0.0, high=1.0, **more):
    return Factor(name, "lever", low, high, **more)


def fake_base(values):
    return SimpleNamespace(values=values, value=lambda name: values.get(name, NUMBERS[name].default))


def fake_store(function, factors, sample, markets=6, noise=0.0, luck=0.0, arms=(BASE,), table=None, lost=(), base=None):
    """A store whose outcomes are a function of the design, plus the markets' luck and noise of each run."""
    experiment = SimpleNamespace(factors=tuple(factors), sample=sample, given=table, markets=tuple(range(markets)),
                                 arms={arm: {} for arm in arms}, base=fake_base(base or {}), hash="0" * 16,
                                 constraints=(), doubt=False, each=(), fewest=markets)  # fmt: skip
    points = design(experiment)

    def matrix(outcome, arm=BASE):
        dice = np.random.default_rng([3, list(arms).index(arm), len(outcome)])
        Y = np.asarray(function(points, arm) if len(arms) > 1 else function(points), float)[:, None]
        Y = (
            Y
            + luck * np.random.default_rng(9).normal(size=(1, markets))
            + noise * dice.normal(size=(len(points), markets))
        )
        for point, market in lost:
            Y[point, market] = np.nan
        return points, Y

    return SimpleNamespace(experiment=experiment, design=points, outcomes=("net_value", "score", "followed_up"),
                           matrix=matrix, missing=list, is_complete=True)  # fmt: skip


def ishigami(points):
    a, b, c = (points[name].to_numpy(float) for name in FOUR[:3])
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


# Of the function of Ishigami and Homma (1990) with a = 7, b = 0.1; the fourth factor does nothing.
FIRST = {"trust.initial": 0.3139, "trust.gain": 0.4424, "trust.loss": 0.0, "trust.attitude": 0.0}
TOTAL = {"trust.initial": 0.5576, "trust.gain": 0.4424, "trust.loss": 0.2437, "trust.attitude": 0.0}
ROUND = [factor(name, -math.pi, math.pi) for name in FOUR]

MIXED = [*(factor(name) for name in FOUR), factor("liaison.count", 0, 3), factor("liaison.hired", 0, 1),
         factor("practices.rules", 0, 2, values=WORDS), factor("market.value", 1.0, 1000.0, scale="log")]  # fmt: skip
SLOPES = {
    "trust.initial": 10.0,
    "liaison.count": 6.0,
    "trust.gain": 5.0,
    "practices.rules": 4.0,
    "liaison.hired": 3.0,
    "market.value": 2.0,
    "trust.loss": 1.0,
    "trust.attitude": 0.0,
}  # over the whole range; fmt: skip


def linear(points):
    y = 10 * points["trust.initial"] - 5 * points["trust.gain"] + points["trust.loss"]
    y = y + 2 * points["liaison.count"] + 3 * points["liaison.hired"] + 2 * np.log10(points["market.value"]) / 3
    return y + 4.0 * (points["practices.rules"] == "mandated")


# --- known answers ---


@pytest.fixture(scope="module")
def sobol():
    return sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 1024), luck=2.0))


def test_sobol_of_ishigami(sobol):
    """Within 0.05 of the truth at 1,024 blocks, and every interval of 95 % covers it (the seed is fixed)."""
    assert sobol.method == "sobol"
    for name, row in sobol.df.iterrows():
        assert row["first"] == pytest.approx(FIRST[name], abs=0.05)
        assert row["total"] == pytest.approx(TOTAL[name], abs=0.05)
        assert row["first_low"] - 1e-9 <= FIRST[name] <= row["first_high"] + 1e-9
        assert row["total_low"] - 1e-9 <= TOTAL[name] <= row["total_high"] + 1e-9
    pairs = sobol.second["second"]
    assert pairs.index[0] == ("trust.initial", "trust.loss") and pairs.iloc[0] == pytest.approx(0.2437, abs=0.06)
    assert (sobol.second["verdict"].iloc[1:] == NOTHING).all() and sobol.second["verdict"].iloc[0] == MOVES


def test_sobol_gives_what_salib_gives(sobol):
    Y = fake_store(ishigami, ROUND, Sample("saltelli", 1024)).matrix("net_value")[1].mean(1)
    alone = salib_sobol.analyze({"num_vars": 4, "names": list(FOUR), "bounds": [[0, 1]] * 4}, Y, seed=1)
    assert sobol.df.loc[list(FOUR), "first"].to_numpy() == pytest.approx(alone["S1"], abs=1e-9)
    assert sobol.df.loc[list(FOUR), "total"].to_numpy() == pytest.approx(alone["ST"], abs=1e-9)


def test_a_factor_that_does_nothing_is_last_and_said_to_be_nothing(sobol):
    assert sobol.df.index[-1] == "trust.attitude"
    assert (sobol.df.loc["trust.attitude", ["first", "total"]] == 0).all()
    assert sobol.df["verdict"].to_dict() == dict.fromkeys(FOUR[:3], MOVES) | {"trust.attitude": NOTHING}
    said = next(line for line in sobol.sentences() if "trust.attitude" in line)
    assert "indistinguishable from zero" in said


def test_luck_that_all_points_share_changes_no_index(sobol):
    other = sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 1024), luck=50.0))
    for column in ("first", "total", "total_high"):
        assert other.df[column].to_numpy() == pytest.approx(sobol.df[column].to_numpy(), abs=1e-9)


def test_noise_of_single_runs_is_told_from_a_factor():
    """The idle factor's total is all noise, sigma² / markets / variance, and is said to be nothing."""
    found = sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 1024), noise=3.0, markets=6))
    idle, expected = found.df.loc["trust.attitude"], 9 / 6 / (13.84 + 9 / 6)
    assert idle["noise"] == pytest.approx(expected, rel=0.1) and idle["total"] == pytest.approx(expected, rel=0.15)
    assert idle["verdict"] == NOTHING and found.df.index[-1] == "trust.attitude"
    assert (found.df.loc[list(FOUR[:3]), "verdict"] == MOVES).all()
    assert found.shares.noise == pytest.approx(expected, rel=0.1)


def test_sobol_without_second_order():
    found = sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 512, second_order=False)))
    assert found.method == "sobol" and found.second is None
    assert found.df.loc["trust.gain", "first"] == pytest.approx(0.4424, abs=0.08)


def test_morris_of_a_linear_function():
    """Every effect is the slope over the whole range, whatever step was made; sigma is 0; the idle factor is last."""
    store = fake_store(
        lambda t: linear(t) - 4.0 * (t["practices.rules"] == "mandated"), MIXED, Sample("morris", 8), luck=3
    )
    found = sensitivity(store)
    wanted = SLOPES | {"practices.rules": 0.0}
    assert found.method == "morris" and found.df.index[0] == "trust.initial"
    assert found.df["mu_star"].to_dict() == pytest.approx(wanted, abs=1e-9)
    assert found.df["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert found.df.loc["trust.gain", "mu"] == pytest.approx(-5.0) and math.isnan(found.df.loc["practices.rules", "mu"])
    assert (found.df["low"].to_numpy(), found.df["high"].to_numpy()) == (
        pytest.approx(found.df["mu_star"].to_numpy(), abs=1e-9),
        pytest.approx(found.df["mu_star"].to_numpy(), abs=1e-9),
    )
    assert set(found.df.index[-2:]) == {"trust.attitude", "practices.rules"}
    assert (found.df["verdict"].iloc[-2:] == NOTHING).all() and (found.df["verdict"].iloc[:-2] == MOVES).all()


def test_a_change_of_word_counts_as_it_is():
    """No word is half-way between two others: the effect is the change itself, 4 or nothing."""
    store = fake_store(linear, MIXED, Sample("morris", 12), luck=1.0)
    X, Y = store.matrix("net_value")
    moved = np.flatnonzero(X["practices.rules"].ne(X["practices.rules"].shift()) & (np.arange(len(X)) % 9 > 0))
    assert len(moved) == 12 and len({*np.round(np.abs(Y[moved] - Y[moved - 1]).mean(1), 9)} - {0.0, 4.0}) == 0
    wanted = np.abs(Y[moved] - Y[moved - 1]).mean()
    assert sensitivity(store).df.loc["practices.rules", "mu_star"] == pytest.approx(wanted)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=6), st.integers(1, 1000))
def test_morris_is_the_size_of_the_slope(slopes, seed):
    names = list(sim.numbers())[: len(slopes)]
    factors = [factor(name, -2.0, 3.0) for name in names]
    store = fake_store(lambda t: (t[names].to_numpy() * slopes).sum(1), factors, Sample("morris", 3, seed), markets=2)
    found = sensitivity(store)
    assert [found.df.loc[n, "mu_star"] for n in names] == pytest.approx([5 * abs(s) for s in slopes], abs=1e-7)
    assert list(found.df["mu_star"]) == sorted(found.df["mu_star"], reverse=True)


def test_morris_gives_what_salib_gives_where_salib_can():
    store = fake_store(ishigami, ROUND, Sample("morris", 30))
    X, Y = store.matrix("net_value")
    problem = {"num_vars": 4, "names": list(FOUR), "bounds": [[0, 1]] * 4}
    alone = salib_morris.analyze(problem, X.to_numpy(float), Y.mean(1), num_levels=4)
    found = sensitivity(store).df.loc[list(FOUR)]
    for column in ("mu", "mu_star", "sigma"):
        assert found[column].to_numpy() == pytest.approx(np.asarray(alone[column], float), abs=1e-9)
    assert found.loc["trust.loss", "sigma"] > found.loc["trust.loss", "mu_star"]  # it works through interplay only


def test_morris_takes_luck_for_luck():
    """Of 200 factors that do nothing but shake the runs, 5 % are taken for more: at most 9 % (p < 0.01 if true)."""
    hits = 0
    for seed in range(50):
        store = fake_store(lambda t: 0.0 * t[FOUR[0]], ROUND, Sample("morris", 10, seed + 1), markets=4)
        noisy = np.random.default_rng(seed).normal(size=(len(store.design), 4))
        store.matrix = lambda outcome, arm=BASE, Y=noisy, X=store.design: (X, Y)
        hits += int((sensitivity(store).df["verdict"] == MOVES).sum())
    assert hits <= 18


def test_one_at_a_time_of_a_linear_function():
    base = {"trust.initial": 0.3, "market.value": 10.0}
    found = sensitivity(fake_store(linear, MIXED, Sample("one-at-a-time"), luck=3.0, base=base))
    assert found.method == "one-at-a-time"
    assert found.df["swing"].to_dict() == pytest.approx(SLOPES, abs=1e-9)
    assert list(found.df.index)[:3] == ["trust.initial", "liaison.count", "trust.gain"]
    assert found.df.index[-1] == "trust.attitude" and found.df.loc["trust.attitude", "verdict"] == NOTHING
    rows = found.curve[found.curve["factor"] == "trust.initial"]
    assert rows["difference"].to_numpy() == pytest.approx(10 * (rows["value"].to_numpy(float) - 0.3), abs=1e-9)
    assert rows["base"].sum() == 1 and (rows["low"] <= rows["difference"]).all()
    assert found.df.loc["practices.rules", "most_at"] == "mandated"


def test_a_swing_within_the_markets_luck_is_said_to_be_nothing():
    found = sensitivity(fake_store(linear, MIXED, Sample("one-at-a-time"), noise=0.5, markets=8))
    assert found.df.loc["trust.attitude", "swing"] > 0 and found.df.loc["trust.attitude", "verdict"] == NOTHING
    assert found.df.loc["trust.initial", "verdict"] == MOVES
    said = next(line for line in found.sentences() if "trust.attitude" in line)
    assert "is indistinguishable from zero" in said


def test_one_market_tells_nothing_from_luck():
    found = sensitivity(fake_store(linear, MIXED, Sample("one-at-a-time"), markets=1))
    assert set(found.df["verdict"]) == {UNKNOWN, NOTHING}  # NOTHING: the same in every run
    assert "With one market nothing tells" in found.summary()
    assert (sensitivity(fake_store(linear, MIXED, Sample("morris", 4), markets=1)).df["verdict"] != MOVES).all()


def test_shares_of_a_grid_are_exact():
    """a + b b: the two alone; a b: interplay that the closed form gives; a third factor does nothing."""
    three = [factor(name, levels=5) for name in FOUR[:3]]
    u = np.linspace(0, 1, 5)
    adds = sensitivity(fake_store(lambda t: t[FOUR[0]] + t[FOUR[1]] ** 2, three, Sample("grid"), luck=1.0))
    whole = u.var() + (u**2).var()
    wanted = {FOUR[0]: u.var() / whole, FOUR[1]: (u**2).var() / whole, FOUR[2]: 0.0}
    assert adds.method == "grid"
    assert adds.df["first"].to_dict() == pytest.approx(wanted) and adds.df["total"].to_dict() == pytest.approx(wanted)
    assert adds.df.index[-1] == FOUR[2] and adds.df.loc[FOUR[2], "verdict"] == NOTHING
    assert adds.df.loc[FOUR[0], "at_high_end"] - adds.df.loc[FOUR[0], "at_low_end"] == pytest.approx(1.0)
    assert "the mean goes from" in adds.sentences()[2]
    for style in (None, "paper", "talk"):
        with figures.dressed(style):
            check_words(adds.plot().figure)
    times = sensitivity(fake_store(lambda t: t[FOUR[0]] * t[FOUR[1]], three, Sample("grid"))).df
    variance = np.outer(u, u).var()
    assert times.loc[FOUR[0], "first"] == pytest.approx(u.mean() ** 2 * u.var() / variance)
    assert times.loc[FOUR[0], "total"] == pytest.approx(1 - u.mean() ** 2 * u.var() / variance)


def test_first_order_from_any_sample():
    """RBD-FAST within 0.08 of the truth at 2,048 points."""
    for method in ("latin-hypercube", "sobol"):
        found = sensitivity(fake_store(ishigami, ROUND, Sample(method, 2048), markets=2))
        assert found.method == "first-order"
        assert found.df["first"].to_dict() == pytest.approx(FIRST, abs=0.08)
    assert found.df.loc["trust.attitude", "verdict"] == NOTHING


def test_the_same_twice_whatever_the_dice_of_others():
    store = fake_store(ishigami, ROUND, Sample("saltelli", 64), noise=1.0)
    np.random.seed(1)
    first = sensitivity(store)
    np.random.seed(2)
    again = sensitivity(store)
    pd.testing.assert_frame_equal(first.df, again.df)
    pd.testing.assert_frame_equal(first.second, again.second)


# --- chance and gaps ---


@given(st.integers(2, 8), st.integers(2, 6), st.integers(0, 10_000))
def test_gaps_of_an_additive_table_are_filled_exactly(points, markets, seed):
    dice = np.random.default_rng(seed)
    Y = dice.normal(size=(points, 1)) + dice.normal(size=(1, markets))
    holed = Y.copy()
    holed[dice.integers(points), dice.integers(markets)] = np.nan
    gaps = filled(holed)
    assert gaps.missing == 1 and gaps.lost == (0 if markets > 1 else 1)
    np.testing.assert_allclose(gaps.Y, Y, atol=1e-6)


def test_a_point_with_too_few_markets_is_lost_and_empty_markets_go():
    Y = np.array([[1.0, 2, 3, np.nan], [4.0, np.nan, np.nan, np.nan], [7.0, 8, 9, np.nan]])
    gaps = filled(Y)
    assert gaps.Y.shape == (3, 3) and gaps.lost == 1 and np.isnan(gaps.Y[1]).all()
    assert not np.isnan(gaps.Y[[0, 2]]).any()


@given(st.integers(2, 12), st.integers(2, 8), st.floats(0.01, 5), st.floats(0, 5), st.integers(0, 1000))
def test_shares_add_up(points, markets, noise, luck, seed):
    dice = np.random.default_rng(seed)
    Y = (
        dice.normal(size=(points, 1))
        + luck * dice.normal(size=(1, markets))
        + noise * dice.normal(size=(points, markets))
    )
    divided = shares(Y)
    assert sum(divided[:3]) == pytest.approx(1.0) and all(0 <= part <= 1 for part in divided)
    assert shares(7 + 3 * Y) == pytest.approx(divided)


def test_shares_find_what_was_put_in():
    """Components 4 : 1 : 9 of 400 points and 100 markets, within 0.05; without noise the market's share alone."""
    dice = np.random.default_rng(1)
    Y = 2 * dice.normal(size=(400, 1)) + dice.normal(size=(1, 100)) + 3 * dice.normal(size=(400, 100))
    assert shares(Y)[:3] == pytest.approx((4 / 14, 1 / 14, 9 / 14), abs=0.05)
    assert shares(np.array([[0.0, 1.0], [2.0, 3.0]]))[:3] == pytest.approx((0.8, 0.2, 0.0))  # by hand: 2 and 1/2
    clean = shares(np.arange(5.0)[:, None] + np.arange(3.0))
    assert clean.interplay == 0 and clean.noise == 0 and clean.market > 0
    assert math.isnan(shares(np.ones((4, 3))).factors) and math.isnan(shares(np.ones((4, 1))).market)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(4).normal(size=9)
    one_less = [np.delete(values, m).mean() for m in range(9)]
    assert jackknife(one_less, ()) == pytest.approx(values.std(ddof=1) / 3)


def test_blocks_with_lost_points_are_left_out_and_said():
    lost = [(point, market) for point in (3, 27, 28) for market in range(6)]
    found = sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 64), lost=lost, luck=1.0))
    assert "2 of 64 blocks were left out" in found.summary() and "18 runs of 3,840 failed" in found.summary()
    rows = [row for block in range(64) if block not in (0, 2) for row in range(10 * block, 10 * block + 10)]
    whole = fake_store(ishigami, ROUND, Sample("saltelli", 64))
    cut = fake_store(ishigami, ROUND, Sample("points"), table=whole.design.iloc[rows].reset_index(drop=True))
    alone = sensitivity(cut)
    assert alone.method == "sobol"  # told by the points, not by the sample's name
    assert found.df["total"].to_dict() == pytest.approx(alone.df["total"].to_dict())
    assert found.df["first"].to_dict() == pytest.approx(alone.df["first"].to_dict())


def test_walks_with_lost_points_are_left_out_and_said():
    lost = [(4, market) for market in range(6)] + [(20, 1)]
    found = sensitivity(fake_store(linear, MIXED, Sample("morris", 5), lost=lost, luck=1.0))
    assert "1 of 5 walks were left out" in found.summary()
    assert "7 runs of 270 failed" in found.summary() and "1 point lack more and is lost" in found.summary()
    assert found.df["mu_star"].drop("practices.rules").to_dict() == pytest.approx(
        {name: slope for name, slope in SLOPES.items() if name != "practices.rules"}, abs=1e-6
    )


def test_a_walk_with_a_step_that_did_not_move_is_left_out():
    """Such a step belongs to the factor that is missing from the walk; what it would have done is not known."""
    walks = [[0, 0], [1, 0], [1, 0], [0, 0], [1, 0], [1, 1], [1, 1], [0, 1], [0, 0], [0, 1], [0, 0], [1, 0]]
    table = pd.DataFrame(np.array(walks, float), columns=list(FOUR[:2]))
    assert trajectories(table.to_numpy()).factor.tolist() == [[0, 1], [0, 1], [0, 1], [1, 0]]
    two = [factor(name) for name in FOUR[:2]]
    found = sensitivity(fake_store(lambda t: 3 * t[FOUR[0]] + t[FOUR[1]], two, Sample("points"), table=table))
    assert found.method == "morris" and "1 of 4 walks were left out, because a step" in found.summary()
    assert found.df["mu_star"].to_dict() == pytest.approx({FOUR[0]: 3.0, FOUR[1]: 1.0})


def test_a_grid_needs_every_point_and_a_star_its_base():
    lost = [(0, market) for market in range(6)]
    two = [factor(name, levels=3) for name in FOUR[:2]]
    with pytest.raises(InputError, match="1 of 9 points have no value, and the shares of a grid need all"):
        sensitivity(fake_store(lambda t: t[FOUR[0]], two, Sample("grid"), lost=lost))
    with pytest.raises(InputError, match="base point"):
        sensitivity(fake_store(lambda t: t[FOUR[0]], two, Sample("one-at-a-time"), lost=lost))
    found = sensitivity(fake_store(linear, MIXED, Sample("one-at-a-time"), lost=[(p, m) for p in (1, 2, 3, 4, 5)
                                                                              for m in range(6)]))  # fmt: skip
    assert found.df.index[-1] == "trust.initial" and "no point of it has a value" in found.df["verdict"].iloc[-1]
    check_words(found.plot().figure)
    assert "5 of 35 points were left out" in found.summary()


def test_too_few_blocks_are_refused():
    lost = [(10 * block, market) for block in range(6) for market in range(6)]
    with pytest.raises(InputError, match="only 2 of 8 blocks have a value at every point, and at least 4"):
        sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 8), lost=lost))
    with pytest.raises(InputError, match="no value of it at two points"):
        sensitivity(fake_store(lambda t: np.nan * t[FOUR[0]], ROUND, Sample("saltelli", 8)))


def test_an_outcome_that_never_varies():
    for sample in (Sample("saltelli", 8), Sample("morris", 4), Sample("one-at-a-time"), Sample("latin-hypercube", 64)):
        found = sensitivity(fake_store(lambda t: 0.0 * t[FOUR[0]] + 3.0, ROUND, sample))
        assert (found.df["verdict"] == NOTHING).all() and len(found.sentences()) >= 6
        check_words(found.plot().figure)


# --- samples and methods ---


@pytest.mark.parametrize(
    ("sample", "method"),
    [(Sample("morris", 4), "sobol"), (Sample("saltelli", 8), "morris"), (Sample("latin-hypercube", 64), "sobol"),
     (Sample("one-at-a-time"), "morris"), (Sample("grid"), "morris")],
)  # fmt: skip
def test_a_sample_that_does_not_fit_is_refused_with_those_that_do(sample, method):
    store = fake_store(ishigami, ROUND, sample)
    fits = sensitivity(store).method
    with pytest.raises(InputError) as fault:
        sensitivity(store, method=method)
    said = str(fault.value)
    assert said.startswith(f"{method}: this sample ({sample.method}, ") and f"What fits it: {fits}" in said
    assert "[sample]" in said and ("--discover" in said) == (sample.method not in ("morris", "one-at-a-time"))


def test_a_sample_that_fits_nothing_is_told_what_each_method_needs():
    with pytest.raises(InputError, match=r"fits none of the rankings.*morris needs method = \"morris\""):
        sensitivity(fake_store(ishigami, ROUND, Sample("latin-hypercube", 10)))
    with pytest.raises(InputError, match=f"first-order needs {LEAST_FIRST_ORDER} points"):
        sensitivity(fake_store(ishigami, ROUND, Sample("latin-hypercube", LEAST_FIRST_ORDER - 1)))


def test_a_design_that_constraints_left_without_its_base_is_told_that_and_not_its_own_method(tmp_path):
    text = """claim = "x"
days = 65
constraints = ["liaison.count >= 1 or trust.initial > 0.4"]
[levers]
liaison.count = [0, 1]
trust.initial = [0.35, 0.2, 0.5]
distance.between_teams_m = [40, 5]
[sample]
method = "one-at-a-time"
[replications]
markets = 2
"""
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    store = sim.sweep(sim.read_experiment(tmp_path / "one.toml"), tmp_path / "store")
    assert store.experiment.n_points < 5
    for method in (None, "one-at-a-time"):
        with pytest.raises(InputError) as told:
            sensitivity(store, "score", method)
        said = str(told.value)
        assert 'the constraint "liaison.count >= 1 or trust.initial > 0.4" left points out' in said
        assert "needs the base point" in said and 'method = "one-at-a-time"' not in said


def test_a_method_that_does_not_exist():
    with pytest.raises(InputError, match='no such method; did you mean "morris"'):
        sensitivity(fake_store(ishigami, ROUND, Sample("morris", 4)), method="moris")


def test_a_shuffled_sample_fits_no_longer():
    table = fake_store(ishigami, ROUND, Sample("saltelli", 16)).design.sample(frac=1, random_state=1)
    store = fake_store(ishigami, ROUND, Sample("points"), table=table.reset_index(drop=True))
    with pytest.raises(InputError, match="does not fit"):
        sensitivity(store, method="sobol")
    assert sensitivity(store).method == "first-order"


def test_the_whole_ranking_with_its_ranges():
    found = sensitivity(fake_store(linear, MIXED, Sample("morris", 4)))
    assert set(found.df.index) == {f.name for f in MIXED} and list(found.df["rank"]) == list(range(1, 9))
    assert found.df.loc["liaison.count", "range"] == "0 to 3" and found.df.loc["liaison.count", "of"] == "of 0 to 1,000"
    assert found.df.loc["trust.initial", "of"] == ""  # the theory's own bounds
    assert found.df.loc["practices.rules", "range"] == " / ".join(WORDS)


# --- sentences ---


@pytest.mark.parametrize("sample", [Sample("saltelli", 16), Sample("morris", 6), Sample("one-at-a-time"),
                                    Sample("latin-hypercube", 128)])  # fmt: skip
@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_every_factor_has_a_sentence_that_agrees_with_its_verdict(sample, noise):
    found = sensitivity(fake_store(linear, MIXED, sample, noise=noise))
    for name, row in found.df.iterrows():
        said = [line for line in found.sentences() if line.startswith(f"{row['rank']}. {name} ")]
        assert len(said) == 1
        if row["verdict"] == NOTHING:
            assert "indistinguishable from zero" in said[0] or "does nothing" in said[0]
        if "first" in row and row["first_low"] <= 0 <= row["first_high"]:
            assert "indistinguishable from zero" in said[0]
        if "first" in row and row["first"] < 0 and row["verdict"] == MOVES:
            assert "a share cannot be negative" in said[0]


def test_a_negative_index_is_explained():
    found = sensitivity(fake_store(ishigami, ROUND, Sample("latin-hypercube", 256)))
    below = found.df.index[found.df["first"] < 0]
    assert len(below)
    assert all("read it as zero" in line for line in found.sentences() for name in below if f" {name} " in line)


def test_a_sample_too_small_for_its_question_is_said_to_be():
    assert "double its points" in sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 16))).summary()
    found = sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 16)))
    for name, said in (("first", "alone"), ("total", "in all")):  # both kinds of interval are told where they are wide
        half = (found.df[f"{name}_high"] - found.df[f"{name}_low"]).max() / 2
        assert (f"({said})" in found.summary().split("Intervals are as wide as")[1]) == (half >= WIDE)
    assert "double its points" not in sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 1024))).summary()


def test_pairs_below_zero_are_error_however_clear():
    found = sensitivity(fake_store(ishigami, ROUND, Sample("saltelli", 8)))
    assert (found.second["second"] < 0).any()
    assert (found.second.loc[found.second["second"] < 0, "verdict"] == NOTHING).all()


def test_percent_and_points_are_said_as_such():
    found = sensitivity(fake_store(lambda t: t[FOUR[0]] * 0.3, ROUND[:2], Sample("morris", 4)), "followed_up")
    assert "percentage points" in found.summary() and found.unit == "0..1"
    assert "k€" in sensitivity(fake_store(linear, MIXED, Sample("morris", 4))).summary()
    large = sensitivity(fake_store(lambda t: 1e5 * linear(t), MIXED, Sample("morris", 4)))
    assert "by 1,000 M€ on average" in large.summary()


# --- outcomes and conditions as people write them ---


def two_arms(points, arm):
    inside = (
        (points["trust.initial"] < 0.4) & (points["liaison.count"] >= 2) & (points["practices.rules"] != "mandated")
    )
    return np.where(inside, -5.0, 5.0) * (arm == "liaison") + points["trust.gain"]


FIVE = [each for each in MIXED if each.name in (*FOUR[:3], "liaison.count", "practices.rules")]


@pytest.fixture(scope="module")
def arms():
    return fake_store(two_arms, FIVE, Sample("latin-hypercube", 256), arms=(BASE, "liaison"), luck=2.0)


def test_an_outcome_may_be_of_an_arm_or_a_difference(arms):
    base, liaison = (arms.matrix("net_value", arm)[1] for arm in (BASE, "liaison"))
    assert (read_term("net_value", arms).values() == base).all()
    assert (read_term("net_value", arms, "liaison").values() == liaison).all()
    both = read_term("net_value(liaison) - net_value(base)", arms)
    assert (both.values() == liaison - base).all() and both.unit == "k€"
    assert read_term("-2 * net_value + 1", arms).values() == pytest.approx(1 - 2 * base)
    assert read_term("net_value / score", arms).unit == ""
    found = sensitivity(arms, "net_value(liaison) - net_value(base)")
    assert set(found.df.index[:3]) == {"trust.initial", "liaison.count", "practices.rules"}


def test_a_condition_is_judged_by_means_over_markets(arms):
    held = read_term("net_value(liaison) < net_value(base)", arms).held()
    assert (held.holds == (two_arms(arms.design, "liaison") < two_arms(arms.design, BASE))).all()
    assert held.known.all() and held.clear.all()
    both = read_term("net_value(liaison) < net_value(base) and net_value(base) > 0", arms).held()
    assert (both.holds <= held.holds).all()
    either = read_term("net_value(liaison) < net_value(base) or net_value(liaison) >= net_value(base)", arms).held()
    assert either.holds.all()
    denied = read_term("not net_value(liaison) < net_value(base)", arms).held()
    assert (denied.holds == ~held.holds).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("net_valu", 'no such outcome; did you mean "net_value"'),
        ("net_value(liason) < 0", 'no such arm; did you mean "liaison"'),
        ("net_value <", "cannot be read"),
        ("__import__('os').system('true')", "not an outcome"),
        ("net_value == 3", "not a comparison"),
        ("net_value ** 2", "not an outcome"),
        ("net_value[0] < 3", "not an outcome"),
        ("net_value < (lambda: 3)()", "not an outcome"),
        ("3 < 5", "names no outcome"),
        ("net_value and 3", "not a comparison"),
        ("'net_value'", "not an outcome"),
    ],
)
def test_what_cannot_be_asked_is_refused(arms, text, words):
    with pytest.raises(InputError, match=words):
        read_term(text, arms)


def test_all_faults_of_an_expression_at_once(arms):
    with pytest.raises(InputError) as fault:
        read_term("net_valu(x) < scor", arms, arm="y")
    assert len(fault.value.problems) == 4


def test_an_arm_may_have_any_name():
    store = fake_store(lambda t, arm: t[FOUR[0]], ROUND, Sample("morris", 4), arms=(BASE, "near-cheap", "her way"))
    assert read_term("net_value(near-cheap)", store).values().shape == (20, 6)
    assert read_term('net_value("her way")', store).values().shape == (20, 6)


def test_a_condition_has_no_ranking(arms):
    with pytest.raises(InputError, match="--discover"):
        sensitivity(arms, "net_value < 0")


# --- corners ---


@pytest.fixture(scope="module")
def corner(arms):
    pytest.importorskip("ema_workbench")
    return discover(arms, "net_value(liaison) < net_value(base)")


def test_the_corner_that_was_put_in_is_found(corner, arms):
    """All of the cases, nothing else: the limits lie within 0.05 of 0.4, at 2, and the word is out."""
    assert len(corner.boxes) == 1
    box = corner.boxes[0]
    assert box.coverage >= 0.9 and box.density >= 0.9 and box.dense
    limits = {limit.factor: limit for limit in box.limits}
    assert set(limits) == {"trust.initial", "liaison.count", "practices.rules"}
    assert limits["trust.initial"].high == pytest.approx(0.4, abs=0.05) and limits["trust.initial"].low is None
    assert 1 < limits["liaison.count"].low <= 2 and limits["practices.rules"].words == ("teams decide", "forbidden")
    assert all(limit.quasi_p < 0.05 for limit in box.limits)
    inside = (arms.design["trust.initial"] <= limits["trust.initial"].high) & (arms.design["liaison.count"] >= 2)
    inside &= arms.design["practices.rules"] != "mandated"
    assert box.points == inside.sum() and box.coverage == pytest.approx((inside & corner.holds).sum() / corner.cases)
    assert box.density == pytest.approx((inside & corner.holds).sum() / inside.sum())


def test_the_corner_in_words(corner):
    said = corner.summary()
    assert "liaison.count at least 2 (quasi-p under 0.001)" in said and "trust.initial at most 0." in said
    assert "practices.rules teams decide or forbidden" in said and "Not restricted: trust.gain" in said
    assert f"true at {corner.cases} of 256 points" in said and "At 0 of 256 points the markets do not settle" in said


def test_what_the_search_is_worth_at_points_it_has_not_seen(corner):
    """Boxes of one half of the points hold in the other; where there is nothing to find they do not."""
    density, coverage = corner.checked
    assert density >= 0.65 and coverage >= 0.85 and f"hold at {round(100 * density)} %" in corner.summary()
    density, _ = check(*nothing_to_find(10), 0.8)  # one half has a box of density 0.83
    assert density < 0.5


def nothing_to_find(seed):
    """Two factors, and a condition that holds at 30 % of the points whatever they are."""
    dice = np.random.default_rng(seed)
    table = pd.DataFrame(dice.random((160, 2)), columns=list(FOUR[:2]))
    return table, (dice.random(160) < 0.3).astype(int), [Axis(name, 0.0, 1.0) for name in FOUR[:2]]


def test_limits_that_luck_explains_make_no_box():
    """With a quasi-p-value of 0.05 two of the seeds 0 .. 11 give a box; these three do not."""
    assert all(search(*nothing_to_find(seed), 0.8)[0] == [] for seed in (1, 2, 5))


def test_an_outcome_alone_means_less_than_at_the_base():
    few = fake_store(two_arms, FIVE, Sample("latin-hypercube", 16), arms=(BASE, "liaison"))
    assert discover(few, "net_value").condition == "net_value(liaison) < net_value(base)"
    three = fake_store(two_arms, FIVE, Sample("latin-hypercube", 16), arms=(BASE, "liaison", "her way"))
    assert discover(three, "net_value", arm="her way").condition == 'net_value("her way") < net_value(base)'
    with pytest.raises(InputError, match="an arm to hold against the base .liaison, her way"):
        discover(three, "net_value")


def test_the_way_to_a_box_trades_coverage_for_density(corner):
    way = corner.trade_off[corner.trade_off["box"] == 1]
    assert way["coverage"].iloc[0] == 1.0 and way["chosen"].sum() == 1
    peeled = way[way["points"] == way["points"].cummin()]
    assert (peeled["coverage"].diff().dropna() <= 1e-12).all()
    assert way["density"].iloc[0] == pytest.approx(corner.cases / 256)


def test_a_condition_that_holds_nowhere_everywhere_or_hardly(arms):
    assert "true nowhere" in discover(arms, "net_value < -1000").summary()
    assert "true everywhere" in discover(arms, "net_value < 1000").summary()
    few = discover(arms, f"net_value(base) > {np.sort(arms.matrix('net_value')[1].mean(1))[-4]}")
    assert few.cases == 3 and not few.boxes and "true at 3 points only" in few.summary()


def test_regions_need_a_sample_that_fills_the_space():
    for sample in (Sample("morris", 8), Sample("one-at-a-time")):
        with pytest.raises(InputError, match="does not fill the space.*latin-hypercube"):
            discover(fake_store(linear, MIXED, sample), "net_value < 5")
    with pytest.raises(InputError, match="give a condition, such as net_value < 0"):
        discover(fake_store(linear, MIXED, Sample("latin-hypercube", 64)), "net_value")
    with pytest.raises(InputError, match="density"):
        discover(fake_store(linear, MIXED, Sample("latin-hypercube", 64)), "net_value < 5", density=0.2)


def test_points_without_a_value_are_left_out_of_the_search():
    lost = [(point, market) for point in range(20) for market in range(6)]
    store = fake_store(lambda t: t[FOUR[0]] - 0.3, [factor(name) for name in FOUR[:2]], Sample("sobol", 128), lost=lost)
    found = discover(store, "net_value < 0")
    assert found.known == 108 and "20 points more had too few runs" in found.summary()
    assert found.boxes[0].limits[0].high == pytest.approx(0.3, abs=0.05)


def test_without_ema_workbench_it_says_what_to_install(arms, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "ema_workbench"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(InputError, match=r"pip install \"baton-sim\[discovery\]\""):
        discover(arms, "net_value")


# --- how many markets ---


@given(st.floats(1, 1000), st.floats(0.1, 500), st.floats(0.01, 0.5))
def test_the_fewest_markets_that_are_enough(mean, sd, within):
    n = needed(mean, sd, within)
    if math.isinf(n):
        assert 1.96 * sd / 1000 > within * mean * 0.99
        return
    assert t_quantile(0.975, n - 1) * sd / math.sqrt(n) <= within * mean
    assert n == 2 or t_quantile(0.975, n - 2) * sd / math.sqrt(n - 1) > within * mean


def test_a_wider_goal_needs_no_more_markets():
    counts = [needed(100.0, 30.0, within) for within in (0.01, 0.02, 0.05, 0.1, 0.3)]
    assert counts == sorted(counts, reverse=True)
    assert needed(100.0, 0.0, 0.01) == 2 and needed(0.0, 1.0, 0.5) == math.inf


def test_how_many_over_the_points_of_a_store():
    store = fake_store(
        lambda t: 100 + 100 * t[FOUR[0]], [factor(FOUR[0], levels=5)], Sample("grid"), noise=20, markets=30
    )
    found = how_many(store, "net_value", within=0.05)
    Y = store.matrix("net_value")[1]
    assert found.df["mean"].to_numpy() == pytest.approx(Y.mean(1)) and found.df["sd"].to_numpy() == pytest.approx(
        Y.std(1, ddof=1)
    )
    assert (found.df["needed_low"] <= found.df["needed"]).all() and (
        found.df["needed"] <= found.df["needed_high"]
    ).all()
    last = found.running.iloc[-1]
    row = found.df.loc[found.typical]
    assert (last["mean"], last["half"], last["variance"]) == pytest.approx((row["mean"], row["half"], row["sd"] ** 2))
    assert found.running["markets"].tolist() == list(range(2, 31))
    assert "half need at most" in found.summary()


def test_how_many_says_when_percent_mean_nothing():
    found = HowMany(np.random.default_rng(1).normal(0, 1, (1, 40)), "net_value", "k€", 0.001)
    assert "cannot be had" in found.summary()
    with pytest.raises(InputError, match="3 markets cannot tell"):
        HowMany(np.ones((2, 3)), "net_value", "k€", 0.05)
    with pytest.raises(InputError, match="within"):
        how_many("default", within=5)


def test_how_many_of_a_scenario():
    scenario = sim.read("silo").but(days=65)
    found = sim.how_many(scenario, "revenue", seeds=6)
    values = sim.many(scenario, 6)["revenue"]
    assert found.df.loc[0, "mean"] == pytest.approx(values.mean())
    with pytest.raises(InputError, match='did you mean "revenue"'):
        sim.how_many(scenario, "revenu", seeds=6)


# --- pictures and files ---


SAMPLES = [Sample("saltelli", 8), Sample("morris", 6), Sample("one-at-a-time"), Sample("latin-hypercube", 64)]


@pytest.mark.parametrize(
    ("sample", "style"),
    [
        pytest.param(sample, style, marks=() if style is None or place == 0 else pytest.mark.long)
        for place, sample in enumerate(SAMPLES)
        for style in (None, "paper", "talk")
    ],
)
def test_pictures_of_rankings_are_readable(sample, style):
    with figures.dressed(style):
        for noise in (0.0, 3.0):
            axes = sensitivity(fake_store(linear, MIXED, sample, noise=noise)).plot()
            check_words(axes.figure)
            said = [text for text, *_ in texts_of(axes.figure)]
            assert all(any(text.startswith(f.name[:8]) for text in said) for f in MIXED)


@pytest.mark.parametrize("style", [None, "paper", "talk"])
def test_pictures_of_corners_and_markets_are_readable(corner, style):
    with figures.dressed(style):
        check_words(corner.plot().figure)
        check_words(HowMany(np.random.default_rng(1).normal(5e4, 1e4, (1, 40)), "net_value", "k€", 0.05).plot().figure)


def test_what_is_saved(tmp_path, corner, sobol):
    assert {p.name for p in sobol.save(tmp_path / "s").iterdir()} == {
        "ranking.csv", "pairs.csv", "sensitivity.txt", "sensitivity.toml", "sensitivity.png",
        "checksums.sha256"}  # fmt: skip
    table = pd.read_csv(tmp_path / "s" / "ranking.csv", index_col="factor")
    assert table["total"].to_numpy() == pytest.approx(sobol.df["total"].to_numpy())
    assert {p.name for p in corner.save(tmp_path / "d").iterdir()} == {
        "boxes.csv", "trade_off.csv", "discovery.txt", "discovery.toml", "discovery.png",
        "checksums.sha256"}  # fmt: skip
    many = HowMany(np.arange(10.0)[None] + 50, "score", "20..100", 0.05)
    assert (many.save(tmp_path / "h") / "how_many.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(FileExistsError):
        sobol.save(tmp_path / "s")
    sobol.save(tmp_path / "s", overwrite=True)


def test_results_in_a_notebook(corner, sobol):
    for found in (sobol, corner, HowMany(np.arange(10.0)[None] + 50, "score", "20..100", 0.05)):
        text = found._repr_html_()
        assert "<table" in text and "&lt;" in text and repr(found).startswith("<")


# --- the whole way ---


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    (folder / "small.toml").write_text(
        """
title = "Small"
claim = "Distance moves the score."
days = 130
[levers]
distance.between_teams_m = { low = 2, high = 100, scale = "log" }
liaison.count = { low = 0, high = 2 }
practices.meetings = ["teams decide", "mandated", "forbidden"]
[uncertainties]
trust.initial = "bounds"
[outcomes]
names = ["net_value", "score", "contacts_per_head"]
[sample]
method = "morris"
points = 3
[replications]
markets = 5
[compare]
cheap = { communication.cost_hours = 0.1 }
""",
        encoding="utf-8",
    )
    store = sim.sweep(sim.read_experiment(folder / "small.toml"), folder / "store")
    assert store.is_complete
    return folder / "store"


def test_a_real_store_from_end_to_end(swept):
    found = sim.sensitivity(swept, "contacts_per_head")
    assert found.df.loc["distance.between_teams_m", "verdict"] == MOVES and found.markets == 5 and found.points == 15
    assert sim.sensitivity(sim.open_store(swept), "score", arm="cheap").method == "morris"
    assert len(sim.how_many(swept, "score").df) == 15


def test_runs_of_other_rules_are_ranked_and_said_to_be_so(swept, baton, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(swept, old)
    assert "were made with" not in baton("sensitivity", old)[2]
    about = (old / "store.toml").read_text(encoding="utf-8")
    (old / "store.toml").write_text(about.replace('rules = "', 'rules = "0'), encoding="utf-8")
    (old / SUMS).write_text(sums_text(sums_of(old)), encoding="utf-8")  # as if they had been so from the start
    code, out, err = baton("sensitivity", old)
    assert code == 0 and "were made with the model's rules 0" in err and "ranked as they are" in err and out


def test_the_command(swept, baton, tmp_path):
    code, out, err = baton("sensitivity", swept, "--outcome", "contacts_per_head", "-o", tmp_path / "ranking")
    assert code == 0 and "distance.between_teams_m" in out and "Next: baton" in out and "Reading" in err
    assert (tmp_path / "ranking" / "sensitivity.png").exists()
    code, out, err = baton("sensitivity", swept, "--json")
    assert code == 0 and err == ""
    data = json.loads(out)
    assert data["outcome"] == "net_value" and len(data["ranking"]) == 4 and data["method"] == "morris"
    code, out, _ = baton("sensitivity", swept, "--how-many", "score", "-o", tmp_path / "many.svg", "-q")
    assert code == 0 and "markets" in out and (tmp_path / "many.svg").exists()


def test_what_the_command_says_next_can_be_typed():
    from sim.cli.sensitivity_command import _next

    store = fake_store(linear, MIXED, Sample("latin-hypercube", 64))
    line = _next("store", sensitivity(store, "net_value"))
    condition = shlex.split(line)[-1]
    assert line.startswith("Next: baton sensitivity store --discover ")
    share = float((store.matrix("net_value")[1].mean(1) > float(condition.split()[-1])).mean())
    assert discover(store, condition).condition == condition and share == pytest.approx(0.25, abs=0.1)
    words = shlex.split(_next("my store", sensitivity(store, "net_value"), "her way"))
    assert words[3] == "my store" and words[-2:] == ["--arm", "her way"]


@pytest.mark.parametrize(("points", "ranked"), [(63, False), (64, True)])
def test_a_ranking_is_said_to_be_next_where_one_fits(points, ranked):
    store = fake_store(linear, MIXED, Sample("latin-hypercube", points))
    assert can_rank(store) == ranked
    if not ranked:
        with pytest.raises(InputError, match="none of the rankings"):
            sensitivity(store, "net_value")


def test_the_command_refuses_kindly(swept, baton, tmp_path):
    code, _, err = baton("sensitivity", swept, "--method", "sobol")
    assert code == 3 and "What fits it: morris" in err
    code, _, err = baton("sensitivity", swept, "--discover", "net_value < 0")
    assert code == 3 and "does not fill the space" in err
    code, _, err = baton("sensitivity", tmp_path)
    assert code == 3 and "no store" in err
    code, _, err = baton("sensitivity", swept, "--discover", "a < 1", "--how-many", "b")
    assert code == 2
    code, _, err = baton("sensitivity", swept, "-o", swept)
    assert code == 2 and "not empty" in err


def test_a_corner_that_is_not_there_ends_with_no(baton, tmp_path):
    (tmp_path / "spread.toml").write_text(
        """
title = "Spread"
claim = "None."
days = 65
[levers]
trust.initial = "bounds"
communication.cost_hours = { low = 0.1, high = 1.5 }
[sample]
method = "latin-hypercube"
points = 10
[replications]
markets = 1
""",
        encoding="utf-8",
    )
    sim.sweep(sim.read_experiment(tmp_path / "spread.toml"), tmp_path / "store")
    code, out, err = baton("sensitivity", tmp_path / "store", "--discover", "score < 0")
    assert code == 4 and "true nowhere" in out and "Looking" in err
    code, _, err = baton("sensitivity", tmp_path / "store")
    assert code == 3 and "fits none of the rankings" in err and "--discover" in err


def test_an_unfinished_store_is_told(swept, tmp_path):
    """A store whose last market is missing is analysed by the others, and says so."""
    store = sim.open_store(swept)
    whole = store.matrix("score")[1]
    without = np.c_[whole[:, :4], np.full(15, np.nan)]
    short = SimpleNamespace(experiment=store.experiment, design=store.design, outcomes=store.outcomes,
                            is_complete=False, missing=lambda: [1] * 30,
                            matrix=lambda outcome, arm=BASE: (store.design, without))  # fmt: skip
    found = sensitivity(short, "score")
    assert found.markets == 4 and "30 runs are not there yet" in found.summary()
