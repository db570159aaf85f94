"""What a run comes to, in a few numbers: money as a bookkeeper adds it, stages, talk.

Works on bare columns (the diary's arrays, or a table's columns), so that a
thousand runs need no tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.model.firm import WEEK, YEAR, Stage


class Outcome(NamedTuple):
    """One number that a run comes to."""

    unit: str
    meaning: str


OUTCOMES = {
    "revenue": Outcome("k€", "revenue of all days"),
    "revenue_last_year": Outcome("k€", "revenue of the last 260 days"),
    "new_business": Outcome("k€", "first year of all contracts signed with new customers; renewals do not count"),
    "net_value": Outcome("k€", "discounted contribution, plus discounted closing customer equity, less opening"),
    "net_value_without_equity": Outcome("k€", "discounted contribution alone"),
    "customer_value": Outcome("k€", "what customers gained beyond what they paid and bore"),
    "score": Outcome("20..100", "audit of the last quarter"),
    "share_undefined": Outcome("0..1", "share of the quarters in stage I"),
    "share_defined": Outcome("0..1", "share of the quarters in stage II"),
    "share_aligned": Outcome("0..1", "share of the quarters in stage III"),
    "share_integrated": Outcome("0..1", "share of the quarters in stage IV"),
    "followed_up": Outcome("0..1", "share of the leads handed to a salesperson that were tried"),
    "contacts_per_head": Outcome("per person and week", "contacts across the gap"),
    "disputes": Outcome("0..1", "share of these contacts that were about a complaint"),
}


class NetValue(NamedTuple):
    """Net value and its parts, in k€ of day 0: contribution + closing - opening = total."""

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
    closing = float(equity[-1]) * (1.0 + rate) ** (-len(equity) / YEAR) if len(equity) else float(opening)
    if broke:
        closing = 0.0
    return NetValue(earned, float(opening), closing, earned + closing - float(opening))


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
        "net_value_without_equity": value.contribution,
        "customer_value": total("customer_value"),
        "score": float(np.asarray(quarters["score"])[-1]) if len(stage) else np.nan,
    }
    for each in Stage:
        found[f"share_{each.name.lower()}"] = float((stage == each).mean()) if len(stage) else np.nan
    found["followed_up"] = _ratio(total("followed"), total("handed"))
    found["contacts_per_head"] = _ratio(contacts, total("people") / WEEK)
    found["disputes"] = _ratio(total("disputes"), contacts)
    return found


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
