"""The Mesa face: the same bits as a run, agents as windows, batch runs."""

from __future__ import annotations

import math
import pickle

import house
import mesa
import numpy as np
import pytest

import sim
from sim.agents import FirmModel, Liaison, Marketer, Salesperson
from sim.errors import InputError
from sim.model.firm import QUARTER, spread
from sim.model.hashes import state_hash
from sim.run import run

# (scenario, days): far enough for its changes to have taken effect
LIVES = [("default", 390), ("growth", 390), ("liaison-leaves", 715), ("bad-leads", 650), ("company-example", 195)]


@pytest.mark.parametrize("name, days", LIVES)
def test_mesa_and_run_have_the_same_bits_every_quarter(name, days):
    model, scenario = FirmModel(name, seed=5), sim.read(name)
    for end in range(QUARTER, days + 1, QUARTER):
        while model.day < end:
            model.step()
        there = run(scenario, 5, until=end).state
        assert state_hash(model.firm) == state_hash(there.firm), f"day {end}"
        assert model.simulation.names == there.names


def test_the_end_is_the_horizon_and_then_nothing_happens():
    model = FirmModel("default", seed=1, days=7)
    model.run_model()
    assert (model.day, model.steps, model.running) == (7, 7, False)
    model.step()
    assert model.day == 7
    assert len(model.datacollector.get_model_vars_dataframe()) == 7


def test_it_ends_when_the_cash_is_gone():
    model = FirmModel("default", seed=0, money__start_cash=0.0, money__margin=0.1, days=100)
    model.run_model()
    end = run(model.firm_scenario, 0)
    assert model.day < 100
    assert model.day == end.days
    assert state_hash(model.firm) == state_hash(end.state.firm)


def test_a_model_run_to_its_end_is_a_run():
    mine, theirs = FirmModel("silo", seed=3, days=70).run(), run(sim.read("silo").but(days=70), 3)
    assert mine.about == theirs.about
    assert mine.summary().equals(theirs.summary())


def test_every_agent_is_a_window_on_its_own_row():
    model = FirmModel("default", liaison__count=1)
    assert {kind: len(found) for kind, found in model.agents_by_type.items()} == {
        Marketer: 11,
        Salesperson: 24,
        Liaison: 1,
    }
    for row, agent in model.people.items():
        assert agent.row == row
        assert agent.name == model.simulation.names[row]
        for field, column in spread(model.firm.people).items():
            assert getattr(agent, field) == column[row]


def test_setting_an_attribute_changes_the_array_and_what_follows():
    model, other = FirmModel("default", seed=2), FirmModel("default", seed=2)
    somebody = model.people[3]
    somebody.attitude = 0.9
    assert model.firm.people["attitude"][3] == 0.9
    model.agents.set("language", 0.5)
    assert (model.firm.people["language"] == 0.5).all()
    for each in (model, other):
        for _ in range(10):
            each.step()
    assert state_hash(model.firm) != state_hash(other.firm)
    assert somebody.attitude == model.firm.people["attitude"][3]


@pytest.mark.parametrize("name, value", [("attitude", 1.5), ("attitude", math.nan), ("complies", 0.5)])
def test_values_that_cannot_be_are_refused(name, value):
    agent = FirmModel().people[0]
    before = getattr(agent, name)
    with pytest.raises(InputError, match=name):
        setattr(agent, name, value)
    assert getattr(agent, name) == before


def test_a_place_in_the_arrays_is_not_for_setting():
    with pytest.raises(AttributeError, match="team"):
        FirmModel().people[0].team = 1


def test_trust_is_the_mean_over_the_ties():
    model = FirmModel("default", trust__initial=0.6, trust__spread=0.0)
    assert all(agent.trust == pytest.approx(agent.attitude) for agent in model.agents)
    somebody = model.people[0]
    assert len(somebody.partners) == somebody.n_ties
    assert all(isinstance(each, Salesperson) and somebody in each.partners for each in somebody.partners)


def test_joiners_appear():
    model = FirmModel("growth", seed=1, workforce__growth=0.5, days=130)
    before = set(model.agents)
    model.run_model()
    assert len(model.agents) == int(model.firm.ledger["n_m"][0] + model.firm.ledger["n_s"][0]) > len(before)
    assert sorted(model.people) == [agent.row for agent in sorted(model.agents, key=lambda agent: agent.row)]


def test_a_leaver_is_another_agent_than_who_comes_after():
    model = FirmModel("default", seed=1, workforce__turnover_m=5.0, workforce__turnover_s=5.0, days=66)
    before = dict(model.people)
    model.run_model()
    changed = [row for row, agent in before.items() if model.people[row] is not agent]
    assert changed
    for row, agent in before.items():
        assert (row in changed) == (model.firm.people["generation"][row] > 0)
        assert (agent in model.agents) == (row not in changed)
    with pytest.raises(AttributeError, match="left"):
        _ = before[changed[0]].attitude
    assert model.people[changed[0]].name == before[changed[0]].name


