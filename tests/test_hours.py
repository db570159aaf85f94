"""Hours have an end: whatever is asked of people, nobody works longer than sixty hours in five days (E11)."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.contract.every_night import NEAR
from sim.model import drive
from sim.model.day_zero import opening
from sim.model.firm import WEEK
from sim.model.theory import numbers
from sim.run import changes_to_come, live_until, run
from sim.study.validation.patterns.organizations import MANDATED

WEEK_AT_MOST = 60.0  # hours of anybody in any five days, where a day has eight
BOUNDS = [
    {name: bound}
    for name, each in numbers().items()
    if each.lever and name not in ("market.for_marketers", "market.for_salespeople")
    for bound in (each.low, each.high)
    if each.unit != "people" or bound <= 100
]
HARD = [{"market.size": 10.0}, {"workforce.salespeople": 1, "market.for_salespeople": 24}, MANDATED]


def lived(days: int, seed: int, **levers) -> drive.Simulation:
    return run(sim.read().but(days=days, **levers), seed, until=days).state


def longest_day(scenario: sim.Scenario, seed: int, days: int) -> float:
    """The most hours that anybody worked on one day."""
    simulation, most = opening.begin(scenario.theory, seed, days), 0.0
    coming = changes_to_come(scenario, simulation)
    for night in range(1, days + 1):
        live_until(night, simulation, coming)
        most = max(most, float(simulation.firm.people["hours"].max()))
    return most


@pytest.mark.parametrize("name", sorted(set(sim.shipped()) - {"company"}))
def test_nobody_works_longer_than_a_week_and_a_half_in_a_shipped_scenario(name):
    scenario = sim.read(name).but(days=130, changes=[c for c in sim.read(name).changes if c.day < 130])
    assert all(0 < WEEK * longest_day(scenario, seed, 130) <= WEEK_AT_MOST + NEAR for seed in (1, 2))


def test_nobody_works_longer_at_the_bounds_of_any_lever():
    for levers in (*BOUNDS, *HARD):
        assert WEEK * longest_day(sim.read().but(levers), 3, 45) <= WEEK_AT_MOST + NEAR, levers


def test_who_has_too_many_deals_wins_no_more_for_it():
    """One rep in a market for 24 against reps whose days are as full as days are; four markets, five years."""
    alone, usual = [], []
    for seed in range(4):
        rows = lived(1300, seed, workforce__salespeople=1, market__for_salespeople=24).firm.days
        alone.append(rows["won"][260:].sum())
        rows = lived(1300, seed, market__size=0.6).firm.days
        assert 0.85 < rows["load_s"][260:].mean() < 1.05
        usual.append(rows["won"][260:].sum() / 24)
    assert np.mean(alone) < np.mean(usual)
