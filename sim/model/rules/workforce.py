"""Joining, leaving, growing: newcomers have no history and little language."""

from __future__ import annotations

import math

from sim.model.dice import Stream, key_of, normal, uniform
from sim.model.firm import MONTH, YEAR, Practice, State, Team
from sim.model.kernel import kernel


@kernel
def replace_leavers(firm, theory, dice):
    """Each month some people leave and others take their seats (B26); a dismissed rep's seat likewise.

    A turbulent month costs more people: collaboration is easier to stay for than tension (seed 002).
    """
    t, people = theory.workforce, firm.people
    if dice.day % MONTH != MONTH - 1 or theory.rooms.workforce == 0:
        return
    look_over_teams(firm)
    key = key_of(dice.seed, Stream.LEAVE, dice.day)
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] == Team.LIAISON:
            continue
        rate = t.turnover_s if people[i]["team"] == Team.SALES else t.turnover_m
        chance = 1.0 - math.exp(-rate * MONTH / YEAR * (1.0 + t.resented * people[i]["resentment"]))
        dismissed = people[i]["misses"] < 0
        if dismissed:
            firm.ledger[0]["owed"] += theory.money.severance
        if dismissed or uniform(key, people[i]["seat"]) < chance:
            fill_seat(firm, theory, dice, i)


@kernel
def look_over_teams(firm):
    """The heads' picture of their teams: mean attitude and remembered problems, passed on to newcomers."""
    people, heads = firm.people, firm.heads
    for side in range(2):
        n = 0.0
        attitude, trouble, ignorance, context, lost, strangeness = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(firm.ledger[0]["n_people"]):
            if people[j]["team"] == side and people[j]["working"] == 1:
                attitude += people[j]["attitude"]
                trouble += people[j]["felt_trouble"]
                ignorance += people[j]["felt_ignorance"]
                context += people[j]["felt_context"]
                lost += people[j]["felt_lost"]
                strangeness += people[j]["felt_strangeness"]
                n += 1.0
        n = max(n, 1.0)
        heads[side]["attitude"] = attitude / n
        heads[side]["trouble"] = trouble / n
        heads[side]["ignorance"] = ignorance / n
        heads[side]["context"] = context / n
        heads[side]["lost"] = lost / n
        heads[side]["strangeness"] = strangeness / n


@kernel
def fill_seat(firm, theory, dice, i):
    """A newcomer takes a seat: attitude half the team's and half the usual, no familiarity, prior beliefs.

    Open grievances leave with the leaver; what the team remembers of its problems is passed on in part.
    """
    t, people, ties, b, ledger = theory.workforce, firm.people, firm.ties, firm.beliefs, firm.ledger
    team = people[i]["team"]
    key = key_of(dice.seed, Stream.TEMPER, dice.day)
    side = 1 if team == Team.SALES else 0
    heads = firm.heads
    usual = theory.trust.attitude
    mine = 0.5 * heads[side]["attitude"] + 0.5 * usual
    planning = (
        firm.practices[Practice.JOINT_PLANNING]["kept_m"]
        if side == 0
        else firm.practices[Practice.JOINT_PLANNING]["kept_s"]
    )
    people[i]["joined"] = dice.day
    people[i]["generation"] += 1
    people[i]["complies"] = 0
    people[i]["willing"] = 0
    people[i]["saw"] = 0
    people[i]["misses"] = 0
    people[i]["won_month"] = 0
    people[i]["skill"] = t.new_skill
    people[i]["temper"] = normal(key, people[i]["seat"])
    people[i]["attitude"] = mine
    people[i]["anchor"] = theory.trust.anchor_firm * usual + (1.0 - theory.trust.anchor_firm) * mine
    people[i]["language"] = theory.language.initial + t.trained * planning * (1.0 - theory.language.initial)
    people[i]["identification"] = theory.culture.identification
    people[i]["resentment"] = 0.0
    people[i]["benefit"] = t.benefit
    people[i]["felt_trouble"] = t.inherits * heads[side]["trouble"]
    people[i]["felt_ignorance"] = t.inherits * heads[side]["ignorance"]
    people[i]["felt_context"] = t.inherits * heads[side]["context"]
    people[i]["felt_lost"] = t.inherits * heads[side]["lost"]
    people[i]["felt_strangeness"] = t.inherits * heads[side]["strangeness"]
    people[i]["training"] = 0.0
    people[i]["stints"] = 0.0
    people[i]["planned"] = 0
    people[i]["won_usual"] = ledger[0]["quota"]
    people[i]["trouble"] = people[i]["felt_trouble"]
    people[i]["context_lost"] = people[i]["felt_context"]
    people[i]["lost_deals"] = people[i]["felt_lost"]
    people[i]["mean_trust"] = mine
    people[i]["mean_strength"] = 0.0
    people[i]["load"] = theory.practices.start_load
    people[i]["trust_liaison"] = theory.liaison.trust_sales if side == 1 else theory.liaison.trust_marketing
    variance = theory.market.drift_sd * theory.market.drift_sd
    for k in range(len(firm.segments)):
        b[i, k]["needs"] = 0.0
        b[i, k]["offer"] = 0.0
        b[i, k]["needs_var"] = variance
        b[i, k]["offer_var"] = variance
    for row in range(people[i]["first"], people[i]["first"] + people[i]["n_ties"]):
        e = firm.links[row]["tie"]
        other = ties[e]["m"] if team == Team.SALES else ties[e]["s"]
        ties[e]["strength"] = 0.0
        ties[e]["favours"] = 0.0
        ties[e]["complaint_ms"] = 0.0
        ties[e]["complaint_sm"] = 0.0
        theirs = (people[other]["attitude"] + people[other]["anchor"]) / 2.0
        ties[e]["cog_ms"] = mine if team == Team.MARKETING else theirs
        ties[e]["aff_ms"] = ties[e]["cog_ms"]
        ties[e]["cog_sm"] = theirs if team == Team.MARKETING else mine
        ties[e]["aff_sm"] = ties[e]["cog_sm"]
        ties[e]["scar_ms"] = 0.0
        ties[e]["scar_sm"] = 0.0
    ledger[0]["left"] += 1
    firm.ledger[0]["owed"] += theory.money.hire_cost


