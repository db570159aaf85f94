"""Explanations: bars that add up in every market, levers by every order, prospects whose two lives part."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.figures import look, waterfall
from sim.model.firm import NEVER, Fate
from sim.result.run_tables import FATES
from sim.study.explain import lever_shares as explain_levers
from sim.study.explain.books import SIGNED, lived
from sim.study.explain.explained import rounded_to_sum, totals_around, written_sum
from sim.study.explain.funnel_steps import METRICS, REST, STEPS, part, share_out
from sim.study.explain.lever_shares import Mixtures, by_lever, levers_of, runs_needed
from sim.study.explain.shapley import of_all, of_product, sampled
from sim.study.explain.twins import FUNNEL, Parting, match, parting, rates, with_rates
from sim.study.intervals import mean_interval
from sim.study.many import Interrupted

DAYS = 390
NEAR = 1e-9  # of the larger total
COSTS = ("payroll", "programmes", "special terms", "hiring and reorganizing")
PAIRS = (
    ("silo", "liaison"),
    ("default", "mandated"),
    ("near-cheap", "near-distrust-mandated"),
    ("growth", "growth-integrated"),
    ("liaison", "liaison-leaves"),
    ("small-simple", "small-simple-integrated"),
    ("default", "bad-leads"),
    ("default", "remote"),
)


@pytest.fixture(scope="module")
def funnel():
    return sim.explain("silo", "liaison", "net_value", "funnel", seeds=4, days=DAYS)


@pytest.fixture(scope="module")
def levers():
    plan = sim.read("default").but(liaison__count=1, distance__between_teams_m=5, trust__initial=0.2)
    return sim.explain("default", plan, "net_value", "lever", seeds=3, days=DAYS)


@pytest.fixture(scope="module")
def books():
    return [lived(sim.read(name).but(days=DAYS), 3) for name in ("silo", "near-cheap")]


def adds_up(explanation) -> bool:
    """In every market, to a billionth."""
    missing = explanation.bars.sum(axis=1) - (explanation.totals["after"] - explanation.totals["before"])
    return bool((missing.abs() <= NEAR * explanation.totals.abs().max(axis=1)).all())


# --- Shapley values


@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=8))
def test_shapley_values_are_the_mean_over_all_orders(values):
    by_hand = np.zeros(3)
    for order in itertools.permutations(range(3)):
        mask = 0
        for player in order:
            by_hand[player] += (values[mask | 1 << player] - values[mask]) / 6
            mask |= 1 << player
    found = of_all(np.array(values))
    assert found == pytest.approx(by_hand, abs=1e-6)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-6)


def test_who_adds_nothing_gets_nothing_and_equals_get_the_same():
    worth = np.array([(5 if mask & 1 else 0) + (7 if mask & 6 == 6 else 0) for mask in range(16)], float)
    assert of_all(worth) == pytest.approx([5.0, 3.5, 3.5, 0.0])


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=1, max_size=5))
def test_factors_of_a_product_add_up_to_its_change(pairs):
    before, after = np.array(pairs).T[:, None, :]
    found = of_product(before, after)
    change = after.prod() - before.prod()
    assert found.sum() == pytest.approx(change, abs=1e-9 * max(before.prod(), after.prod(), 1.0))
    assert found[0][before[0] == after[0]] == pytest.approx(0.0)
    assert of_product(after, before) == pytest.approx(-found)


def test_sampled_orders_add_up_and_come_near():
    """40 orders of 5 players: within five standard errors, a false alarm well below 1 in 10,000."""
    dice = np.random.default_rng(4)
    values = dice.normal(size=32)
    exact = of_all(values)
    found, error = sampled(lambda mask: values[mask], 5, 40, np.random.default_rng(5))
    assert found.sum() == pytest.approx(values[-1] - values[0])
    assert (np.abs(found - exact) <= 5 * error).all() and (error > 0).all()
    apart, pairs = dice.normal(size=5), np.triu(dice.normal(size=(5, 5)), 1)

    def in_pairs(mask: int) -> float:
        inside = np.array([mask >> i & 1 for i in range(5)])
        return float(apart @ inside + inside @ pairs @ inside)

    found, _ = sampled(in_pairs, 5, 2, dice)  # an order and its reverse are enough where only pairs interact
    assert found == pytest.approx(of_all(np.array([in_pairs(mask) for mask in range(32)])))
    line = np.array([sum(3.0**i for i in range(4) if mask >> i & 1) for mask in range(16)])
    found, error = sampled(lambda mask: line[mask], 4, 4, dice)  # where nothing interacts every order says the same
    assert found == pytest.approx([1, 3, 9, 27]) and error == pytest.approx(0.0)


# --- by lever


def test_bars_of_levers_add_up_in_every_market(levers):
    assert adds_up(levers) and len(levers.bars.columns) == 3
    assert levers.error is None


def test_one_lever_is_the_whole_paired_difference():
    pair = sim.compare("default", "liaison", seeds=3, days=130)
    for metric in ("net_value", "score"):
        found = pair.explain(metric)
        assert found.bars.iloc[:, 0].tolist() == pytest.approx(pair.differences(metric, "liaison").tolist(), abs=1e-9)


def test_a_lever_that_moves_nothing_has_no_bar_to_show():
    today = sim.read("default")
    plan = today.but(liaison__trust_sales=0.9, distance__between_teams_m=10)  # there is no liaison to trust
    found = sim.explain(today, plan, seeds=2, days=130)
    assert (found.bars.filter(like="liaison.trust_sales") == 0.0).all().all()
    assert found.bars.filter(like="distance").to_numpy().any()


def test_no_mixture_is_run_twice_and_known_ends_not_at_all(monkeypatch):
    called = []
    real = explain_levers.run
    monkeypatch.setattr(explain_levers, "run", lambda s, seed, **o: called.append((s.hash, seed)) or real(s, seed, **o))
    a = sim.read("default").but(days=65)
    b = a.but(liaison__count=1, trust__initial=0.2, communication__cost_hours=1)
    pair = sim.compare(a, b, seeds=2)
    assert adds_up(pair.explain("revenue"))
    assert len(called) == len(set(called)) == 2 * (runs_needed(3) - 2)


def test_mixtures_lead_from_one_scenario_to_the_other():
    a = sim.read("silo").but(changes=[sim.Change(30, {"liaison.count": 1}), sim.Change(90, shock="reorganization")])
    b = sim.read("near-cheap").but(
        changes=[sim.Change(60, {"liaison.count": 2}), sim.Change(70, {"trust.gain": 0.1}, days=20)]
    )
    found = levers_of(a, b)
    mixtures = Mixtures(a, b, found)
    assert mixtures.of(0).hash == a.hash and mixtures.of((1 << len(found)) - 1).hash == b.hash
    names = [lever.name for lever in found]
    assert "day 30: liaison.count = 1 → day 60: liaison.count = 2" in names
    assert "day 70 for 20 days: trust.gain = 0.1" in names and "without day 90: reorganization" in names
    assert len({mixtures.of(mask).hash for mask in range(1 << len(found))}) == 1 << len(found)


def test_dated_changes_are_levers_and_change_nothing_before_their_day():
    """Two of thirty markets lose nothing by her leaving; the mean of four is above 0 once in three thousand."""
    found = sim.explain("liaison", "liaison-leaves", "revenue", seeds=4)
    assert list(found.bars) == ["day 650: liaison leaves"] and (found.bars.mean() < 0).all()


def test_what_moves_on_one_day_is_a_bar_each():
    """A plan of several actions on a day is not one bar; taken back, each is one too."""
    a = sim.read("silo").but(days=90)
    b = a.but(
        changes=[
            sim.Change(20, {"liaison.count": 1, "communication.cost_hours": 0.25}),
            sim.Change(40, shock="training"),
        ]
    )
    found = sim.explain(a, b, "revenue", seeds=3)
    names = {"day 20: liaison.count = 1", "day 20: communication.cost_hours = 0.25", "day 40: training"}
    assert set(found.bars) == names
    assert adds_up(found) and {lever.name for lever in levers_of(b, a)} == {f"without {name}" for name in names}
    mixtures = Mixtures(a, b, levers_of(a, b))
    assert mixtures.of(0).hash == a.hash and mixtures.of(7).hash == b.hash and mixtures.of(1).hash != b.hash
    for values in (
        {"liaison.count": 1, "workforce.marketers": 4},
        {"practices.rules": 2, "distance.between_teams_m": 2},
    ):
        whole = a.but(changes=[sim.Change(20, values, days=30)])
        assert explain_levers.each_for_itself(whole).hash == whole.hash


def test_levers_that_need_each_other_move_together():
    small = sim.read("small-simple")
    found = levers_of(small, small.but(workforce__marketers=6, liaison__count=4, trust__gain=0.1))
    assert sorted(lever.name.count("→") for lever in found) == [1, 2]
    assert found[-1].values.keys() <= {"trust.gain", "liaison.count", "workforce.marketers"}


def test_beyond_eight_levers_orders_are_sampled_and_still_add_up():
    found = sim.explain("default", "near-distrust-mandated", "revenue", seeds=2, days=65, orders=2)
    assert adds_up(found) and len(found.bars.columns) > explain_levers.EXACT
    assert "sampling" in found.summary() and runs_needed(12, 2) == 24


def test_sampled_and_exact_levers_agree(monkeypatch):
    """Two orders and their reverses are all six orders' mean where levers interact in pairs only, near it elsewhere."""
    a = sim.read("default").but(days=130)
    mixtures = Mixtures(
        a, b := a.but(liaison__count=1, trust__initial=0.2, distance__between_teams_m=5), levers_of(a, b)
    )
    exact = by_lever(mixtures, 1, "net_value")
    monkeypatch.setattr(explain_levers, "EXACT", 1)
    near = by_lever(mixtures, 1, "net_value", orders=40)
    assert near.bars.sum() == pytest.approx(exact.bars.sum())
    assert (np.abs(near.bars - exact.bars) <= 5 * near.error + 1e-6).all() and (near.error > 0).any()


