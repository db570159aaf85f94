"""What can be kept of a run quarter by quarter."""

from __future__ import annotations

import numpy as np

from sim.model.firm import DAYS_DOC, QUARTER, QUARTERS_DOC, Firm
from sim.result.run_tables import LEVELS, MEANS, SCORES, UNITS

SERIES = {name: {**DAYS_DOC, **QUARTERS_DOC}[name] for name in (*SCORES, *DAYS_DOC)}  # name -> meaning


def unit(name: str) -> str:
    """The unit of a quarterly column."""
    return UNITS[name]


def how(name: str) -> str:
    """How a quarter's value comes about: "audit", "at the end", "mean" or "sum" of its days."""
    if name in SCORES:
        return "audit"
    return "at the end" if name in LEVELS else "mean" if name in MEANS else "sum"


def quarterly(firm: Firm, days: int, names: tuple[str, ...]) -> list[list[float]]:
    """One list a name, one number a whole quarter that was lived."""
    n = days // QUARTER
    found = []
    for name in names:
        kind = how(name)
        if kind == "audit":
            values = np.array(firm.quarters[name][:n], float)
        else:
            by_quarter = np.array(firm.days[name][: n * QUARTER], float).reshape(n, QUARTER)
            values = {"at the end": by_quarter[:, -1], "mean": by_quarter.mean(1), "sum": by_quarter.sum(1)}[kind]
        found.append(values.tolist())
    return found
