"""Hours in a day, and what they are spent on."""

from __future__ import annotations

from sim.model.arithmetic import exp
from sim.model.firm import WEEK, For, M, Practice, S, Team
from sim.model.kernel import kernel
from sim.model.things import hours
from sim.model.things.practice import keeps


@kernel
def begin_day(firm, theory, dice):
    """Yesterday is felt as load; today begins with administration, the upkeep of what is agreed, and the deals in hand.

    A salesperson's open deals take their hours evenly over the cycle, as far as
    the longest day and the floor kept for own prospecting leave room: a rep with
    too many does less for each (`selling.chance_to_win`). Rules, records and key-account plans
    take their weekly hours from whoever keeps them; the hours of meetings and
    joint plans are spent when they take place. Resentment wastes a share of the day,
    and work to the other team's order takes one (`structure.set_frame`): marketers
    take some of the deals' hours off the reps then, as well as they can. What goes
    through retailers, these sell.
    """
    people, market, t = firm.people, theory.market, theory.workload
    team, working, deals, resentment = people["team"], people["working"], people["open_deals"], people["resentment"]
    complies = people["complies"]
    mean_cycle = market.cycle_days * exp(market.cycle_sd * market.cycle_sd / 2.0)
    per_deal = theory.selling.deal_hours / mean_cycle * (1.0 - market.retail)
    row = firm.ledger[0]
    helped = row["ordered"][M] * t.day_hours * theory.workforce.other_skill * row["n_m"] / max(row["n_s"], 1.0)
    admin, deal_time, kept_time, ordered_time = 0.0, 0.0, 0.0, 0.0
    daily = t.admin_hours + hours_of_growth(firm, theory) * theory.rooms.workload
    for i in range(firm.ledger[0]["n_people"]):
        if working[i] == 0:
            continue
        spent = daily + t.day_hours * theory.culture.resentment_output * resentment[i]
        spent = min(spent, t.longest * t.day_hours)
        admin += spent
        upkeep = upkeep_of(theory.practices, complies[i]) * theory.rooms.workload
        kept_time += upkeep
        spent += upkeep
        ordered = 0.0
        if team[i] != Team.LIAISON:
            ordered = row["ordered"][S if team[i] == Team.SALES else M] * t.day_hours
        ordered = min(ordered, max(t.longest * t.day_hours - spent, 0.0))
        ordered_time += ordered
        spent += ordered
        undone = 0.0
        if team[i] == Team.SALES:
            wanted = max(per_deal * deals[i] - helped, 0.0)
            room = max((t.longest - theory.selling.own_floor) * t.day_hours - spent, 0.0)
            worked = min(wanted, room)
            undone = wanted - worked
            spent += worked
            deal_time += worked
        hours.begin_day(people, theory, i, spent, undone)
    hours.book(firm.days, dice.day, For.ADMIN, admin)
    hours.book(firm.days, dice.day, For.DEALS, deal_time)
    hours.book(firm.days, dice.day, For.MEETING, kept_time)
    hours.book(firm.days, dice.day, For.SUPPORT, ordered_time)


@kernel(inline=True)
def hours_of_growth(firm, theory):
    """Hours a day that each loses to finding out who does what, in a firm that has grown.

    The channels of each head grow with the heads (F37): more of them than the firm was made for have to be found out
    anew every day, unless each team knows what the other does.
    """
    row = firm.ledger[0]
    more = max((row["n_m"] + row["n_s"]) / row["n_start"] - 1.0, 0.0)
    return theory.workload.growth_hours * more * (1.0 - max(row["coordination"], row["overview"]))


@kernel(inline=True)
def upkeep_of(practices, complies):
    """Hours a day that somebody's agreed ways of working take without any meeting.

    practices   theory.practices
    complies    bits: what the person keeps
    """
    upkeep = 0.0
    if keeps(complies, Practice.RULES):
        upkeep += practices.hours_rules / WEEK
    if keeps(complies, Practice.FEEDBACK_LOOP):
        upkeep += practices.hours_feedback_loop / WEEK
    if keeps(complies, Practice.KEY_ACCOUNTS):
        upkeep += practices.hours_key_accounts / WEEK
    return upkeep
