"""Grievances that nobody's deal caused: scope, missed quarters, shared tasks; and how they end without a talk."""

from __future__ import annotations

from sim.model.acts import complain, ruled, trust_ms, trust_sm
from sim.model.dice import Stream, key_of, mix, uniform
from sim.model.firm import MONTH, QUARTER, WEEK, Practice
from sim.model.formulas import clip, raised
from sim.model.kernel import kernel


@kernel
def quarrel_over_scope(firm, theory, dice):
    """Each month people on a tie may quarrel over who does what, over budget or over credit.

    Role ambiguity: without rules, clarity and a common plan both do it or
    nobody does (seeds 001, 003). An unfair split adds to it (F50). A difference
    in orientation makes for argument, a difference in competence for contempt (F10).
    """
    if dice.day % MONTH != MONTH - 1 or theory.rooms.conflict == 0:
        return
    t, ties, people, ledger = theory.conflict, firm.ties, firm.people, firm.ledger
    key = key_of(dice.seed, Stream.QUARREL, dice.day)
    structure = theory.structure
    common = t.ambiguity * (1.0 - ledger[0]["clarity"]) * (1.0 + ledger[0]["transition"])
    common *= 1.0 + t.by_orientation * structure.orientation_gap + t.by_competence * structure.competence_gap
    common *= 1.0 + t.by_unfair * (1.0 - structure.budget_fairness) + t.by_records * (1.0 - ledger[0]["records"])
    common *= 1.0 + theory.workforce.blurred * t.by_blur
    for e in range(ledger[0]["n_ties"]):
        u = uniform(key, ties[e]["key"])
        if u >= common:
            continue
        m, s = ties[e]["m"], ties[e]["s"]
        calm = t.rules_calm * (ruled(firm, people[m]["complies"]) + ruled(firm, people[s]["complies"]))
        least = min(trust_ms(firm, theory, e), trust_sm(firm, theory, e))
        if u < common * (1.0 - calm) * (1.0 - least):
            complain(firm, theory, e, uniform(mix(key), ties[e]["key"]) < 0.5, dice.day)


@kernel
def blame_for_quarter(firm, theory, dice):
    """After a missed quarter people look for somebody to blame across the gap (B15, seed 004)."""
    if dice.day % QUARTER != QUARTER - 1 or theory.rooms.conflict == 0:
        return
    t, ties, ledger = theory.conflict, firm.ties, firm.ledger
    chance = t.missed * ledger[0]["pressure"] * theory.rooms.structure
    key = key_of(dice.seed, Stream.CREDIT, dice.day)
    for e in range(ledger[0]["n_ties"]):
        u = uniform(key, ties[e]["key"])
        if u < chance * (1.0 - trust_sm(firm, theory, e)):
            complain(firm, theory, e, True, dice.day)
        elif u > 1.0 - chance * (1.0 - trust_ms(firm, theory, e)):
            complain(firm, theory, e, False, dice.day)


@kernel
def let_it_rest(firm, theory, dice):
    """Each week some grievances are forgotten, and managers settle a few that have lasted long enough to notice.

    A manager notices late and acts late (two delays, seed 004), so the chance
    a week is one over the sum of both.
    """
    if dice.day % WEEK != WEEK - 1:
        return
    t, ties = theory.conflict, firm.ties
    manager = clip(WEEK / (t.notice_days + t.act_days), 0.0, 1.0) * (1.0 - firm.ledger[0]["transition"] * 0.5)
    key = key_of(dice.seed, Stream.COMPLAINT, dice.day)
    for e in range(firm.ledger[0]["n_ties"]):
        if ties[e]["complaint_ms"] + ties[e]["complaint_sm"] == 0.0:
            continue
        u = uniform(key, ties[e]["key"])
        if u < t.lapse:
            ties[e]["complaint_ms"] = 0.0
            ties[e]["complaint_sm"] = 0.0
        elif u < t.lapse + manager * t.managers:
            ties[e]["complaint_ms"] = 0.0
            ties[e]["complaint_sm"] = 0.0
            firm.days[dice.day]["settled"] += 1.0


@kernel
def keep_shared_tasks(firm, theory, dice):
    """Database, content, research: kept by whoever owns them by rule, decaying where nobody does (seed 003)."""
    if dice.day % WEEK != WEEK - 1:
        return
    t, ledger, practices = theory.conflict, firm.ledger, firm.practices
    owned = max(
        (practices[Practice.RULES]["kept_m"] + practices[Practice.RULES]["kept_s"]) / 2.0, ledger[0]["overview"]
    )
    looped = (practices[Practice.FEEDBACK_LOOP]["kept_m"] + practices[Practice.FEEDBACK_LOOP]["kept_s"]) / 2.0
    records = ledger[0]["records"]
    records -= t.shared_tasks * records * (1.0 - max(owned, looped))
    records = raised(records, t.shared_tasks * (t.kept_anyway + max(owned, looped)), 1.0)
    ledger[0]["records"] = records
