"""The best of several: chosen wrongly no more often than is said, with markets only where it is open; what is run."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from test_cli import baton  # noqa: F401

import sim
from sim import InputError
from sim.study.best import MISS, choose
from sim.study.experiments.file import parse
from sim.study.sensitivity.how_many import how_many


def world(means, shared: float, rng, markets: int = 1000):
    """Outcomes of variance 1 that share luck, as organizations in the same markets do; and who was asked for."""
    luck = math.sqrt(shared) * rng.standard_normal(markets)
    X = np.asarray(means)[:, None] + luck + math.sqrt(1 - shared) * rng.standard_normal((len(means), markets))
    asked = np.zeros(len(means), int)

    def live(which: list[int], some: range) -> np.ndarray:
        asked[which] += len(some)
        return X[which][:, some.start : some.stop]

    return live, asked


@pytest.mark.parametrize("shared", [0.0, 0.8])
@pytest.mark.parametrize("means", [[0.5, 0, 0, 0, 0], [0.5, 0], [1.5, 1, 0.5, 0, -3]])
def test_another_than_the_best_is_chosen_in_one_of_twenty_studies_at_most(means, shared):
    rng, studies = np.random.default_rng([len(means), round(10 * shared)]), 300
    wrong = 0
    for _ in range(studies):
        live, _ = world(means, shared, rng)
        found = choose(live, len(means), within=0.5)
        wrong += found.left[0] != 0
        assert found.sure
    assert wrong / studies < MISS + 3 * math.sqrt(MISS * (1 - MISS) / studies)


def test_markets_go_to_those_that_may_still_be_the_best():
    rng = np.random.default_rng(1)
    live, asked = world([1.0, 0.8, -2.0, -4.0], 0.5, rng)
    found = choose(live, 4, within=0.1)
    assert asked[0] == asked[1] > 5 * max(asked[2], asked[3])
    assert found.out_after[3] == np.isfinite(found.values[3]).sum()


def test_those_that_are_alike_are_said_to_be():
    live, asked = world([0.0, 0.0], 1.0, np.random.default_rng(2))
    found = choose(live, 2, within=0.5)
    assert found.sure and asked.max() <= 11


def test_it_ends_where_it_was_told_to_and_says_so():
    live, _ = world([0.01, 0.0], 0.0, np.random.default_rng(3))
    found = choose(live, 2, within=0.01, most=20)
    assert not found.sure and len(found.left) == 2 and found.values.shape == (2, 20)


def test_the_best_of_organizations_is_that_of_the_comparison():
    found = sim.best("silo", "liaison", "near-cheap", within=2.0, metric="score", seeds=10, days=260, most=40)
    means = sim.compare("silo", "liaison", "near-cheap", seeds=10, days=260).summary()["with_change"]
    assert found.sure and found.name in ("liaison", "near-cheap")
    assert means[(found.name, "score")] >= means[:, "score"].max() - 2.0
    assert found.df.loc["silo", "markets"] == 10 and "95 of 100" in " ".join(found.sentences())


def test_what_moves_in_steps_needs_more_markets_at_first():
    with pytest.raises(InputError, match="moves in steps"):
        sim.best("silo", "liaison", within=2.0, metric="score", seeds=9)


@pytest.mark.parametrize("within", [0, -1, math.nan, math.inf, "x"])
def test_a_difference_that_is_none_is_refused(within):
    with pytest.raises(InputError, match="a difference that does not matter"):
        sim.best("silo", "liaison", within=within)


def test_the_command_finds_it(baton):  # noqa: F811
    given = ("compare", "silo", "liaison", "--days", 130, "--seeds", 10, "--metric", "score", "--best", 3)
    code, out, _ = baton(*given)
    assert code == 0 and "liaison has the highest score" in out and "Next: baton run liaison" in out
    assert json.loads(baton(*given, "--json")[1])["best"] == "liaison"
    code, out, _ = baton("compare", "silo", "silo", "--days", 65, "--seeds", 5, "--best", 0.001, "--most", 6)
    assert code in (0, 4)
    assert baton("compare", "silo", "liaison", "--best", 3, "--doubt")[0] == 2
    assert baton("compare", "silo", "liaison", "--best", 3, "--theory", "thought-worlds")[0] == 2


# --- how many: run it ---


def test_how_many_runs_what_it_asks_for(tmp_path, baton):  # noqa: F811
    silo = sim.read("silo").but(days=130)
    few = how_many(silo, "contacts", 0.1, seeds=5)
    found = how_many(silo, "contacts", 0.1, seeds=5, run=True, most=60)
    assert found.enough or found.markets == 60
    assert found.markets >= few.markets and (found.enough or not few.enough)
    assert (found.Y[:, :5] == few.Y).all(), "the markets that were there are the first"


def test_a_store_grows_until_it_is_enough(tmp_path, baton):  # noqa: F811
    text = ('claim = "x"\nbase = "silo"\ndays = 65\n[levers]\nliaison.count = [0, 1]\n[outcomes]\n'
            'names = ["revenue", "contacts"]\n[sample]\nmethod = "grid"\n[replications]\nmarkets = 5\n')  # fmt: skip
    store = sim.sweep(parse(text, tmp_path / "file.toml"), tmp_path / "store")
    share = how_many(store, "contacts", 0.01).df.loc[how_many(store, "contacts", 0.01).typical, "share"]
    within = 0.7 * float(share)
    code, out, _ = baton("sensitivity", tmp_path / "store", "--how-many", "contacts", "--within", f"{100 * within:.3f}",
                         "--run", "--most", 40)  # fmt: skip
    after = sim.open_store(tmp_path / "store")
    assert 5 < len(after.experiment.markets) <= 40 and after.is_complete
    found = how_many(after, "contacts", within)
    assert code == (0 if found.enough else 4) and f"{len(after.experiment.markets)} market" in out
    assert baton("sensitivity", tmp_path / "store", "--run")[0] == 2
