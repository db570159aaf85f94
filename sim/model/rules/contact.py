"""Who talks to whom across the gap, about what, and what it costs."""

from __future__ import annotations

from sim.model.acts import cite, keeps, tell_each_other, trust_ms, trust_sm, witness
from sim.model.dice import Stream, key_for, key_of, logistic, share, uniform
from sim.model.firm import AT_ONCE, Item, Practice, Team
from sim.model.formulas import both, lowered, raised
from sim.model.kernel import fetch, kernel


@kernel
def talk(firm, theory, dice):
    """Each person has a few moments a day to think of somebody across the gap, and perhaps to speak to them.

    The wish grows with trust, learnt benefit, familiarity and an open
    grievance, and falls with the hours it costs; access by distance limits it
    (Allen curve, F39).

        chance = access logistic(base + push + trust (T - 1/2) + complaint g + benefit B
                                 + strength f - cost hours (.. + load))

    One draw gives both the tie and the chance: its lowest bits pick the tie.
    The draw is held against the access first, which is the most that the
    chance can be; so the few moments that may come to something are laid out
    before anybody speaks.
    """
    if theory.rooms.contact == 0:
        return
    t, people, ties, links, tray = theory.contact, firm.people, firm.ties, firm.links, firm.tray
    team, n_ties, first, working, seat = (
        people["team"],
        people["n_ties"],
        people["first"],
        people["working"],
        people["seat"],
    )
    benefit, load = people["benefit"], people["load"]
    hours, strength = ties["hours"], ties["strength"]
    base = t.base + theory.communication.push
    key = key_of(dice.seed, Stream.MOMENT, dice.day)
    step, n_people = AT_ONCE // max(t.moments, 1), firm.ledger[0]["n_people"]
    for begin in range(0, n_people, step):
        thought = 0
        for i in range(begin, min(begin + step, n_people)):
            n = n_ties[i]
            if n == 0 or working[i] == 0:
                continue
            person = key_for(key, seat[i])
            for moment in range(t.moments):
                h = key_for(person, moment)
                link = first[i] + ((int(h & 1023) * n) >> 10)  # unit: ten bits of the draw
                tray[thought]["luck"] = share(h)
                tray[thought]["row"] = i
                tray[thought]["tie"] = links[link]["tie"]
                tray[thought]["worth"] = links[link]["access"]
                tray[thought]["place"] = moment
                thought += 1
        near = 0
        for k in range(thought):
            u, access = tray[k]["luck"], tray[k]["worth"]
            tray[near]["luck"] = u
            tray[near]["worth"] = access
            tray[near]["row"] = tray[k]["row"]
            tray[near]["tie"] = tray[k]["tie"]
            tray[near]["place"] = tray[k]["place"]
            if u < access * t.most:
                near += 1
        for k in range(near):
            fetch(ties, tray[k]["tie"])
        for k in range(near):
            u, i, tie, moment = tray[k]["luck"], tray[k]["row"], tray[k]["tie"], tray[k]["place"]
            if team[i] == Team.SALES:
                trust, other = trust_sm(firm, theory, tie), ties[tie]["m"]
                grievance = ties[tie]["complaint_sm"]
            else:
                trust, other = trust_ms(firm, theory, tie), ties[tie]["s"]
                grievance = ties[tie]["complaint_ms"]
            x = base + t.trust * (trust - 0.5) + t.complaint * grievance + t.benefit * benefit[i]
            x += t.strength * strength[tie] - t.cost * hours[tie] * (t.cost_idle + load[i])
            if u < tray[k]["worth"] * logistic(x):
                meet(firm, theory, dice, i, other, tie, seat[i] * t.numbers + moment)


@kernel(inline=True)
def meet(firm, theory, dice, asker, asked, tie, entity):
    """One person turns to another: refused, a dispute, or an exchange of what each knows.

    Costs hours on both sides and interrupts the one who is asked (F30, F40). An
    open grievance is talked about first.
    """
    t, people, ties, today = theory.contact, firm.people, firm.ties, firm.days
    m, s = ties[tie]["m"], ties[tie]["s"]
    grievance = ties[tie]["complaint_ms"] + ties[tie]["complaint_sm"] > 0.0
    trust_in_asker = trust_sm(firm, theory, tie) if asked == s else trust_ms(firm, theory, tie)
    x = t.accept + t.accept_trust * (trust_in_asker - 0.5) - t.accept_load * people[asked]["load"]
    if grievance:
        x += 0.5
    if uniform(key_of(dice.seed, Stream.ACCEPT, dice.day), entity) >= logistic(x):
        people[asker]["hours"] += t.refusal_hours
        today[dice.day]["hours_contact"] += t.refusal_hours
        return
    spent = ties[tie]["hours"] * theory.rooms.workload
    if grievance:
        spent *= t.dispute_hours
    people[asker]["hours"] += spent
    people[asked]["hours"] += spent + t.interruption_hours * theory.rooms.workload
    today[dice.day]["contacts"] += 1.0
    witness(firm, Item.NOT_DISPUTES, m, s, 0.0 if grievance else 1.0, 1.0)
    if grievance:
        today[dice.day]["disputes"] += 1.0
        today[dice.day]["hours_dispute"] += 2.0 * spent + t.interruption_hours * theory.rooms.workload
        argue(firm, theory, dice, m, s, tie, entity)
    else:
        today[dice.day]["hours_contact"] += 2.0 * spent + t.interruption_hours * theory.rooms.workload
        exchange(firm, theory, dice, m, s, tie, entity, ties[tie]["hours"], True)


