"""A customer: the contract, what was promised, how satisfied it is, and the year that comes up for renewal."""

from __future__ import annotations

from sim.model.appointments import put_down
from sim.model.firm import NEVER, YEAR
from sim.model.kernel import kernel


@kernel(inline=True)
def begin(firm, key, value, promise, satisfaction, special, burden, lead, m, s, segment, since):
    """A contract is signed; its year is over on the same day of each year. Returns the customer's row.

    value     k€ a year, net of discounts
    special   k€ a year that special terms cost
    burden    contacts a quarter from both teams
    lead      the lead it came from, or -1
    since     day of the contract, negative before the run
    """
    ledger = firm.ledger
    row = ledger[0]["n_customers"]
    ledger[0]["n_customers"] = row + 1
    c = firm.customers[row]
    c["key"] = key
    c["value"] = value
    c["promise"] = promise
    c["satisfaction"] = satisfaction
    c["special"] = special
    c["burden"] = burden
    c["lead"] = lead
    c["s"] = s
    c["m"] = m
    c["segment"] = segment
    c["since"] = since
    c["ended"] = NEVER
    put_down(firm, firm.renewals, since % YEAR, row)
    ledger[0]["recurring"] += value
    ledger[0]["special"] += special
    ledger[0]["active"] += 1.0
    return row


@kernel(inline=True)
def book_contract(firm, theory, day, value):
    """A new contract is written down in the day."""
    firm.days[day]["new_value"] += value
    firm.days[day]["bookings"] += value * theory.money.term_years


@kernel(inline=True)
def come_up(firm, theory, row, satisfaction, contacts, chance, day):
    """A contract's year is over: promises have paled, contacts and satisfaction are those of now."""
    c, today = firm.customers[row], firm.days[day]
    c["promise"] *= theory.customers.kept
    c["burden"] = contacts
    c["satisfaction"] = satisfaction
    today["due_value"] += c["value"]
    today["likely_value"] += chance * c["value"]


@kernel(inline=True)
def renew(firm, theory, row, change, day):
    """A contract is renewed and has grown or shrunk."""
    c, today = firm.customers[row], firm.days[day]
    c["value"] += change
    firm.ledger[0]["recurring"] += change
    if change >= 0.0:
        today["expansion"] += change
    else:
        today["contraction"] -= change
    today["bookings"] += c["value"] * theory.money.term_years


@kernel(inline=True)
def lose(firm, row, day):
    """A contract is not renewed."""
    c, ledger, today = firm.customers[row], firm.ledger, firm.days[day]
    c["ended"] = day
    ledger[0]["recurring"] -= c["value"]
    ledger[0]["special"] -= c["special"]
    ledger[0]["active"] -= 1.0
    today["churned"] += 1.0
    today["churned_value"] += c["value"]


@kernel(inline=True)
def feel(firm, theory, satisfaction):
    """The running mean of satisfaction takes in one more customer."""
    ledger = firm.ledger
    rate = theory.customers.mean_rate / max(ledger[0]["active"], 1.0)
    ledger[0]["satisfaction"] += min(rate, 1.0) * (satisfaction - ledger[0]["satisfaction"])


@kernel(inline=True)
def change_hands(customers, row, m, s):
    """Other people have a customer from now on."""
    customers[row]["m"] = m
    customers[row]["s"] = s


@kernel(inline=True)
def begin_mean(ledger, satisfaction):
    """The running mean of satisfaction on day 0."""
    ledger[0]["satisfaction"] = satisfaction
