"""What the texts claim of practice, as laws: size, shared tasks, product managers, recruits, the quota's pressure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.model.firm import Practice
from sim.model.formulas import layers
from sim.model.rules import conflict
from sim.model.theory import Theory, with_values
from sim.model.things import practice

FIRM = sim.read("small-simple").but(days=63)


def state(**levers):
    """A firm after a quarter, with its arrays to look at and to move."""
    return sim.run(FIRM.but(**levers), seed=1).state.firm


@given(st.floats(2, 1e6), st.floats(2, 1e6), st.floats(2, 1e6))
def test_more_people_have_more_layers_above_them(few, many, usual):
    few, many = sorted((few, many))
    assert 0.0 < layers(few, usual) <= layers(many, usual)
    assert abs(layers(usual, usual) - 1.0) < 1e-9


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_shared_tasks_stay_within_bounds_and_fall_with_decay(decay, more, upkeep):
    left = []
    for rate in sorted((decay, more)):
        firm = FIRM_STATE
        firm.ledger["records"] = 0.5
        theory = with_values(Theory(), {"conflict.shared_tasks": rate, "conflict.upkeep": upkeep})
        conflict.keep_shared_tasks(firm, theory, DAY)
        left.append(float(firm.ledger[0]["records"]))
    assert 0.0 <= left[1] <= left[0] <= 1.0


def test_a_product_manager_brings_the_teams_to_one_table_and_costs_their_hours():
    alone, managed = (sim.run(FIRM.but(workforce__product_manager=n), seed=1).daily for n in (0, 1))
    assert managed["agreed"].sum() > alone["agreed"].sum()
    assert managed["hours_meeting"].sum() > alone["hours_meeting"].sum()


def test_a_seat_costs_more_to_fill_where_roles_are_unclear():
    costs = []
    for clarity in (1.0, 0.5, 0.0):
        run = sim.run(FIRM.but(conflict__clarity=clarity, workforce__turnover_s=6.0, rooms__conflict=0), seed=1)
        left, rest = run.state.firm.ledger[0]["left"], run.daily["other_cash"].sum() - run.daily["budget"].sum()
        assert left > 0
        costs.append(rest / left)
    assert costs[0] < costs[1] < costs[2]


def test_who_is_judged_by_shared_measures_is_pressed_by_no_quota():
    firm = FIRM_STATE
    firm.ledger["pressure"] = 0.7
    bit = 1 << Practice.SHARED_METRICS
    for complies, willing, expected in ((0, 0, 0.7), (bit, 0, 0.7), (bit, bit, 0.0)):
        firm.people["complies"][0], firm.people["willing"][0] = complies, willing
        assert practice.pressed(firm, 0) == expected


FIRM_STATE = state()
DAY = sim.model.dice.Dice(1, 4)