@kernel
def argue(firm, theory, dice, m, s, tie, entity):
    """A talk about a grievance: settled the sooner the more the less trusting side trusts.

    Settled with trust on both sides it even teaches something (functional conflict, F51).
    """
    t, ties, people = theory.conflict, firm.ties, firm.people
    least = min(trust_ms(firm, theory, tie), trust_sm(firm, theory, tie))
    language = both(people[m]["language"], people[s]["language"])
    chance = t.settled + t.settled_trust * least + t.settled_language * language
    if uniform(key_of(dice.seed, Stream.UNDERSTAND, dice.day), entity) < chance:
        ties[tie]["complaint_ms"] = 0.0
        ties[tie]["complaint_sm"] = 0.0
        firm.days[dice.day]["settled"] += 1.0
        if theory.rooms.trust == 1:
            top = theory.trust.ceiling_talk + theory.trust.ceiling_near * ties[tie]["access"]
            ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], theory.trust.gain, top)
            ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], theory.trust.gain, top)
        if least > 0.5:
            tell_each_other(firm, theory, dice, m, s, language * t.productive, entity)
    elif theory.rooms.trust == 1:
        share_lost = theory.trust.loss * t.quarrel
        ties[tie]["aff_ms"] = lowered(ties[tie]["aff_ms"], share_lost)
        ties[tie]["aff_sm"] = lowered(ties[tie]["aff_sm"], share_lost)


@kernel(inline=True)
def exchange(firm, theory, dice, m, s, tie, entity, hours, by_chance):
    """Two people tell each other what each knows better, and are understood or not.

    A talk of a few minutes carries little (thin_hours), so quality counts and
    not frequency (F32). Chance talk builds language and trust only to a
    ceiling that depends on access; meetings have ceilings of their own.
    Returns whether it was understood.
    """
    t, people, ties = theory.contact, firm.people, firm.ties
    language = both(people[m]["language"], people[s]["language"])
    t_ms, t_sm = trust_ms(firm, theory, tie), trust_sm(firm, theory, tie)
    ties[tie]["strength"] = raised(ties[tie]["strength"], t.strength_gain, 1.0)
    chance = t.understood + t.understood_language * language + t.understood_trust * (t_ms + t_sm) / 2.0
    chance *= hours / (hours + t.thin_hours * (1.0 - 0.5 * theory.communication.agenda))
    understood = uniform(key_of(dice.seed, Stream.UNDERSTAND, dice.day), entity) < chance
    gain = 0.0
    if understood:
        firm.days[dice.day]["exchanges"] += 1.0
        ties[tie]["exchanged"] += 1.0
        gain = tell_each_other(firm, theory, dice, m, s, language, entity)
        cite(firm, m, s, gain)
        if by_chance:
            top_l = theory.language.ceiling_talk + theory.language.ceiling_near * ties[tie]["access"]
            top_t = theory.trust.ceiling_talk + theory.trust.ceiling_near * ties[tie]["access"]
        else:
            top_l, top_t = theory.language.ceiling_meeting, theory.trust.ceiling_meeting
        if theory.rooms.language == 1:
            people[m]["language"] = raised(people[m]["language"], theory.language.gain, top_l)
            people[s]["language"] = raised(people[s]["language"], theory.language.gain, top_l)
        if theory.rooms.trust == 1:
            up = theory.trust.gain * theory.trust.talk
            ties[tie]["aff_ms"] = raised(ties[tie]["aff_ms"], up, top_t)
            ties[tie]["aff_sm"] = raised(ties[tie]["aff_sm"], up, top_t)
    elif theory.rooms.trust == 1:
        down = theory.trust.loss * theory.trust.misunderstood
        ties[tie]["aff_ms"] = lowered(ties[tie]["aff_ms"], down)
        ties[tie]["aff_sm"] = lowered(ties[tie]["aff_sm"], down)
    people[m]["benefit"] += t.benefit_rate * (gain - people[m]["benefit"])
    people[s]["benefit"] += t.benefit_rate * (gain - people[s]["benefit"])
    if keeps(people[m]["complies"], Practice.FEEDBACK_LOOP) and understood:
        witness(firm, Item.FUNNEL_STUDIED, m, s, theory.practices.funnel_changes, 0.0)
    return understood