# --- by step of the funnel


def test_bars_of_the_funnel_add_up_in_every_market(funnel):
    assert adds_up(funnel) and list(funnel.bars)[-1] == REST
    assert set(funnel.bars) <= set(STEPS)


@pytest.mark.parametrize("days", [1, 40, 260, 333, 650])
def test_contracts_bring_the_revenue_and_are_worth_the_equity(days):
    scenario = sim.read("growth").but(days=days)
    kept, alone = lived(scenario, 2), sim.run(scenario, 2)
    assert {n: v for n, v in kept.outcomes.items() if v == v} == {n: v for n, v in alone.outcomes().items() if v == v}
    revenue = kept.contracts.brought(np.full(days, 1 / 260)).sum()
    assert revenue == pytest.approx(alone.outcomes()["revenue"], rel=1e-12)
    assert kept.worth.sum() == pytest.approx(alone.net_value.closing, rel=1e-12)


def test_every_step_has_its_own_rate_beside_the_share_of_all():
    named = [*FUNNEL, "own prospects", "own prospects won", "customers lost"]
    bare = pd.DataFrame({"a": [1000.0, 400.0, 100.0, 50.0, 10.0, 80.0, 20.0, 7.0], "b": 0.0}, index=named)
    found = with_rates(bare)
    assert found.loc[list(FUNNEL[1:]), "rate_a"].tolist() == [0.4, 0.25, 0.5, 0.2]
    assert found.loc[list(FUNNEL[1:]), "share_a"].tolist() == [0.4, 0.1, 0.05, 0.01]
    assert found.at["own prospects won", "rate_a"] == 0.25 and np.isnan(found.at["customers lost", "rate_a"])
    assert found[["rate_b", "share_b"]].isna().all().all()  # of nobody there is no share


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_steps_explain_shipped_pairs(a, b):
    """What no step explains is under 5 % of the difference; it is in fact nothing but rounding."""
    for metric in ("revenue", "net_value"):
        found = sim.explain(a, b, metric, "funnel", seeds=[5])
        difference = float((found.totals["after"] - found.totals["before"]).iloc[0])
        assert adds_up(found) and difference != 0.0
        assert abs(found.bars[REST].iloc[0]) <= 1e-6 * abs(difference)


