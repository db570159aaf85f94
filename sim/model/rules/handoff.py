"""A lead changes hands: to whom, how late, and with what told about it."""

from __future__ import annotations

import math

from sim.model.acts import keeps, ruled, schedule, trust_ms, trust_sm
from sim.model.dice import Stream, uniform
from sim.model.firm import ASKED, LOGGED, NEVER, Practice, State, Team
from sim.model.formulas import both, clip, raised
from sim.model.kernel import kernel


@kernel(inline=True)
def choose_rep(firm, theory, m, key):
    """The better of two of the marketer's own reps, by trust and by how busy they are; -1 without ties."""
    people, links = firm.people, firm.links
    n = people[m]["n_ties"]
    if n == 0:
        return NEVER
    first = people[m]["first"]
    a = links[first + int(uniform(key, Stream.ROUTE) * n)]
    b = links[first + int(uniform(key, Stream.BUSY) * n)]
    busy = theory.handoff.busy
    score_a = trust_ms(firm, theory, a["tie"]) - busy * people[a["other"]]["load"]
    score_b = trust_ms(firm, theory, b["tie"]) - busy * people[b["other"]]["load"]
    return a["tie"] if score_a >= score_b else b["tie"]


@kernel(inline=True)
def hand_off(firm, theory, dice, lead):
    """A qualified lead is passed on like a baton: some of what is known stays behind, and time passes.

        told  = language (a + b trust + c familiarity), and half of the rest with a shared funnel
        delay = 1 + handoff_days (1 - access) (1 - .. rules) (1 - .. familiarity)

    A difference in competence between the teams costs some of it (F10). A lead
    that asked to meet Sales goes faster (seed 002). Without any tie it
    goes to the rep of the patch, with nothing told.
    """
    t, leads, people, ties = theory.handoff, firm.leads, firm.people, firm.ties
    m, key = leads[lead]["m"], leads[lead]["key"]
    tie = choose_rep(firm, theory, m, key)
    flags = leads[lead]["flags"]
    if tie >= 0:
        s = ties[tie]["s"]
        t_ms, t_sm = trust_ms(firm, theory, tie), trust_sm(firm, theory, tie)
        language, familiar, access = (
            both(people[m]["language"], people[s]["language"]),
            ties[tie]["strength"],
            ties[tie]["access"],
        )
        share_it = keeps(people[m]["complies"], Practice.FEEDBACK_LOOP)
        if share_it or uniform(key, Stream.LOGGED) < t.unasked * language * min(t_ms, t_sm):
            flags = flags | LOGGED
        context = clip(language * (t.told + t.told_trust * t_sm + t.told_familiar * familiar), 0.0, 1.0)
        if flags & LOGGED:
            context = raised(context, 0.5, 1.0)
        context *= 1.0 - t.incompetence * (theory.structure.competence_gap - t.usual_gap)
        context = clip(context, 0.0, 1.0)
    else:
        s = firm.patches[Team.SALES, int(uniform(key, Stream.PATCH) * firm.ledger[0]["n_patches"])]
        if s < 0:
            s = 0
        familiar, access, context = 0.0, theory.distance.floor, 0.0
    delay = theory.distance.handoff_days * (1.0 - access) * (1.0 - t.familiar * familiar)
    delay *= 1.0 - t.rules * ruled(firm, people[m]["complies"])
    if flags & ASKED:
        delay *= 0.5
    if theory.rooms.handoff == 0:
        context, delay = 1.0, 0.0
    people[m]["hours"] += t.hours
    firm.days[dice.day]["hours_craft"] += t.hours
    days = 1 + int(delay)
    ready = float(leads[lead]["ready"]) * math.exp(-delay / theory.market.patience_days)
    leads[lead]["ready"] = ready
    leads[lead]["s"] = s
    leads[lead]["tie"] = tie
    leads[lead]["context"] = context
    leads[lead]["flags"] = flags
    leads[lead]["state"] = State.HANDED_OFF
    if leads[lead]["handed"] < 0:
        leads[lead]["handed"] = dice.day
        firm.days[dice.day]["handed"] += 1.0
    people[m]["context_lost"] += t.felt * (1.0 - context - people[m]["context_lost"])
    people[s]["context_lost"] += t.felt * (1.0 - context - people[s]["context_lost"])
    firm.ledger[0]["coordination"] += t.felt_firm / firm.ledger[0]["ref_m"] * (context - firm.ledger[0]["coordination"])
    schedule(firm, lead, dice.day + days)
