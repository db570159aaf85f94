"""Teams that grow, shrink and change hands: seats, work in hand, newcomers, quotas. Markets are fixed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.model.day_zero.opening import begin
from sim.model.drive import Simulation
from sim.model.firm import MONTH, YEAR, State, Team
from sim.model.rules.workforce import grown
from sim.model.theory import Theory, with_values


def lived(days: int, seed: int = 3, **levers: float) -> Simulation:
    simulation = begin(with_values(Theory(), {k.replace("__", "."): v for k, v in levers.items()}), seed, days)
    simulation.advance(days)
    return simulation


def teams(simulation: Simulation) -> tuple[int, int, int]:
    ledger = simulation.firm.ledger[0]
    return int(ledger["n_m"]), int(ledger["n_s"]), int(ledger["n_liaisons"])


def now_with(simulation: Simulation, day: int, **levers: float) -> Simulation:
    """Live until a day, and set levers from then on."""
    simulation.advance(day)
    simulation.change(with_values(simulation.theory, {k.replace("__", "."): v for k, v in levers.items()}))
    return simulation


# --- growth


@given(st.floats(0.0, 0.6), st.integers(1, 60), st.integers(1, 40))
def test_parts_of_a_seat_add_up(rate, seats, months):
    """However small the rate, after some months a team is as large as compounding says, to half a seat."""
    factor, team = (1.0 + rate) ** (MONTH / YEAR), float(seats)
    for _ in range(months):
        team = grown(team, int(team + 0.5), factor)
    assert math.isclose(team, seats * factor**months, rel_tol=1e-9)


def test_growth_goes_on_from_the_teams_as_they_are():
    months = 520 // MONTH
    expected = 24 * 1.15 ** (months * MONTH / YEAR)
    assert abs(teams(lived(520, workforce__growth=0.15))[1] - expected) <= 1
    larger = now_with(begin(with_values(Theory(), {"workforce.growth": 0.05}), 3, 400), 130, workforce__salespeople=36)
    larger.advance(260)
    assert 36 <= teams(larger)[1] <= 39, "seats that were opened stay open"
    late = now_with(begin(Theory(), 3, 800), 520, workforce__growth=0.2)
    late.advance(560)
    assert teams(late)[1] <= 26, "growth begins on the day it is set"


def test_growth_with_revenue_follows_revenue_and_keeps_marketing():
    firm = lived(780, workforce__growth_with_revenue=1.0, market__size=2.0, customers__per_rep=20.0)
    days = firm.firm.days["revenue"]
    assert days[779] > 1.2 * days[300] and teams(firm)[1] > 24
    with_liaison = lived(520, workforce__growth_with_revenue=0.5, liaison__count=1)
    assert teams(with_liaison)[0] >= 10 and teams(with_liaison)[2] == 1


# --- work in hand


@pytest.mark.parametrize("levers", [{"workforce__salespeople": 4}, {"workforce__marketers": 3}, {"liaison__count": 2}])
def test_who_leaves_a_team_hands_over_leads_deals_and_customers(levers):
    simulation = now_with(begin(Theory(), 3, 400), 130, **levers)
    simulation.advance(195)
    firm = simulation.firm
    people, n = firm.people, int(firm.ledger["n_leads"][0])
    does = [(people["working"] == 1) & (people["team"] == team) for team in (Team.MARKETING, Team.SALES)]
    under_way = firm.leads[:n][firm.leads["state"][:n] < State.WON]
    active = firm.customers[: int(firm.ledger["n_customers"][0])]
    active = active[active["ended"] < 0]
    for rows in (under_way, active):
        assert len(rows) and does[0][rows["m"][rows["m"] >= 0]].all() and does[1][rows["s"][rows["s"] >= 0]].all()
    open_deals = np.bincount(under_way["s"][under_way["state"] == State.OPPORTUNITY], minlength=len(people))
    assert (people["open_deals"] == open_deals).all()


def test_a_market_far_smaller_than_the_firm_knows_everybody():
    """It gave up after eight times its own teams: an endless search, and reps without a patch."""
    firm = lived(65, market__for_marketers=1, market__for_salespeople=1, workforce__ties_per_rep=9).firm
    assert set(firm.patches[Team.SALES]) <= set(np.flatnonzero(firm.people["team"] == Team.SALES))
    assert (firm.people["n_ties"][firm.people["team"] == Team.SALES] == 9).all()


def test_closing_and_opening_seats_is_paid_for():
    costs = []
    for change in ({}, {"workforce__salespeople": 23}, {"liaison__count": 1, "liaison__hired": 1}):
        simulation = now_with(begin(Theory(), 3, 200), 100, **change)
        simulation.advance(101)
        costs.append(simulation.firm.days["other_cash"][100])
    money = Theory().money
    assert costs[1] - costs[0] == pytest.approx(money.severance)
    assert costs[2] - costs[0] == pytest.approx(money.hire_cost)


# --- newcomers, quotas


def test_a_newcomer_has_no_history_with_the_liaison():
    trust = 0.35
    simulation = lived(780, liaison__count=1, liaison__trust_sales=trust, liaison__trust_marketing=trust,
                       workforce__turnover_s=12.0)  # fmt: skip
    people = simulation.firm.people
    new = (people["team"] == Team.SALES) & (people["joined"] > 780 - 2 * MONTH)
    old = (people["team"] == Team.SALES) & (people["joined"] <= 780 - 4 * MONTH)
    assert new.sum() >= 5 and abs(people["trust_liaison"][new].mean() - trust) < 0.1
    assert not old.any() or people["trust_liaison"][old].mean() > people["trust_liaison"][new].mean()


def test_reps_far_below_the_quota_are_dismissed_under_marketing_and_nowhere_else():
    left = {}
    for kind, misses in ((0, 4), (2, 0), (2, 4), (2, 1)):
        firm = lived(780, structure__kind=kind, structure__dismissal_misses=misses).firm
        left[kind, misses] = int(firm.ledger["left"][0])
    assert left[2, 0] < left[2, 4] < left[2, 1]
    assert lived(780, structure__dismissal_misses=1).firm.ledger["left"][0] == left[0, 4]


def test_a_lost_customer_becomes_a_grievance_as_often_as_is_said():
    """With no other source of grievances; the bound is five standard errors."""
    quiet = {"rooms__contact": 0, "rooms__practices": 0, "rooms__informal": 0, "rooms__structure": 0,
             "conflict__ignored": 0.0, "conflict__ambiguity": 0.0, "selling__grievance_bad": 0.0,
             "selling__grievance_lost": 0.0, "structure__budget_fairness": 1.0,
             "customization__asked": 0.0}  # fmt: skip
    never, half, always = (lived(520, **quiet, conflict__complaint=chance).firm.days["grievances"].sum()
                        for chance in (0.0, 0.5, 1.0))  # fmt: skip
    lost = always - never
    assert lost > 50 and abs((half - never) / lost - 0.5) < 5 * math.sqrt(0.25 / lost)


def test_looking_at_the_same_figures_makes_one_firm_only_where_culture_is_alive():
    mandated = {"practices__shared_metrics": 1, "rooms__trust": 1}
    without = lived(520, **mandated, rooms__culture=0).firm.people["identification"]
    assert (without == Theory().culture.identification).all()
    looked, not_looked = (lived(520, **mandated, culture__reviewed=step).firm.people["identification"].mean()
                          for step in (0.05, 0.0))  # fmt: skip
    assert looked > not_looked


def test_a_switched_off_workload_books_no_hours_of_meeting():
    firm = lived(260, rooms__workload=0, marketing__visits=3.0).firm
    assert firm.days["hours_meeting"].sum() == 0.0


def test_a_decision_that_waits_longer_than_a_quarter_is_taken_all_the_same():
    firm = lived(260, communication__delay_days=30.0, decisions__own_days=40, workforce__product_manager=1).firm
    assert firm.decisions["quality"][0] != 0.5


def test_what_says_how_a_run_begins_cannot_be_changed_later():
    for name in ("market.rivals", "market.segments", "workforce.idle", "money.start_cash"):
        with pytest.raises(sim.InputError, match="says how a run begins"):
            sim.read("default").but(changes=[sim.Change(day=30, values={name: 1})])


def test_prospects_keys_are_their_own_on_the_busiest_day():
    crowded = with_values(Theory(), {"marketing.numbers": 128, "market.size": 8.0})
    simulation = begin(crowded, 3, 130)
    simulation.advance(130)
    n = int(simulation.firm.ledger["n_leads"][0])
    keys = simulation.firm.leads["key"][:n]
    assert len(np.unique(keys)) == n
