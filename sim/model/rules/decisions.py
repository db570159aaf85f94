"""Product, promotion, placement, price: who decides, with whose input, how late, how well (seed 002)."""

from __future__ import annotations

from sim.model.dice import Stream, key_of, uniform
from sim.model.firm import BY_CHIEF, BY_OWNER, PLACES, QUARTER, Decision, M, Practice, S, Team
from sim.model.formulas import clip, closeness, toward
from sim.model.kernel import kernel
from sim.model.theory import Kind, Owner
from sim.model.things import decision, segment
from sim.model.things.grievance import complain
from sim.model.things.practice import kept


@kernel
def prepare_decisions(firm, theory, dice):
    """Each quarter the four Ps are prepared: the lead team asks the other, or does not, and the exchange takes time.

    The other side is heard the likelier the more the heads trust each other and
    plans are joint, and the less power the lead team has. What was heard waits
    `delay_days`; what still waits at the quarter's end is not prepared anew. A
    product manager hears both on the product (seed 000).
    """
    if dice.day % QUARTER != 0 or theory.rooms.decisions == 0:
        return
    t, d, ledger = theory.decisions, firm.decisions, firm.ledger
    key = key_of(dice.seed, Stream.DECISION, dice.day)
    heads = min(firm.heads[0]["trust"], firm.heads[1]["trust"])
    planning = kept(firm.practices, Practice.JOINT_PLANNING)
    for q in range(len(d)):
        if d[q]["due"] >= dice.day:
            continue  # still waiting for the last one
        by_marketing = decision.is_marketings(q)
        power = ledger[0]["power"] if by_marketing else 1.0 - ledger[0]["power"]
        chance = clip(
            (heads + planning * (1.0 - heads)) * (1.0 - (power - 0.5)) * (t.asked + theory.culture.sharing), 0.0, 1.0
        )
        if theory.structure.kind == Kind.MARKETING_UNDER_SALES and q == Decision.PRODUCT:
            chance *= 1.0 - theory.structure.deaf
        if q == Decision.PRODUCT and theory.workforce.product_manager == 1:
            chance = 1.0
        u = uniform(key, q)
        wait = theory.communication.delay_days * (1.0 + ledger[0]["transition"]) if u < chance else 0.0
        if q == Decision.PRICE and u >= chance:
            wait += theory.communication.delay_days * 0.5
        decision.prepare(d, q, u < chance, dice.day + t.own_days + int(wait))


@kernel
def decide(firm, theory, dice):
    """Decisions that are due take effect: as good as the joint estimate they rest on.

    quality = mean over segments of exp(-(estimate - truth)^2 / 2 tolerance^2),
    where the estimate is the lead team's mean belief, joined by the other
    team's where it was heard. A product decision moves the offer toward the
    needs as they are believed to be (seed 000). Where both were heard, teams that
    look at different things decide better, up to a middling difference (F10).
    Without being heard the other
    side may object; the owner of the P&L breaks ties on price.
    """
    if theory.rooms.decisions == 0:
        return
    t, d = theory.decisions, firm.decisions
    for q in range(len(d)):
        if d[q]["due"] != dice.day:
            continue
        quality = 0.0
        for k in range(len(firm.segments)):
            estimate = estimate_needs(firm, theory, q, k)
            quality += closeness(firm.segments[k]["needs"] - estimate, theory.market.tolerance) / len(firm.segments)
            if q == Decision.PRODUCT:
                step = t.product * (1.0 + t.managed * theory.workforce.product_manager) * theory.rooms.market
                segment.redesign(firm.segments, k, estimate, min(step, 1.0))
        if d[q]["informed"] == 1:
            gap = theory.structure.orientation_gap
            quality = min(quality * (1.0 + t.different * (2.0 * 2.0 * gap * (1.0 - gap) - 1.0)), 1.0)
        decision.take_effect(d, q, quality, settled_by(theory, d[q]["informed"]), dice.day)
        if d[q]["informed"] == 0:
            object_to(firm, theory, dice, q)


@kernel
def estimate_needs(firm, theory, q, k):
    """What a decision takes the needs of a segment to be: the lead team's mean belief, joined by who was heard."""
    people, t = firm.people, theory.decisions
    needs_m, needs_s, n_m, n_s = 0.0, 0.0, 0.0, 0.0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 0:
            continue
        if people[i]["team"] == Team.MARKETING:
            needs_m += firm.beliefs[i, k]["needs"]
            n_m += 1.0
        elif people[i]["team"] == Team.SALES:
            needs_s += firm.beliefs[i, k]["needs"]
            n_s += 1.0
    needs_m, needs_s = needs_m / max(n_m, 1.0), needs_s / max(n_s, 1.0)
    by_marketing, informed = decision.is_marketings(q), firm.decisions[q]["informed"] == 1
    estimate, other = (needs_m, needs_s) if by_marketing else (needs_s, needs_m)
    if q == Decision.PRICE and not informed and theory.structure.owner != Owner.SALES:
        estimate = needs_m if theory.structure.owner == Owner.MARKETING else (needs_m + needs_s) / 2.0
    if informed:
        estimate = toward(estimate, other, t.heard if by_marketing else 1.0 - t.heard)
    return estimate


@kernel
def settled_by(theory, informed):
    """Who settled a decision: see `firm.DECISIONS`."""
    kind = theory.structure.kind
    if kind == Kind.ONE_CHIEF:
        return BY_CHIEF
    if kind == Kind.MERGED:
        return BY_OWNER
    return 1 if informed == 1 else 0


@kernel
def object_to(firm, theory, dice, q):
    """The side that was not heard may object to a decision, on any tie."""
    t, ties = theory.decisions, firm.ties
    side = S if decision.is_marketings(q) else M
    chance = t.dispute * (1.0 - firm.ledger[0]["clarity"])
    if q == Decision.PRICE and theory.structure.owner == Owner.CHIEF:
        chance *= 0.5
    key = key_of(dice.seed, Stream.TASK, dice.day)
    for e in range(firm.ledger[0]["n_ties"]):
        least = min(ties[e]["cog"][M], ties[e]["cog"][S])
        if uniform(key, ties[e]["key"] * PLACES + q) < chance * (1.0 - least) * t.per_tie:
            complain(firm, theory, e, side, dice.day)
