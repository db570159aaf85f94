"""Which points of a design hold to the experiment's conditions and constraints, and what that leaves of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.scenario.toml_read import shown
from sim.study.experiments.conditions import Condition, read_condition
from sim.study.experiments.settings import PEOPLE, usual

if TYPE_CHECKING:
    from sim.study.experiments.experiment import Experiment
    from sim.study.experiments.factors import Factor


def chosen_among(factors: Iterable[Factor]) -> dict[str, tuple[str, ...]]:
    """The names of people and of theories that an experiment chooses among, each under its factor's name."""
    return {each.name: each.words for each in factors if each.name == PEOPLE or each.theories}


def condition(experiment: Experiment, text: str) -> Condition:
    """A condition between the factors and the base's numbers.

    Raises
    ------
    InputError
        It cannot be read.
    """
    found, faults = read_condition(text, chosen_among(experiment.factors))
    if found is None or faults:
        raise InputError(faults)
    return found


def _columns(experiment: Experiment, asked: Condition, table: pd.DataFrame) -> dict[str, Any]:
    """What each name that a condition asks for is: a column of the points, or the base's own."""
    there = {str(name): column.to_numpy() for name, column in table.items() if name in asked.names}
    return {name: np.array([usual(experiment.base, name)]) for name in asked.names if name not in there} | there


def moved(experiment: Experiment, table: pd.DataFrame) -> dict[str, np.ndarray]:
    """At which points each factor that has a condition is moved; a condition sees what the factors are given there."""
    found = {}
    for each in experiment.factors:
        if each.where:
            asked = condition(experiment, each.where)
            found[each.name] = asked.holds(_columns(experiment, asked, table), len(table))
    return found


def kept_by(experiment: Experiment, constraint: str, table: pd.DataFrame) -> np.ndarray:
    """At which points a constraint holds, of what is run: a factor that is not moved is as in the base."""
    asked = condition(experiment, constraint)
    columns, there = _columns(experiment, asked, table), moved(experiment, table)
    for each in experiment.factors:
        if each.name in there and each.name in columns:
            columns[each.name] = np.where(there[each.name], columns[each.name], each.usual(experiment.base))
    return asked.holds(columns, len(table))


def allowed(experiment: Experiment, table: pd.DataFrame) -> np.ndarray:
    """Which points hold to every constraint."""
    kept = np.ones(len(table), bool)
    for text in experiment.constraints:
        kept &= kept_by(experiment, text, table)
    return kept


def constraints_leave(experiment: Experiment) -> str:
    """What the constraints leave of the points, in a sentence; nothing where there are none, or a list holds to all.

    Raises
    ------
    InputError
        They leave nothing, or take points of a method whose points are blocks.
    """
    if not experiment.constraints:
        return ""
    from sim.study.experiments.design import NEEDS_ALL, every_point

    every = every_point(experiment)
    gone = {text: int((~kept_by(experiment, text, every)).sum()) for text in experiment.constraints}
    left = int(allowed(experiment, every).sum())
    if left == len(every) and experiment.given is not None:
        return ""  # a store's list holds what they left
    why = "; ".join(f"{shown(text)} takes out {count:,}" for text, count in gone.items())
    said = f"the constraints leave {left:,} of {len(every):,} points ({why})"
    method = experiment.sample.method
    if not left:
        raise InputError(f"{said}: there is nothing to run")
    if method in NEEDS_ALL and left < len(every):
        raise InputError(f'{said}; method = "{method}" needs every point: give ranges that keep them, or sample '
                         'by "latin-hypercube", "sobol" or "grid"')  # fmt: skip
    return said