def test_a_liaison_who_leaves_is_followed_by_a_marketer():
    model = FirmModel("liaison-leaves", seed=1)
    (liaison,) = model.agents_by_type[Liaison]
    row, marketers = liaison.row, len(model.agents_by_type[Marketer])
    while model.day < 651:
        model.step()
    assert not model.agents_by_type[Liaison]
    assert isinstance(model.people[row], Marketer)
    assert len(model.agents_by_type[Marketer]) == marketers + 1


def test_idle_people_are_no_agents():
    assert len(FirmModel(workforce__idle=3).agents) == 36


def test_the_collector_notes_the_diary():
    model = FirmModel("near-cheap", seed=4, days=130, agent_reporters={"attitude": "attitude"})
    model.run_model()
    table = model.datacollector.get_model_vars_dataframe()
    for name in ("revenue", "contribution", "trust_ms", "language", "contacts", "disputes"):
        assert (table[name].to_numpy() == model.firm.days[name]).all()
    assert table["score"].iloc[-1] == model.firm.quarters["score"][1]
    assert table["stage"].iloc[0] == "undefined"
    assert len(model.datacollector.get_agent_vars_dataframe()) == 130 * 36


def test_batch_runs_take_seeds_and_levers():
    asked = {"scenario": "silo", "market": range(2), "liaison__count": [0, 1], "days": 70}
    rows = mesa.batch_run(FirmModel, asked, iterations=1, display_progress=False)
    assert len(rows) == 4
    found = {(row["market"], row["liaison__count"]): row["trust_ms"] for row in rows}
    assert len(set(found.values())) == 4
    expected = run(sim.read("silo").but(days=70, liaison__count=1), 1).state.firm.days["trust_ms"][-1]
    assert found[1, 1] == expected


def test_iterations_without_a_seed_are_replicates_that_can_be_run_again():
    rows = mesa.batch_run(FirmModel, {"days": 10}, iterations=3, display_progress=False)
    assert len({row["market"] for row in rows}) == len({row["revenue"] for row in rows}) == 3
    again = FirmModel(seed=rows[1]["market"], days=10).run()
    assert again.daily["revenue"].iloc[-1] == rows[1]["revenue"]


def test_newer_mesa_hands_each_model_a_seed_of_its_own():
    """As the batches of Mesa 3.5 call it: seed=None for iterations, numbers for `rng`."""
    assert FirmModel(seed=None, days=5).market != FirmModel(seed=None, days=5).market
    assert FirmModel(seed=np.int64(7), days=5).market == 7
    assert FirmModel(seed=None, market=4, days=5).market == FirmModel(seed=9, market=4, days=5).market == 4


def test_a_model_can_be_pickled_and_goes_on():
    model = FirmModel("silo", seed=3, days=30, agent_reporters={"attitude": "attitude"})
    for _ in range(10):
        model.step()
    other = pickle.loads(pickle.dumps(model))
    for each in (model, other):
        each.run_model()
    assert state_hash(model.firm) == state_hash(other.firm)
    mine, theirs = (each.datacollector.get_model_vars_dataframe() for each in (model, other))
    assert mine.equals(theirs) and list(mine["market"]) == [3] * 30
    assert other.people[4].attitude == other.firm.people["attitude"][4]


def test_iterations_of_one_seed_are_the_same_run():
    """Told in the docstring: a fixed seed is one market."""
    rows = mesa.batch_run(FirmModel, {"market": 4, "days": 10}, iterations=2, display_progress=False)
    assert rows[0]["revenue"] == rows[1]["revenue"]


WRONG = [
    ({"liaison__cuont": 1}, "liaison__count"),
    ({"trust__initial": 2}, "trust.initial"),
    ({"seed": -1}, "seed"),
    ({"seed": 0.5}, "seed"),
]


@pytest.mark.parametrize("asked, said", WRONG)
def test_wrong_input_is_refused(asked, said):
    with pytest.raises(InputError, match=said):
        FirmModel(**asked)


def test_arms_of_a_batch_take_the_numbers_of_their_own_theory_alone(tmp_path):
    """The arm of Baton's own day comes first, when nothing is known of the theory's file yet."""
    text = (house.ROOT / "docs" / "tutorials" / "stubborn.py").read_text(encoding="utf-8")
    mine = tmp_path / "sulky.py"
    mine.write_text(text.partition("@sim.outcome")[0], encoding="utf-8")
    arms = {"theory": ["baton", str(mine)], "sulky__stubbornness": [0.2, 1.0], "scenario": "small-simple", "days": 5}
    rows = mesa.batch_run(FirmModel, arms | {"market": 3}, display_progress=False)
    ends = {(each["theory"], each["sulky__stubbornness"]): each["contacts"] for each in rows}
    assert len(ends) == 4 and ends["baton", 0.2] == ends["baton", 1.0]
    assert FirmModel("small-simple", 3, theory=mine, sulky__stubbornness=0.2).firm_scenario.value(
        "sulky.stubbornness") == 0.2  # fmt: skip
    for wrong in ("liason__count", "sulky__stubborness"):
        with pytest.raises(InputError, match="is not known; did you mean"):
            FirmModel("small-simple", 3, theory=mine, **{wrong: 1})
    with pytest.raises(InputError, match="number of another theory"):
        FirmModel("small-simple", 3, sulky__stubbornness=0.2)
