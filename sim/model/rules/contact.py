"""Who talks to whom across the gap, about what, and what it costs."""

from __future__ import annotations

from sim.model.dice import Stream, key_for, key_of, logistic, share, uniform
from sim.model.firm import AT_ONCE, For, Item, M, Practice, S, Team
from sim.model.kernel import fetch, kernel
from sim.model.things import grievance, hours, language, person, tie
from sim.model.things.belief import tell_each_other
from sim.model.things.evidence import cite, witness
from sim.model.things.practice import keeps
from sim.model.things.talk import take_place
from sim.model.things.tie import least_trust, more_familiar, nearest, trust_in


@kernel
def talk(firm, theory, dice):
    """Each person has a few moments a day to think of somebody across the gap, and perhaps to speak to them.

    The wish grows with trust, learnt benefit, familiarity and an open
    grievance, and falls with the hours it costs; access by distance limits it
    (Allen curve, F39).

        chance = access logistic(base + push + trust (T - 1/2) + complaint g + benefit B
                                 + strength f - cost hours (.. + load))

    The draw is held against the access first, which is the most that the
    chance can be; so the few moments that may come to something are laid out
    before anybody speaks.
    """
    if theory.rooms.contact == 0:
        return
    t, people, ties, tray = theory.contact, firm.people, firm.ties, firm.tray
    team, seat, load, benefit = people["team"], people["seat"], people["load"], people["benefit"]
    spent, strength, complaint = ties["hours"], ties["strength"], ties["complaint"]
    base = t.base + theory.communication.push
    key = key_of(dice.seed, Stream.MOMENT, dice.day)
    step, n_people = AT_ONCE // max(t.moments, 1), firm.ledger[0]["n_people"]
    for begin in range(0, n_people, step):
        for k in range(lay_out_moments(firm, theory, key, begin, min(begin + step, n_people))):
            u, i, e, moment = tray[k]["luck"], tray[k]["row"], tray[k]["tie"], tray[k]["place"]
            side = S if team[i] == Team.SALES else M
            other = ties[e]["m"] if side == S else ties[e]["s"]
            x = base + t.trust * (trust_in(ties, theory, e, side) - 0.5) + t.complaint * complaint[e, side]
            x += t.benefit * benefit[i]
            x += t.strength * strength[e] - t.cost * spent[e] * (t.cost_idle + load[i])
            if u < tray[k]["worth"] * logistic(x) and hours.has_time(people, theory, i):
                meet(firm, theory, dice, i, other, e, seat[i] * t.numbers + moment)


@kernel(inline=True)
def lay_out_moments(firm, theory, key, begin, end):
    """Lay out on the tray the moments of the people begin..end that may come to a talk; returns how many.

    One draw gives both the tie and the chance: its lowest bits pick three ties, and the most familiar comes to mind.
    Whoever would not speak to the nearest of them thinks of nobody.
    """
    t, people, links, tray = theory.contact, firm.people, firm.links, firm.tray
    n_ties, first, working, seat = people["n_ties"], people["first"], people["working"], people["seat"]
    thought = 0
    for i in range(begin, end):
        if n_ties[i] == 0 or working[i] == 0:
            continue
        own, at_most = key_for(key, seat[i]), nearest(links, first[i], n_ties[i]) * t.most
        for moment in range(t.moments):
            h = key_for(own, moment)
            u = share(h)
            tray[thought]["key"] = h
            tray[thought]["luck"] = u
            tray[thought]["row"] = i
            tray[thought]["place"] = moment
            if u < at_most:
                thought += 1
    near = 0
    for k in range(thought):
        u, i = tray[k]["luck"], tray[k]["row"]
        link = more_familiar(firm, first[i], n_ties[i], tray[k]["key"])
        access = links[link]["meet"]
        tray[near]["luck"] = u
        tray[near]["worth"] = access
        tray[near]["row"] = i
        tray[near]["tie"] = links[link]["tie"]
        tray[near]["place"] = tray[k]["place"]
        if u < access * t.most:
            near += 1
    for k in range(near):
        fetch(firm.ties, tray[k]["tie"])
    return near


