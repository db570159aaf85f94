"""Seeds, days and levers from Python: its numbers and numpy's, lists, tuples, arrays and ranges alike; else refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.arguments import markets, seed_of, whole
from sim.contract import check_day
from sim.errors import InputError
from sim.study.experiments.experiment import Experiment
from sim.study.experiments.factors import Factor, factor

SAME_MARKETS = (
    [3, 7], (3, 7), range(3, 8, 4), np.array([3, 7]), np.array([3.0, 7.0]), pd.Series([3, 7]), [np.int64(3), 7.0],
    pytest.param(iter((3, 7)), id="iterator"),
)  # fmt: skip
SAME_COUNT = (2, 2.0, np.int64(2), np.uint8(2), np.float32(2), np.array(2))
NO_MARKETS = ("12", b"12", 0, -1, 1.7, True, None, math.nan, math.inf, [1.7, 2.2], [True], ["1"], [-1], [2**63], [],
              [3, 3], {1: 2}, {1, 2}, [[1, 2]], np.array([[1, 2]]), 10**12, np.True_)  # fmt: skip
NO_WHOLE = ("3", 3.5, True, -1, math.nan, math.inf, np.True_, [3], np.array([3]), pytest.param(10**5000, id="huge"))


@pytest.mark.parametrize("given", SAME_MARKETS, ids=str)
def test_the_same_markets_however_they_are_listed(given):
    found = markets(given)
    assert found == [3, 7]
    assert all(type(each) is int for each in found)


@pytest.mark.parametrize("given", SAME_COUNT, ids=repr)
def test_the_same_count_however_it_is_written(given):
    assert markets(given) == [0, 1]


@pytest.mark.parametrize("given", NO_MARKETS, ids=repr)
def test_what_is_no_list_of_markets_is_refused(given):
    with pytest.raises(InputError, match="seeds"):
        markets(given)


@pytest.mark.parametrize("given", NO_WHOLE)
def test_what_is_no_whole_number_is_refused(given):
    with pytest.raises(InputError, match="n = "):
        whole("n", given, 0, 100, "give one")
    with pytest.raises(InputError, match="seed = "):
        seed_of(given)
    with pytest.raises(InputError):
        sim.Scenario(days=given)
    with pytest.raises(InputError):
        sim.Scenario().but(liaison__count=given)


# Every door that takes markets: each must take an array and refuse a text.
DOORS = {
    "many": lambda seeds: sim.many("silo", seeds, days=5),
    "compare": lambda seeds: sim.compare("silo", "liaison", seeds=seeds, days=5),
    "explain": lambda seeds: sim.explain("silo", sim.read("silo").but(liaison__count=1), seeds=seeds, days=5),
    "survival": lambda seeds: sim.survival("silo", seeds, days=5),
    "brief": lambda seeds: sim.brief(sim.read("silo").but(days=65), seeds=seeds),
    "salib": lambda seeds: sim.salib_problem({"trust.initial": (0.1, 0.6)}, markets=seeds),
    "optuna": lambda seeds: sim.optuna_objective({"trust.initial": (0.1, 0.6)}, markets=seeds),
    "experiment": lambda seeds: Experiment("", "", sim.read("silo"), (), markets=seeds),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_takes_an_array_and_refuses_a_text_and_fractions(door):
    DOORS[door](np.array([3, 7]))
    for wrong in ("37", [1.7, 2.2]):
        with pytest.raises(InputError):
            DOORS[door](wrong)


@pytest.mark.parametrize("door", ["validate", "reach", "contract"])
def test_long_studies_refuse_a_text_before_they_begin(door):
    ask = {
        "validate": lambda: sim.validate([], "12"),
        "reach": lambda: sim.reach("silo", "defined", seeds="12"),
        "contract": lambda: check_day(seeds="12"),
    }
    with pytest.raises(InputError, match="12"):
        ask[door]()


def test_days_and_levers_of_numpy_are_those_of_python():
    plain, other = sim.run("silo", 3, days=65), sim.run("silo", np.int64(3), days=np.int64(65))
    assert plain.about == other.about
    assert sim.FirmModel("silo", seed=np.uint32(3), days=np.float64(5)).market == 3
    mine = sim.read("silo").but(liaison__count=1.0, trust__initial=np.float32(0.5), practices__rules=np.int8(1))
    assert mine == sim.read("silo").but(liaison__count=1, trust__initial=0.5, practices__rules="mandated")
    assert type(mine.values["liaison.count"]) is int
    assert sim.Change(np.int64(3), {"liaison.count": np.float64(1)}) == sim.Change(3, {"liaison.count": 1})
    assert sim.read("silo").but(changes=[sim.Change(np.int64(3), {"liaison.count": 1})]).to_toml()


def test_an_experiment_of_python_lists_and_arrays_is_kept(tmp_path):
    uncertain = Factor("trust.initial", "uncertainty", np.float64(0.1), np.float64(0.6), levels=np.int64(2))
    factors = [uncertain, Factor("liaison.count", "lever", 0, 2, np.array([0, 2]))]
    made = Experiment("Mine", "It matters.", sim.read("silo").but(days=5), factors, ["net_value"], [],
                      markets=np.array([4, 9]))  # fmt: skip
    assert [each.name for each in made.factors] == ["liaison.count", "trust.initial"]
    assert made == replace(made, factors=tuple(made.factors), outcomes=("net_value",), markets=(4, 9))
    assert len(sim.sweep(made, tmp_path / "store").runs) == made.n_runs


def test_a_factor_takes_what_python_has():
    for values in ([0, 1], range(2), np.array([0.0, 1.0])):
        assert factor("liaison.count", "lever", values)[0].values == (0, 1)
    made, _ = factor("trust.initial", "lever", {"low": np.float32(0.5), "high": np.float64(1)})
    assert (made.low, made.high) == (0.5, 1.0)