def test_the_way_back_is_the_way_there_with_the_sign_turned(books):
    for metric in METRICS:
        there, back = part(*books, metric), part(*books[::-1], metric)
        for name, amount in there.bars.items():
            assert back.bars[name] == pytest.approx(-amount, abs=1e-6), name


def test_an_organization_parts_from_itself_nowhere(books):
    twin = books[0]
    found = part(twin, twin)
    assert set(found.bars.values()) == {0.0} and not len(found.leads)
    assert not (parting(twin, twin, match(twin, twin)).step != "").any()


@pytest.mark.parametrize(
    ("change", "bars"),
    [
        ({"money.seat_cost": 120.0}, {"payroll", "programmes"}),
        (
            {"money.discount": 0.02},
            {"margin and discount", "worth of customers", *COSTS},
        ),
        ({"market.value": 30.0}, {"contract size", "worth of customers", "special terms"}),
    ],
)
def test_what_only_the_books_know_shows_at_no_step_of_the_funnel(change, bars):
    today = sim.read("default").but(days=DAYS)
    found = part(lived(today, 1), lived(today.but(change), 1))
    assert {name for name, amount in found.bars.items() if abs(amount) > 1e-6} <= bars


def test_a_dated_margin_and_a_firm_that_ends():
    today = sim.read("default").but(days=DAYS)
    later = today.but(changes=[sim.Change(100, {"money.margin": 0.5})])
    found = part(lived(today, 1), lived(later, 1), "contribution")
    assert found.bars["margin and discount"] == pytest.approx(found.after - found.before)
    ended = lived(today.but(money__start_cash=0, money__margin=0.05), 1)
    assert ended.broke and ended.days < DAYS
    found = part(lived(today, 1), ended)
    assert abs(found.bars[REST]) < 1e-6 and found.bars["after the money ran out"] < 0


