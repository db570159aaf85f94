"""Which points of a design no organization can have, before any is run: numbers that are right alone may not meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import InputError, tell
from sim.scenario import Scenario
from sim.study.experiments.factors import Factor, with_levers

if TYPE_CHECKING:
    from sim.study.experiments.experiment import Experiment

MOST = 1_000  # points that are looked at; of more, as many that lie evenly among them
NEEDS_ALL = ("saltelli", "morris")  # methods whose points are blocks


class Impossible(NamedTuple):
    """How many of the points looked at cannot be run, and why: a sentence for each kind of reason, with its count."""

    points: int
    of: int
    reasons: list[tuple[str, int]]

    def sentence(self) -> str:
        """The whole in a sentence."""
        why = "; ".join(f"{count:,} such as: {reason}" for reason, count in self.reasons)
        return f"{self.points:,} of {self.of:,} points cannot be run ({why})"


def faults_of(base: Scenario, levers: Mapping[str, object], factors: Iterable[Factor] = ()) -> list[str]:
    """What is wrong with a scenario that has other levers; nothing if it can be run."""
    try:
        made = with_levers(base, levers, factors)
        if made.organization is not None:
            _ = made.theory  # which counts a user's own people
    except InputError as error:
        return error.problems
    return []


def bounded(each: Factor, base: Scenario) -> Factor:
    """A range of the theory's own as far as a scenario can follow: fewer liaisons than marketers to draw them from."""
    if each.name != "liaison.count" or base.theory.liaison.hired:
        return each
    return replace(each, high=min(each.high, max(base.theory.workforce.marketers - 1, 1)))


def check_possible(experiment: Experiment) -> None:
    """Before the first run: refuse a design of blocks that has gaps; of another say how many points will fail.

    Raises
    ------
    InputError
        A method whose points are blocks, with points that cannot be run.
    """
    found = impossible(experiment)
    if not found.points:
        return
    if experiment.sample.method in NEEDS_ALL:
        needs = f'method = "{experiment.sample.method}" needs every point: vary within ranges that go together'
        raise InputError(f"{experiment.source or experiment.title}: {found.sentence()}; {needs}")
    tell(f"{experiment.source or experiment.title}: {found.sentence()}")


def impossible(experiment: Experiment) -> Impossible:
    """Look at every point under each arm; a point counts once, however many arms cannot have it."""
    points = experiment.design().index
    points = points[np.unique(np.linspace(0, len(points) - 1, min(len(points), MOST)).astype(int))]
    kinds: Counter[str] = Counter()
    example: dict[str, str] = {}
    for point in points:
        levers = experiment.levers(point)
        for changes in experiment.arms.values():
            if said := faults_of(experiment.base, {**levers, **changes}, experiment.factors):
                kind = re.sub(r"\d[\d.,]*", "#", said[0])
                kinds[kind] += 1
                example.setdefault(kind, said[0])
                break
    return Impossible(kinds.total(), len(points), [(example[kind], count) for kind, count in kinds.most_common()])
