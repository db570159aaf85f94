"""Where a lever cannot act, and why: the one table that files, changes, branches, Mesa, the page and reach ask."""

from __future__ import annotations

import math

COUNTED = ("workforce.marketers", "workforce.salespeople")  # on a user's own people, at the start
PLACED = "distance.between_teams_m"  # a firm of one's own begins with the mean metres of its ties
MEASURED = (*COUNTED, PLACED)

_BEGINS = "it says how a run begins, and cannot be changed later"
_LISTED = "the ties of [organization] say who works with whom"
AT_THE_START = dict.fromkeys(
    ("trust.initial", "market.segments", "market.for_marketers", "market.for_salespeople", "market.rivals",
     "market.digital", "workforce.idle", "money.start_cash"),
    _BEGINS,
)  # fmt: skip
OWN_PEOPLE = dict.fromkeys(("workforce.ties_per_rep", "workforce.mates", "workforce.rewired"), _LISTED)


def measured(organization) -> dict[str, float]:
    """What a user's own people (`sim.model.network.Organization`) begin with: sizes of teams, mean metres of ties."""
    sales = int(organization.team.sum())
    metres = organization.ties["distance"]
    found: dict[str, float] = dict(zip(COUNTED, (len(organization.team) - sales, sales), strict=True))
    if len(metres):
        mean = float(metres.mean())  # never quite a number that is typed: to move all to their mean is a change
        found[PLACED] = mean if (metres == metres[0]).all() else math.nextafter(mean, math.inf)
    return found


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
    if begun and name in AT_THE_START:
        return AT_THE_START[name]
    if not own:
        return None
    if name in COUNTED and not begun:
        return "the people of [organization] are counted"
    return OWN_PEOPLE.get(name) if listed or begun else None
