"""SALib, EMA Workbench and Optuna get Baton's own numbers, and the document that shows it is run."""

from __future__ import annotations

import pickle
import warnings

import house
import numpy as np
import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib import ProblemSpec
from SALib.sample import latin

import sim
from sim.result.outcomes import OUTCOMES
from sim.study.adapters import _bounds, _steps, _value
from sim.study.experiments.factors import factor

VARIED = {
    "trust.initial": (0.1, 0.6),
    "liaison.count": (0, 2),
    "practices.rules": ["teams decide", "mandated"],
    "communication.cost_hours": {"low": 0.1, "high": 2.0, "scale": "log"},
}
SMALL = {"markets": 2, "days": 65}
POINT = {"trust.initial": 0.3, "liaison.count": 1, "practices.rules": "mandated", "communication.cost_hours": 0.4}


def by_hand(outcome: str, point: dict = POINT, markets: int = 2) -> float:
    """The mean over markets, from plain runs."""
    scenario = sim.read("silo").but(point, days=65)
    return float(np.mean([sim.run(scenario, seed).outcomes()[outcome] for seed in range(markets)]))


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    optuna.logging.set_verbosity(optuna.logging.INFO)


# --- SALib ---


def test_a_salib_problem_runs_its_points():
    problem = sim.salib_problem(VARIED, "silo", outcome=["revenue", "score"], **SMALL)
    assert problem["num_vars"] == 4 and problem["names"] == list(VARIED)
    assert problem["dists"] == ["unif", "unif", "unif", "logunif"]
    found = problem.run(np.array([[0.3, 1.2, 0.9, 0.4], [0.3, 0.6, 1.4, 0.4]]))  # both are the point: whole, words
    assert found.shape == (2, 2)
    assert found.tolist() == [[by_hand("revenue"), by_hand("score")]] * 2
    alone = sim.salib_problem(VARIED, "silo", outcome="score", threads=1, **SMALL)
    assert alone.run(np.array([[0.3, 1.2, 0.9, 0.4]])).tolist() == [by_hand("score")]


def test_salibs_own_samplers_and_chain_take_the_problem():
    problem = sim.salib_problem(VARIED, "silo", outcome="score", markets=1, days=65)
    points = latin.sample(problem, 6, seed=1)
    low, high = np.array(problem["bounds"]).T
    assert ((points >= low) & (points <= high)).all() and np.isfinite(problem.run(points)).all()
    chain = ProblemSpec({key: problem[key] for key in ("names", "bounds", "dists")} | {"outputs": ["score"]})
    chain.set_samples(points).evaluate(problem.run)
    assert chain.results.tolist() == problem.run(points).tolist()


TINY = sim.read("silo").but(workforce__marketers=2, workforce__salespeople=3)


def test_points_that_cannot_be_run_are_refused_before_any_run(monkeypatch):
    problem = sim.salib_problem({"liaison.count": (0, 4)}, TINY, outcome="revenue", **SMALL)
    monkeypatch.setattr("sim.study.adapters.run", lambda *_, **__: pytest.fail("it was run"))
    with pytest.raises(
        sim.InputError, match=r"2 of 4 points cannot be run; the first is row 2: liaison.count = 2 must"
    ):
        problem.run(np.array([[0.0], [1.0], [2.0], [3.0]]))


def test_an_outcome_without_a_number_is_told_with_its_rows():
    """No lead is handed off in the first days, so that the share of them that was followed up is no number."""
    problem = sim.salib_problem({"trust.initial": (0.1, 0.6)}, "silo", outcome="followed_up", markets=1, days=1)
    with pytest.warns(RuntimeWarning, match=r"2 of 2 rows have no number \(0, 1\)"):
        found = problem.run(np.array([[0.1], [0.6]]))
    assert np.isnan(found).all()


def test_a_tuple_is_a_range_and_a_list_or_array_the_values():
    for values in ([0.1, 0.3, 0.5], np.array([0.1, 0.3, 0.5])):
        (made,) = sim.salib_problem({"trust.initial": values}).question.factors
        assert made.values == (0.1, 0.3, 0.5)
    (made,) = sim.salib_problem({"liaison.count": range(3)}).question.factors
    assert made.values == (0, 1, 2)
    (made,) = sim.salib_problem({"trust.initial": (np.float64(0.1), np.float32(0.5))}).question.factors
    assert (made.low, made.high, made.values) == (0.1, 0.5, ())
    with pytest.warns(UserWarning, match=r"two values, as they are a list; the range between is \(0.1, 0.5\)"):
        sim.salib_problem({"trust.initial": np.array([0.1, 0.5])})
    with pytest.raises(sim.InputError, match="a tuple is a range"):
        sim.salib_problem({"trust.initial": (0.1, 0.3, 0.5)})


def test_what_other_libraries_are_given_can_be_pickled():
    problem, model, objective = (pickle.loads(pickle.dumps(made(VARIED, "silo", outcome="score", **SMALL)))
                                 for made in (sim.salib_problem, sim.ema_model, sim.optuna_objective))  # fmt: skip
    there = by_hand("score")
    assert problem.run(np.array([[0.3, 1.2, 0.9, 0.4]])).tolist() == [there]
    assert model.function(**POINT) == {"score": there}
    assert objective(optuna.trial.FixedTrial(POINT)) == there


