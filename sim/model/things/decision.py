"""A decision about one of the four Ps: prepared with or without the other team, and how good it turned out."""

from __future__ import annotations

from sim.model.firm import NEVER, Decision
from sim.model.kernel import kernel


@kernel
def is_marketings(q: int) -> bool:
    """Whether Marketing leads a decision: product and promotion; Sales leads placement and price (seed 002)."""
    return q == Decision.PRODUCT or q == Decision.PROMOTION


@kernel(inline=True)
def prepare(decisions, q, informed, due):
    """A decision is in preparation; `informed` says whether the other team is heard."""
    decisions[q]["informed"] = 1 if informed else 0
    decisions[q]["due"] = due


@kernel(inline=True)
def take_effect(decisions, q, quality, settled, day):
    """A decision is taken."""
    decisions[q]["due"] = NEVER
    decisions[q]["heard"] = decisions[q]["informed"]
    decisions[q]["since"] = day
    decisions[q]["quality"] = quality
    decisions[q]["settled"] = settled


@kernel
def begin(decisions):
    """Middling decisions are in force, none is in preparation."""
    for q in range(len(decisions)):
        decisions[q]["due"] = NEVER
        decisions[q]["since"] = NEVER
        decisions[q]["quality"] = 0.5


@kernel(inline=True)
def write_down(decisions, book, quarter):
    """What is in force at a quarter's end: how good each decision is, who was heard, who settled it, since when.

    book   firm.quarters
    """
    for q in range(len(decisions)):
        book[quarter]["quality"][q] = decisions[q]["quality"]
        book[quarter]["heard"][q] = decisions[q]["heard"]
        book[quarter]["settled"][q] = decisions[q]["settled"]
        book[quarter]["since"][q] = decisions[q]["since"]
