"""Revenue, costs, contribution, customer equity and the customers' own gain (model.md 7)."""

from __future__ import annotations

from sim.model.firm import QUARTER, YEAR
from sim.model.kernel import kernel
from sim.model.theory import Kind
from sim.model.things import ledger

NOTHING = 1e-6  # bound: k€ a year, or a share; below it there is nothing but rounding


@kernel
def close_books(firm, theory, dice):
    """The day's money: revenue, special terms, payroll, other cash, contribution, and the customers' own gain.

        revenue      = yearly value of active customers / 260
        gross profit = revenue margin - cost of special terms
        contribution = gross profit - payroll - other cash

    The hours of working together are a memo; they sit in payroll already. Two teams have two heads, a merged
    department has one, and one chief over both is a third.
    """
    t, row, today, day = theory.money, firm.ledger[0], firm.days[dice.day], dice.day
    revenue = row["recurring"] / YEAR
    special = row["special"] / YEAR
    seats = row["n_m"] + row["n_s"] + row["n_liaisons"]
    heads = heads_of(theory.structure.kind)
    payroll = ((seats + theory.workforce.product_manager) * t.seat_cost + heads * t.head_cost) / YEAR
    marketers = row["n_m"] + row["n_liaisons"] * (1 - theory.liaison.hired)
    programmes = t.programme * t.seat_cost * marketers * row["budget_share"] / YEAR
    other_cash = programmes + row["owed"]
    contribution = revenue * t.margin - special - payroll - other_cash
    hours = today["hours_contact"] + today["hours_dispute"] + today["hours_meeting"] + today["hours_liaison"]
    needless = max(row["burden"] - theory.marketing.nurture_touches, 0.0)
    gain = revenue * (t.benefit * row["satisfaction"] - 1.0)
    ledger.pay(firm.ledger, contribution, day)
    today["revenue"] = revenue
    today["special_cost"] = special
    today["payroll"] = payroll
    today["budget"] = programmes
    today["other_cash"] = other_cash
    today["contribution"] = contribution
    today["working_together"] = hours * t.seat_cost / (YEAR * theory.workload.day_hours)
    today["customer_value"] = gain - t.burden * needless * row["active"] / QUARTER
    today["customers"] = row["active"]
    today["reputation"] = row["reputation"]
    today["cash"] = row["cash"]
    today["pressure"] = row["pressure"]
    today["people"] = seats


@kernel
def heads_of(kind: int) -> float:
    """How many heads are paid: two, one of a merged department, three where a chief stands over both.

    >>> heads_of(0), heads_of(3), heads_of(4)
    (2.0, 1.0, 3.0)
    """
    of_teams = 1.0 if kind == Kind.MERGED else 1.0 + 1.0
    return of_teams + (1.0 if kind == Kind.ONE_CHIEF else 0.0)


@kernel
def value_customers(firm, theory, dice):
    """The last 260 days' renewals are brought up to date, and today's customers are valued by them.

    Days before the first count as what the opening expected of them, spread evenly.
    """
    row, days, day = firm.ledger[0], firm.days, dice.day
    due, likely = row["opening_recurring"] / YEAR, 0.0
    if day < YEAR:
        likely = row["opening_renewal"] * due
    else:
        due, likely = days[day - YEAR]["due_value"], days[day - YEAR]["likely_value"]
    ledger.roll_renewals(firm.ledger, days[day]["due_value"] - due, days[day]["likely_value"] - likely)
    days[day]["equity"] = customer_equity(firm, theory)


@kernel
def customer_equity(firm, theory):
    """What the contracts of today are worth at the renewal rate of the last four quarters.

        equity = (margin recurring - special terms) r / (1 + discount - r)
        r      = likely value / value that came up for renewal, both of the last 260 days

    Likely is each contract's value times the chance it had when it came up: by
    the luck of single large contracts equity would move by several percent a
    day. Today's reputation has the weight of one day in 260.
    """
    row = firm.ledger[0]
    profit = theory.money.margin * row["recurring"] - row["special"]
    return profit * years_of(renewal_rate(firm), theory.money.discount)


@kernel
def renewal_rate(firm):
    """The renewal rate of the last four quarters; the opening's where nothing came up for renewal."""
    row = firm.ledger[0]
    if row["due_value"] < NOTHING:
        return row["opening_renewal"]
    return min(row["likely_value"] / row["due_value"], 1.0 - NOTHING)


@kernel
def years_of(renewal: float, discount: float) -> float:
    """Years of today's profit that contracts are worth, if the same share of them is renewed every year.

        r / (1 + discount - r)

    >>> round(years_of(0.8, 0.1), 3)
    2.667
    """
    return renewal / (1.0 + discount - renewal)
