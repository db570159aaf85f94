"""Where two organizations in one market part: the difference of their money, step by step of the funnel.

Both meet the same prospects, so each prospect has a life in either. What the
two lives brought differs, and the difference is put down to the first step that
only one of them passed; every bar is made of prospects who can be named, and
the bars add up to the difference exactly.

One correction makes it fair to the later steps. A lead that only one
organization passed on would still have had to be called and won in the other;
if the other calls half as often, half of that lead's money is the calling's
doing as much as the passing on's. So the money of such leads is shared between
the step where they part and the later ones, by Shapley values, with the rates
of the prospects whom both organizations brought that far.

This is bookkeeping of what happened. It does not say what would have happened
if one step alone had been different; that is the question of `explain_levers`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.model.firm import NEVER, YEAR
from sim.study.explain.books import Books
from sim.study.explain.deals import FACTORS, between, deals_of, kept_rate, worth_of
from sim.study.explain.shapley import of_product
from sim.study.explain.twins import AT_START, OWN_STEP, STEP_TO, Parting, Twins, counts, match, parting, rates

METRICS = ("revenue", "contribution", "net_value")
STEPS = {
    "leads found": "found by Marketing in one of the two only",
    "passed on": "answered, qualified and handed over in one only",
    "followed up in time": "called in one only, or only there while still interested",
    "fitting": "fitted well enough to become a deal in one only",
    "won": "the deal was won in one only",
    "own prospects": "a rep's own prospect, found or won in one only",
    "sooner or later": "signed earlier, or still under way at the end",
    "contract size": "signed in both, for more",
    "kept": "stayed longer",
    "grown": "bought more at renewal",
    "worth of customers": "of those whom both kept: their worth after the run",
    "special terms": "cost of special terms",
    "payroll": "cost of seats",
    "programmes": "cost of Marketing's programmes",
    "hiring and reorganizing": "cost of newcomers and new structures",
    "customers at the start": "a customer of day 0 in one only",
    "margin and discount": "the same contracts at another margin or discount",
    "after the money ran out": "all that came after one of the two had ended",
    "not explained": "what no step explains",
}
REST = "not explained"


class Parted(NamedTuple):
    """The difference between two organizations in one market, by step."""

    bars: dict[str, float]  # by the names of STEPS; their sum is the difference
    before: float
    after: float
    leads: pd.DataFrame  # prospects whose two lives brought different money, largest first
    counts: pd.DataFrame  # how many came how far: a row a step, columns a and b


def part(a: Books, b: Books, metric: str = "net_value") -> Parted:
    """Put the difference of two organizations in one market down to the steps at which their prospects part.

    Parameters
    ----------
    a, b : Books
        The same market and horizon; the difference is b less a.
    metric : str
        One of METRICS.

    Raises
    ------
    InputError
        A metric that is not made of contracts and costs.
    """
    if metric not in METRICS:
        raise InputError(f"{metric} has no funnel ({', '.join(METRICS)} have); explain it by lever")
    money, together = metric != "revenue", min(a.days, b.days)
    weights = [(x.margin() if money else 1.0) * _today(x, metric) / YEAR for x in (a, b)]
    for each in weights:
        each[together:] = 0.0
    twins = match(a, b)
    parted = parting(a, b, twins)
    deals = deals_of(a, b, twins, (weights[0] + weights[1]) / 2.0)
    bars = dict.fromkeys(STEPS, 0.0)
    difference, named = deals.brought[1] - deals.brought[0], parted.step.copy()
    same = np.flatnonzero((named == "") & (difference != 0.0))
    shares = between(deals, same)
    for name, amount in zip(FACTORS, shares.sum(axis=0), strict=True):
        bars[name] += float(amount)
    named[same] = np.array(FACTORS, object)[np.abs(shares).argmax(axis=1)]
    if metric == "net_value" and a.days == b.days:
        worth = worth_of(a, b, deals, parted)
        alone = (parted.step == "") & (worth.each != 0.0)
        named[alone] = "kept"
        bars["kept"] += float(worth.each[alone].sum())
        bars["worth of customers"] = worth.common
        begun = AT_START if (parted.step == AT_START).any() else "worth of customers"
        bars[begun] += a.opening - b.opening  # they were worth something on day 0 too
        difference = difference + worth.each
    share_out(bars, parted, difference, rates(a, twins, parted), kept_rate(deals))
    change = weights[1] - weights[0]
    bars["margin and discount"] = float(sum(x.contracts.brought(change).sum() for x in (a, b))) / 2.0
    if money:
        for name, cost in _costs(a, b, metric, together).items():
            bars[name] = -cost
    bars["after the money ran out"] = _tail(b, metric, together, a.days) - _tail(a, metric, together, b.days)
    before, after = a.outcomes[metric], b.outcomes[metric]
    bars[REST] = after - before - sum(bars.values())
    return Parted(bars, before, after, _table(a, b, twins, named, difference), counts(a, b))


def share_out(bars: dict[str, float], parted: Parting, difference: np.ndarray, rate: dict[int, float], kept: float):
    """The money of prospects whose lives part, shared between the step where they do and the later ones.

    In the organization that did not pass the step it is worth nothing, and would
    have been worth what the later rates there leave of it.
    """
    apart = np.flatnonzero((parted.step != "") & (difference != 0.0))
    groups = pd.DataFrame({"step": parted.step[apart], "level": parted.level[apart], "by_b": parted.by_b[apart],
                           "amount": difference[apart]})  # fmt: skip
    for (name, level, by_b), amount in groups.groupby(["step", "level", "by_b"])["amount"].sum().items():
        later = [step for step in rate if step > level] if name in STEP_TO.values() else []
        names, ratios = [name, *(STEP_TO[step] for step in later)], [rate[step] for step in later]
        if later or name in ("won", OWN_STEP):
            names, ratios = [*names, "kept"], [*ratios, kept]
        here, there = np.ones(len(names)), np.array([0.0, *(r if by_b else 1.0 / r for r in ratios)])
        for each, share in zip(names, of_product(there[None], here[None])[0], strict=True):
            bars[each] += float(amount * share)


def _today(books: Books, metric: str) -> np.ndarray:
    """What a euro of each day counts, (days,): net value discounts it to day 0, revenue and contribution do not."""
    return books.discount() if metric == "net_value" else np.ones(books.scenario.days)


def _costs(a: Books, b: Books, metric: str, together: int) -> dict[str, float]:
    """How much more b paid than a up to the day `together`, k€ as the metric counts them."""
    found = dict.fromkeys(("special terms", "payroll", "programmes", "hiring and reorganizing"), 0.0)
    for books, sign in ((a, -1.0), (b, 1.0)):
        days, today = books.diary[:together], sign * _today(books, metric)[:together]
        found["special terms"] += float(days["special_cost"] @ today)
        found["payroll"] += float(days["payroll"] @ today)
        found["programmes"] += float(days["budget"] @ today)
        found["hiring and reorganizing"] += float((days["other_cash"] - days["budget"]) @ today)
    return found


def _tail(books: Books, metric: str, together: int, other_days: int) -> float:
    """What came after the first of the two had ended; with the end's equity if they ended on different days."""
    days, today = books.diary[together:], _today(books, metric)[together : books.days]
    if metric == "revenue":
        return float(days["revenue"].sum())
    equity = float(books.worth.sum()) - books.opening
    counted = metric == "net_value" and books.days != other_days
    return float(days["contribution"] @ today) + (equity if counted else 0.0)


def _table(a: Books, b: Books, twins: Twins, named: np.ndarray, difference: np.ndarray) -> pd.DataFrame:
    """The prospects whose lives brought different money, largest first; -1 where there is none."""
    rows = np.flatnonzero(difference)
    rows = rows[np.argsort(-np.abs(difference[rows]), kind="stable")]
    value = np.fmax(*(twins.column(books, side, "value", np.nan)[rows] for side, books in enumerate((a, b))))
    columns = {"step": named[rows], "difference": difference[rows], "value": value}
    for side, books in enumerate((a, b)):
        for name in ("lead", "customer", "fate", "ended"):
            columns[f"{name}_{'ab'[side]}"] = twins.column(books, side, name, NEVER)[rows]
        customer, c = columns[f"customer_{'ab'[side]}"], books.contracts
        columns[f"left_{'ab'[side]}"] = np.append(np.where(c.until < c.days, c.until, NEVER), NEVER)[customer]
    return pd.DataFrame(columns)
