"""Baton for those who have a method of their own: SALib's problems, EMA Workbench's models, Optuna's objectives.

All three ask the same question: some numbers are varied on one scenario, every
point is run in the same markets, and an outcome's mean over them comes back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import InputError, nearest
from sim.outcomes import OUTCOMES
from sim.run import run
from sim.scenario import Scenario, read
from sim.scenario_tables import NUMBERS
from sim.study.experiments.experiment import Experiment, Factor, read_experiment
from sim.study.experiments.factors import factor
from sim.study.many import at_once
from sim.study.many import markets as markets_of

Varied = Mapping[str, object] | Experiment | str | os.PathLike[str]
TOGETHER = 4  # markets between two reports to Optuna; fixed, so that results do not depend on the threads


@dataclass(frozen=True)
class Question:
    """What is varied on which scenario, in which markets, and which outcomes are looked at."""

    factors: tuple[Factor, ...]
    base: Scenario
    outcomes: tuple[str, ...]
    markets: tuple[int, ...]
    threads: int

    def at(self, points: Sequence[Mapping[str, object]], markets: Sequence[int] | None = None) -> np.ndarray:
        """Outcomes of points, (points, markets, outcomes); NaN where a point cannot be run."""
        markets = markets or self.markets

        def one(levers: Mapping[str, object], seed: int) -> list[float]:
            try:
                found = run(self.base.but(dict(levers)), seed).outcomes()
            except InputError:  # the point, such as more liaisons than marketers: the question was checked before
                return [float("nan")] * len(self.outcomes)
            return [float(found[name]) for name in self.outcomes]

        work = [lambda p=point, s=seed: one(p, s) for point in points for seed in markets]
        return np.array(at_once(work, self.threads)).reshape(len(points), len(markets), len(self.outcomes))


class Problem(dict):
    """What SALib calls a problem (num_vars, names, bounds, dists), which can also run its sample.

    Whole numbers, words and lists are positions on a line: each has the room
    from half a step below it to half a step above, so that all are as likely.
    """

    def __init__(self, question: Question):
        self.question = question
        super().__init__(
            num_vars=len(question.factors),
            names=[each.name for each in question.factors],
            bounds=[_bounds(each) for each in question.factors],
            dists=["logunif" if each.scale == "log" and not _steps(each) else "unif" for each in question.factors],
        )

    def run(self, sample: np.ndarray) -> np.ndarray:
        """The outcomes of a sample's points.

        Parameters
        ----------
        sample : array (points, num_vars)
            As SALib's samplers make it.

        Returns
        -------
        array (points,), or (points, outcomes) where there are several outcomes
            Means over the markets; NaN for a point that cannot be run, such as
            more liaisons than marketers.
        """
        question = self.question
        rows = np.asarray(sample, float).tolist()
        points = [{each.name: _value(each, x) for each, x in zip(question.factors, row, strict=True)} for row in rows]
        found = question.at(points).mean(1)
        return found[:, 0] if len(question.outcomes) == 1 else found


def salib_problem(
    varied: Varied,
    scenario: Scenario | str | Path | None = None,
    *,
    outcome: str | Sequence[str] = "net_value",
    markets: int | Sequence[int] = 4,
    days: int | None = None,
    threads: int = 2,
) -> Problem:
    """A problem for SALib, which can run its own sample.

    Parameters
    ----------
    varied : mapping, Experiment, or name or path of one
        Names of numbers, each with a range (low, high), a list of values, a
        table such as ``{"low": 1, "high": 100, "scale": "log"}``, or "bounds".
    scenario : Scenario, name or path
        What everything else is taken from; of an experiment, its base.
    outcome : str or list of str
        Of `sim.outcomes.OUTCOMES`.
    markets : int or list of int
        Every point is run in the same ones.
    days : int
        A horizon in place of the scenario's.
    threads : int
        Runs at a time.

    Returns
    -------
    Problem
        A dictionary as SALib wants it; `problem.run(sample)` gives the outcomes.

    Raises
    ------
    InputError
        With one sentence for each fault.
    """
    return Problem(_question(varied, scenario, outcome, markets, days, threads))


def ema_model(
    varied: Varied,
    scenario: Scenario | str | Path | None = None,
    *,
    uncertainties: Mapping[str, object] | None = None,
    outcome: str | Sequence[str] = ("net_value", "score"),
    markets: int | Sequence[int] = 4,
    days: int | None = None,
    threads: int = 2,
):
    """A model for EMA Workbench (the extra baton[discovery]).

    Parameters
    ----------
    varied, scenario, outcome, markets, days, threads
        As in `salib_problem`. What managers choose becomes a lever, what
        nobody knows an uncertainty.
    uncertainties : mapping
        Further numbers, uncertainties whatever they are.

    Returns
    -------
    ema_workbench.Model
        Its outcomes are means over the markets; NaN for a point that cannot be run.

    Raises
    ------
    InputError
        With one sentence for each fault, or where EMA Workbench is not installed.
    """
    try:
        from ema_workbench import Model, ScalarOutcome
    except ImportError:
        raise InputError("ema_model needs EMA Workbench: pip install 'baton-sim[discovery]'") from None

    question = _question(varied, scenario, outcome, markets, days, threads, uncertainties)

    def baton(**point: object) -> dict[str, float]:
        means = question.at([point])[0].mean(0)
        return dict(zip(question.outcomes, map(float, means), strict=True))

    model = Model("baton", function=baton)
    model.levers = [_parameter(each) for each in question.factors if each.kind == "lever"]
    model.uncertainties = [_parameter(each) for each in question.factors if each.kind != "lever"]
    model.outcomes = [ScalarOutcome(name) for name in question.outcomes]
    return model


def optuna_objective(
    varied: Varied,
    scenario: Scenario | str | Path | None = None,
    *,
    outcome: str | Sequence[str] = "net_value",
    markets: int | Sequence[int] = 8,
    days: int | None = None,
    threads: int = 2,
) -> Callable:
    """An objective for `optuna.Study.optimize`: one outcome's mean, or several for a study of several directions.

    After every four markets the mean so far is reported, so that a pruner can
    stop a trial; a point that cannot be run is pruned.

    Parameters
    ----------
    varied, scenario, outcome, markets, days, threads
        As in `salib_problem`.

    Returns
    -------
    function (trial) -> float, or list of float

    Raises
    ------
    InputError
        With one sentence for each fault.
    """
    question = _question(varied, scenario, outcome, markets, days, threads)
    alone = len(question.outcomes) == 1

    def objective(trial):
        import optuna

        levers = {each.name: _suggested(trial, each) for each in question.factors}
        rows: list[np.ndarray] = []
        for begin in range(0, len(question.markets), TOGETHER):
            rows += list(question.at([levers], question.markets[begin : begin + TOGETHER])[0])
            if np.isnan(rows).any():
                raise optuna.TrialPruned(f"no number for {levers}")
            if alone:
                trial.report(float(np.mean(rows)), len(rows))
                if len(rows) < len(question.markets) and trial.should_prune():
                    raise optuna.TrialPruned
        means = np.mean(rows, axis=0)
        return float(means[0]) if alone else [float(each) for each in means]

    return objective


# ---- from what is asked to a Question, and from a Factor to what each library calls it


def _question(
    varied: Varied,
    scenario: Scenario | str | Path | None,
    outcome: str | Sequence[str],
    markets: int | Sequence[int],
    days: int | None,
    threads: int,
    uncertainties: Mapping[str, object] | None = None,
) -> Question:
    faults: list[str] = []
    names = (outcome,) if isinstance(outcome, str) else tuple(outcome)
    for name in names:
        if name not in OUTCOMES:
            faults.append(f"{name}: no such outcome{nearest(str(name), OUTCOMES)} ({', '.join(OUTCOMES)})")
    base = scenario if isinstance(scenario, Scenario) else read(scenario) if scenario is not None else None
    if isinstance(varied, Mapping):
        factors, base = [], base or read()
        for name, given in varied.items():
            kind = "lever" if name in NUMBERS and NUMBERS[name].lever else "uncertainty"
            _add(factors, faults, name, kind, given)
    else:
        experiment = varied if isinstance(varied, Experiment) else read_experiment(varied)
        factors, base = list(experiment.factors), base or experiment.base
    for name, given in (uncertainties or {}).items():
        if any(each.name == name for each in factors):
            faults.append(f"{name} is varied twice")
        else:
            _add(factors, faults, name, "uncertainty", given)
    if not factors and not faults:
        faults.append("nothing is varied: give names with ranges, such as {'trust.initial': (0.1, 0.6)}")
    try:
        chosen = tuple(markets_of(markets))
    except InputError as fault:
        chosen = ()
        faults += fault.problems
    if faults:
        raise InputError(faults)
    base = base if days is None else base.but(days=days)
    return Question(tuple(factors), base, names, chosen, threads)


def _add(factors: list[Factor], faults: list[str], name: str, kind: str, given: object) -> None:
    if isinstance(given, tuple) and len(given) == 2:
        given = {"low": given[0], "high": given[1]}
    made, wrong = factor(name, kind, given)
    faults += wrong
    if made is not None:
        factors.append(made)


def _steps(each: Factor) -> tuple:
    """The values that a factor takes, where they can be counted."""
    if each.values:
        return each.values
    return tuple(range(int(each.low), int(each.high) + 1)) if each.whole else ()


def _bounds(each: Factor) -> list[float]:
    steps = _steps(each)
    if each.whole and not each.values:
        return [each.low - 0.5, each.high + 0.5]
    return [-0.5, len(steps) - 0.5] if steps else [float(each.low), float(each.high)]


def _value(each: Factor, x: float) -> object:
    steps = _steps(each)
    if not steps:
        return min(max(float(x), each.low), each.high)
    first = int(each.low) if each.whole and not each.values else 0
    return steps[min(max(int(np.floor(x + 0.5)) - first, 0), len(steps) - 1)]


def _parameter(each: Factor):
    from ema_workbench import CategoricalParameter, IntegerParameter, RealParameter

    if each.values:
        return CategoricalParameter(each.name, list(each.values))
    if each.whole:
        return IntegerParameter(each.name, int(each.low), int(each.high))
    if each.scale == "log":
        from scipy.stats import loguniform

        return RealParameter.from_dist(each.name, loguniform(each.low, each.high))
    return RealParameter(each.name, each.low, each.high)


def _suggested(trial, each: Factor) -> object:
    if each.values:
        return trial.suggest_categorical(each.name, list(each.values))
    if each.whole:
        return trial.suggest_int(each.name, int(each.low), int(each.high), log=each.scale == "log")
    return trial.suggest_float(each.name, each.low, each.high, log=each.scale == "log")
