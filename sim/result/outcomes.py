"""What a run comes to, in a few numbers: money as a bookkeeper adds it, stages, talk.

Works on bare columns (the diary's arrays, or a table's columns), so that a
thousand runs need no tables.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError, nearest
from sim.model.firm import DAYS_DOC, WEEK, YEAR, Stage
from sim.result.run_tables import LEVELS, MEANS, UNITS


class Outcome(NamedTuple):
    """One number that a run comes to; `of` reckons one of a user's own from a Run, `source` tells it from others."""

    unit: str
    meaning: str
    of: Callable[[Any], Any] | None = None
    source: str = ""


# What Baton means by its words for money: said here, and everywhere else from here.
LEFT_OUT = "R&D, G&A and service are not modelled"
CONTRIBUTION = f"gross profit less Marketing's and Sales' payroll, programmes, hiring and reorganizing; {LEFT_OUT}"
EQUITY = "what the contracts of that day are worth at the renewal rate of the last four quarters"
NET_VALUE = "contribution plus the change in customer equity, both discounted to day 0, once for the whole run"
GAIN = "the customers' own gain: the benefit that they had, less what they paid and bore"

OUTCOMES = {
    "revenue": Outcome("k€", "revenue of all days"),
    "revenue_last_year": Outcome("k€", "revenue of the last 260 days"),
    "new_business": Outcome("k€", "first year of all contracts signed with new customers; renewals do not count"),
    "net_value": Outcome("k€", NET_VALUE),
    "contribution": Outcome("k€", f"{CONTRIBUTION}; all days, not discounted"),
    "equity_change": Outcome("k€", f"customer equity of the last day less that of day 0, not discounted: {EQUITY}"),
    "customer_value": Outcome("k€", GAIN),
    "score": Outcome("20..100", "audit of the last quarter"),
    "share_undefined": Outcome("0..1", "share of the quarters in stage I"),
    "share_defined": Outcome("0..1", "share of the quarters in stage II"),
    "share_aligned": Outcome("0..1", "share of the quarters in stage III"),
    "share_integrated": Outcome("0..1", "share of the quarters in stage IV"),
    "followed_up": Outcome("0..1", "share of the leads handed to a salesperson that were tried"),
    "contacts_per_head": Outcome("per person and week", "contacts across the gap"),
    "disputes": Outcome("0..1", "share of these contacts that were about a complaint"),
}


BUILT_IN = tuple(OUTCOMES)  # more come by `own_outcomes.outcome`
# Every column of the diary is one too, for whoever asks: no table shows eighty of them unasked.
DIARY = {
    name: Outcome(UNITS[name], f"{meaning}; {'last day' if name in LEVELS else 'mean' if name in MEANS else 'sum'}")
    for name, meaning in DAYS_DOC.items()
    if name not in OUTCOMES
}
KNOWN = ChainMap(OUTCOMES, DIARY)  # whatever may be asked for


# Names that were outcomes once, and what to ask for instead.
SUCCESSORS = {"net_value_without_equity": "contribution"}


def unknown(name: str, known: Collection[str] = OUTCOMES) -> str:
    """Why a name is no outcome, and which to give.

    >>> unknown("net_value_without_equity")
    'net_value_without_equity: is no outcome any more; give contribution'
    """
    if name in SUCCESSORS:
        return f"{name}: is no outcome any more; give {SUCCESSORS[name]}"
    near = nearest(str(name), [*known, *DIARY])
    return f"{name}: no such outcome{near} ({', '.join(known)}; and any column of the daily table)"


def checked(names: Collection[str]) -> tuple[str, ...]:
    """Names of outcomes that there are; raises InputError with each that is none."""
    faults = [unknown(name) for name in names if name not in KNOWN]
    if faults:
        raise InputError(faults)
    return tuple(names)


class NetValue(NamedTuple):
    """Net value and its parts, all discounted to day 0, k€: contribution + closing - opening = total."""

    contribution: float
    opening: float
    closing: float
    total: float


def discounts(days: int, rate: float, first: int = 0) -> np.ndarray:
    """What a euro of each of the days first .. first + days - 1 is worth on day 0, at a yearly rate.

    >>> float(round(discounts(261, 0.10)[260], 6))
    0.909091
    """
    return (1.0 + rate) ** (-np.arange(first, first + days) / YEAR)


def net_value(contribution, equity, opening: float, rate: float, broke: bool = False) -> NetValue:
    """Net value of a run: discounted contribution, with what the customers are worth at both ends.

    Parameters
    ----------
    contribution : array (days,)
        k€ of each day.
    equity : array (days,)
        Customer equity at each day's end; the last day's closes the run. A run
        without a day closes as it opened.
    opening : float
        Customer equity at day 0.
    rate : float
        Discount per year.
    broke : bool
        A firm that ran out of cash has ended: its customer equity closes at 0.
    """
    contribution, equity = np.asarray(contribution, float), np.asarray(equity, float)
    earned = float((contribution * discounts(len(contribution), rate)).sum())
    closing = equity_at_end(equity, opening, broke) * (1.0 + rate) ** (-len(equity) / YEAR)
    return NetValue(earned, float(opening), closing, earned + closing - float(opening))


def equity_at_end(equity, opening: float, broke: bool) -> float:
    """Customer equity that closes a run, k€, not discounted: the last day's; none of a firm that ran out of cash."""
    if broke:
        return 0.0
    return float(np.asarray(equity, float)[-1]) if len(equity) else float(opening)


def measure(days: Mapping, quarters: Mapping, opening: float, rate: float, broke: bool = False) -> dict[str, float]:
    """Every outcome of one run, by the names in OUTCOMES.

    `days` and `quarters` give a column for a name: slices of the diary's record
    arrays, or tables. A share without a denominator is not a number (NaN).
    """

    def total(name: str) -> float:
        return float(np.asarray(days[name], float).sum())

    stage = np.asarray(quarters["stage"])
    value = net_value(days["contribution"], days["equity"], opening, rate, broke)
    contacts = total("contacts")
    found = {
        "revenue": total("revenue"),
        "revenue_last_year": float(np.asarray(days["revenue"], float)[-YEAR:].sum()),
        "new_business": total("new_value"),
        "net_value": value.total,
        "contribution": total("contribution"),
        "equity_change": equity_at_end(days["equity"], opening, broke) - opening,
        "customer_value": total("customer_value"),
        "score": float(np.asarray(quarters["score"])[-1]) if len(stage) else np.nan,
    }
    for each in Stage:
        found[f"share_{each.name.lower()}"] = float((stage == each).mean()) if len(stage) else np.nan
    found["followed_up"] = _ratio(total("followed"), total("handed"))
    found["contacts_per_head"] = _ratio(contacts, total("people") / WEEK)
    found["disputes"] = _ratio(total("disputes"), contacts)
    return found


def of_diary(days: Mapping, name: str) -> float:
    """A column of the diary as one number: its last day, its mean, or its sum; NaN of a run without a day."""
    column = np.asarray(days[name], float)
    if not len(column):
        return np.nan
    return float(column[-1] if name in LEVELS else column.mean() if name in MEANS else column.sum())


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
