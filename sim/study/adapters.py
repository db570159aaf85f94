"""Baton for those who have a method of their own: SALib's problems, EMA Workbench's models, Optuna's objectives.

All three ask the same question: some numbers are varied on one scenario, every
point is run in the same markets, and an outcome's mean over them comes back.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.arguments import markets as markets_of
from sim.errors import InputError
from sim.extras import extra
from sim.result.outcomes import KNOWN, OUTCOMES, unknown
from sim.run import run
from sim.scenario import Scenario, read
from sim.scenario.scenario import THEORY
from sim.scenario.schema import ANY
from sim.study.experiments.experiment import Experiment, Factor, read_experiment
from sim.study.experiments.factors import factor, of_nobody, theories_of, which_theory
from sim.study.experiments.possible import bounded, faults_of
from sim.study.experiments.settings import with_levers
from sim.study.many import at_once
from sim.study.own.accepted import ask_gate

Varied = Mapping[str, object] | Experiment | str | os.PathLike[str]
MOST_ROWS = 8  # that a warning lists
TOGETHER = 4  # markets between two reports to Optuna; fixed, so that results do not depend on the threads


@dataclass(frozen=True)
class Question:
    """What is varied on which scenario, in which markets, and which outcomes are looked at."""

    factors: tuple[Factor, ...]
    base: Scenario
    outcomes: tuple[str, ...]
    markets: tuple[int, ...]
    threads: int

    def set_out(self, levers: Mapping[str, object]) -> Scenario:
        """The base with what a point sets."""
        return with_levers(self.base, levers, theories=theories_of(self.factors))

    def at(
        self,
        points: Sequence[Mapping[str, object]],
        markets: Sequence[int] | None = None,
        names: Sequence[str] | None = None,
    ) -> np.ndarray:
        """Outcomes of points, (points, markets, names); NaN where a point cannot be run."""
        markets, names = markets or self.markets, names or self.outcomes

        def one(levers: Mapping[str, object], seed: int) -> list[float]:
            try:
                found = run(self.set_out(levers), seed).outcomes(names)
            except InputError:  # the point, such as more liaisons than marketers: the question was checked before
                return [float("nan")] * len(names)
            return [float(found[name]) for name in names]

        work = [lambda p=point, s=seed: one(p, s) for point in points for seed in markets]
        return np.array(at_once(work, self.threads)).reshape(len(points), len(markets), len(names))

    def refuse_impossible(self, points: Sequence[Mapping[str, object]]) -> None:
        """Refuse points that no organization can have, before any is run."""
        faults = {
            row: said for row, levers in enumerate(points) if (said := faults_of(self.base, levers, self.set_out))
        }
        if faults:
            row, said = next(iter(faults.items()))
            raise InputError([
                f"{len(faults)} of {len(points)} points cannot be run; the first is row {row}: {said[0]}",
                "SALib's designs are blocks, from which no row can be left out: choose ranges of which every point can "
                "be run, or fix the numbers that limit each other",
            ])  # fmt: skip


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
            Means over the markets.

        Raises
        ------
        InputError
            Before any run, where a point cannot be run, such as more liaisons
            than marketers: SALib gives indices of 0 for a sample with gaps.

        Warns
        -----
        RuntimeWarning
            Where an outcome of a run is not a number, such as the share of no
            leads that were followed up: which rows, as SALib does not say.
        """
        question = self.question
        rows = np.asarray(sample, float).tolist()
        points = [{each.name: _value(each, x) for each, x in zip(question.factors, row, strict=True)} for row in rows]
        question.refuse_impossible(points)
        found = question.at(points).mean(1)
        if gaps := np.flatnonzero(~np.isfinite(found).all(1)).tolist():
            rows = ", ".join(map(str, gaps[:MOST_ROWS])) + (", …" if len(gaps) > MOST_ROWS else "")
            said = (
                f"{len(gaps)} of {len(points)} rows have no number ({rows}); SALib's indices would be wrong, silently"
            )
            warnings.warn(said, RuntimeWarning, stacklevel=2)
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
        Names of numbers, each with a range or its values. A tuple of two is a
        range, (low, high), as is a table such as ``{"low": 1, "high": 100,
        "scale": "log"}``, "bounds" and "plausible". A list, an array or
        a `range` are the values themselves and nothing between them.
    scenario : Scenario, name or path
        What everything else is taken from; of an experiment, its base.
    outcome : str or list of str
        Of `sim.result.outcomes.OUTCOMES`.
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
) -> Any:
    """A model for EMA Workbench (`pip install 'baton-sim[discovery]'`).

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
        Its outcomes are means over the markets; NaN for a point that cannot be
        run. Money, the audit's score and the share of leads followed up are to
        be maximized and disputes to be minimized, for `optimize`; shares of
        stages and contacts are information. It can be pickled, for evaluators
        in several processes.

    Raises
    ------
    InputError
        With one sentence for each fault, or where EMA Workbench is not installed.
    """
    with extra("discovery", "ema_model"):
        from ema_workbench import Model, ScalarOutcome

    question = _question(varied, scenario, outcome, markets, days, threads, uncertainties)

    model = Model("baton", function=Means(question))
    model.levers = [_parameter(each) for each in question.factors if each.kind == "lever"]
    model.uncertainties = [_parameter(each) for each in question.factors if each.kind != "lever"]
    kinds = {1: ScalarOutcome.MAXIMIZE, 0: ScalarOutcome.INFO, -1: ScalarOutcome.MINIMIZE}
    model.outcomes = [ScalarOutcome(name, kinds[direction(name)]) for name in question.outcomes]
    return model


