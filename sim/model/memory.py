"""How much room an organization needs: rows in its tables, bytes of memory."""

from __future__ import annotations

import numpy as np

from sim.model import firm as tables
from sim.model.appointments import pages_for
from sim.model.firm import YEAR, Firm
from sim.model.kernel import LINE, kernel
from sim.model.theory import Theory

CAUGHT, CAUGHT_BY_REPS, ROOM_DAYS = 0.50, 0.12, 64  # shares of prospects that usually become leads: room, no rule
SIGNED = 0.06  # share of leads that usually become customers, rather more than less


@kernel(inline=True)
def pools_nearly_full(firm, reserve):
    """Whether the pools may not hold what one more day can bring."""
    ledger = firm.ledger
    if ledger["n_leads"][0] + reserve > len(firm.leads):
        return True
    return ledger["n_customers"][0] + ledger["open_deals"][0] + reserve > len(firm.customers)


def widened(table: np.ndarray, n: int) -> np.ndarray:
    """A larger copy of a table, filled with zeros."""
    wide = tables.empty((n, *table.shape[1:]), table.dtype)
    wide[: len(table)] = table
    return wide


def largest_market(theory: Theory, horizon: int) -> float:
    """The most prospects of a day, times the default's, that a run of so many days sees."""
    return theory.market.size * max((1.0 + theory.market.growth) ** (horizon / YEAR), 1.0)


def most_leads_a_day(theory: Theory, firm: Firm) -> int:
    """A bound on the leads that one day can bring."""
    m, s = float(firm.ledger["ref_m"][0]), float(firm.ledger["ref_s"][0])
    t = theory.market
    return (
        int(largest_market(theory, len(firm.days)) * (m * t.marketing_list * (1.0 + t.event_burst) + s * t.own_list))
        + 2 * t.segments
        + 2
    )


def estimate_bytes(theory: Theory, horizon: int) -> int:
    """About how much memory a run takes, in bytes: people and ties once, leads and customers as they come."""
    w, t = theory.workforce, theory.market
    people = w.marketers + w.salespeople + w.idle
    years = horizon / YEAR
    growth = max((1.0 + w.growth) ** years, 1.0)
    ref_m, ref_s = t.for_marketers or w.marketers, t.for_salespeople or w.salespeople
    leads = largest_market(theory, horizon) * (ref_m * t.marketing_list + ref_s * t.own_list) * horizon * 0.5
    customers = theory.customers.per_rep * ref_s * t.size + leads * 0.1
    rows = people * growth * (tables.PEOPLE.itemsize + tables.BELIEFS.itemsize * t.segments + 64 * 8)
    rows += w.salespeople * growth * w.ties_per_rep * (tables.TIES.itemsize + 2 * tables.LINKS.itemsize)
    return int(
        2 * (leads * tables.LEADS.itemsize + customers * tables.CUSTOMERS.itemsize)
        + 2 * pages_for(int(leads), int(customers)) * LINE
        + rows
        + horizon * tables.DAYS.itemsize
    )


def leads_expected(theory: Theory, ref_m: int, ref_s: int, horizon: int) -> int:
    """Room for the leads that a horizon usually brings; a pool that proves too small is doubled."""
    t = theory.market
    caught = ref_m * t.marketing_list * CAUGHT + ref_s * t.own_list * CAUGHT_BY_REPS
    return int(t.size * caught * (horizon + ROOM_DAYS)) + ROOM_DAYS
