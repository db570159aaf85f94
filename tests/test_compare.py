"""Many markets and comparisons: paired as promised, counted right, and the same whatever the threads."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import sim
from sim import cli
from sim.result.outcomes import OUTCOMES
from sim.study.compare import Comparison, labels
from sim.study.intervals import mean_interval, t_quantile
from sim.study.many import Interrupted, at_once, many, markets
from sim.study.until import more_markets, unpaired_markets, wanted_width

DAYS = 195


@pytest.fixture(scope="module")
def pair():
    silo = sim.read("silo")
    return sim.compare(silo, silo.but(liaison__count=1, communication__cost_hours=0.2), seeds=5, days=DAYS)


def test_a_scenario_against_itself_differs_by_exactly_nothing():
    table = sim.compare("silo", "silo", seeds=3, days=DAYS).summary()
    known = table[table["n"] > 0]
    assert (known["difference"] == 0.0).all()
    assert (known.loc[known["unit"] == "k€", ["low", "high"]] == 0.0).all().all()
    assert known.loc[known["unit"] != "k€", ["low", "high", "all_at_once"]].isna().all().all()
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


def test_a_title_of_ones_own_is_the_name_in_tables():
    today = sim.read("silo")
    plan = today.but(liaison__count=1, title="With Ann")
    assert labels([today, plan, plan.but(trust__initial=0.5)]) == ["silo", "With Ann", "With Ann (2)"]
    assert plan == today.but(liaison__count=1, title="With Ann") and plan.source == today.source
    assert sim.compare(today, plan, seeds=2, days=5).names == ("silo", "With Ann")
    assert sim.run(plan, 3, days=5).name == "With Ann-3"


def test_a_comparison_is_saved_whole(pair, tmp_path):
    pair.save(tmp_path / "pair")
    assert {p.name for p in (tmp_path / "pair").iterdir()} == {
        "comparison.parquet", "quarters.parquet", "summary.csv", "comparison.toml", "checksums.sha256",
    }  # fmt: skip
    with pytest.raises(FileExistsError):
        pair.save(tmp_path / "pair")
    pair.save(tmp_path / "pair", overwrite=True)
    assert "<table" in pair._repr_html_()


# --- up to four, and only what differs


def test_two_to_four_scenarios():
    silo = sim.read("silo")
    four = sim.compare(silo, silo.but(liaison__count=1), silo.but(liaison__count=2), "default", seeds=2, days=65)
    assert len(four.names) == 4 and four.summary().index.get_level_values(0).nunique() == 3
    with pytest.raises(sim.InputError, match="two to 4 scenarios; 5"):
        sim.compare(silo, silo, silo, silo, silo)


def test_only_what_differs_is_listed():
    a = sim.read("default").but(changes=[sim.Change(30, shock="reorganization")])
    b = a.but(liaison__count=1, practices__rules=1)
    c = a.but(trust__gain=0.1, changes=[sim.Change(40, {"liaison.count": 1})])
    table = sim.compare(a, b, c, seeds=1, days=65).levers()
    gain = sim.numbers()["trust.gain"].default
    assert {name: row.tolist() for name, row in table.iterrows()} == {
        "liaison.count": [0, 1, 0],
        "practices.rules": ["teams decide", "mandated", "teams decide"],
        "trust.gain": [gain, gain, 0.1],
        "day 30: reorganization": ["yes", "yes", "no"],
        "day 40: liaison.count = 1": ["no", "no", "yes"],
    }
    assert not len(sim.compare(a, a, seeds=1, days=65).levers())


@settings(max_examples=12)
@given(day=st.integers(1, 129), change=st.sampled_from(
    [{"liaison.count": 1}, {"distance.between_teams_m": 200.0}, {"practices.rules": 1}, {"workforce.growth": 0.5},
     {"shock": "reorganization"}, {"trust.gain": 0.3}]))  # fmt: skip
def test_a_change_leaves_the_days_before_it_alone(day, change):
    today = sim.read("default").but(days=130)
    dated = sim.Change(day, shock=change["shock"]) if "shock" in change else sim.Change(day, change)
    plain, changed = (sim.run(each, 7).state.firm for each in (today, today.but(changes=[dated])))
    assert plain.days[:day].tobytes() == changed.days[:day].tobytes()
    slow = change in ({"workforce.growth": 0.5}, {"trust.gain": 0.3}) or day > 65  # not at work before the end
    assert slow or plain.days[day:].tobytes() != changed.days[day:].tobytes()


def test_a_change_at_day_400_leaves_days_0_to_399_byte_identical():
    today = sim.read("default").but(days=520)
    later = today.but(changes=[sim.Change(400, {"liaison.count": 1})])
    before = [sim.run(each, 3, until=400).about["state"] for each in (today, later)]
    assert before[0] == before[1]
    firms = [sim.run(each, 3).state.firm for each in (today, later)]
    assert firms[0].days[:400].tobytes() == firms[1].days[:400].tobytes()
    assert firms[0].days[400:].tobytes() != firms[1].days[400:].tobytes()


# --- until it is known


def test_markets_are_added_until_the_difference_is_known():
    first = sim.compare("default", "liaison", seeds=4, days=DAYS)
    low, high = first.summary().loc[("liaison", "net_value"), ["low", "high"]]
    pair = sim.compare("default", "liaison", seeds=4, days=DAYS, until=0.6 * (high - low))
    row = pair.summary().loc[("liaison", "net_value")]
    assert pair.until.enough and row["high"] - row["low"] <= 0.6 * (high - low)
    assert len(pair.seeds) == pair.until.markets > 4 and pair.until.looks > 1
    assert pair.seeds == list(range(pair.until.markets))
    again = sim.compare("default", "liaison", seeds=pair.until.markets, days=DAYS)
    assert_frame_equal(pair.summary(), again.summary())  # how they were gathered leaves no trace
    assert "optimistic" in " ".join(pair.until.sentences())


def test_a_maximum_ends_the_search():
    pair = sim.compare("default", "mandated", until="0.001%", most=9, days=65)
    assert not pair.until.enough and len(pair.seeds) >= 9
    assert "still not known" in pair.until.sentences()[0]


def test_what_never_differs_is_known_at_once():
    pair = sim.compare("silo", "silo", until=0.5, days=65)
    assert pair.until.enough and len(pair.seeds) == 10 and pair.until.looks == 1


def test_unpaired_markets_are_counted_as_one_would(pair):
    name, a, b = pair.names[1], *(pair.values("revenue", each) for each in pair.names)
    n = pair.unpaired("revenue", 100.0)
    width = 2 * t_quantile(0.975, 2 * n - 2) * math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / n)
    assert width <= 100.0 < width * math.sqrt(n / (n - 2)) * 1.05 and name
    assert unpaired_markets(0.0, 1.0) == 2 and unpaired_markets(8.0, 1.0) > unpaired_markets(2.0, 1.0)


def test_stopping_when_narrow_costs_little_of_the_promise():
    """1,500 searches of normal differences: coverage .94, standard error .006; false alarm below 1 in 10,000."""
    dice, covered = np.random.default_rng(11), []
    for _ in range(1500):
        values = dice.normal(size=10)
        while (width := np.ptp(mean_interval(values)[1:])) > 0.8:
            more = more_markets(len(values), width, 0.8, 2000) - len(values)
            values = np.append(values, dice.normal(size=more))
        _, low, high = mean_interval(values)
        covered.append(low <= 0.0 <= high)
    assert 0.915 < np.mean(covered) < 0.965


@pytest.mark.parametrize("width", ["x", "0", "-5%", "nan", ""])
def test_a_width_that_is_none_is_refused(width):
    with pytest.raises(sim.InputError, match="until"):
        sim.compare("silo", "liaison", until=width)
    with pytest.raises(sim.InputError, match="revenue"):
        sim.compare("silo", "liaison", until=5, metric="revenu")
    assert wanted_width("1,000", 5.0) == 1000.0


def test_the_command_searches_and_says_when_it_does_not_know(capsys):
    def baton(*words) -> tuple[int, str]:
        code = cli.code_of([str(word) for word in words])
        return code, capsys.readouterr().out

    code, out = baton("compare", "default", "liaison", "--until", "50%", "--days", 130)
    assert code == 0 and "known well enough after 10 markets" in out and "markets of their own" in out
    assert "What differs; everything else is the same" in out and "Below 1" in out
    assert "customers' own gain: " in " ".join(out.split())
    code, out = baton("compare", "default", "liaison", "--until", "1", "--most", 12, "--days", 65, "--json")
    assert code == 4 and json.loads(out)["until"]["enough"] is False
    assert baton("compare", *["silo"] * 5)[0] == 2
    assert "Next: baton explain silo liaison" in baton("compare", "silo", "liaison", "--seeds", 4, "--days", 390)[1]
    _, out = baton("compare", "default", "liaison", "--seeds", 2, "--days", 65)
    assert "cannot tell these apart" in out and "Next: baton compare default liaison --until " in out
    assert out.rstrip().endswith(" --days 65")
    _, out = baton("compare", "silo", "liaison", "--doubt", "--metric", "score", "--seeds", 10, "--days", 65)
    asked = out.rpartition("Next: baton ")[2].split()
    assert asked[:2] in (["explain", "silo"], ["export", "brief"]) and "--doubt" in asked and asked.count("65") == 1


@pytest.mark.documents
def test_replicates_saved_are_printed(root, tmp_path):
    out = tmp_path / "saved.json"
    program = [sys.executable, "experiments/replicates.py", "--seeds", "5000:10", "--days", "260", "-o", str(out)]
    done = subprocess.run(program, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0 and "liaison 0 → 1" in done.stdout, done.stderr
    rows = json.loads(out.read_text())
    assert len(rows) == 4 and all(row["low"] <= row["saved"] <= row["high"] for row in rows)
    assert subprocess.run([*program[:2], "--seeds", "1:2"], cwd=root, capture_output=True).returncode == 2
