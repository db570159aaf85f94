"""Day 0: people, ties, pipeline and customers as if the firm had been living for years."""

from __future__ import annotations

import math

from sim.model.acts import enter_lead, schedule
from sim.model.appointments import put_down
from sim.model.dice import Stream, key_for, key_of, mix, normal, normal_at, share, uniform
from sim.model.firm import NEVER, YEAR, Origin, State, Team
from sim.model.formulas import access_at, chance_to_renew, clip, contact_hours
from sim.model.kernel import kernel


@kernel
def first_in(key, capacity, row_of, team):
    """The first existing seat of a team in an order of seats that belongs to the key alone.

    This is rendezvous hashing: each key ranks all seats there could ever be,
    and goes to the best that exists. One more seat takes over few keys and
    moves no other; a vacated one gives its keys to many.

    row_of   (2, capacity) row of each possible seat of Marketing and Sales, or -1
    """
    h = key
    for _ in range(capacity * 64):  # unit: tries; the chance to find nobody is below e^-64
        h = mix(h + key)
        row = row_of[team, int(share(h) * capacity)]
        if row >= 0:
            return row
    return NEVER


@kernel
def deal_patches(firm, dice, row_of):
    """Give each patch of the market to a marketer and to a salesperson."""
    capacity = row_of.shape[1]
    for team in range(2):
        key = key_of(dice.seed, Stream.PATCH, team)
        for patch in range(firm.ledger[0]["n_patches"]):
            firm.patches[team, patch] = first_in(key_for(key, patch), capacity, row_of, team)


@kernel
def deal_ties(firm, theory, dice, row_of, pairs):
    """Each salesperson's marketers, in the order of rendezvous; returns how many pairs were written.

    pairs   (ties, 2) room for row of the marketer and row of the salesperson
    """
    people, n = firm.people, 0
    key = key_of(dice.seed, Stream.TIE, 0)
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0 or people[i]["team"] != Team.SALES:
            continue
        wanted = min(theory.workforce.ties_per_rep, firm.ledger[0]["n_m"])
        own = key_for(key, people[i]["seat"])
        begin, attempt = n, 0
        while n - begin < wanted:
            m = first_in(key_for(own, attempt), row_of.shape[1], row_of, 0)
            attempt += 1
            known = m < 0
            for k in range(begin, n):
                if pairs[k, 0] == m:
                    known = True
            if not known:
                pairs[n, 0] = m
                pairs[n, 1] = i
                n += 1
    return n


@kernel
def reckon_distances(firm, theory):
    """Access, hours and ease of every tie from its distance and the cost of a contact."""
    t, ties, d, p = theory.distance, firm.ties, theory.communication, theory.practices
    people = firm.people
    firm.ledger[0]["team_access"] = access_at(t.within_team_m, t.half_m, t.floor, t.building_m, t.far_floor)
    for e in range(firm.ledger[0]["n_ties"]):
        metres = ties[e]["distance"]
        access = access_at(metres, t.half_m, t.floor, t.building_m, t.far_floor)
        hours = contact_hours(d.cost_hours, access, metres, t.building_m, t.travel_hours)
        if ties[e]["via"] == 1:
            access *= theory.contact.via_colleague
        ties[e]["access"] = access
        ties[e]["hours"] = hours
        ties[e]["ease"] = math.pow(access / p.usual_access, p.access_power) * math.exp(
            -p.access_cost * (hours - p.usual_hours)
        )
    for i in range(firm.ledger[0]["n_people"]):
        n = people[i]["n_ties"]
        ease, spent = 0.0, 0.0
        for row in range(people[i]["first"], people[i]["first"] + n):
            tie = firm.links[row]["tie"]
            firm.links[row]["access"] = ties[tie]["access"]
            firm.links[row]["ease"] = ties[tie]["ease"]
            ease += ties[tie]["ease"]
            spent += ties[tie]["hours"]
        people[i]["mean_ease"] = ease / n if n > 0 else 0.0
        people[i]["mean_hours"] = spent / n if n > 0 else 0.0


