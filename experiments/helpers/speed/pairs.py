"""What pairing is worth: two organizations on the same market need fewer markets (model.md 5: P22)."""

from __future__ import annotations

import numpy as np

from helpers.judging import Check, bootstrap, check, exact
from helpers.lab import Lab
from sim.study.intervals import Interval
from sim.study.validation.patterns.organizations import LIAISON


def saved(x: np.ndarray, y: np.ndarray, draws: int = 1000) -> Interval:
    """How many times fewer markets pairing needs: (var X + var Y) / var(X - Y)."""
    return bootstrap(lambda r: (x[r].var(ddof=1) + y[r].var(ddof=1)) / (x[r] - y[r]).var(ddof=1), len(x), draws)


PAIRS = {
    "liaison 0 to 1": ({}, LIAISON),
    "distance 20 to 60 m": ({"distance.between_teams_m": 20.0}, {"distance.between_teams_m": 60.0}),
}


def pairs(lab: Lab, name: str) -> list[Check]:
    """What one of PAIRS saves, and how closely its markets go together."""
    found = []
    a, b = (lab.lives(levers) for levers in PAIRS[name])
    for what, field in (("revenue of 5 years", "revenue"), ("new business", "new_value")):
        x, y = (np.array([life.total(field) for life in lives]) for lives in (a, b))
        found.append(check("P22", f"{name}: {what}, replicates saved", saved(x, y), 1.0))
        found.append(check("P22", f"{name}: correlation of {what}", exact(np.corrcoef(x, y)[0, 1])))
    return found
