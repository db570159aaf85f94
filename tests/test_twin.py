"""The analytic twin: laws of its parts, what it must do at the ends, and that it follows the simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.firm import M, S
from sim.model.formulas import raised as of_the_model
from sim.study.validation.twin import firms as chosen
from sim.study.validation.twin import ignorance, many, together
from sim.study.validation.twin.equations import live
from sim.study.validation.twin.judged import VARIABLES, agreements, by_twin, simulated
from sim.study.validation.twin.resting import resting
from sim.study.validation.twin.state import first_state, frame_of

SHARE = st.floats(0.0, 1.0)


@given(SHARE, SHARE, SHARE)
def test_what_is_raised_is_raised_as_in_the_model(x, share, ceiling):
    assert float(x + many.raised(x, share, ceiling)) == pytest.approx(of_the_model(x, share, ceiling))


@given(st.lists(st.tuples(st.floats(0.0, 1.4), st.floats(0.001, 1.0)), min_size=1, max_size=8))
def test_places_keep_how_many_and_how_unsure(found):
    variance, mass = (np.array([column]) for column in zip(*found, strict=True))
    density = ignorance.placed(mass, variance)
    assert density.sum() == pytest.approx(mass.sum())
    assert (density * ignorance.PLACES).sum() == pytest.approx((mass * variance).sum())


@given(st.floats(0.1, 1.3), st.floats(0.05, 1.3), st.floats(0.0, 5.0))
@settings(max_examples=50)
def test_who_hears_or_sees_is_never_less_sure(begun, told, times):
    density = ignorance.at(np.array([[begun]]))
    for after in (ignorance.hears(density, times, np.array([[told]])), ignorance.sees(density, times, told),
                  ignorance.hears_mates(density, times, told)):  # fmt: skip
        assert after.sum() == pytest.approx(1.0) and (after >= -1e-12).all()
        assert float(ignorance.mean(after)[0, 0]) <= begun + 1e-9


@given(st.lists(SHARE, min_size=6, max_size=6, unique=True), st.floats(0.0, 0.3))
@settings(max_examples=30)
def test_one_tie_comes_to_mind(familiar, q):
    """Over the own ties the chances add up to one, whoever is familiar with whom and whatever is open."""
    frame = frame_of(many.side_by_side([chosen.FIRMS["default"]]))
    state = first_state(frame)
    state.clear_strength, state.open_strength = np.array([familiar[:3]]), np.array([familiar[3:]])
    state.open = [np.full((1, 3), q / 3)] * 3
    for side in (M, S):
        one, other = frame.coming_to_mind(state, side)
        a_person = ((1.0 - q) * one + q * other).mean() * frame.ties_of(side)
        assert float(a_person[0, 0]) == pytest.approx(1.0, abs=1e-9)


def test_help_that_goes_both_ways_is_paid_back_and_help_that_goes_one_way_is_not():
    assert together.returned_favour(1.0, 1.0) == pytest.approx(0.4)
    assert together.returned_favour(1e6, 1.0) < 1e-5 and together.returned_favour(1.0, 1e6) > 0.99


def test_where_nobody_meets_nobody_is_known():
    firm = {"contact.moments": 0, "practices.unasked_help": 0.0, "practices.unasked_plan": 0.0,
            "practices.unasked_review": 0.0}  # fmt: skip
    (row,) = by_twin([chosen.with_practices(firm, False)])
    found = dict(zip(VARIABLES, row, strict=True))
    assert found["familiarity"] == found["talks"] == found["joint work"] == 0.0
    assert found["language"] == pytest.approx(0.1)  # what a beginner brings


def test_bounds_and_directions():
    costs = [0.05, 0.5, 2.0]
    firms = [chosen.with_practices({"communication.cost_hours": cost}, False) for cost in costs]
    states = []
    live(firms, 520, reading=lambda day, frame, state, change: states.append(
        np.concatenate([state.strength, state.any_open(), *state.cog, *state.aff, *state.language], 1)))  # fmt: skip
    assert all((each >= 0).all() and (each <= 1).all() for each in states)
    talks = by_twin(firms)[:, list(VARIABLES).index("talks")]
    assert talks[0] > talks[1] > talks[2] > 0


def test_it_follows_the_simulation():
    """Two firms in two markets; the report has twenty, and the limits."""
    firms = [chosen.with_practices(chosen.TRIAL_FIRMS[name], False) for name in ("middling", "twelve metres, liaison")]
    found = np.array([[simulated(each, market) for market in (96_950, 96_951)] for each in firms])
    twin = by_twin(firms)
    for k, variable in enumerate(("trust of Marketing", "trust of Sales", "language")):
        assert np.abs(found.mean(1) - twin)[:, k].max() < 0.08, variable
    table = agreements(found, twin)
    assert [each.variable for each in table] == list(VARIABLES) and table[0].simulated.shape == (2,)


def test_the_list_of_firms_is_long_enough_and_no_firm_is_another():
    assert len(chosen.FIRMS) >= 14
    every = [tuple(sorted(levers.items())) for levers in (*chosen.FIRMS.values(), *chosen.TRIAL_FIRMS.values())]
    assert len(set(every)) == len(every)
    assert not set(chosen.MARKETS) & set(chosen.TRIAL_MARKETS)


def test_from_distrust_and_from_trust():
    """After a short while the beginning is seen, and the end from trust is never below that from distrust."""
    found = resting((0.1, 1.0), (0.2, 0.6), years=2)
    assert found.low.shape == found.high.shape == (2, 2)
    assert (found.high > found.low).all() and found.two.all()