@kernel
def seat_people(firm, theory, dice, begin, end, day):
    """The first holders of seats begin..end: trust, language, beliefs from a stationary posterior, old problems."""
    t, people, b = theory.practices, firm.people, firm.beliefs
    key = key_of(dice.seed, Stream.START, 0)
    variance = theory.market.drift_sd * theory.market.drift_sd
    for i in range(begin, end):
        own = key_for(key, people[i]["seat"])
        attitude = clip(theory.trust.initial + theory.trust.spread * normal(own, 1), 0.0, 1.0)
        people[i]["joined"] = day
        people[i]["skill"] = t.start_skill if day == 0 else theory.workforce.new_skill
        people[i]["won_usual"] = theory.selling.start_quota
        people[i]["temper"] = normal(own, 2)
        people[i]["attitude"] = attitude
        people[i]["anchor"] = (
            theory.trust.anchor_firm * theory.trust.attitude + (1.0 - theory.trust.anchor_firm) * attitude
        )
        people[i]["language"] = theory.language.initial
        people[i]["identification"] = theory.culture.identification
        people[i]["benefit"] = theory.workforce.benefit
        people[i]["trust_liaison"] = (
            theory.liaison.trust_sales if people[i]["team"] == Team.SALES else theory.liaison.trust_marketing
        )
        people[i]["mean_trust"] = attitude
        people[i]["load"] = t.start_load
        people[i]["trouble"] = t.start_trouble
        people[i]["context_lost"] = t.start_context
        people[i]["lost_deals"] = t.start_lost
        people[i]["felt_trouble"] = t.start_memory * t.start_trouble
        people[i]["felt_ignorance"] = t.start_memory * t.start_ignorance
        people[i]["felt_context"] = t.start_memory * t.start_context
        people[i]["felt_lost"] = t.start_memory * t.start_lost
        people[i]["felt_strangeness"] = t.start_memory * t.start_strangeness
        for k in range(len(firm.segments)):
            own_truth, other_truth = t.start_near * variance, t.start_far * variance
            needs_var = own_truth if people[i]["team"] == Team.SALES else other_truth
            offer_var = other_truth if people[i]["team"] == Team.SALES else own_truth
            z = normal(key_for(own, 3), k)
            b[i, k]["needs"] = believed(firm.segments[k]["needs"], needs_var, variance, z)
            b[i, k]["needs_var"] = needs_var
            z = normal(key_for(own, 4), k)
            b[i, k]["offer"] = believed(firm.segments[k]["offer"], offer_var, variance, z)
            b[i, k]["offer_var"] = offer_var


@kernel
def believed(truth: float, posterior: float, prior: float, z: float) -> float:
    """A belief about `truth` whose error has the posterior variance it claims, given a prior around 0.

    mean = r truth + sqrt(r posterior) z,  r = 1 - posterior / prior
    """
    r = max(1.0 - posterior / prior, 0.0)
    return r * truth + math.sqrt(r * posterior) * z


@kernel
def start_ties(firm, theory, dice, begin, end):
    """Trust on ties begin..end at their beginning: the attitude, with some spread."""
    ties, people = firm.ties, firm.people
    key = key_of(dice.seed, Stream.START, 1)
    for e in range(begin, end):
        own = key_for(key, ties[e]["key"])
        spread = theory.trust.spread
        ties[e]["cog_ms"] = clip(people[ties[e]["m"]]["attitude"] + spread * normal(own, 0), 0.0, 1.0)
        ties[e]["aff_ms"] = clip(people[ties[e]["m"]]["attitude"] + spread * normal(own, 1), 0.0, 1.0)
        ties[e]["cog_sm"] = clip(people[ties[e]["s"]]["attitude"] + spread * normal(own, 2), 0.0, 1.0)
        ties[e]["aff_sm"] = clip(people[ties[e]["s"]]["attitude"] + spread * normal(own, 3), 0.0, 1.0)