@pytest.mark.parametrize("change", [{"workforce.marketers": 16, "workforce.salespeople": 20}, {"market.size": 1.5},
                                    {"rooms.marketing": 0}, {"workforce.growth": 0.3}])  # fmt: skip
def test_other_markets_and_other_models_add_up_too(change):
    today = sim.read("default").but(days=333)
    found = part(lived(today, 4), lived(today.but(change), 4))
    assert sum(found.bars.values()) == pytest.approx(found.after - found.before, rel=1e-9)
    assert abs(found.bars[REST]) < 1e-6


def test_twins_are_the_same_prospects(books):
    twins = match(*books)
    runs = [sim.run(each.scenario, 3) for each in books]
    rows = [twins.column(each, side, "lead", NEVER) for side, each in enumerate(books)]
    both = (rows[0] != NEVER) & (rows[1] != NEVER)
    assert both.sum() > 1000
    tables = [run.leads.iloc[row[both]] for run, row in zip(runs, rows, strict=True)]
    for column in ("value", "segment", "born"):
        assert (tables[0][column].to_numpy() == tables[1][column].to_numpy()).all()
    met = [set(row[row != NEVER]) for row in rows]
    assert [len(each) for each in met] == [len(run.leads) for run in runs]  # everybody is somewhere, once


