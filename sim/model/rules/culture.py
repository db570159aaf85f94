"""Identification, status, resentment: what people feel about their firm and the other team."""

from __future__ import annotations

from sim.model.firm import WEEK, Practice, Team
from sim.model.formulas import clip, toward
from sim.model.kernel import kernel


@kernel
def feel_appreciated(firm, theory, dice):
    """At the week's end resentment follows grievances and contempt, identification follows trust and shared success.

    Resentment lowers everybody's output (seed 004); status looks down on the
    other team (seed 002); identification with the firm decides how readily people
    help one another unasked (see jointwork).
    """
    if dice.day % WEEK != WEEK - 1 or theory.rooms.culture == 0:
        return
    t, people, ties, link, ledger = theory.culture, firm.people, firm.ties, firm.links["tie"], firm.ledger
    metrics = (
        firm.practices[Practice.SHARED_METRICS]["kept_m"] + firm.practices[Practice.SHARED_METRICS]["kept_s"]
    ) / 2.0
    for i in range(ledger[0]["n_people"]):
        n = people[i]["n_ties"]
        if n == 0 or people[i]["working"] == 0:
            continue
        grievances = 0.0
        for row in range(people[i]["first"], people[i]["first"] + n):
            e = link[row]
            grievances += ties[e]["complaint_sm"] if people[i]["team"] == Team.SALES else ties[e]["complaint_ms"]
        looked_down = max(t.status_gap, 0.0) if people[i]["team"] == Team.SALES else max(-t.status_gap, 0.0)
        goal = clip(grievances / n + looked_down * 0.5, 0.0, 1.0)
        people[i]["resentment"] = toward(people[i]["resentment"], goal, t.resentment_rise)
        shared = clip(people[i]["mean_trust"] * (t.sharing + metrics), 0.0, 1.0)
        people[i]["identification"] = toward(
            people[i]["identification"], max(shared, t.identification * 0.5), t.identify
        )
    ledger[0]["clarity"] = clip(
        theory.conflict.clarity
        + theory.conflict.plan_clarity * (1.0 - theory.conflict.clarity)
        * (firm.practices[Practice.JOINT_PLANNING]["kept_m"] + firm.practices[Practice.JOINT_PLANNING]["kept_s"]) / 2.0,
        0.0, 1.0,
    )  # fmt: skip
