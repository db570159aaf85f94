"""Hours in a day, and what they are spent on."""

from __future__ import annotations

import math

from sim.model.firm import Team
from sim.model.kernel import kernel


@kernel
def begin_day(firm, theory, dice):
    """Yesterday is felt as load; today begins with administration and the deals in hand.

    A salesperson's open deals take their hours evenly over the cycle, so a rep
    with too many is late everywhere else. Resentment wastes a share of the day.

        load' = load + (hours / day_hours - load) / memory_days
    """
    people, ledger, today = firm.people, firm.ledger, firm.days
    team, working, hours, load = people["team"], people["working"], people["hours"], people["load"]
    deals, resentment = people["open_deals"], people["resentment"]
    day = theory.workload.day_hours
    market = theory.market
    mean_cycle = market.cycle_days * math.exp(market.cycle_sd * market.cycle_sd / 2.0)
    per_deal = theory.selling.deal_hours / mean_cycle
    rate = 1.0 / theory.workload.memory_days
    admin, deal_time = 0.0, 0.0
    for i in range(ledger[0]["n_people"]):
        if working[i] == 0:
            continue
        load[i] += rate * (min(hours[i] / day, 2.0) - load[i])
        spent = theory.workload.admin_hours + day * theory.culture.resentment_output * resentment[i]
        admin += spent
        if team[i] == Team.SALES:
            spent += per_deal * deals[i]
            deal_time += per_deal * deals[i]
        hours[i] = spent
    today[dice.day]["hours_admin"] += admin
    today[dice.day]["hours_deals"] += deal_time
