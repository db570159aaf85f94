"""Many markets and comparisons: paired as promised, counted right, and the same whatever the threads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import sim
from sim.outcomes import OUTCOMES
from sim.study.compare import Comparison, labels
from sim.study.intervals import mean_interval, t_quantile
from sim.study.many import Interrupted, at_once, many, markets

DAYS = 195


@pytest.fixture(scope="module")
def pair():
    silo = sim.read("silo")
    return sim.compare(silo, silo.but(liaison__count=1, communication__cost_hours=0.2), seeds=5, days=DAYS)


def test_a_scenario_against_itself_differs_by_exactly_nothing():
    table = sim.compare("silo", "silo", seeds=3, days=DAYS).summary()
    known = table[table["n"] > 0]
    assert (known[["difference", "low", "high"]] == 0.0).all().all()
    assert (known["higher_in"] == 0).all() and (known["equal_in"] == known["n"]).all()


def test_the_table_is_what_one_would_count_by_hand(pair):
    for name in ("net_value", "revenue", "customer_value"):
        a, b = (pair.values(name, each) for each in pair.names)
        row = pair.summary().loc[(pair.names[1], name)]
        d = b - a
        half = 2.776445 * d.std(ddof=1) / math.sqrt(5)
        assert row["difference"] == pytest.approx(d.mean())
        assert (row["low"], row["high"]) == pytest.approx((d.mean() - half, d.mean() + half), rel=1e-5)
        assert row["higher_in"] == sum(x > y for x, y in zip(b, a, strict=True)) and row["n"] == 5
        if d.std() > 0:
            assert row["saved"] == pytest.approx((a.var(ddof=1) + b.var(ddof=1)) / d.var(ddof=1))


def test_each_side_is_what_sim_run_gives(pair):
    for name, scenario in zip(pair.names, pair.scenarios, strict=True):
        alone = sim.run(scenario, 2)
        row = pair.outcomes[(pair.outcomes["scenario"] == name) & (pair.outcomes["seed"] == 2)].iloc[0]
        assert {n: row[n] for n in OUTCOMES} == pytest.approx(alone.outcomes(), nan_ok=True)
        assert row["market"] == alone.about["market"]


def test_levers_leave_the_market_alone_and_the_market_is_named(pair):
    assert pair.market_check() == "identical"
    other = sim.compare("silo", sim.read("silo").but(market__pull_share=0.2), seeds=2, days=65)
    assert other.market_check() == "different: market.pull_share"
    larger = sim.compare("silo", sim.read("silo").but(workforce__marketers=20), seeds=1, days=65)
    assert "workforce.marketers" in larger.market_check()
    later = sim.read("silo").but(changes=[sim.Change(30, {"market.event_rate": 9.0})])
    assert "dated change" in sim.compare("silo", later, seeds=1, days=65).market_check()


def test_the_long_table(pair):
    table = pair.df
    assert list(table.columns) == ["run", "scenario", "seed", "day", "metric", "value", "unit"]
    assert len(table) == 2 * 5 * len(OUTCOMES) and table["unit"].notna().all()


def test_quarters_are_kept_for_each_run(pair):
    assert len(pair.quarters) == 2 * 5 * (DAYS // 65)
    each = sim.run(pair.scenarios[1], 4)
    kept = pair.quarters[(pair.quarters["scenario"] == pair.names[1]) & (pair.quarters["seed"] == 4)]
    assert kept["revenue"].to_numpy() == pytest.approx(each.quarters["revenue"].to_numpy())
    assert kept["stage"].tolist() == each.quarters["stage"].tolist()


def test_threads_change_nothing():
    one, three = (many("silo", [4, 1, 9], threads=n, until=DAYS) for n in (1, 3))
    assert_frame_equal(one, three)
    assert one["seed"].tolist() == [4, 1, 9]


def test_names_differ_even_if_scenarios_do_not():
    silo = sim.read("silo")
    assert labels([silo, silo, silo]) == ["silo", "silo (2)", "silo (3)"]


def test_what_cannot_be_compared_is_refused():
    silo = sim.read("silo")
    with pytest.raises(sim.InputError, match="two"):
        sim.compare(silo)
    with pytest.raises(sim.InputError, match="horizons"):
        sim.compare(silo, silo.but(days=100))
    for seeds in (0, [], [1, 1]):
        with pytest.raises(sim.InputError):
            markets(seeds)
    with pytest.raises(sim.InputError, match="net_value"):
        sim.compare(silo, silo, seeds=1, days=5).plot("net_valu")


def test_an_interruption_keeps_what_is_finished():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        at_once([lambda: 1, lambda: 2, stop, lambda: 4], threads=1)
    assert caught.value.finished[:2] == [1, 2]


def test_the_first_fault_ends_the_work():
    def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        at_once([fails, *[lambda: 1] * 5], threads=2)


def test_interrupted_comparisons_keep_whole_markets(monkeypatch):
    calls = []
    from sim.study import compare as module

    real = module.run

    def run(scenario, seed, **options):
        calls.append(seed)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return real(scenario, seed, **options)

    monkeypatch.setattr(module, "run", run)
    with pytest.raises(Interrupted) as caught:
        sim.compare("silo", "liaison", seeds=8, days=65, threads=1)
    (kept,) = caught.value.finished
    assert isinstance(kept, Comparison) and kept.seeds == [0, 1]


@pytest.mark.parametrize(("freedom", "expected"), [(1, 12.7062), (2, 4.30265), (3, 3.18245), (4, 2.77645), (9, 2.26216),
                                                   (29, 2.04523), (119, 1.98010)])  # fmt: skip
def test_quantiles_of_t_are_those_of_the_tables(freedom, expected):
    assert t_quantile(0.975, freedom) == pytest.approx(expected, rel=1e-5)


def test_intervals_cover_as_often_as_they_say():
    """4,000 samples of 5: coverage .95 with a standard error of .0034; false alarm below 1 in 10,000."""
    dice = np.random.default_rng(1)
    covered = [low <= 0.0 <= high for _, low, high in (mean_interval(dice.normal(size=5)) for _ in range(4000))]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.0138)


def test_one_market_gives_no_interval():
    table = sim.compare("silo", "liaison", seeds=1, days=65).summary()
    assert table["low"].isna().all() and table["saved"].isna().all()


def test_a_comparison_is_saved_whole(pair, tmp_path):
    pair.save(tmp_path / "pair")
    assert {p.name for p in (tmp_path / "pair").iterdir()} == {
        "comparison.parquet", "quarters.parquet", "summary.csv", "comparison.toml",
    }  # fmt: skip
    with pytest.raises(FileExistsError):
        pair.save(tmp_path / "pair")
    pair.save(tmp_path / "pair", overwrite=True)
    assert "<table" in pair._repr_html_()
