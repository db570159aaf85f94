"""Forked futures: the past stays as it was, what comes is another, and what is settled is told with its doubt."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.model.hashes import state_hash
from sim.study.futures import Futures, luck_of, settled_share

SMALL = sim.read("growth").but(days=195, workforce__marketers=3, workforce__salespeople=6)


@pytest.fixture(scope="module")
def state():
    return sim.run(SMALL, 4, until=100).state


def test_the_same_number_is_the_same_future(state):
    """Resumed under its own market a firm lives on as if nobody had looked; market and state are the same."""
    whole, resumed = sim.run(SMALL, 4), sim.run(SMALL, 4, from_state=state)
    assert state_hash(whole.state.firm) == state_hash(resumed.state.firm)
    assert whole.about["market"] == resumed.about["market"]


def test_another_number_is_another_future_of_the_same_past(state):
    before = state_hash(state.firm)
    whole, other = sim.run(SMALL, 4), sim.run(SMALL, 9, from_state=state)
    assert state_hash(state.firm) == before, "the state itself is untouched"
    assert whole.daily["revenue"][:100].equals(other.daily["revenue"][:100])
    assert not whole.daily["revenue"][100:].equals(other.daily["revenue"][100:])
    assert len({whole.about["market"], other.about["market"], sim.run(SMALL, 9).about["market"]}) == 3
    assert other.state.before == (4, 100)


def test_what_was_drawn_once_stays_as_it_was(state):
    """Ties are dealt anew when a seat is opened; in a fork by the market that they were dealt by at first."""
    opened = SMALL.but(workforce__salespeople=7)
    firms = [sim.run(opened, seed, until=101, from_state=state).state.firm for seed in (4, 9)]
    for name in ("key", "m", "s", "distance"):
        assert np.array_equal(firms[0].ties[name], firms[1].ties[name]), name
    assert np.array_equal(firms[0].patches, firms[1].patches)
    assert len(firms[0].ties) > len(state.firm.ties)


def test_a_fork_is_kept_and_goes_on_from_a_file(state, tmp_path):
    fork = sim.run(SMALL, 9, until=130, from_state=state)
    fork.save_state(tmp_path / "fork.npz")
    there, here = (sim.run(SMALL, from_state=each) for each in (tmp_path / "fork.npz", fork.state))
    assert state_hash(there.state.firm) == state_hash(here.state.firm)
    assert there.about["market"] == here.about["market"] == sim.run(SMALL, 9, from_state=state).about["market"]


def test_the_market_of_the_past_is_named_wherever_a_run_says_its_own(baton, state, tmp_path):
    (tmp_path / "small.toml").write_text(SMALL.to_toml(), encoding="utf-8")
    state_file, folder = tmp_path / "d100.npz", tmp_path / "out"
    sim.run(SMALL, 4, until=100).save_state(state_file)
    asked = ("run", tmp_path / "small.toml", "--from", state_file, "--seed", 9, "--days", 130, "-q")
    code, out, _ = baton(*asked, "-o", folder)
    assert code == 0 and "Market 9 (its first 100 days in market 4), 130 days." in " ".join(out.split())
    kept = tomllib.loads((folder / "run.toml").read_text(encoding="utf-8"))["run"]
    assert (kept["seed"], kept["past_market"], kept["past_days"]) == (9, 4, 100)
    assert sim.load(folder).about["before"] == (4, 100)
    assert json.loads(baton(*asked, "--json")[1])["before"] == {"market": 4, "days": 100}
    whole = sim.run(SMALL, 4, from_state=state)
    assert whole.about["before"] is None and "past" not in whole._toml()


def test_a_state_of_another_scenario_than_the_default_asks_for_its_name(baton, state, tmp_path):
    saved = str(tmp_path / "d100.npz")
    sim.run(SMALL, 4, until=100).save_state(saved)
    said = f"{saved}: name the scenario it was saved from"
    for verb in ("futures", "run"):
        code, _, err = baton(verb, "--from", saved)
        assert code == 3 and said in " ".join(err.split()), verb
    with pytest.raises(InputError, match="name the scenario it was saved from; .*it has "):
        sim.futures(state=state)
    sim.run(days=70).save_state(saved)
    assert len(sim.futures(state=saved, futures=2).df) == 2
    theory = tmp_path / "idle.py"
    theory.write_text("def day(firm, theory, dice):\n    pass\n", encoding="utf-8")
    idle = SMALL.but(theory=theory)
    sim.run(idle, 4, until=100).save_state(saved)
    assert len(sim.futures(idle, state=saved, futures=2).df) == 2, "a state of another theory is forked too"


def test_luck_is_another_for_every_state_and_future():
    found = {luck_of(market, day, k) for market in range(20) for day in (0, 1, 260) for k in range(20)}
    assert len(found) == 20 * 3 * 20 and all(0 <= each < 2**63 for each in found)


def test_two_organizations_have_the_same_futures(state):
    one, other = (sim.futures(each, 130, seeds=2, futures=2) for each in (SMALL, SMALL.but(liaison__count=1)))
    assert one.df["seed"].equals(other.df["seed"])
    assert not one.df["revenue"].equals(other.df["revenue"])
    alone = sim.futures(SMALL, 130, seeds=[1], futures=2)
    assert alone.df.equals(one.df[one.df["market"] == 1].reset_index(drop=True)), "a state's futures are its own"


@given(st.integers(2, 9), st.integers(2, 9), st.integers(0, 2**31))
def test_a_share_is_a_share(states, futures, seed):
    values = np.random.default_rng(seed).normal(size=(states, futures))
    share, low, high = settled_share(values)
    assert 0.0 <= low <= share <= high <= 1.0
    shifted = settled_share(3.0 * values + 7.0)
    assert np.allclose((share, low, high), shifted)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Of 2,000 made tables of 12 states, 8 futures and a true share of 0.4 nominal 95 % hold it.

    A right interval fails this in less than 1 of 1,000 tries: 3.3 standard errors of .0049.
    """
    random, held = np.random.default_rng(1), 0
    for _ in range(2000):
        values = np.sqrt(0.4) * random.normal(size=(12, 1)) + np.sqrt(0.6) * random.normal(size=(12, 8))
        _, low, high = settled_share(values)
        held += low <= 0.4 <= high
    assert abs(held / 2000 - 0.95) < 0.016


