"""Revenue, costs, contribution, customer equity and the customers' own gain (model.md 7)."""

from __future__ import annotations

from sim.model.firm import QUARTER, YEAR
from sim.model.kernel import kernel

NOTHING = 1e-6  # bound: k€ a year, or a share; below it there is nothing but rounding


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
def value_customers(firm, theory, dice):
    """The last 260 days' renewals are brought up to date, and today's customers are valued by them.

    Days before the first count as what the opening expected of them, spread evenly.
    """
    ledger, today, day = firm.ledger, firm.days, dice.day
    due, likely = ledger[0]["opening_recurring"] / YEAR, 0.0
    if day < YEAR:
        likely = ledger[0]["opening_renewal"] * due
    else:
        due, likely = today[day - YEAR]["due_value"], today[day - YEAR]["likely_value"]
    ledger[0]["due_value"] += today[day]["due_value"] - due
    ledger[0]["likely_value"] += today[day]["likely_value"] - likely
    today[day]["equity"] = customer_equity(firm, theory)


@kernel
def customer_equity(firm, theory):
    """What the contracts of today are worth at the renewal rate of the last four quarters.

        equity = (margin recurring - special terms) r / (1 + discount - r)
        r      = likely value / value that came up for renewal, both of the last 260 days

    Likely is each contract's value times the chance it had when it came up: by
    the luck of single large contracts equity would move by several percent a
    day. Today's reputation has the weight of one day in 260.
    """
    profit = theory.money.margin * firm.ledger[0]["recurring"] - firm.ledger[0]["special"]
    return profit * years_of(renewal_rate(firm), theory.money.discount)


@kernel
def renewal_rate(firm):
    """The renewal rate of the last four quarters; the opening's where nothing came up for renewal."""
    ledger = firm.ledger
    if ledger[0]["due_value"] < NOTHING:
        return ledger[0]["opening_renewal"]
    return min(ledger[0]["likely_value"] / ledger[0]["due_value"], 1.0 - NOTHING)


@kernel
def years_of(renewal: float, discount: float) -> float:
    """Years of today's profit that contracts are worth, if the same share of them is renewed every year.

        r / (1 + discount - r)

    >>> round(years_of(0.8, 0.1), 3)
    2.667
    """
    return renewal / (1.0 + discount - renewal)
