"""A person on a seat: skill, attitude, what is felt and remembered, and what the work is doing to it all."""

from __future__ import annotations

from sim.model.dice import Stream, key_for, key_of, normal
from sim.model.firm import N_PROBLEMS, Team
from sim.model.formulas import clip, lowered, raised, toward
from sim.model.kernel import kernel
from sim.model.things import belief, evidence, hours, language, practice


@kernel(inline=True)
def begin(firm, theory, i, day, attitude, temper, skill, won_usual, felt, share):
    """Somebody takes a seat: no history, and of old problems as much as is told.

    attitude    0..1 to the other team
    temper      standard normal
    skill       0..1
    won_usual   deals a month that are expected of a rep
    felt        (problems,) 0..1, what there is to remember
    share       0..1, how much of it is remembered
    """
    row, t = firm.people[i], theory.trust
    row["joined"] = day
    row["skill"] = skill
    row["temper"] = temper
    row["attitude"] = attitude
    row["anchor"] = t.anchor_firm * t.attitude + (1.0 - t.anchor_firm) * attitude
    row["identification"] = theory.culture.identification
    row["resentment"] = 0.0
    row["benefit"] = theory.workforce.benefit
    row["trust_liaison"] = usual_trust_in_liaison(theory, row["team"])
    row["mean_trust"] = attitude
    row["known"] = 0.0
    row["won_usual"] = won_usual
    row["won_month"] = 0
    row["misses"] = 0
    row["dismissed"] = 0
    for k in range(N_PROBLEMS):
        row["felt"][k] = share * felt[k]
    hours.begin(firm.people, theory, i)
    practice.take_up(firm.people, i, 0, 0)
    evidence.begin(firm.people, i)


@kernel(inline=True)
def remember_work(people, i, trouble, context_lost, lost_deals):
    """How the work went of late, for somebody who has just come: shares 0..1."""
    people[i]["trouble"] = trouble
    people[i]["context_lost"] = context_lost
    people[i]["lost_deals"] = lost_deals


@kernel(inline=True)
def usual_trust_in_liaison(theory, team):
    """What people of a team trust a liaison whom they do not know."""
    return theory.liaison.trust_sales if team == Team.SALES else theory.liaison.trust_marketing


@kernel(inline=True)
def reset_trust_in_liaison(people, theory, i):
    """A person's trust in the liaison becomes what the lever says."""
    people[i]["trust_liaison"] = usual_trust_in_liaison(theory, people[i]["team"])


@kernel(inline=True)
def trust_liaison(people, theory, i, share):
    """The liaison did well by a person, who trusts her more."""
    people[i]["trust_liaison"] = raised(people[i]["trust_liaison"], share, theory.liaison.most_trust)


@kernel(inline=True)
def distrust_liaison(people, i, share):
    """The liaison failed a person, who trusts her less."""
    people[i]["trust_liaison"] = lowered(people[i]["trust_liaison"], share)


@kernel(inline=True)
def expect(people, theory, i, gain):
    """What a talk brought changes what a person expects of talking."""
    people[i]["benefit"] += theory.contact.benefit_rate * (gain - people[i]["benefit"])


@kernel(inline=True)
def experience_trouble(people, theory, i, trouble):
    """A lead made trouble (1) or none (0): the running share takes it in."""
    people[i]["trouble"] += theory.selling.felt * (trouble - people[i]["trouble"])


@kernel(inline=True)
def lose_context(people, theory, i, lost):
    """At a handoff some of what was known stayed behind (0..1)."""
    people[i]["context_lost"] += theory.handoff.felt * (lost - people[i]["context_lost"])


@kernel(inline=True)
def end_deal(people, theory, i, won):
    """A rep's deal has ended: felt, counted, and learnt from."""
    row, t = people[i], theory.selling
    row["lost_deals"] += t.felt * ((0.0 if won else 1.0) - row["lost_deals"])
    row["skill"] += (1.0 - row["skill"]) * t.learning
    if won:
        row["won_month"] += 1


@kernel(inline=True)
def practise(people, i, share):
    """Skill at the own craft nears 1."""
    people[i]["skill"] = raised(people[i]["skill"], share, 1.0)


@kernel(inline=True)
def feel(people, i, problem, now, rise, fall):
    """A remembered problem: quick to rise to the present one, slow to fade."""
    felt = people[i]["felt"]
    felt[problem] = remember(now, felt[problem], rise, fall)


@kernel
def remember(now: float, memory: float, rise: float, fall: float) -> float:
    """A memory after some time with what is now.

    >>> remember(1.0, 0.0, 0.5, 0.1), remember(0.0, 1.0, 0.5, 0.1)
    (0.5, 0.9)
    """
    return memory + (rise if now > memory else fall) * (now - memory)


@kernel(inline=True)
def resist(people, i, share):
    """Hours ordered and kept against one's will take a share of the attitude, and are resented as much (reactance)."""
    people[i]["attitude"] *= 1.0 - share
    resent(people, i, 1.0, share)


@kernel(inline=True)
def follow(people, i, goal, share):
    """The attitude to the other team moves a share of the way to something."""
    people[i]["attitude"] = toward(people[i]["attitude"], goal, share)


@kernel(inline=True)
def be_upset(people, i, loss):
    """A reorganization costs everybody some attitude."""
    people[i]["attitude"] = clip(people[i]["attitude"] - loss, 0.0, 1.0)


