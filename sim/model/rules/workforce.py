"""Joining, leaving, growing: newcomers have no history and little language."""

from __future__ import annotations

from sim.model.arithmetic import exp, power
from sim.model.dice import Stream, key_of, normal, uniform
from sim.model.firm import MONTH, YEAR, M, Practice, Problem, S, State, Team
from sim.model.kernel import kernel
from sim.model.things import belief, customer, grievance, language, lead, ledger, person, tie
from sim.model.things.head import look_over_teams


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
        chance = 1.0 - exp(-rate * MONTH / YEAR * (1.0 + t.resented * people[i]["resentment"]))
        dismissed = people[i]["dismissed"] == 1
        if dismissed:
            ledger.owe(firm.ledger, theory.money.severance)
        if dismissed or uniform(key, people[i]["seat"]) < chance:
            fill_seat(firm, theory, dice, i)


@kernel
def fill_seat(firm, theory, dice, i):
    """A newcomer takes a seat: attitude half the team's and half the usual, no familiarity, prior beliefs.

    Open grievances leave with the leaver; what the team remembers of its problems is passed on in part.
    Who cannot tell how he would fit in stays away: a seat costs more to fill the less clear roles are (seed 001).
    """
    t, people, ties = theory.workforce, firm.people, firm.ties
    side = S if people[i]["team"] == Team.SALES else M
    own = firm.heads[side]
    mine = 0.5 * own["attitude"] + 0.5 * theory.trust.attitude
    temper = normal(key_of(dice.seed, Stream.TEMPER, dice.day), people[i]["seat"])
    quota = firm.ledger[0]["quota"]
    person.begin(firm, theory, i, dice.day, mine, temper, t.new_skill, quota, own["felt"], t.inherits)
    person.follow_on(people, i)
    felt = people[i]["felt"]
    person.remember_work(people, i, felt[Problem.TROUBLE], felt[Problem.CONTEXT], felt[Problem.LOST])
    planning = firm.practices[Practice.JOINT_PLANNING]["kept"][side]
    language.begin(people, theory, i, t.trained * planning)
    variance = theory.market.drift_sd * theory.market.drift_sd
    for k in range(len(firm.segments)):
        belief.begin(firm.beliefs, i, k, 0.0, variance, 0.0, variance)
    first = people[i]["first"]
    for row in range(first, first + people[i]["n_ties"]):
        e = firm.links[row]["tie"]
        theirs = person.general_trust(people, ties[e]["m"] if side == S else ties[e]["s"])
        tie.begin_anew(ties, e, theirs if side == S else mine, mine if side == S else theirs)
        grievance.forget(ties, e)
    ledger.leave(firm.ledger)
    unclear = 1.0 - firm.ledger[0]["clarity"]
    ledger.owe(firm.ledger, theory.money.hire_cost * (1.0 + t.deterred * unclear))


@kernel
def plan_growth(firm, theory, dice):
    """Each month the firm asks for the seats that its growth calls for; they are filled overnight.

    Growth comes by a rate, or as a share of the growth of revenue over the last
    year (F37). It compounds from the teams as they are; parts of a seat add up.
    """
    t, row = theory.workforce, firm.ledger[0]
    if dice.day % MONTH != MONTH - 1 or theory.rooms.workforce == 0:
        return
    rate = t.growth
    if t.growth_with_revenue > 0.0 and dice.day >= YEAR:
        before = firm.days[dice.day - YEAR]["revenue"]
        if before > 0.0:
            rate += t.growth_with_revenue * (firm.days[dice.day - 1]["revenue"] / before - 1.0)
    if rate == 0.0:
        return
    factor = power(max(1.0 + rate, 0.0), MONTH / YEAR)
    drawn = row["n_liaisons"] * (1 - theory.liaison.hired)
    grown_m = grown(row["grown_m"], row["n_m"] + drawn, factor)
    ledger.plan_seats(firm.ledger, grown_m, grown(row["grown_s"], row["n_s"], factor), drawn)


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
    people, leads, c, row = firm.people, firm.leads, firm.customers, firm.ledger[0]
    for i in range(row["n_people"]):
        person.drop_deals(people, i)
    for number in range(row["n_leads"]):
        state = leads[number]["state"]
        if state == State.WON or state == State.LOST:
            continue
        patch = int(uniform(leads[number]["key"], Stream.PATCH) * row["n_patches"])
        m = successor(firm, M, leads[number]["m"], patch)
        lead.change_hands(leads, number, m, successor(firm, S, leads[number]["s"], patch))
        if state == State.OPPORTUNITY:
            person.hold_deals(people, leads[number]["s"], 1)
    for number in range(row["n_customers"]):
        if c[number]["ended"] < 0:
            patch = int(uniform(c[number]["key"], Stream.PATCH) * row["n_patches"])
            m = successor(firm, M, c[number]["m"], patch)
            customer.change_hands(c, number, m, successor(firm, S, c[number]["s"], patch))


@kernel(inline=True)
def successor(firm, team, row, patch):
    """Who does now what the person of this row did: the same, or the owner of the patch; nobody (-1) stays nobody."""
    people = firm.people
    if row < 0 or (people[row]["working"] == 1 and people[row]["team"] == team) or firm.patches[team, patch] < 0:
        return row
    return firm.patches[team, patch]
