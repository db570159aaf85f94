"""Revenue, costs, contribution, customer equity and customer value (model.md 7)."""

from __future__ import annotations

from sim.model.dice import logistic
from sim.model.firm import NEVER, QUARTER, YEAR
from sim.model.kernel import kernel


@kernel
def close_books(firm, theory, dice):
    """The day's money: revenue, special terms, payroll, other cash, contribution, and the customers' own gain.

        revenue      = yearly value of active customers / 260
        gross profit = revenue margin - cost of special terms
        contribution = gross profit - payroll - other cash

    The hours of working together are a memo; they sit in payroll already.
    """
    t, ledger, today, day = theory.money, firm.ledger, firm.days, dice.day
    revenue = ledger[0]["recurring"] / YEAR
    special = ledger[0]["special"] / YEAR
    seats = ledger[0]["n_m"] + ledger[0]["n_s"] + ledger[0]["n_liaisons"]
    payroll = ((seats + theory.workforce.product_manager) * t.seat_cost + 2.0 * t.head_cost) / YEAR
    marketers = ledger[0]["n_m"] + ledger[0]["n_liaisons"] * (1 - theory.liaison.hired)
    programmes = t.programme * t.seat_cost * marketers * ledger[0]["budget_share"] / YEAR
    today[day]["revenue"] = revenue
    today[day]["special_cost"] = special
    today[day]["payroll"] = payroll
    today[day]["budget"] = programmes
    today[day]["other_cash"] = programmes + ledger[0]["owed"]
    ledger[0]["owed"] = 0.0
    contribution = revenue * t.margin - special - payroll - today[day]["other_cash"]
    today[day]["contribution"] = contribution
    hours = (
        today[day]["hours_contact"]
        + today[day]["hours_dispute"]
        + today[day]["hours_meeting"]
        + today[day]["hours_liaison"]
    )
    today[day]["working_together"] = hours * t.seat_cost / (YEAR * theory.workload.day_hours)
    needless = max(ledger[0]["burden"] - theory.marketing.nurture_touches, 0.0)
    gain = revenue * (t.benefit * ledger[0]["satisfaction"] - 1.0)
    today[day]["customer_value"] = gain - t.burden * needless * ledger[0]["active"] / QUARTER
    today[day]["customers"] = ledger[0]["active"]
    today[day]["reputation"] = ledger[0]["reputation"]
    ledger[0]["cash"] += contribution
    today[day]["cash"] = ledger[0]["cash"]
    today[day]["pressure"] = ledger[0]["pressure"]
    today[day]["people"] = seats
    if ledger[0]["cash"] < 0.0 and ledger[0]["broke"] < 0:
        ledger[0]["broke"] = day


@kernel
def value_customers(firm, theory):
    """Customer equity: what today's customers are worth, each from its own chance to renew.

    sum of (margin value - special terms) r / (1 + discount - r)
    """
    c, t, k = firm.customers, theory.money, theory.customers
    total = 0.0
    for row in range(firm.ledger[0]["n_customers"]):
        if c[row]["ended"] == NEVER:
            x = k.renewal + k.satisfied * (c[row]["satisfaction"] - 0.5)
            r = logistic(x + k.reputation * (firm.ledger[0]["reputation"] - 1.0))
            total += (t.margin * c[row]["value"] - c[row]["special"]) * r / (1.0 + t.discount - r)
    return total