def test_prospects_part_at_the_first_step_that_one_did_not_pass(books):
    twins = match(*books)
    parted = parting(*books, twins)
    low, high = np.minimum(*parted.reached), np.maximum(*parted.reached)
    assert ((parted.step == "") == (low == high)).all()
    assert (high[parted.step == "won"] == SIGNED).all()
    table = part(*books, "revenue").leads
    for side in "ab":
        fates = table[f"fate_{side}"].map(dict(enumerate(FATES.values())))
        for step, fate in (
            ("followed up in time", "never called"),
            ("passed on", "not qualified"),
            ("won", "deal lost"),
        ):
            assert set(table.loc[fates == fate, "step"]) <= {step, "own prospects"}, (side, fate)
    signed = table[(table["customer_a"] >= 0) & (table["customer_b"] >= 0)]
    assert set(signed["step"]) <= {"sooner or later", "contract size", "kept", "grown"}


def test_a_lead_that_would_have_been_lost_later_counts_there_too():
    """Passed on in one only, 100 k€; the other calls half as often. By hand: 75 for passing on, 25 for calling."""
    steps = np.array(["passed on"], object)
    rate = {1: 1.0, 2: 0.5, 3: 1.0, 4: 1.0}  # how much likelier in a than in b
    for by_b, amount, passed, called in ((True, 100.0, 75.0, 25.0), (False, -100.0, -150.0, 50.0)):
        bars = dict.fromkeys(STEPS, 0.0)
        where = Parting(steps, np.array([1]), np.array([by_b]), (np.array([0]), np.array([4])))
        share_out(bars, where, np.array([amount]), rate, 1.0)
        assert {name: amount for name, amount in bars.items() if abs(amount) > 1e-12} == pytest.approx(
            {"passed on": passed, "followed up in time": called}
        )


def test_rates_compare_the_organizations_on_the_same_prospects(books):
    """Of the leads that both passed on, silo calls far fewer; counted from the runs' own tables."""
    twins = match(*books)
    found = rates(books[0], twins, parting(*books, twins))
    rows = [twins.column(each, side, "lead", NEVER) for side, each in enumerate(books)]
    both = (rows[0] != NEVER) & (rows[1] != NEVER)
    tables = [sim.run(each.scenario, 3).leads.iloc[row[both]] for each, row in zip(books, rows, strict=True)]
    passed = np.logical_and(*(table["handed"].notna().to_numpy() for table in tables))
    called = [float(table["tried"].notna().to_numpy()[passed].sum()) for table in tables]
    assert found[2] == pytest.approx((called[0] + 0.5) / (called[1] + 0.5)) and found[2] < 0.6
    assert set(found) == {1, 2, 3, 4}


def test_interest_is_put_down_to_fit_or_to_time():
    """Called by both, of interest to one: the step is that of the part in which the two chances differ more."""
    books = [lived(sim.read(name).but(days=2 * DAYS), 3) for name in ("silo", "near-cheap")]
    twins = match(*books)
    parted = parting(*books, twins)
    cold = books[0].scenario.theory.selling.cold
    fit, ready = ([twins.column(each, i, n, 1.0) for i, each in enumerate(books)] for n in ("fit", "ready"))
    for step, more in (("fitting", False), ("followed up in time", True)):
        rows = np.flatnonzero((parted.step == step) & (parted.level == 3))
        assert len(rows) >= 5
        for row in rows:
            better, other = (1, 0) if parted.by_b[row] else (0, 1)
            by_fit = fit[better][row] / fit[other][row]
            by_time = (cold + (1 - cold) * ready[better][row]) / (cold + (1 - cold) * ready[other][row])
            assert (by_time > by_fit) == more and max(by_time, by_fit) >= 1.0


def test_who_is_still_under_way_at_the_end_is_only_later():
    near = sim.read("silo").but(days=195, distance__between_teams_m=2)
    far = near.but(distance__between_teams_m=500)
    table = part(lived(far, 4), lived(near, 4), "revenue").leads
    late = table[(table["fate_a"] == Fate.OPEN) & (table["customer_b"] >= 0)]  # won nearby, still open far away
    assert len(late) and set(late["step"]) == {"sooner or later"}


def test_prospects_bring_the_whole_difference_in_revenue(books):
    found = part(*books, "revenue")
    assert found.leads["difference"].sum() == pytest.approx(found.after - found.before, rel=1e-9)


