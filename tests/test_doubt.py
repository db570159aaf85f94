"""Doubt in two layers: intervals hold what they say, nothing is told of nothing, both arms take the same numbers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from test_cli import baton  # noqa: F401

import sim
from sim import InputError
from sim.cli import reach_report
from sim.model.firm import Stage
from sim.scenario.schema import NUMBERS
from sim.study import doubt
from sim.study.experiments.file import parse
from sim.study.reach.actions import ACTIONS, with_actions
from sim.study.reach.doubted import doubted
from sim.study.reach.trials import Trials, in_order
from sim.study.sensitivity.how_many import how_many
from sim.study.sensitivity.sensitivity import doubt_of, sensitivity
from sim.study.sensitivity.terms import read_term
from sim.study.tables.survival import survival_of_store

STUDIES = 600  # simulated for each coverage: three standard errors of 95 % are 2.7 points
SLACK = 0.03


def study(sets: int, share: float, rng, effects=None) -> np.ndarray:
    """Differences in two markets of each set, of variance 1, of which `share` lies between sets; the mean is 0."""
    between = math.sqrt(share) * (rng.standard_normal(sets) if effects is None else effects)
    return (between[:, None] + math.sqrt(1 - share) * rng.standard_normal((sets, 2))).ravel()


@pytest.mark.parametrize("sets", [5, 15, 40])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.6, 0.9])
def test_every_interval_that_is_printed_holds_what_it_says(sets, share):
    rng, seeds = np.random.default_rng([sets, round(10 * share)]), range(2 * sets)
    mean = world = part = 0
    for _ in range(STUDIES):
        found = doubt.layers(study(sets, share, rng), seeds)
        mean += found.low <= 0 <= found.high
        world += found.world_low <= math.sqrt(share) * rng.standard_normal() <= found.world_high
        part += found.share_low <= share <= found.share_high
    assert abs(mean / STUDIES - 0.95) < SLACK
    assert world / STUDIES > 0.95 - SLACK and part / STUDIES > 0.95 - SLACK


def test_the_parts_are_right_on_average():
    rng = np.random.default_rng(3)
    found = [doubt.layers(study(30, 0.5, rng), range(60)) for _ in range(300)]
    assert np.mean([each.luck**2 for each in found]) == pytest.approx(0.5, abs=0.03)
    assert np.mean([each.doubt**2 for each in found]) == pytest.approx(0.5, abs=0.05)
    assert np.mean([each.of_interval for each in found]) == pytest.approx(2 / 3, abs=0.04)


def test_a_market_without_its_twin_is_taken_too():
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(STUDIES):
        values = study(15, 0.5, rng)
        values[[3, 11]] = math.nan
        found = doubt.layers(values, range(30))
        inside += found.low <= 0 <= found.high
    assert found.markets == 28 and found.sets == 15
    assert abs(inside / STUDIES - 0.95) < SLACK


NAMES = doubt.guessed([sim.Scenario()])


def test_where_no_number_matters_one_is_told_in_one_of_twenty_studies_at_most():
    rng = np.random.default_rng(5)
    studies = 80
    false = sum(doubt.rank(study(20, 0.5, rng), range(40), NAMES)["told"].any() for _ in range(studies))
    assert false / studies < 0.05 + 3 * math.sqrt(0.05 * 0.95 / studies)


def test_a_number_that_makes_a_fifth_is_found_in_four_of_five_studies():
    rng, markets = np.random.default_rng(6), doubt.markets_to_tell(len(NAMES))
    places = np.array([doubt.place("trust.affect", k) for k in range(markets // 2)])
    effects = (places - 0.5) * math.sqrt(12 * doubt.SIZE)
    found = 0
    for _ in range(40):
        rest = rng.standard_normal(len(effects)) * math.sqrt(1 - doubt.SIZE)
        table = doubt.rank(np.repeat(effects + rest, 2), range(markets), NAMES)
        found += bool(table.loc["trust.affect", "told"])
        assert table.loc["trust.affect", "share_low"] <= 0.5
    assert found / 40 > doubt.SURE - 3 * math.sqrt(doubt.SURE * (1 - doubt.SURE) / 40)


# --- which numbers, and where they are drawn from ---


def test_numbers_in_doubt_are_guesses_that_nobody_set():
    assert "trust.affect" in NAMES and "trust.initial" not in NAMES, "managers choose trust at the start"
    assert all(NUMBERS[name].plausible and not NUMBERS[name].lever for name in NAMES)
    said = sim.Scenario().but(trust__affect=0.4)
    dated = said.but(changes=(sim.Change(65, {"trust.spread": 0.1}),))
    assert not {"trust.affect", "trust.spread"} & set(doubt.guessed([sim.Scenario(), dated]))


def test_sets_lie_in_the_plausible_ranges_and_fill_them():
    for name in NAMES:
        low, high = NUMBERS[name].plausible
        found = np.array([doubt.drawn(name, k) for k in range(200)])
        assert low <= found.min() and found.max() <= high
        middle = np.median(found)
        assert NUMBERS[name].type is int or low + (high - low) / 10 < middle < high - (high - low) / 10
    places = np.array([[doubt.place(name, k) for name in NAMES] for k in range(200)])
    assert abs(places.mean() - 0.5) < 3 / math.sqrt(12 * places.size)
    r = np.corrcoef(places.T)[np.triu_indices(len(NAMES), 1)]
    assert abs(r.std() - 1 / math.sqrt(199)) < 0.005, "no two numbers are drawn together"


def test_both_arms_take_the_same_numbers_and_twins_share_them():
    a, b = (doubt.in_doubt(sim.read(name), NAMES, 6) for name in ("default", "liaison"))
    assert all(a.value(name) == b.value(name) for name in NAMES if name not in sim.read("liaison").values)
    assert doubt.in_doubt(sim.Scenario(), NAMES, 7) == doubt.in_doubt(sim.Scenario(), NAMES, 6)
    assert doubt.in_doubt(sim.Scenario(), NAMES, 8) != doubt.in_doubt(sim.Scenario(), NAMES, 6)


def test_a_fitted_firm_takes_its_own_sets_two_markets_each():
    fitted = sim.Scenario(sets=({"trust.affect": 0.4}, {"trust.affect": 0.6}))
    taken = [doubt.in_doubt(fitted, ("trust.affect", "trust.spread"), seed).value("trust.affect") for seed in range(6)]
    assert taken == [0.4, 0.4, 0.6, 0.6, 0.4, 0.4]


# --- comparisons ---


@pytest.fixture(scope="module")
def pair():
    return sim.compare("silo", "near-cheap", seeds=12, days=130, doubt=True)


def test_a_comparison_in_doubt_counts_sets_and_says_what_is_what(pair):
    table = pair.summary()
    assert set(table["n"]) == {6} and pair.market_check() == "identical"
    row, found = table.loc[("near-cheap", "net_value")], pair.doubt()
    assert (found.layers.mean, found.layers.low, found.layers.high) == pytest.approx(
        (row["difference"], row["low"], row["high"])
    )
    said = found.summary()
    assert "market luck" in said and "doubt about numbers" in said and "cannot be told from 6 sets" in said
    alone = sim.run(doubt.in_doubt(sim.read("silo").but(days=130), pair.in_doubt, 3), seed=3).outcomes()["net_value"]
    assert pair.values("net_value", "silo")[3] == alone


def test_it_is_saved_with_the_numbers_that_were_drawn(pair, tmp_path):
    folder = pair.save(tmp_path / "pair")
    lines = (folder / "numbers.csv").read_text().splitlines()
    assert len(lines) == 1 + 6 * len(pair.in_doubt)
    assert "in_doubt" in (folder / "comparison.toml").read_text()


def test_without_doubt_nothing_is_asked_of_it():
    with pytest.raises(InputError, match="doubt=True"):
        sim.compare("silo", "near-cheap", seeds=2, days=5).doubt()


@pytest.mark.parametrize("seeds", [4, [0, 2, 4, 6, 8, 10]])
def test_too_few_sets_are_refused_before_any_run(seeds):
    with pytest.raises(InputError, match="doubt needs 5 sets or more"):
        sim.compare("silo", "near-cheap", seeds=seeds, doubt=True)


def test_the_command_says_it(baton):  # noqa: F811
    code, out, _ = baton("compare", "silo", "near-cheap", "--days", 65, "--seeds", 10, "--doubt", "--metric", "score")
    assert (
        code == 0
        and "guessed numbers" in out
        and "Which number to measure first cannot be told" in " ".join(out.split())
    )
    code, out, _ = baton("compare", "silo", "near-cheap", "--days", 65, "--seeds", 10, "--doubt", "--json")
    (found,) = json.loads(out)["doubt"]
    assert found["outcome"] == "net_value" and found["sets"] == 5 and len(found["numbers"]) > 200


# --- experiments ---

FILE = """claim = "x"
base = "silo"
days = 65
[levers]
liaison.count = [0, 1]
[uncertainties]
trust.affect = [0.4, 0.6]
[outcomes]
names = ["net_value", "score"]
[sample]
method = "grid"
[replications]
markets = 10
doubt = true
[compare]
near = { "distance.between_teams_m" = 5.0 }
"""


def test_an_experiment_in_doubt_runs_and_says_what_is_what(tmp_path, baton):  # noqa: F811
    made = parse(FILE, tmp_path / "file.toml")
    assert "trust.affect" not in made.guessed and "trust.gain" not in made.guessed and "trust.bad_lead" in made.guessed
    store = sim.sweep(made, tmp_path / "store")
    assert store.is_complete and not len(store.failed)
    again = sim.open_store(tmp_path / "store").experiment
    assert again == made and again.hash == made.hash and again.guessed == made.guessed
    assert made.hash != parse(FILE.replace("doubt = true", ""), tmp_path / "file.toml").hash
    asked = "net_value(near) - net_value(base)"
    found = doubt_of(store, asked)
    by_hand = (store.matrix("net_value", "near")[1] - store.matrix("net_value")[1]).mean(0)
    assert found.layers == doubt.layers(by_hand, made.markets)
    assert read_term(asked, store).values().shape == (4, 5), "what is independent are sets"
    assert sensitivity(store, asked).markets == 5
    with pytest.raises(InputError, match="--doubt"):
        how_many(store, "net_value")
    code, out, _ = baton("sensitivity", tmp_path / "store", "--doubt", "--metric", asked)
    assert code == 0 and "market luck" in out


def test_doubt_in_a_file_is_checked(tmp_path):
    for old, new, said in (("doubt = true", "doubt = 1", "must be true or false"),
                           ("markets = 10", "markets = 4", "doubt needs 5 sets")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            parse(FILE.replace(old, new), tmp_path / "file.toml")


# --- explanations, plans to a stage, survival: every study can be over the plausible ranges ---

NEAR = sim.read("silo").but(liaison__count=1, distance__between_teams_m=5, days=70, title="near")


@pytest.mark.parametrize("by", ["lever", "funnel"])
def test_bars_in_doubt_add_up_in_every_market_and_say_what_is_what(by, tmp_path):
    found = sim.explain("silo", NEAR, "net_value", by, seeds=11, days=70, doubt=True)
    apart = found.totals["after"] - found.totals["before"]
    assert (found.bars.sum(axis=1) - apart).abs().max() < 1e-6 * found.totals.abs().max().max()
    table, whole = found.summary(), found.difference
    assert table["mean"].sum() == pytest.approx(whole.mean) and found.means.sum() == pytest.approx(whole.mean)
    assert found.ends[1] - found.ends[0] == pytest.approx(whole.mean), "the last set has one market alone"
    of, known = found.of_difference(), table.dropna()
    assert 0 <= of["doubt"] <= 1 and of["world_low"] <= whole.low and whole.high <= of["world_high"]
    assert len(known) and (known["world_low"] <= known["low"] + 1e-9).all()
    assert (known["high"] <= known["world_high"] + 1e-9).all()
    bar = table["mean"].abs().idxmax()
    assert found.doubt(bar).layers.mean == pytest.approx(table.loc[bar, "mean"])
    plain = sim.run(doubt.in_doubt(NEAR, found.in_doubt, 4), seed=4).outcomes()
    assert found.totals.loc[4, "after"] == pytest.approx(plain["net_value"])
    if by == "funnel":
        folder = found.save(tmp_path / "why")
        assert "in_doubt" in (folder / "explanation.toml").read_text() and (folder / "numbers.csv").is_file()
        assert json.loads((folder / "explanation.json").read_text())["doubt"]["sets"] == 6


def test_a_comparison_in_doubt_is_explained_in_the_same_sets():
    pair = sim.compare("silo", NEAR, seeds=10, days=70, doubt=True)
    found = pair.explain()
    assert found.in_doubt == pair.in_doubt
    assert found.difference.mean == pytest.approx(pair.summary().loc[("near", "net_value"), "difference"])


def test_explain_tells_it(baton):  # noqa: F811
    code, out, _ = baton("explain", "default", "remote", "--days", 65, "--seeds", 10, "--doubt")
    said = " ".join(out.split())
    assert code == 0 and "of it doubt" in said and "market luck" in said and "lies in the last two columns" in said
    assert baton("explain", "silo", "near-cheap", "--doubt", "--lead", 3)[0] == 2


def test_plans_are_run_over_plausible_sets():
    firm, seeds = sim.read("silo").but(days=260), range(10)
    trials = Trials(firm, Stage.DEFINED, 260, 0.8, None, 100)
    chosen = frozenset(action for action in ACTIONS if action.name in ("two-liaisons", "one-room"))
    base, plan = doubted(trials, [("plan 1", chosen)], seeds)
    made, names = with_actions(firm, in_order(chosen)), plan.reached.in_doubt
    there = [bool((sim.run(doubt.in_doubt(made, names, m), m).quarters["stage"] >= Stage.DEFINED).any()) for m in seeds]
    assert len(chosen) == 2 and plan.rate.mean == np.mean(there) and plan.both + plan.one + plan.neither == 5
    assert plan.rate.low <= plan.rate.mean <= plan.rate.high and plan.net_value.layers.sets == 5
    assert base.net_value is None and trials.used == 0, "not of the budget of the search"


def test_reach_tells_and_saves_it(tmp_path):
    found = sim.reach("silo", "undefined", within_years=0.5, seeds=10, budget=900, doubt=True)
    assert [each.name for each in found.doubted] == ["as is"] and found.doubted[0].rate.mean == 1.0
    assert found.over_numbers().loc["as is", ["both", "one", "neither"]].tolist() == [5, 0, 0]
    found.save(tmp_path / "plans")
    assert (tmp_path / "plans" / "over_numbers.csv").is_file() and (tmp_path / "plans" / "numbers.csv").is_file()
    said = " ".join(part if isinstance(part, str) else part.title for part in reach_report.account(found, "silo"))
    assert "Over 5 plausible sets of numbers" in said
    with pytest.raises(InputError, match="doubt needs 5 sets"):
        sim.reach("silo", "defined", seeds=[0, 2, 4, 6, 8], doubt=True)


def test_times_to_a_stage_of_a_store_in_doubt_are_of_the_runs_that_it_holds(tmp_path):
    kept = parse(FILE.replace("[sample]", 'series = ["stage"]\n[sample]'), tmp_path / "a.toml")
    store = sim.sweep(kept, tmp_path / "a")
    by_store = survival_of_store(store).df
    bare = SimpleNamespace(experiment=replace(kept, series=(), text=""), runs=store.runs)
    assert survival_of_store(bare).df.equals(by_store)