def test_nothing_is_settled_before_the_first_day_but_people_and_all_is_at_the_end():
    """Late forks leave less open: of revenue, which mostly comes from customers of the past."""
    early, late = (sim.futures(SMALL, day, seeds=6, futures=4, outcomes=["revenue"]).settled() for day in (0, 180))
    assert late["share"][0] > early["share"][0] and late["share"][0] > 0.9


def test_faults_are_told_before_anything_is_lived():
    for wrong, words in (
        (lambda: sim.futures(SMALL, 195), "the run ends on day 195"),
        (lambda: sim.futures(SMALL, 10, futures=1), "2 to 10,000"),
        (lambda: sim.futures(SMALL, 10, outcomes=["scor"]), "score"),
    ):
        with pytest.raises(InputError, match=words):
            wrong()


def test_what_cannot_be_told_is_a_gap():
    assert np.isnan(settled_share(np.ones((1, 5))).mean) and np.isnan(settled_share(np.ones((3, 5))).mean)
    assert np.isnan(settled_share(np.array([[1.0, np.nan], [2.0, 3.0]])).mean)


def test_the_command_tells_of_states_and_of_one_state(baton, state, tmp_path):
    scenario, kept = tmp_path / "small.toml", tmp_path / "state.npz"
    scenario.write_text(SMALL.to_toml(), encoding="utf-8")
    code, out, _ = baton("futures", scenario, "--day", 60, "--day", 130, "--seeds", 3, "--futures", 2,
                         "-o", tmp_path / "f.csv")  # fmt: skip
    lines = (tmp_path / "f.csv").read_text().splitlines()
    assert code == 0 and "How much was settled" in out and len(lines) == 13
    assert lines[0].endswith(",theory") and all(line.endswith(",baton") for line in lines[1:])
    sim.run(SMALL, 4, until=100).save_state(kept)
    code, out, _ = baton("futures", scenario, "--from", kept, "--futures", 2)
    assert code == 0 and "How much was settled" not in out and "1 state" in out
    assert baton("futures", scenario, "--from", kept, "--day", 3)[0] == 2
    assert baton("futures", scenario, "--day", 4000)[0] == 3
    assert isinstance(sim.futures(SMALL, state=kept, futures=2), Futures)