@kernel(inline=True)
def meet(firm, theory, dice, asker, asked, where, entity):
    """One person turns to another: refused, a dispute, or an exchange of what each knows.

    Costs hours on both sides and interrupts the one who is asked (F30, F40). An
    open grievance is talked about first.
    """
    t, people, ties = theory.contact, firm.people, firm.ties
    m, s = ties[where]["m"], ties[where]["s"]
    dispute = grievance.is_open(ties, where)
    trust = trust_in(ties, theory, where, S if asked == s else M)
    x = t.accept + t.accept_trust * (trust - 0.5) - t.accept_load * people[asked]["load"]
    if dispute:
        x += 0.5
    refused = uniform(key_of(dice.seed, Stream.ACCEPT, dice.day), entity) >= logistic(x)
    if refused or not hours.has_time(people, theory, asked):
        hours.spend(firm, theory, dice.day, asker, t.refusal_hours, For.CONTACT)
        return
    spent = ties[where]["hours"] * theory.rooms.workload
    interrupted = t.interruption_hours * theory.rooms.workload
    if dispute:
        spent *= t.dispute_hours
    worked = hours.take(people, theory, asker, spent) + hours.take(people, theory, asked, spent + interrupted)
    take_place(firm, dice.day, where, dispute)
    if dispute:
        hours.book(firm.days, dice.day, For.DISPUTE, worked)
        argue(firm, theory, dice, m, s, where, entity)
    else:
        hours.book(firm.days, dice.day, For.CONTACT, worked)
        exchange(firm, theory, dice, m, s, where, entity, theory.communication.talk_hours)


@kernel
def argue(firm, theory, dice, m, s, where, entity):
    """A talk about a grievance: settled the sooner the more the less trusting side trusts."""
    t, ties = theory.conflict, firm.ties
    least, words = least_trust(ties, theory, where), language.common(firm.people, m, s)
    luck = uniform(key_of(dice.seed, Stream.UNDERSTAND, dice.day), entity)
    if luck < grievance.chance_to_settle(theory, least, words):
        grievance.settle(firm, where, dice.day)
        top = theory.trust.ceiling_talk + theory.trust.ceiling_near * ties[where]["access"]
        tie.warm(ties, theory, where, theory.trust.gain, top)
    else:
        tie.chill(ties, theory, where, theory.trust.loss * t.quarrel)


@kernel(inline=True)
def exchange(firm, theory, dice, m, s, where, entity, long):
    """Two people tell each other what each knows better, and are understood or not.

    A talk of a few minutes carries little (thin_hours), so quality counts and
    not frequency (F32). Chance talk builds language and trust only to a
    ceiling that depends on access; meetings have ceilings of their own.

    long   hours that is talked
    """
    t, people, ties = theory.contact, firm.people, firm.ties
    words = language.common(people, m, s)
    t_m, t_s = trust_in(ties, theory, where, M), trust_in(ties, theory, where, S)
    tie.know_each_other(ties, theory, where)
    chance = t.understood + t.understood_language * words + t.understood_trust * (t_m + t_s) / 2.0
    chance *= long / (long + t.thin_hours * (1.0 - 0.5 * theory.communication.agenda))
    gain = 0.0
    if uniform(key_of(dice.seed, Stream.UNDERSTAND, dice.day), entity) < chance:
        tie.understand(firm, where, dice.day)
        tie.talk(ties, where, dice.day)
        gain = tell_each_other(firm, theory, dice, m, s, words, entity)
        cite(firm, m, s, gain)
        access = ties[where]["access"]
        top = theory.language.ceiling_talk + theory.language.ceiling_near * access
        language.share_words(people, theory, m, s, theory.language.gain, top)
        top = theory.trust.ceiling_talk + theory.trust.ceiling_near * access
        tie.warm(ties, theory, where, theory.trust.gain * theory.trust.talk, top)
        if keeps(people[m]["complies"], Practice.FEEDBACK_LOOP):
            witness(firm, Item.FUNNEL_STUDIED, m, s, theory.practices.funnel_changes, 0.0)
    else:
        tie.chill(ties, theory, where, theory.trust.loss * theory.trust.misunderstood)
    person.expect(people, theory, m, gain)
    person.expect(people, theory, s, gain)
