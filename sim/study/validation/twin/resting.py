"""Where the twin comes to rest, from distrust and from trust: one resting point, or two."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.firm import YEAR, M, S
from sim.study.validation.patterns.organizations import FORBIDDEN
from sim.study.validation.twin.equations import live

FROM = (0.05, 0.90)  # trust of all in all, at the beginning
YEARS = 30  # until everybody's beginning is forgotten: anchors go with those who held them
APART = 0.05  # of trust: two ends that lie further apart are two resting points
COSTS = tuple(float(x) for x in np.geomspace(0.02, 2.0, 6))  # hours a talk costs before a word is said
BROUGHT = tuple(float(x) for x in np.linspace(0.1, 0.85, 6))  # trust that newcomers bring


class Resting(NamedTuple):
    """Mean trust in the end, (trust brought, costs), from distrust and from trust."""

    costs: tuple[float, ...]
    brought: tuple[float, ...]
    low: np.ndarray
    high: np.ndarray

    @property
    def two(self) -> np.ndarray:
        """Where two resting points are."""
        return self.high - self.low > APART


def resting(costs=COSTS, brought=BROUGHT, years: int = YEARS, more=None) -> Resting:
    """The default with practices forbidden and other costs of a talk, and other trust that newcomers bring.

    more   levers that all the firms share
    """
    firms = [{**FORBIDDEN, **(more or {}), "communication.cost_hours": cost, "trust.attitude": trust}
             for trust in brought for cost in costs]  # fmt: skip
    begin = np.repeat(FROM, len(firms))[:, None]
    found = {}

    def read(day, frame, state, change):
        if day == years * YEAR:
            theory = frame.theory
            found["trust"] = (frame.share * (state.trust(theory, M) + state.trust(theory, S)) / 2.0).sum(1)

    live(firms * 2, years * YEAR, begin, read)
    low, high = found["trust"].reshape(2, len(brought), len(costs))
    return Resting(tuple(costs), tuple(brought), low, high)
