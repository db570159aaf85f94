"""What the contracts of the same prospects brought two organizations, and what they are worth at the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.firm import NEVER
from sim.study.explain.books import OPENING, Books, so_far
from sim.study.explain.shapley import of_product
from sim.study.explain.twins import Parting, Twins

FACTORS = ("sooner or later", "contract size", "kept", "grown")


class Deals(NamedTuple):
    """Contracts with the same prospects in a and b; first axis 0 for a, 1 for b.

    A contract brings room x size x kept x grown: the weight of the days from its
    signing to the end, k€ a year at first, the share of those days that it
    lasted, and what it grew to on average.
    """

    customer: np.ndarray  # (2, twins) rows among the customers, -1 for who never signed there
    brought: np.ndarray  # (2, twins)
    factors: np.ndarray  # (2, twins, 4) NaN where there is no contract to ask about
    begun: np.ndarray  # (twins,) bool, a customer of day 0


def deals_of(a: Books, b: Books, twins: Twins, weights: np.ndarray) -> Deals:
    """What all contracts brought; `weights` (days,) say what one k€ a year counts on each day."""
    customers, amounts, factors = [], [], []
    for side, books in enumerate((a, b)):
        c, total = books.contracts, so_far(weights)
        room, stay, brought = total[-1] - total[c.since], total[c.until] - total[c.since], c.brought(weights)
        each = np.stack([room, c.signed, _ratio(stay, room), _ratio(brought, c.signed * stay)], axis=1)
        customer = twins.column(books, side, "customer", NEVER)
        customers.append(customer)
        amounts.append(np.append(brought, 0.0)[customer])  # row -1, who never signed, brought nothing
        factors.append(np.concatenate([each, np.full((1, 4), np.nan)])[customer])
    kind = np.maximum(*(twins.column(books, side, "kind", NEVER) for side, books in enumerate((a, b))))
    return Deals(np.array(customers), np.array(amounts), np.array(factors), kind == OPENING)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0.0)


def between(deals: Deals, rows: np.ndarray) -> np.ndarray:
    """For prospects who signed in both: what each of FACTORS adds to the difference, (rows, 4)."""
    a, b = deals.factors[:, rows]
    a, b = np.where(np.isnan(a), b, a), np.where(np.isnan(b), a, b)  # what was never asked does not differ
    return of_product(np.nan_to_num(a, nan=1.0), np.nan_to_num(b, nan=1.0))


def kept_rate(deals: Deals) -> float:
    """How much more of its time a new contract lasts in a than in b, among those that both signed."""
    room, size, kept, _ = np.moveaxis(deals.factors, 2, 0)
    asked = ~deals.begun & ~np.isnan(kept).any(axis=0)
    whole = (room * size)[:, asked].sum(axis=1)
    lasted = (room * size * kept)[:, asked].sum(axis=1)
    if (whole <= 0.0).any() or (lasted <= 0.0).any():
        return 1.0
    return float(lasted[0] / whole[0] / (lasted[1] / whole[1]))


class Worth(NamedTuple):
    """What customers are worth after the run, b less a, in k€ of day 0."""

    each: np.ndarray  # (twins,) of those whom only one still has at the end
    common: float  # of those whom both still have


def worth_of(a: Books, b: Books, deals: Deals, parted: Parting) -> Worth:
    """Closing customer equity told by prospect, as far as prospects' lives differ."""
    worth = [np.append(books.worth, 0.0)[customer] for books, customer in zip((a, b), deals.customer, strict=True)]
    both = (parted.step == "") & (worth[0] != 0.0) & (worth[1] != 0.0)
    difference = worth[1] - worth[0]
    return Worth(np.where(both, 0.0, difference), float(difference[both].sum()))