@kernel
def plan_growth(firm, theory, dice):
    """Each month the firm asks for the seats that its growth calls for; they are filled overnight.

    Growth comes by a rate, or as a share of the growth of revenue over the last
    year (F37). It compounds from the teams as they are; parts of a seat add up.
    """
    t, ledger = theory.workforce, firm.ledger
    if dice.day % MONTH != MONTH - 1 or theory.rooms.workforce == 0:
        return
    rate = t.growth
    if t.growth_with_revenue > 0.0 and dice.day >= YEAR:
        before = firm.days[dice.day - YEAR]["revenue"]
        if before > 0.0:
            rate += t.growth_with_revenue * (firm.days[dice.day - 1]["revenue"] / before - 1.0)
    if rate == 0.0:
        return
    factor = math.pow(max(1.0 + rate, 0.0), MONTH / YEAR)
    drawn = ledger[0]["n_liaisons"] * (1 - theory.liaison.hired)
    marketers, reps = ledger[0]["n_m"] + drawn, ledger[0]["n_s"]
    ledger[0]["grown_m"] = grown(ledger[0]["grown_m"], marketers, factor)
    ledger[0]["grown_s"] = grown(ledger[0]["grown_s"], reps, factor)
    ledger[0]["wanted_m"] = max(int(ledger[0]["grown_m"] + 0.5), drawn + 1) - marketers
    ledger[0]["wanted_s"] = max(int(ledger[0]["grown_s"] + 0.5), 1) - reps


@kernel
def grown(team: float, seats: int, factor: float) -> float:
    """A team's size with parts of a seat, after growing; where seats were opened or closed otherwise, from these.

    >>> grown(12.4, 12, 1.5), grown(12.4, 20, 1.5)
    (18.6, 30.0)
    """
    if int(team + 0.5) != seats:
        team = float(seats)
    return team * factor


@kernel
def hand_over(firm, theory, dice):
    """What people had in hand who no longer do their team's work goes to the owners of the market's patches.

    Leads under way, open deals and customers; each prospect has a patch of its
    own, so that the same one goes to the same successor however many leave.
    """
    people, leads, c, ledger = firm.people, firm.leads, firm.customers, firm.ledger
    for i in range(ledger[0]["n_people"]):
        people[i]["open_deals"] = 0
    for lead in range(ledger[0]["n_leads"]):
        state = leads[lead]["state"]
        if state == State.WON or state == State.LOST:
            continue
        patch = int(uniform(leads[lead]["key"], Stream.PATCH) * ledger[0]["n_patches"])
        leads[lead]["m"] = successor(firm, Team.MARKETING, leads[lead]["m"], patch)
        leads[lead]["s"] = successor(firm, Team.SALES, leads[lead]["s"], patch)
        if state == State.OPPORTUNITY:
            people[leads[lead]["s"]]["open_deals"] += 1
    for row in range(ledger[0]["n_customers"]):
        if c[row]["ended"] < 0:
            patch = int(uniform(c[row]["key"], Stream.PATCH) * ledger[0]["n_patches"])
            c[row]["m"] = successor(firm, Team.MARKETING, c[row]["m"], patch)
            c[row]["s"] = successor(firm, Team.SALES, c[row]["s"], patch)


@kernel(inline=True)
def successor(firm, team, row, patch):
    """Who does now what the person of this row did: the same, or the owner of the patch; nobody (-1) stays nobody."""
    people = firm.people
    if row < 0 or (people[row]["working"] == 1 and people[row]["team"] == team) or firm.patches[team, patch] < 0:
        return row
    return firm.patches[team, patch]
