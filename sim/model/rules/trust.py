"""Trust in a tie between events: it returns to the attitude, is eaten by grievances, and shapes the attitude."""

from __future__ import annotations

from sim.model.firm import WEEK, Team
from sim.model.formulas import lowered, toward, trust_of
from sim.model.kernel import kernel


@kernel
def relax_trust(firm, theory, dice):
    """At the week's end idle ties have moved toward the attitude, and open grievances have eaten some trust.

        part' = part + relax (1 - strength) (attitude - part)
    while a grievance is open the affect-based part loses a share `erosion` a week

    A scar from deception does not heal (F49). Without any contact trust
    therefore returns exponentially to the attitude (B25).
    """
    if dice.day % WEEK != WEEK - 1:
        return
    t, ties, people = theory.trust, firm.ties, firm.people
    attitude, strength = people["attitude"], ties["strength"]
    cog_ms, aff_ms, cog_sm, aff_sm = ties["cog_ms"], ties["aff_ms"], ties["cog_sm"], ties["aff_sm"]
    own_ms, own_sm = ties["complaint_ms"], ties["complaint_sm"]
    for e in range(firm.ledger[0]["n_ties"]):
        m, s = ties[e]["m"], ties[e]["s"]
        if theory.rooms.trust == 1:
            pull = t.relax * (1.0 - strength[e])
            cog_ms[e] = toward(cog_ms[e], attitude[m], pull)
            aff_ms[e] = toward(aff_ms[e], attitude[m], pull)
            cog_sm[e] = toward(cog_sm[e], attitude[s], pull)
            aff_sm[e] = toward(aff_sm[e], attitude[s], pull)
            if own_ms[e] > 0.0:
                aff_ms[e] = lowered(aff_ms[e], t.erosion)
            if own_sm[e] > 0.0:
                aff_sm[e] = lowered(aff_sm[e], t.erosion)
        strength[e] -= theory.contact.strength_fade * strength[e]


@kernel
def form_attitudes(firm, theory, dice):
    """At the week's end an attitude has moved toward one's own experience, team-mates' attitudes and its anchor.

    Also refreshes what each person feels on average about the people across the gap.
    """
    if dice.day % WEEK != WEEK - 1:
        return
    t, people, ties, link = theory.trust, firm.people, firm.ties, firm.links["tie"]
    team, first, n_ties, attitude = people["team"], people["first"], people["n_ties"], people["attitude"]
    for i in range(firm.ledger[0]["n_people"]):
        n = n_ties[i]
        if n == 0:
            continue
        total, strength = 0.0, 0.0
        for row in range(first[i], first[i] + n):
            e = link[row]
            if team[i] == Team.SALES:
                total += trust_of(ties[e]["cog_sm"], ties[e]["aff_sm"], ties[e]["scar_sm"], t.affect)
            else:
                total += trust_of(ties[e]["cog_ms"], ties[e]["aff_ms"], ties[e]["scar_ms"], t.affect)
            strength += ties[e]["strength"]
        people[i]["mean_trust"] = total / n
        people[i]["mean_strength"] = strength / n
        if theory.rooms.trust == 1:
            attitude[i] = toward(attitude[i], people[i]["mean_trust"], t.attitude_follows)
            attitude[i] = toward(attitude[i], people[i]["anchor"], t.attitude_anchor)
    a, b = firm.mates["a"], firm.mates["b"]
    if theory.rooms.trust == 1 and theory.workforce.mates > 0:
        pull = t.attitude_mates / theory.workforce.mates
        for row in range(firm.ledger[0]["n_mates"]):
            attitude[a[row]] = toward(attitude[a[row]], attitude[b[row]], pull)
