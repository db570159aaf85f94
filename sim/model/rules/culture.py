"""Identification, status, resentment: what people feel about their firm and the other team."""

from __future__ import annotations

from sim.model.firm import WEEK, M, Practice, S, Team
from sim.model.formulas import clip
from sim.model.kernel import kernel
from sim.model.things import ledger, person
from sim.model.things.practice import kept


@kernel
def feel_appreciated(firm, theory, dice):
    """At the week's end resentment follows grievances and contempt, identification follows trust and shared success.

    Resentment lowers everybody's output (seed 004); status looks down on the
    other team (seed 002); identification with the firm decides how readily people
    help one another unasked (see jointwork).
    """
    if dice.day % WEEK != WEEK - 1 or theory.rooms.culture == 0:
        return
    t, people, ties, link = theory.culture, firm.people, firm.ties, firm.links["tie"]
    metrics = kept(firm.practices, Practice.SHARED_METRICS)
    for i in range(firm.ledger[0]["n_people"]):
        n, first = people[i]["n_ties"], people[i]["first"]
        if n == 0 or people[i]["working"] == 0:
            continue
        side = S if people[i]["team"] == Team.SALES else M
        grievances = 0.0
        for row in range(first, first + n):
            grievances += ties[link[row]]["complaint"][side]
        looked_down = max(t.status_gap, 0.0) if side == S else max(-t.status_gap, 0.0)
        person.resent(people, i, clip(grievances / n + looked_down * 0.5, 0.0, 1.0), t.resentment_rise)
        shared = clip(people[i]["mean_trust"] * (t.sharing + metrics), 0.0, 1.0)
        person.identify(people, i, max(shared, t.identification * 0.5), t.identify)


@kernel
def agree_on_strategy(firm, theory, dice):
    """At the week's end the common strategy is as clear as it was made, and clearer where both plan together."""
    if dice.day % WEEK != WEEK - 1 or theory.rooms.culture == 0:
        return
    t, planning = theory.conflict, firm.practices[Practice.JOINT_PLANNING]["kept"]
    clarity = t.clarity + t.plan_clarity * (1.0 - t.clarity) * (planning[M] + planning[S]) / 2.0
    ledger.be_clear(firm.ledger, clarity)
