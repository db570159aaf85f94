"""Where a lever cannot act, and why: the one table that files, changes, branches, Mesa, the page and reach ask."""

from __future__ import annotations

import math

from sim.intake import Withheld
from sim.model.network import Organization

COUNTED = ("workforce.marketers", "workforce.salespeople")  # on a user's own people, at the start
PLACED = "distance.between_teams_m"  # a firm of one's own begins with the mean metres of its ties
MEASURED = (*COUNTED, PLACED)

_BEGINS = "it says how a run begins, and cannot be changed later"
_LISTED = "the ties of [organization] say who works with whom"
AT_THE_START = dict.fromkeys(
    ("trust.initial", "market.segments", "market.for_marketers", "market.for_salespeople", "market.rivals",
     "market.digital", "market.growth", "market.rivals_marketing", "workforce.idle", "money.start_cash",
     "distance.spread"),
    _BEGINS,
)  # fmt: skip
OWN_PEOPLE = {
    **dict.fromkeys(("workforce.ties_per_rep", "workforce.mates", "workforce.rewired"), _LISTED),
    "distance.spread": "the people of [organization] sit where their files say",
}


ONLY_WITH: dict[str, dict[str, float]] = {  # levers that matter only where another number stands so
    **dict.fromkeys(("liaison.trust_marketing", "liaison.trust_sales", "liaison.hired", "liaison.micromanaged"),
                    {"liaison.count": 1}),
    "structure.dismissal_misses": {"structure.kind": 2},
    "customization.limit": {"customization.approval": 1},
}  # fmt: skip


def measured(people: Organization | Withheld) -> dict[str, float]:
    """What a user's own people begin with: sizes of the teams, mean metres of their ties."""
    if isinstance(people, Withheld):
        sizes, mean = (people.marketers, people.salespeople), people.metres
    else:
        sales, metres = int(people.team.sum()), people.ties["distance"]
        sizes, mean = (len(people.team) - sales, sales), None
        if len(metres):
            same = (metres == metres[0]).all()  # else never quite a typed number: to move all to their mean is a change
            mean = float(metres[0] if same else math.nextafter(metres.mean(), math.inf))
    return {COUNTED[0]: sizes[0], COUNTED[1]: sizes[1], **({} if mean is None else {PLACED: mean})}


def refusal(name: str, *, own: bool, begun: bool, listed: bool = True) -> str | None:
    """Why a number cannot act there; None where it does.

    own      the people are a user's own (`[organization]`)
    begun    the firm already lives: a dated change, or a branch from a saved state
    listed   the user's files say who works with whom

    >>> refusal("workforce.ties_per_rep", own=True, begun=False)
    'the ties of [organization] say who works with whom'
    >>> refusal("workforce.ties_per_rep", own=False, begun=True) is None
    True
    """
    if own and name == "distance.spread":
        return OWN_PEOPLE[name]
    if begun and name in AT_THE_START:
        return AT_THE_START[name]
    if not own:
        return None
    if name in COUNTED and not begun:
        return "the people of [organization] are counted"
    return OWN_PEOPLE.get(name) if listed or begun else None