@kernel(inline=True)
def strangeness(people, theory, i):
    """How strange the people across the gap are to somebody (0..1): less with each whom one knows."""
    return theory.contact.few / (theory.contact.few + people[i]["known"])


@kernel(inline=True)
def look_across(people, i, trust, known):
    """What a person feels on average about the people across the gap."""
    people[i]["mean_trust"] = trust
    people[i]["known"] = known


@kernel(inline=True)
def reckon_distance(people, i, ease, hours_a_contact):
    """How readily joint acts take place, and what a contact takes, mean over the own ties."""
    people[i]["mean_ease"] = ease
    people[i]["mean_hours"] = hours_a_contact


@kernel(inline=True)
def resent(people, i, goal, share):
    """Resentment moves a share of the way to what there is to resent."""
    people[i]["resentment"] = toward(people[i]["resentment"], goal, share)


@kernel(inline=True)
def identify(people, i, goal, share):
    """Identification with the firm moves a share of the way to what speaks for it."""
    people[i]["identification"] = toward(people[i]["identification"], goal, share)


@kernel(inline=True)
def identify_more(people, i, share):
    """A look at common figures: identification with the firm rises."""
    people[i]["identification"] = raised(people[i]["identification"], share, 1.0)


@kernel(inline=True)
def reach_out(people, i, chance):
    """The chance today to catch a prospect of the own patches."""
    people[i]["reach"] = chance


@kernel(inline=True)
def keep_waiting(people, i, times):
    """How much longer than usual an inquiry waits today for this person's first answer."""
    people[i]["waits"] = times


@kernel(inline=True)
def close_month(people, theory, i, quota):
    """A rep's month is over: the running mean of deals, and months in a row far below the quota."""
    row, t = people[i], theory.structure
    row["won_usual"] = toward(row["won_usual"], row["won_month"], t.record)
    row["misses"] = row["misses"] + 1 if row["won_usual"] < t.far_below * quota else 0
    row["won_month"] = 0
    row["dismissed"] = 0


@kernel(inline=True)
def dismiss(people, i):
    """A rep is to leave at the month's end."""
    people[i]["dismissed"] = 1


@kernel(inline=True)
def hold_deals(people, i, more):
    """A rep has more or fewer opportunities in hand."""
    people[i]["open_deals"] += more


@kernel(inline=True)
def drop_deals(people, i):
    """A rep has no opportunity in hand."""
    people[i]["open_deals"] = 0


@kernel
def take_seats(firm, theory, dice, begin_row, end_row, day):
    """The first holders of seats: trust, language, beliefs from a stationary posterior, old problems."""
    t, people = theory.practices, firm.people
    key = key_of(dice.seed, Stream.START, 0)
    usual = (t.start_trouble, t.start_ignorance, t.start_context, t.start_lost, t.start_strangeness)
    for i in range(begin_row, end_row):
        own = key_for(key, people[i]["seat"])
        attitude = clip(theory.trust.initial + theory.trust.spread * normal(own, 1), 0.0, 1.0)
        skill = t.start_skill if day == 0 else theory.workforce.new_skill
        begin(firm, theory, i, day, attitude, normal(own, 2), skill, theory.selling.start_quota, usual, t.start_memory)
        look_across(people, i, attitude, 0.0)
        remember_work(people, i, t.start_trouble, t.start_context, t.start_lost)
        language.begin(people, theory, i, 0.0)
        believe_first(firm, theory, own, i)


@kernel
def believe_first(firm, theory, own, i):
    """What the first holder of a seat believes, as if the world had long been watched: sure of the own truth."""
    t, team = theory.practices, firm.people[i]["team"]
    variance = theory.market.drift_sd * theory.market.drift_sd
    near, far = t.start_near * variance, t.start_far * variance
    needs_var = near if team == Team.SALES else far
    offer_var = far if team == Team.SALES else near
    for k in range(len(firm.segments)):
        needs = belief.believed(firm.segments[k]["needs"], needs_var, variance, normal(key_for(own, 3), k))
        offer = belief.believed(firm.segments[k]["offer"], offer_var, variance, normal(key_for(own, 4), k))
        belief.begin(firm.beliefs, i, k, needs, needs_var, offer, offer_var)


@kernel(inline=True)
def general_trust(people, i):
    """What a person trusts somebody unknown of the other team: half the attitude, half where it returns to."""
    return (people[i]["attitude"] + people[i]["anchor"]) / 2.0


@kernel(inline=True)
def follow_on(people, i):
    """One more person has held this seat."""
    people[i]["generation"] += 1


@kernel(inline=True)
def sit(people, i, seat, team, working):
    """A seat is there: its number, its team, and whether somebody works on it."""
    people[i]["seat"] = seat
    people[i]["team"] = team
    people[i]["working"] = 1 if working else 0


@kernel(inline=True)
def join_team(people, i, team):
    """A person does another team's work from now on."""
    people[i]["team"] = team


@kernel(inline=True)
def stop_work(people, i):
    """A seat is empty."""
    people[i]["working"] = 0


@kernel(inline=True)
def has_been_here(people, i, day, site):
    """Somebody whom a user's own files tell of: since when, and in which building."""
    people[i]["joined"] = day
    people[i]["site"] = site


@kernel(inline=True)
def link(people, i, first, n_ties):
    """A person's ties are links first .. first + n_ties."""
    people[i]["first"] = first
    people[i]["n_ties"] = n_ties
