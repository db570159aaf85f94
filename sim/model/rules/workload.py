"""Hours in a day, and what they are spent on."""

from __future__ import annotations

import math

from sim.model.acts import keeps
from sim.model.firm import WEEK, Practice, Team
from sim.model.kernel import kernel


@kernel
def begin_day(firm, theory, dice):
    """Yesterday is felt as load; today begins with administration, the upkeep of what is agreed, and the deals in hand.

    A salesperson's open deals take their hours evenly over the cycle, so a rep
    with too many is late everywhere else. Rules, records and key-account plans
    take their weekly hours from whoever keeps them; the hours of meetings and
    joint plans are spent when they take place. Resentment wastes a share of the day.

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
    admin, deal_time, kept_time = 0.0, 0.0, 0.0
    for i in range(ledger[0]["n_people"]):
        if working[i] == 0:
            continue
        load[i] += rate * (min(hours[i] / day, 2.0) - load[i])
        spent = theory.workload.admin_hours + day * theory.culture.resentment_output * resentment[i]
        admin += spent
        upkeep = 0.0
        if keeps(people[i]["complies"], Practice.RULES):
            upkeep += theory.practices.hours_rules / WEEK
        if keeps(people[i]["complies"], Practice.FEEDBACK_LOOP):
            upkeep += theory.practices.hours_feedback_loop / WEEK
        if keeps(people[i]["complies"], Practice.KEY_ACCOUNTS):
            upkeep += theory.practices.hours_key_accounts / WEEK
        kept_time += upkeep * theory.rooms.workload
        spent += upkeep * theory.rooms.workload
        if team[i] == Team.SALES:
            spent += per_deal * deals[i]
            deal_time += per_deal * deals[i]
        hours[i] = spent
    today[dice.day]["hours_admin"] += admin
    today[dice.day]["hours_deals"] += deal_time
    today[dice.day]["hours_meeting"] += kept_time