@given(st.integers(0, 3), st.floats(0.0, 1.0))
def test_every_position_is_a_value_that_is_allowed(which, share):
    name, given_ = list(VARIED.items())[which]
    made, _ = factor(name, "lever", {"low": given_[0], "high": given_[1]} if isinstance(given_, tuple) else given_)
    low, high = _bounds(made)
    value = _value(made, low + share * (high - low))
    assert value in _steps(made) if _steps(made) else made.low <= value <= made.high
    if _steps(made):
        room = (high - low) / len(_steps(made))
        assert room == 1.0 and _value(made, low) == _steps(made)[0] and _value(made, high) == _steps(made)[-1]


# --- EMA Workbench ---


def test_an_ema_model_has_levers_uncertainties_and_batons_numbers():
    varied = {name: given_ for name, given_ in VARIED.items() if name != "trust.initial"}
    model = sim.ema_model(varied, "silo", uncertainties={"trust.initial": (0.1, 0.6)}, outcome="score", **SMALL)
    assert [each.name for each in model.uncertainties] == ["trust.initial"]
    assert {each.name for each in model.levers} == set(varied)
    assert model.function(**POINT) == {"score": by_hand("score")}
    from ema_workbench import SequentialEvaluator

    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=2)
    assert len(experiments) == 4 and np.isfinite(outcomes["score"]).all()
    assert set(experiments["practices.rules"]) <= {"teams decide", "mandated"}
    assert experiments["communication.cost_hours"].between(0.1, 2.0).all()
    row = experiments.iloc[0][list(POINT)].to_dict()
    assert outcomes["score"][0] == by_hand("score", {**row, "liaison.count": int(row["liaison.count"])})


def test_emas_optimizer_knows_what_is_better():
    from ema_workbench import ScalarOutcome

    names = ["net_value", "score", "followed_up", "disputes", "share_aligned", "contacts_per_head"]
    model = sim.ema_model({"trust.initial": (0.1, 0.6)}, outcome=names)
    up, down, neither = ScalarOutcome.MAXIMIZE, ScalarOutcome.MINIMIZE, ScalarOutcome.INFO
    assert [each.kind for each in model.outcomes] == [up, up, up, down, neither, neither]


# --- Optuna ---


def test_an_optuna_objective_is_the_mean_over_markets():
    objective = sim.optuna_objective(VARIED, "silo", outcome="score", **SMALL)
    assert objective(optuna.trial.FixedTrial(POINT)) == by_hand("score")
    both = sim.optuna_objective(VARIED, "silo", outcome=["revenue", "score"], **SMALL)
    study = optuna.create_study(directions=["maximize", "maximize"], sampler=optuna.samplers.RandomSampler(seed=1))
    study.enqueue_trial(POINT)
    study.optimize(both, n_trials=2)
    assert study.trials[0].values == [by_hand("revenue"), by_hand("score")]
    told = study.trials[0].user_attrs
    assert set(told) == set(OUTCOMES) - {"revenue", "score"}
    assert told["net_value"] == by_hand("net_value")


def test_a_trial_that_cannot_be_run_says_why():
    study = optuna.create_study()
    study.enqueue_trial({"liaison.count": 3})
    study.optimize(sim.optuna_objective({"liaison.count": (0, 4)}, TINY, **SMALL), n_trials=1)
    assert study.trials[0].state == optuna.trial.TrialState.PRUNED
    assert "must be less than the 2 marketers" in study.trials[0].user_attrs["why"]


def test_a_pruner_can_stop_a_trial():
    """A threshold that nothing meets prunes after the first four of eight markets."""
    objective = sim.optuna_objective(VARIED, "silo", outcome="score", markets=8, days=65)
    study = optuna.create_study(direction="maximize", pruner=optuna.pruners.ThresholdPruner(lower=100.0))
    study.optimize(objective, n_trials=1)
    assert study.trials[0].state == optuna.trial.TrialState.PRUNED
    assert list(study.trials[0].intermediate_values) == [4]


def test_the_same_study_comes_out_twice():
    def best() -> dict:
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=3))
        study.optimize(sim.optuna_objective(VARIED, "silo", outcome="score", markets=1, days=65), n_trials=4)
        return study.best_params

    assert best() == best()


# --- what is asked, and the document ---


def test_an_experiment_can_be_given_in_place_of_numbers():
    name = sorted(sim.shipped_experiments())[0]
    experiment = sim.read_experiment(name)
    problem = sim.salib_problem(name)
    assert problem["names"] == [each.name for each in experiment.factors]
    assert problem.question.base == experiment.base


@pytest.mark.parametrize("adapter", [sim.salib_problem, sim.ema_model, sim.optuna_objective])
def test_every_fault_is_told_at_once(adapter):
    with pytest.raises(sim.InputError) as fault:
        adapter(
            {"trust.initail": (0, 1), "trust.gain": (0, 7), "liaison.count": (2, 1)}, outcome="net_valeu", markets=0
        )
    problems = "\n".join(fault.value.problems)
    assert len(fault.value.problems) == 5 and "trust.initial" in problems and "net_value" in problems
    with pytest.raises(sim.InputError, match="nothing is varied"):
        adapter({})


def test_the_document_shows_each_adapter_in_a_block_that_is_run():
    """tests/test_readme.py runs the Python of every document in docs/."""
    import test_readme

    path = house.ROOT / "docs" / "guides" / "adapters.md"
    assert path in test_readme.DOCUMENTS
    bodies = [body for body, _ in test_readme.blocks(path, {"python"})]
    for name in ("salib_problem", "ema_model", "optuna_objective"):
        assert any(f"sim.{name}(" in body for body in bodies)
