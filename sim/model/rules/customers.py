"""Customers: what they were promised, how satisfied they are, whether they stay."""

from __future__ import annotations

import math

from sim.model.acts import complain, people_ratio, tie_between
from sim.model.appointments import BEFORE, FIRST, WRITTEN, put_down
from sim.model.dice import Stream, key_for, uniform
from sim.model.firm import NEVER, SPECIAL, YEAR, Decision
from sim.model.formulas import chance_to_renew, clip, closeness
from sim.model.kernel import kernel


@kernel(inline=True)
def contacts_a_quarter(firm, theory):
    """Contacts that a customer gets from both teams in a quarter: more where neither knows what the other does.

    Needless contacts grow with a power of headcount (its square root in the default, F37) and fall with
    coordination (F52), which a handful of people has without effort (F07).
    """
    t, ledger = theory.customers, firm.ledger
    needless = (
        theory.marketing.uncoordinated
        * math.pow(people_ratio(firm), t.growth_power)
        * (1.0 - max(ledger[0]["coordination"], ledger[0]["overview"]))
    )
    return theory.marketing.nurture_touches + needless * (1.0 + ledger[0]["pressure"])


@kernel(inline=True)
def served(firm, theory, segment, m, s, promise, contacts):
    """How well a customer is served, 0..1: the product fits, the rep understands it, no promise is broken.

    Less than was promised weighs more than more of it (F54).

    contacts   that it gets in a quarter, from both teams
    """
    t, market, seg, b = theory.customers, theory.market, firm.segments, firm.beliefs
    product = closeness(seg[segment]["needs"] - seg[segment]["offer"], market.tolerance)
    advice = closeness(seg[segment]["offer"] - b[s, segment]["offer"], market.tolerance)
    message = advice
    if m >= 0:
        message = closeness(b[m, segment]["offer"] - b[s, segment]["offer"], market.tolerance)
    quality = t.by_product * product + t.by_advice * advice + (1.0 - t.by_product - t.by_advice) * message
    quality -= t.disappointment * t.promise_weight * promise * (1.0 - quality)
    excess = max(contacts / theory.marketing.fatigue - t.borne, 0.0)
    if excess > 0.0:
        quality *= math.exp(-t.bombardment * excess)
    return clip(quality, 0.0, 1.0)


@kernel(inline=True)
def sign_contract(firm, theory, dice, lead):
    """A won deal becomes a customer, with a yearly value, expectations, and a day to renew."""
    ledger, leads, c, today, t = firm.ledger, firm.leads, firm.customers, firm.days, theory.customers
    row = ledger[0]["n_customers"]
    ledger[0]["n_customers"] = row + 1
    m, s, k = leads[lead]["m"], leads[lead]["s"], leads[lead]["segment"]
    value = float(leads[lead]["value"])
    if theory.rooms.decisions == 1:
        value *= 1.0 - theory.decisions.price * (1.0 - firm.decisions[Decision.PRICE]["quality"])
    special = theory.customization.cost * value if leads[lead]["flags"] & SPECIAL else 0.0
    promise = t.overpromise * (1.0 + ledger[0]["pressure"])
    c[row]["key"] = leads[lead]["key"]
    c[row]["value"] = value
    c[row]["promise"] = promise
    contacts = contacts_a_quarter(firm, theory)
    c[row]["satisfaction"] = served(firm, theory, k, m, s, promise, contacts)
    c[row]["special"] = special
    c[row]["burden"] = contacts
    c[row]["lead"] = lead
    c[row]["s"] = s
    c[row]["m"] = m
    c[row]["segment"] = k
    c[row]["since"] = dice.day
    c[row]["ended"] = NEVER
    put_down(firm, firm.renewals, dice.day % YEAR, row)
    ledger[0]["recurring"] += value
    ledger[0]["special"] += special
    ledger[0]["active"] += 1.0
    today[dice.day]["new_value"] += value
    today[dice.day]["bookings"] += value * theory.money.term_years
    feel(firm, theory, c[row]["satisfaction"])


