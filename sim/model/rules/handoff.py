"""A lead changes hands: to whom, how late, and with what told about it."""

from __future__ import annotations

from sim.model.arithmetic import exp
from sim.model.dice import Stream, key_for, uniform
from sim.model.firm import ASKED, LOGGED, NEVER, For, M, Practice, S, Team
from sim.model.formulas import clip, raised
from sim.model.kernel import kernel
from sim.model.theory import Record
from sim.model.things import hours, language, lead, ledger, person
from sim.model.things.practice import keeps_willingly, ruled
from sim.model.things.tie import least_trust, more_familiar, trust_in

LATEST = 260.0  # bound: days after which a lead comes up at the latest


@kernel(inline=True)
def choose_rep(firm, theory, m, key):
    """The better of two of the marketer's more familiar reps, by trust and by how busy they are; -1 without ties."""
    people, links, ties = firm.people, firm.links, firm.ties
    n = people[m]["n_ties"]
    if n == 0:
        return NEVER
    first = people[m]["first"]
    a = links[more_familiar(firm, first, n, key_for(key, Stream.ROUTE))]
    b = links[more_familiar(firm, first, n, key_for(key, Stream.BUSY))]
    busy = theory.handoff.busy
    score_a = trust_in(ties, theory, a["tie"], M) - busy * people[a["other"]]["load"]
    score_b = trust_in(ties, theory, b["tie"], M) - busy * people[b["other"]]["load"]
    return a["tie"] if score_a >= score_b else b["tie"]


@kernel(inline=True)
def hand_off(firm, theory, dice, number):
    """A qualified lead is passed on like a baton: some of what is known stays behind, and time passes.

        delay = 1 + handoff_days (1 - access) (1 - .. rules) (1 - .. familiarity) + late max(0, load - load_from)

    A rep with full days comes to it later still (F57). A lead that asked to
    meet Sales goes faster, and so does one on shared record: what stands there
    need not be asked for, which saves hours too (seed 002). Without any tie it goes to the rep of the
    patch, with nothing told.
    """
    t, people, row = theory.handoff, firm.people, firm.leads[number]
    m, key, flags = row["m"], row["key"], row["flags"]
    where = choose_rep(firm, theory, m, key)
    if where >= 0:
        s = firm.ties[where]["s"]
        familiar, access = firm.ties[where]["strength"], firm.ties[where]["access"]
        flags = flags | share_record(firm, theory, where, key)
        context = told(firm, theory, where, flags, dice.day)
    else:
        s = max(firm.patches[Team.SALES, int(uniform(key, Stream.PATCH) * firm.ledger[0]["n_patches"])], 0)
        familiar, access, context = 0.0, theory.distance.floor, 0.0
    delay = theory.distance.handoff_days * (1.0 - access) * (1.0 - t.familiar * familiar)
    delay *= 1.0 - t.rules * ruled(firm, m)
    if flags & ASKED:
        delay *= 0.5
    saved = t.saved if flags & LOGGED else 0.0
    delay *= 1.0 - saved
    delay += theory.selling.late * max(people[s]["load"] - theory.selling.load_from, 0.0)
    if theory.rooms.handoff == 0:
        context, delay = 1.0, 0.0
    hours.spend(firm, theory, dice.day, m, t.hours * (1.0 - saved), For.CRAFT)
    ready = float(row["ready"]) * exp(-delay / theory.market.patience_days)
    lead.hand_over(firm, number, s, where, context, flags, ready, 1 + int(min(delay, LATEST)), dice.day)
    person.lose_context(people, theory, m, 1.0 - context)
    person.lose_context(people, theory, s, 1.0 - context)
    ledger.know_of_each_other(firm.ledger, t.felt_firm / firm.ledger[0]["ref_m"], context)


@kernel(inline=True)
def share_record(firm, theory, where, key):
    """Whether a lead gets into the shared funnel, by the feedback loop or unasked: the flag or 0.

    Where one side alone keeps the record, half of the leads are not found in it by the other; where it is open to one
    side alone, no more than that.
    """
    m, s = firm.ties[where]["m"], firm.ties[where]["s"]
    keepers = 0.0
    for i in (m, s):
        if keeps_willingly(firm.people, i, Practice.FEEDBACK_LOOP):
            keepers += 0.5
    unasked = theory.handoff.unasked * language.common(firm.people, m, s) * least_trust(firm.ties, theory, where)
    if theory.handoff.record != Record.BOTH:
        unasked = 0.0
    chance = keepers + (1.0 - keepers) * min(unasked, 1.0) * theory.rooms.informal
    return LOGGED if uniform(key, Stream.LOGGED) < chance else 0


@kernel(inline=True)
def told(firm, theory, where, flags, day):
    """The share of what is known about a lead that is told (0..1).

        told = language (a + b trust + c familiarity), and a share `recorded` of the rest with a shared funnel,
               and a share `passing` of that rest by two who talked today; less with the days since

    A difference in competence between the teams costs some of it (F10).
    """
    t, ties = theory.handoff, firm.ties
    words = language.common(firm.people, ties[where]["m"], ties[where]["s"])
    trust, familiar = trust_in(ties, theory, where, S), ties[where]["strength"]
    context = clip(words * (t.told + t.told_trust * trust + t.told_familiar * familiar), 0.0, 1.0)
    if flags & LOGGED:
        context = raised(context, t.recorded, 1.0)
    context = raised(context, t.passing * exp((ties[where]["talked"] - day) / t.fresh_days), 1.0)
    context *= 1.0 - t.incompetence * (theory.structure.competence_gap - t.usual_gap)
    return clip(context, 0.0, 1.0)