def test_what_has_no_funnel_is_refused(books):
    with pytest.raises(sim.InputError, match="by lever"):
        part(*books, "score")


# --- the explanation


@pytest.mark.parametrize("which", ["funnel", "levers"])
def test_intervals_and_noise_are_those_of_the_markets(which, request):
    found = request.getfixturevalue(which)
    table = found.summary()
    for name, row in table.iterrows():
        assert (row["mean"], row["low"], row["high"]) == pytest.approx(tuple(mean_interval(found.bars[name])))  # money
        assert row["noise"] == (row["low"] <= 0.0 <= row["high"])
    assert table["mean"].sum() == pytest.approx(found.difference.mean)
    assert table["share"].sum() == pytest.approx(1.0)
    assert len(found.df) == found.bars.size and set(found.df.columns) >= {"bar", "seed", "metric", "value", "unit"}


@pytest.mark.parametrize("which", ["funnel", "levers"])
def test_plain_data_holds_what_a_page_needs(which, request):
    found = request.getfixturevalue(which)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [bar["name"] for bar in data["bars"]] == list(found.bars)
    assert sum(bar["mean"] for bar in data["bars"]) == pytest.approx(data["difference"]["mean"])
    assert data["after"] - data["before"] == pytest.approx(data["difference"]["mean"])
    for bar in data["bars"]:
        assert {"low", "high", "noise", "markets", "leads"} <= set(bar) and len(bar["markets"]) == len(found.seeds)
        for lead in bar["leads"]:
            assert lead["market"] == data["market_of_leads"] and lead["end_a"] and lead["end_b"]
    assert any(bar["leads"] for bar in data["bars"]) == (which == "funnel")


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=20), st.integers(0, 2))
def test_figures_that_are_shown_add_up(values, digits):
    shown = rounded_to_sum(values, digits)
    unit = 10.0**-digits
    assert round(sum(shown), digits) == pytest.approx(sum(values), abs=0.5001 * unit)
    assert all(abs(a - b) < 1.0001 * unit for a, b in zip(values, shown, strict=True))


@given(st.floats(-1e5, 1e5), st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=8), st.integers(0, 2))
def test_totals_that_are_shown_are_the_sum_of_what_stands_between(before, values, digits):
    whole, after, unit = sum(rounded_to_sum(values, digits)), before + sum(values), 10.0**-digits
    start, end = totals_around(before, after, whole, digits)
    assert round(start + whole, digits) == pytest.approx(end, abs=unit / 1000)
    assert abs(start - before) + abs(end - after) < 1.5001 * unit


def test_the_sum_is_written_out():
    assert written_sum([0.21, 0.06, -0.08, 0.0, -0.03], 2, "M€") == "0.21 + 0.06 − 0.08 − 0.03 = 0.16 M€"
    assert written_sum([-1.0, 2.0], 1, "k€") == "−1.0 + 2.0 = 1.0 k€"
    assert written_sum([0.0], 1, "k€") == "The difference is 0 k€"


def test_the_headline_answers(funnel, levers):
    assert "higher by" in funnel.headline() and "liaison" in funnel.headline()
    same = sim.explain("default", sim.read("default").but(liaison__trust_sales=0.4), seeds=2, days=65)
    assert "cannot be told apart" in same.headline()
    assert "in market 3 alone" in sim.explain("silo", "liaison", "revenue", seeds=[3], days=130).headline()


def test_leads_of_a_bar(funnel, levers):
    table = funnel.leads("followed up in time")
    assert len(table) > 10 and set(table["step"]) == {"followed up in time"} and set(table["market"]) == {0, 1, 2, 3}
    assert table["difference"].abs().is_monotonic_decreasing
    assert set(funnel.leads("won", 2)["market"]) <= {2}
    of_lever = levers.leads("liaison.count 0 → 1")
    assert len(of_lever) and set(of_lever["market"]) == {levers.usual_market()}
    with pytest.raises(sim.InputError, match="followed up"):
        funnel.leads("followed up in tim")
    with pytest.raises(sim.InputError, match="market 9"):
        funnel.leads("won", 9)


