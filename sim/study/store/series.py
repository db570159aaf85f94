"""What can be kept of a run besides its outcomes: columns by quarter, by day, and by person as they are at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from sim.model.firm import DAYS_DOC, PEOPLE, PEOPLE_DOC, QUARTER, QUARTERS_DOC, Firm
from sim.result.run_tables import LEVELS, MEANS, SCORES, UNITS, unit_of

SERIES = {name: {**DAYS_DOC, **QUARTERS_DOC}[name] for name in (*SCORES, *DAYS_DOC)}  # name -> meaning
CODES = {"first", "seat", "saw", "waits", "complies", "willing", "dismissed", "planned"}  # of use to the rules alone
PERSONAL = {name: text for name, text in PEOPLE_DOC.items() if name not in CODES and not PEOPLE[name].shape}


def unit(name: str) -> str:
    """The unit of a column of the daily or quarterly table."""
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


def daily(firm: Firm, days: int, names: tuple[str, ...]) -> list[list[float]]:
    """One list a name, one number a day that was lived."""
    return [np.array(firm.days[name][:days], float).tolist() for name in names]


def personal(firm: Firm, days: int, names: tuple[str, ...]) -> list[list[float]]:
    """One list a name, one number a seat, as it is at the end."""
    rows = firm.people[: int(firm.ledger["n_people"][0])]
    return [np.array(rows[name], float).tolist() for name in names]


class Kind(NamedTuple):
    """A table that a store may keep: what its rows are within a run, which columns there are, and how they are read."""

    row: str
    rows_are: str
    first: int  # number of the first row
    known: Mapping[str, str]  # name -> meaning
    unit: Callable[[str], str]
    read: Callable[[Firm, int, tuple[str, ...]], list[list[float]]]

    def means(self, name: str) -> str:
        """What a column means."""
        return f"{self.known[name]} ({how(name)})" if self.read is quarterly else self.known[name]


KINDS = {
    "series": Kind("quarter", "from 1; 65 working days each", 1, SERIES, unit, quarterly),
    "by_day": Kind("day", "working days, from 0", 0, DAYS_DOC, unit, daily),
    "by_person": Kind("person", "seat, from 0, as it is at the end of the run", 0, PERSONAL,
                      lambda name: unit_of(name, PERSONAL[name]), personal),
}  # fmt: skip


def kept_of(firm: Firm, days: int, tables: Mapping[str, tuple[str, ...]]) -> list[list[float]] | None:
    """All columns of a run that are kept, table after table in the order of KINDS; None where there are none."""
    found = [column for kind, names in tables.items() for column in KINDS[kind].read(firm, days, names)]
    return found or None
