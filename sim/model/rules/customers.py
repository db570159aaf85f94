"""Customers: what they were promised, how satisfied they are, whether they stay."""

from __future__ import annotations

from sim.model.appointments import BEFORE, FIRST, WRITTEN, strike_out
from sim.model.arithmetic import exp, power
from sim.model.dice import Stream, key_for, uniform
from sim.model.firm import LOGGED, SPECIAL, YEAR, Decision, S
from sim.model.formulas import chance_to_renew, clip, closeness, raised
from sim.model.kernel import fetch, kernel
from sim.model.things import customer, ledger
from sim.model.things.grievance import complain
from sim.model.things.ledger import people_ratio
from sim.model.things.practice import pressed
from sim.model.things.tie import tie_between


@kernel(inline=True)
def contacts_a_quarter(firm, theory):
    """Contacts that a customer gets from both teams in a quarter: more where neither knows what the other does.

    Needless contacts grow with a power of headcount (F37) and fall with
    coordination (F52), which lasts as far as somebody keeps the records (seed 003), and which a handful of people has
    without effort (F07).
    """
    t, row = theory.customers, firm.ledger[0]
    needless = theory.marketing.uncoordinated * power(people_ratio(firm), t.growth_power)
    needless *= 1.0 - max(row["coordination"] * (1.0 + row["records"]) / 2.0, row["overview"])
    return theory.marketing.nurture_touches + needless * (1.0 + row["pressure"])


@kernel(inline=True)
def served(firm, theory, segment, m, s, promise, contacts, logged):
    """How well a customer is served, 0..1: the product fits, the rep understands it, both teams say the same.

    What was said stands in a shared record, and some of what would differ is looked up there. Less than was promised
    weighs more than more of it (F54).

    contacts   that it gets in a quarter, from both teams
    logged     whether it came by a lead on shared record
    """
    t, market, seg, b = theory.customers, theory.market, firm.segments, firm.beliefs
    product = closeness(seg[segment]["needs"] - seg[segment]["offer"], market.tolerance)
    advice = closeness(seg[segment]["offer"] - b[s, segment]["offer"], market.tolerance)
    message = advice
    if m >= 0:
        message = closeness(b[m, segment]["offer"] - b[s, segment]["offer"], market.tolerance)
        if logged:
            message = raised(message, t.looked_up, 1.0)
    quality = t.by_product * product + t.by_advice * advice + (1.0 - t.by_product - t.by_advice) * message
    quality -= t.disappointment * t.promise_weight * promise * (1.0 - quality)
    excess = max(contacts / theory.marketing.fatigue - t.borne, 0.0)
    if excess > 0.0:
        quality *= exp(-t.bombardment * excess)
    return clip(quality, 0.0, 1.0)


@kernel(inline=True)
def sign_contract(firm, theory, dice, lead):
    """A won deal becomes a customer, with a yearly value, expectations, and a day to renew.

    What a badly set price costs, it costs as far as no retailer sets the final one (seed 002).
    """
    t, row = theory.customers, firm.leads[lead]
    m, s, k = row["m"], row["s"], row["segment"]
    value = float(row["value"])
    if theory.rooms.decisions == 1:
        ours = theory.decisions.price * (1.0 - theory.market.retail)
        value *= 1.0 - ours * (1.0 - firm.decisions[Decision.PRICE]["quality"])
    special = theory.customization.cost * value if row["flags"] & SPECIAL else 0.0
    promise = t.overpromise * (1.0 + pressed(firm, s))
    contacts = contacts_a_quarter(firm, theory)
    satisfaction = served(firm, theory, k, m, s, promise, contacts, row["flags"] & LOGGED != 0)
    customer.begin(firm, row["key"], value, promise, satisfaction, special, contacts, lead, m, s, k, dice.day)
    customer.book_contract(firm, theory, dice.day, value)
    customer.feel(firm, theory, satisfaction)


@kernel
def renew_contracts(firm, theory, dice):
    """Customers whose year is over renew, grow, shrink or leave; only then can they leave.

    A customer lost is blamed across the gap now and then (seed 004).
    """
    c, pages, tray = firm.customers, firm.pages, firm.tray
    contacts = contacts_a_quarter(firm, theory)
    page = firm.renewals[dice.day % YEAR]
    while page >= 0:
        due = 0
        for i in range(pages[page, WRITTEN] - 1, -1, -1):
            row = pages[page, FIRST + i]
            tray[due]["row"] = row
            tray[due]["place"] = FIRST + i
            if (c[row]["since"] != dice.day) & (row >= 0):
                due += 1
        for i in range(due):
            fetch(firm.leads, c[tray[i]["row"]]["lead"])
        for i in range(due):
            row = tray[i]["row"]
            m, s, k, promise = c[row]["m"], c[row]["s"], c[row]["segment"], c[row]["promise"]
            number = c[row]["lead"]
            logged = number >= 0 and firm.leads[number]["flags"] & LOGGED != 0
            tray[i]["luck"] = served(firm, theory, k, m, s, promise, contacts, logged)
        for i in range(due):
            if not decide_to_stay(firm, theory, dice, tray[i]["row"], tray[i]["luck"], contacts):
                strike_out(pages, page, tray[i]["place"])
        page = pages[page, BEFORE]


@kernel
def decide_to_stay(firm, theory, dice, row, quality, contacts):
    """A customer's year is over: it renews or leaves. Returns whether it stays.

    quality   0..1, how well it was served
    """
    c, t = firm.customers, theory.customers
    satisfaction = t.kept * c[row]["satisfaction"] + (1.0 - t.kept) * quality
    if theory.rooms.customers == 0:
        satisfaction = 0.5
    customer.feel(firm, theory, satisfaction)
    chance = chance_to_renew(t, satisfaction, firm.ledger[0]["reputation"])
    customer.come_up(firm, theory, row, satisfaction, contacts, chance, dice.day)
    own = key_for(c[row]["key"], dice.day - c[row]["since"])
    if uniform(own, Stream.RENEW) < chance:
        change = c[row]["value"] * t.expansion * (2.0 * satisfaction - 1.0)
        customer.renew(firm, theory, row, change, dice.day)
        return True
    customer.lose(firm, row, dice.day)
    tie = tie_between(firm, c[row]["m"], c[row]["s"])
    if tie >= 0 and uniform(own, Stream.COMPLAINT) < theory.conflict.complaint:
        complain(firm, theory, tie, S, dice.day)
    return False


@kernel
def keep_reputation(firm, theory, dice):
    """Reputation follows the satisfaction of all customers, slowly; bombardment wears it out (F53).

    Marketing may work on how the firm is seen (seed 003), against what the market's usual marketers could do.
    """
    t, row = theory.customers, firm.ledger[0]
    if theory.rooms.customers == 0:
        return
    burden = contacts_a_quarter(firm, theory)
    excess = max(burden / theory.marketing.fatigue - t.borne, 0.0)
    goal = t.reputation_base + row["satisfaction"] - t.bombardment * excess * 0.5
    goal += t.impression * theory.marketing.impression * row["n_m"] / row["ref_m"]
    ledger.be_talked_of(firm.ledger, theory, burden, goal)