def test_both_lives_of_a_lead(funnel):
    row = funnel.leads("followed up in time", 2).dropna().iloc[0]
    lives = funnel.lead(int(row["lead_a"]), 2)
    assert (lives.lead_a, lives.lead_b) == (row["lead_a"], row["lead_b"])
    assert lives.a[0].split(": ", 1)[0] == lives.b[0].split(": ", 1)[0]  # the same day
    assert f"{row['value']:.1f} k€ a year" in lives.a[0] and f"{row['value']:.1f} k€ a year" in lives.b[0]
    assert funnel.lead(f"b:{row['lead_b']}", 2) == lives
    won = "won" if row["difference"] > 0 else "lost"
    assert any(f": {won}" in sentence for sentence in lives.b)
    lonely = funnel.leads("leads found", 2)
    lonely = lonely[lonely["lead_b"].isna()].iloc[0]
    assert funnel.lead(int(lonely["lead_a"]), 2).b == ["This organization never met the prospect."]
    for lead in (10**6, "x", "c:1", -3):
        with pytest.raises(sim.InputError, match="lead"):
            funnel.lead(lead, 2)


def test_threads_change_nothing(funnel):
    alone = sim.explain("silo", "liaison", "net_value", "funnel", seeds=4, days=DAYS, threads=1)
    assert alone.bars.equals(funnel.bars) and alone.counts.equals(funnel.counts)


def test_what_cannot_be_explained_is_refused_all_at_once():
    with pytest.raises(sim.InputError) as caught:
        sim.explain("silo", "liaison", "net_valu", "levr", orders=3)
    assert len(caught.value.problems) == 3
    with pytest.raises(sim.InputError, match="nothing to explain"):
        sim.explain("silo", "silo")
    with pytest.raises(sim.InputError, match="days"):
        sim.explain("silo", sim.read("silo").but(days=100))
    with pytest.raises(sim.InputError, match="funnel"):
        sim.explain("silo", "liaison", "score", "funnel")


def test_an_interruption_keeps_whole_markets(monkeypatch):
    from sim.study.explain import explain as module

    real, calls = module.part, []

    def stops(*given):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(module, "part", stops)
    with pytest.raises(Interrupted) as caught:
        sim.explain("silo", "liaison", "revenue", "funnel", seeds=6, days=65, threads=1)
    (kept,) = caught.value.finished
    assert kept.seeds[:2] == [0, 1] and len(kept.seeds) < 6 and adds_up(kept)  # and the one that was running


def test_it_is_saved_whole(funnel, tmp_path):
    funnel.save(tmp_path / "why")
    files = {path.name for path in (tmp_path / "why").iterdir()}
    assert files == {"bars.parquet", "summary.csv", "leads.parquet", "explanation.json", "explanation.toml", "why.png",
                     "checksums.sha256"}  # fmt: skip
    assert json.loads((tmp_path / "why" / "explanation.json").read_text())["headline"] == funnel.headline()
    with pytest.raises(FileExistsError):
        funnel.save(tmp_path / "why")
    assert "<table" in funnel._repr_html_()


# --- the picture


def test_the_waterfall_rises_from_one_total_to_the_other(funnel):
    axes = waterfall(funnel)
    boxes = [patch for patch in axes.patches if hasattr(patch, "get_height") and patch.get_height() != 0]
    totals = [box for box in boxes if look.matplotlib.colors.to_hex(box.get_facecolor()) == "#cccac5"]
    steps = [box for box in boxes if box not in totals]
    scale = 1000.0
    assert totals[0].get_y() + totals[0].get_height() == pytest.approx(funnel.totals["before"].mean() / scale)
    change = sum(box.get_height() * (-1 if box.get_hatch() else 1) for box in steps)
    assert change == pytest.approx(funnel.difference.mean / scale, rel=1e-6)
    level = funnel.totals["before"].mean() / scale
    for box in sorted(steps, key=lambda box: box.get_x()):  # each begins where the one before ended
        begins, ends = box.get_y(), box.get_y() + box.get_height()
        begins, ends = (ends, begins) if box.get_hatch() else (begins, ends)
        assert begins == pytest.approx(level)
        level = ends
    assert level == pytest.approx(totals[1].get_y() + totals[1].get_height())
    for box in steps:  # in grey, too: what adds is dark, what takes away is white and hatched
        light = np.mean(look.matplotlib.colors.to_rgb(box.get_facecolor()))
        assert (light > 0.9) == bool(box.get_hatch())
    said = [text.get_text() for text in (*axes.texts, *axes.figure.texts)]
    assert any("inside the noise" in " ".join(said) for _ in said) and any(" = " in line for line in said)
    assert "followed up in time" in " ".join(said)


