"""Customer equity: what contracts are worth, by the renewals of four quarters, on the last day lived."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.model.rules.money import years_of
from sim.result import outcomes

HORIZONS = range(250, 271)
MOST = 0.03  # of the net value, from one horizon to the next


def worth(run, horizon: int) -> float:
    """The net value of the first days of a run: a shorter run is the same run, stopped earlier."""
    days = run.daily.iloc[:horizon]
    return outcomes.net_value(days["contribution"], days["equity"], *run._worth()).total


@pytest.fixture(scope="module")
def first_year():
    """The default firm and one of eight people, in several markets."""
    return [sim.run(name, seed, until=300) for name in ("default", "small-simple") for seed in (1, 2, 10)]


def test_net_value_does_not_jump_with_the_horizon(first_year):
    for run in first_year:
        values = np.array([worth(run, horizon) for horizon in HORIZONS])
        assert (np.abs(np.diff(values)) <= MOST * np.abs(values[1:])).all(), run.name


def test_a_shorter_horizon_is_worth_what_the_longer_one_was_on_that_day():
    whole, short = sim.run("small-simple", 2, until=262), sim.run(sim.read("small-simple").but(days=257), 2)
    assert short.net_value.total == pytest.approx(worth(whole, 257), rel=1e-12)


def test_nothing_jumps_on_the_first_day(first_year):
    for run in first_year:
        opening = run.about["opening_equity"]
        assert run.daily["equity"].iloc[0] == pytest.approx(opening, rel=0.03)


def test_equity_is_one_multiple_of_all_contracts(first_year):
    """By hand, from the tables: a renewal rate of 260 days, and the profit of the contracts of the last day."""
    for run in first_year:
        firm, money, last = run.state.firm, run.scenario.theory.money, run.daily.iloc[-260:]
        rate = last["likely_value"].sum() / last["due_value"].sum()
        active = firm.customers[: int(firm.ledger["n_customers"][0])]
        active = active[active["ended"] < 0]
        profit = money.margin * active["value"].sum() - active["special"].sum()
        assert run.daily["equity"].iloc[-1] == pytest.approx(profit * rate / (1 + money.discount - rate), rel=1e-9)
        assert 0.5 < rate < 0.95


def test_what_was_likely_is_what_happened_but_for_luck(first_year):
    """The rate by chances and the rate by what customers did: four standard errors (one false alarm in 16,000)."""
    for run in first_year:
        due, likely, gone = (run.daily[name].sum() for name in ("due_value", "likely_value", "churned_value"))
        n = run.state.firm.ledger["n_customers"][0]
        spread = np.sqrt(0.25 * 3.0 / n)  # of a sum of n contracts whose sizes spread as the default's do, at most
        assert abs((due - gone) / due - likely / due) < 4 * spread


@pytest.mark.parametrize("reputation", [0.6, 1.4])
def test_todays_reputation_does_not_swing_it(reputation):
    alone, told = (sim.run("default", 3, until=270).state for _ in range(2))
    told.firm.ledger["reputation"][0] = reputation
    for simulation in (alone, told):
        simulation.advance(271)
    before, after = (float(simulation.firm.days["equity"][270]) for simulation in (alone, told))
    assert after == pytest.approx(before, rel=0.01)


def test_a_firm_without_customers_is_worth_nothing_and_one_that_ended_closes_at_nothing():
    nobody = sim.run(sim.read("small-simple").but(customers__per_rep=0, days=5), 1)
    assert nobody.about["opening_equity"] == 0.0 and (nobody.daily["equity"] >= 0).all()
    ended = sim.run(sim.read("small-simple").but(money__start_cash=0, money__margin=0.05, days=65), 1)
    assert ended.broke is not None and ended.net_value.closing == 0.0


def test_a_saved_state_carries_the_last_four_quarters(tmp_path):
    whole, half = sim.run("small-simple", 4, until=330), sim.run("small-simple", 4, until=199)
    half.save_state(tmp_path / "state.npz")
    later = sim.run("small-simple", 4, until=330, from_state=tmp_path / "state.npz")
    assert later.daily["equity"].tolist() == whole.daily["equity"].tolist()


def test_a_longer_life_of_contracts_is_worth_more():
    years = [years_of(rate, 0.1) for rate in (0.0, 0.2, 0.5, 0.8, 0.95)]
    assert years[0] == 0.0 and years == sorted(years) and years[3] == pytest.approx(8 / 3)