@kernel(inline=True)
def feel(firm, theory, satisfaction):
    """The running mean of satisfaction takes in one more customer."""
    ledger = firm.ledger
    rate = theory.customers.mean_rate / max(ledger[0]["active"], 1.0)
    ledger[0]["satisfaction"] += min(rate, 1.0) * (satisfaction - ledger[0]["satisfaction"])


@kernel
def renew_contracts(firm, theory, dice):
    """Customers whose year is over renew, grow, shrink or leave; only then can they leave.

    A customer lost is blamed across the gap now and then (seed 004).
    """
    c, ledger, today, t = firm.customers, firm.ledger, firm.days, theory.customers
    pages, tray = firm.pages, firm.tray
    contacts, slot = contacts_a_quarter(firm, theory), dice.day % YEAR
    page = firm.renewals[slot]
    while page >= 0:
        due = 0
        for i in range(pages[page, WRITTEN] - 1, -1, -1):
            row = pages[page, FIRST + i]
            tray[due]["row"] = row
            tray[due]["place"] = FIRST + i
            if (c[row]["since"] != dice.day) & (row >= 0):
                due += 1
        for i in range(due):
            row = tray[i]["row"]
            m, s, k, promise = c[row]["m"], c[row]["s"], c[row]["segment"], c[row]["promise"]
            tray[i]["luck"] = served(firm, theory, k, m, s, promise, contacts)
        for i in range(due):
            row = tray[i]["row"]
            satisfaction = t.kept * c[row]["satisfaction"] + (1.0 - t.kept) * tray[i]["luck"]
            c[row]["promise"] *= t.kept
            c[row]["burden"] = contacts
            if theory.rooms.customers == 0:
                satisfaction = 0.5
            c[row]["satisfaction"] = satisfaction
            feel(firm, theory, satisfaction)
            chance = chance_to_renew(t, satisfaction, ledger[0]["reputation"])
            own = key_for(c[row]["key"], dice.day - c[row]["since"])
            luck = uniform(own, Stream.RENEW)
            today[dice.day]["due_value"] += c[row]["value"]
            today[dice.day]["likely_value"] += chance * c[row]["value"]
            if luck < chance:
                change = c[row]["value"] * t.expansion * (2.0 * satisfaction - 1.0)
                c[row]["value"] += change
                ledger[0]["recurring"] += change
                if change >= 0.0:
                    today[dice.day]["expansion"] += change
                else:
                    today[dice.day]["contraction"] -= change
                today[dice.day]["bookings"] += c[row]["value"] * theory.money.term_years
            else:
                c[row]["ended"] = dice.day
                ledger[0]["recurring"] -= c[row]["value"]
                ledger[0]["special"] -= c[row]["special"]
                ledger[0]["active"] -= 1.0
                today[dice.day]["churned"] += 1.0
                today[dice.day]["churned_value"] += c[row]["value"]
                pages[page, tray[i]["place"]] = NEVER
                tie = tie_between(firm, c[row]["m"], c[row]["s"])
                if tie >= 0 and uniform(own, Stream.COMPLAINT) < theory.conflict.complaint:
                    complain(firm, theory, tie, True, dice.day)
        page = pages[page, BEFORE]


@kernel
def keep_reputation(firm, theory, dice):
    """Reputation follows the satisfaction of all customers, slowly; bombardment wears it out (F53)."""
    t, ledger = theory.customers, firm.ledger
    if theory.rooms.customers == 0:
        return
    ledger[0]["burden"] = contacts_a_quarter(firm, theory)
    excess = max(ledger[0]["burden"] / theory.marketing.fatigue - t.borne, 0.0)
    goal = t.reputation_base + ledger[0]["satisfaction"] - t.bombardment * excess * 0.5
    ledger[0]["reputation"] += (clip(goal, t.worst, t.best) - ledger[0]["reputation"]) / t.reputation_days