def test_figures_on_the_waterfall_add_up_and_levers_have_names(levers):
    axes = waterfall(levers)
    shown = [text.get_text() for text in axes.texts if text.get_gid() == "number"]
    start, *parts, end = (float(text.replace("−", "-").replace(",", "")) for text in shown)
    places = max(len(text.partition(".")[2]) for text in shown)
    assert round(start + sum(parts), places) == end
    said = " ".join(text.get_text() for text in (*axes.texts, *axes.figure.texts))
    assert "Trust at the start" in said and "trust.initial" not in said and "liaison.count" not in said


def test_totals_are_torn_where_the_axis_does_not_begin_at_zero(tmp_path):
    found = sim.explain("default", "mandated", "revenue", "funnel", seeds=2, days=DAYS)
    axes = waterfall(found, tmp_path / "why.png")
    assert axes.get_ylim()[0] > 0 and sum(len(p.get_path().vertices) > 10 for p in axes.patches) == 2
    assert (tmp_path / "why.png").stat().st_size > 10_000
    whole = waterfall(sim.explain("silo", "near-cheap", "followed_up", seeds=2, days=DAYS))
    assert whole.get_ylim()[0] <= 0


# --- the command


def test_the_command_explains(baton, tmp_path):
    few = ("--seeds", 2, "--days", 130)
    code, out, err = baton("explain", "silo", "liaison", *few)
    assert code == 0 and "liaison.count 0 → 1" in out and " = " in out and "Next: baton explain" in out
    assert err.startswith("Explaining net_value of silo and liaison by lever in 2 markets") and "runs at most" in err
    code, out, _ = baton("explain", "silo", "liaison", "--by", "funnel", *few, "-o", tmp_path / "why")
    assert code == 0 and "not explained" in out and "The funnel" in out and (tmp_path / "why" / "why.png").is_file()
    code, out, _ = baton("explain", "silo", "liaison", "--by", "funnel", "--metric", "revenue", *few, "--json")
    assert code == 0 and json.loads(out)["metric"] == "revenue"
    code, out, err = baton("explain", "silo", "liaison", "--lead", 12, "--seed", 1, "--days", 130)
    assert code == 0 and out.startswith("The same prospect of market 1") and "Day " in out
    assert baton("explain", "silo", "liaison", "--metric", "scor", *few)[0] == 3
    assert baton("explain", "silo", "silo", *few)[0] == 3
    assert baton("explain", "silo", "liaison", "--lead", "x", "--seed", 1)[0] == 3
    assert baton("explain", "silo")[0] == 2
    bars = json.loads(baton("explain", "silo", "liaison", *few, "--json")[1])["bars"]
    same = sim.explain("silo", "liaison", seeds=2, days=130).difference.mean
    assert sum(row["mean"] for row in bars) == pytest.approx(same)


def test_people_of_ones_own_may_come_with_the_second():
    """What is counted on them is not set beside them: by lever and the other way round, bars add up."""
    pair = [sim.read(name).but(days=65, changes=()) for name in ("small-simple", "company-example")]
    for one, other in (pair, pair[::-1]):
        found = sim.explain(one, other, seeds=2)
        assert "people and ties" in " ".join(found.means.index)
        assert found.means.sum() == pytest.approx(found.difference.mean)