@kernel
def start_market(firm, theory, dice):
    """Needs and offer begin in their stationary spread; the market's draws decide."""
    for k in range(len(firm.segments)):
        firm.segments[k]["needs"] = theory.market.drift_sd * normal(key_of(dice.seed, Stream.START, 4), k)
        firm.segments[k]["offer"] = theory.market.drift_sd * normal(key_of(dice.seed, Stream.START, 5), k)
        firm.segments[k]["rivals"] = theory.market.rivals


@kernel
def start_customers(firm, theory, dice):
    """The customers of day 0, spread over the year of renewals, dealt by the patches of the market."""
    c, ledger, t = firm.customers, firm.ledger, theory.customers
    number, likely = int(t.per_rep * ledger[0]["ref_s"] * theory.market.size + 0.5), 0.0
    key = key_of(dice.seed, Stream.START, 2)
    for row in range(number):
        own = key_for(key, row)
        patch = int(uniform(own, 0) * ledger[0]["n_patches"])
        m, s = firm.patches[Team.MARKETING, patch], firm.patches[Team.SALES, patch]
        c[row]["key"] = own
        c[row]["value"] = theory.market.value * math.exp(theory.market.value_sd * normal(own, 1))
        c[row]["promise"] = 0.0
        c[row]["satisfaction"] = clip(t.start_satisfaction + t.start_spread * normal(own, 2), 0.0, 1.0)
        c[row]["special"] = 0.0
        c[row]["burden"] = theory.marketing.nurture_touches
        c[row]["lead"] = NEVER
        c[row]["s"] = max(s, 0)
        c[row]["m"] = m
        c[row]["segment"] = int(uniform(own, 3) * len(firm.segments))
        since = -1 - int(uniform(own, 4) * YEAR * t.start_years)
        c[row]["since"] = since
        c[row]["ended"] = NEVER
        put_down(firm, firm.renewals, since % YEAR, row)
        ledger[0]["recurring"] += c[row]["value"]
        ledger[0]["active"] += 1.0
        likely += chance_to_renew(t, c[row]["satisfaction"], ledger[0]["reputation"]) * c[row]["value"]
    ledger[0]["n_customers"] = number
    ledger[0]["satisfaction"] = t.start_satisfaction
    due = ledger[0]["recurring"]
    usual = chance_to_renew(t, t.start_satisfaction, ledger[0]["reputation"])
    ledger[0]["opening_recurring"] = ledger[0]["due_value"] = due
    ledger[0]["likely_value"] = likely
    ledger[0]["opening_renewal"] = likely / due if due > 0.0 else usual


@kernel
def start_deals(firm, theory, dice):
    """The pipeline of day 0: deals of each patch's rep, somewhere in their cycle, so that year 1 does not dip."""
    leads, ledger, t, market = firm.leads, firm.ledger, theory.selling, theory.market
    number = int(t.start_deals * market.cycle_days / t.usual_cycle * ledger[0]["ref_s"] * market.size + 0.5)
    key = key_of(dice.seed, Stream.START, 3)
    for _ in range(number):
        own = key_for(key, ledger[0]["n_leads"])
        s = firm.patches[Team.SALES, int(uniform(own, Stream.PATCH) * ledger[0]["n_patches"])]
        cycle = market.cycle_days * math.exp(market.cycle_sd * normal_at(uniform(own, Stream.CYCLE)))
        segment = int(uniform(own, Stream.EVENT) * len(firm.segments))
        lead = enter_lead(firm, theory, own, NEVER, max(s, 0), segment, Origin.OWN, NEVER)
        leads[lead]["fit"] = min(t.start_fit + t.start_fit_spread * uniform(own, Stream.FIT), 1.0)
        leads[lead]["ready"] = t.own_ready
        leads[lead]["context"] = t.own_context
        leads[lead]["state"] = State.OPPORTUNITY
        firm.people[leads[lead]["s"]]["open_deals"] += 1
        ledger[0]["open_deals"] += 1
        due = int(clip(cycle * uniform(own, Stream.START), 0.0, t.longest))
        if due < theory.money.quarter_days:
            ledger[0]["forecast"] += ledger[0]["usual_win"]
        schedule(firm, lead, due)
