"""Grievances that nobody's deal caused: scope, missed quarters, shared tasks; and how they end without a talk."""

from __future__ import annotations

from sim.model.dice import Stream, key_of, mix, uniform
from sim.model.firm import MONTH, QUARTER, WEEK, M, Practice, S
from sim.model.formulas import clip, raised
from sim.model.kernel import kernel
from sim.model.theory import Kind
from sim.model.things import grievance, ledger
from sim.model.things.practice import kept, ruled
from sim.model.things.tie import least_trust, trust_in


@kernel
def quarrel_over_scope(firm, theory, dice):
    """Each month people who deal with one another may quarrel over who does what, over budget or over credit.

    Role ambiguity: without rules, clarity and a common plan both do it or
    nobody does (seeds 001, 003). An unfair split adds to it (F50). A difference
    in orientation makes for argument, a difference in competence for contempt (F10).
    """
    if dice.day % MONTH != MONTH - 1 or theory.rooms.conflict == 0:
        return
    t, ties, row = theory.conflict, firm.ties, firm.ledger[0]
    key = key_of(dice.seed, Stream.QUARREL, dice.day)
    structure = theory.structure
    common = t.ambiguity * (1.0 - row["clarity"]) * (1.0 + row["transition"])
    common *= 1.0 + t.by_orientation * structure.orientation_gap + t.by_competence * structure.competence_gap
    common *= 1.0 + t.by_unfair * (1.0 - structure.budget_fairness) + t.by_records * (1.0 - row["records"])
    common *= 1.0 + theory.workforce.blurred * t.by_blur
    for e in range(row["n_ties"]):
        u = uniform(key, ties[e]["key"])
        if u >= common * ties[e]["strength"]:
            continue
        calm = t.rules_calm * (ruled(firm, ties[e]["m"]) + ruled(firm, ties[e]["s"]))
        if u < common * ties[e]["strength"] * (1.0 - calm) * (1.0 - least_trust(ties, theory, e)):
            by_sales = uniform(mix(key), ties[e]["key"]) < 0.5
            grievance.complain(firm, theory, e, S if by_sales else M, dice.day)


@kernel
def blame_for_quarter(firm, theory, dice):
    """After a missed quarter people look for somebody to blame among those they deal with (B15, seed 004).

    Where everybody sees what everybody does, they know better.
    """
    if dice.day % QUARTER != QUARTER - 1 or theory.rooms.conflict == 0:
        return
    ties, row = firm.ties, firm.ledger[0]
    chance = theory.conflict.missed * row["pressure"] * theory.rooms.structure * (1.0 - row["overview"])
    key = key_of(dice.seed, Stream.CREDIT, dice.day)
    for e in range(row["n_ties"]):
        u, near = uniform(key, ties[e]["key"]), ties[e]["strength"]
        if u < chance * near * (1.0 - trust_in(ties, theory, e, S)):
            grievance.complain(firm, theory, e, S, dice.day)
        elif u > 1.0 - chance * near * (1.0 - trust_in(ties, theory, e, M)):
            grievance.complain(firm, theory, e, M, dice.day)


@kernel
def let_it_rest(firm, theory, dice):
    """Each week some grievances are forgotten, and managers settle a few that have lasted long enough to notice.

    A manager notices late and acts late (two delays, seed 004), so the chance
    a week is one over the sum of both. One head over both teams is told by either
    side, and notices sooner.
    """
    if dice.day % WEEK != WEEK - 1:
        return
    t, ties = theory.conflict, firm.ties
    notice = t.notice_days * (t.one_head if theory.structure.kind >= Kind.MERGED else 1.0)
    manager = clip(WEEK / (notice + t.act_days), 0.0, 1.0) * (1.0 - firm.ledger[0]["transition"] * 0.5)
    key = key_of(dice.seed, Stream.COMPLAINT, dice.day)
    for e in range(firm.ledger[0]["n_ties"]):
        if not grievance.is_open(ties, e):
            continue
        u = uniform(key, ties[e]["key"])
        if u < t.lapse:
            grievance.forget(ties, e)
        elif u < t.lapse + manager * t.managers:
            grievance.settle(firm, e, dice.day)


@kernel
def keep_shared_tasks(firm, theory, dice):
    """Database, content, research: kept by whoever owns them by rule, decaying where nobody does (seed 003)."""
    if dice.day % WEEK != WEEK - 1:
        return
    t, practices, row = theory.conflict, firm.practices, firm.ledger[0]
    owned = max(kept(practices, Practice.RULES), row["overview"])
    looped = kept(practices, Practice.FEEDBACK_LOOP)
    records = row["records"]
    records -= t.shared_tasks * records * (1.0 - max(owned, looped))
    ledger.keep_records(firm.ledger, raised(records, t.upkeep * (t.kept_anyway + max(owned, looped)), 1.0))