@dataclass(frozen=True)
class Means:
    """What EMA Workbench calls: a point's outcomes, as means over the markets."""

    question: Question

    def __call__(self, **point: object) -> dict[str, float]:
        means = self.question.at([point])[0].mean(0)
        return dict(zip(self.question.outcomes, map(float, means), strict=True))


def direction(outcome: str) -> int:
    """1 where more of it is better, -1 where less is, 0 where it is neither.

    >>> direction("net_value"), direction("disputes"), direction("share_aligned")
    (1, -1, 0)
    """
    if outcome == "disputes":
        return -1
    return 1 if KNOWN[outcome].unit == "k€" or outcome in ("score", "followed_up") else 0


def optuna_objective(
    varied: Varied,
    scenario: Scenario | str | Path | None = None,
    *,
    outcome: str | Sequence[str] = "net_value",
    markets: int | Sequence[int] = 8,
    days: int | None = None,
    threads: int = 2,
) -> Objective:
    """An objective for `optuna.Study.optimize`: one outcome's mean, or several for a study of several directions.

    After every four markets the mean so far is reported, so that a pruner can
    stop a trial; a point that cannot be run is pruned, and its attribute `why`
    says the reason. Means of all other outcomes are attributes of the trial.

    Parameters
    ----------
    varied, scenario, outcome, markets, days, threads
        As in `salib_problem`.

    Returns
    -------
    function (trial) -> float, or list of float
        It can be pickled.

    Raises
    ------
    InputError
        With one sentence for each fault.
    """
    return Objective(_question(varied, scenario, outcome, markets, days, threads))


@dataclass(frozen=True)
class Objective:
    """What Optuna calls with a trial."""

    question: Question

    def __call__(self, trial) -> float | list[float]:
        with extra("reach", "optuna_objective"):
            import optuna

        question = self.question
        n, names = len(question.outcomes), (*question.outcomes, *(set(OUTCOMES) - set(question.outcomes)))
        levers = {each.name: _suggested(trial, each) for each in question.factors}
        if why := faults_of(question.base, levers, question.set_out):
            trial.set_user_attr("why", why[0])
            raise optuna.TrialPruned(why[0])
        rows: list[np.ndarray] = []
        for begin in range(0, len(question.markets), TOGETHER):
            rows += list(question.at([levers], question.markets[begin : begin + TOGETHER], names)[0])
            means = np.mean(rows, axis=0).tolist()
            if not np.isfinite(means[:n]).all():
                raise optuna.TrialPruned(f"no number for {levers}")
            if n == 1:
                trial.report(means[0], len(rows))
                if len(rows) < len(question.markets) and trial.should_prune():
                    raise optuna.TrialPruned
        for name, mean in sorted(zip(names[n:], means[n:], strict=True)):
            if np.isfinite(mean):
                trial.set_user_attr(name, mean)
        return means[0] if n == 1 else means[:n]


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
        if name not in KNOWN:
            faults.append(unknown(name))
    base = None if scenario is None else read(scenario)
    if isinstance(varied, Mapping):
        factors, base = [], base or read()
        for name, given in varied.items():
            kind = "lever" if name in ANY and ANY[name].lever else "uncertainty"
            _add(factors, faults, base, name, kind, given)
    else:
        experiment = read_experiment(varied)
        factors, base = list(experiment.factors), base or experiment.base
        if experiment.constraints or any(
            each.where or each.group or not (each.theories or each.name in ANY) for each in factors
        ):
            faults.append(
                f"{experiment.title!r} has constraints, conditions, groups, dates, years or people as factors, which "
                "other libraries' samplers know nothing of: run it by sim.sweep, and give them its design and runs"
            )
    for name, given in (uncertainties or {}).items():
        if any(each.name == name for each in factors):
            faults.append(f"{name} is varied twice")
        else:
            _add(factors, faults, base, name, "uncertainty", given)
    if not factors and not faults:
        faults.append("nothing is varied: give names with ranges, such as {'trust.initial': (0.1, 0.6)}")
    try:
        chosen = tuple(markets_of(markets))
    except InputError as fault:
        chosen = ()
        faults += fault.problems
    faults += of_nobody(factors, base)
    if faults:
        raise InputError(faults)
    ask_gate(base)
    base = base if days is None else base.but(days=days)
    return Question(tuple(factors), base, names, chosen, threads)


def _add(factors: list[Factor], faults: list[str], base: Scenario, name: str, kind: str, given: object) -> None:
    if isinstance(given, tuple) and len(given) == 2:
        given = {"low": given[0], "high": given[1]}
    elif isinstance(given, tuple):
        faults.append(f"{name} = {given}: a tuple is a range, (low, high); values to choose among are a list")
        return
    if name == THEORY and isinstance(given, list):
        factors.append(which_theory(given))
        return
    made, wrong = factor(name, kind, given)
    if made is not None and len(made.values) == 2 and not made.words and made.number.type is float:
        low, high = made.values
        said = (
            f"{name}: {low:g} and {high:g} are two values, as they are a list; the range between is ({low:g}, {high:g})"
        )
        warnings.warn(said, stacklevel=5)
    faults += wrong
    if made is not None:
        factors.append(bounded(made, base) if isinstance(given, str) else made)


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
    with extra("discovery", "ema_model"):
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
