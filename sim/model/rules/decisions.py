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
    `delay_days`, and the market moves on meanwhile; what still waits at the
    quarter's end is not prepared anew. A product manager hears both on the
    product (seed 000).
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
        for k in range(len(firm.segments)):
            estimate(firm, theory, q, k)


@kernel
def decide(firm, theory, dice):
    """Decisions that are due take effect: as good as the picture of the market that they rest on.

    quality = mean over segments of exp(-(estimate - truth)^2 / 2 tolerance^2),
    where the estimate is that of the day on which the decision was prepared
    (see `estimate`). A product decision moves the offer toward the
    needs as they are believed to be (seed 000). Where both were heard, teams that
    look at different things decide better, up to a middling difference (F10).
    Without being heard the other
    side may object; the owner of the P&L breaks ties on price.
    """
    if theory.rooms.decisions == 0:
        return
    t, d, segments = theory.decisions, firm.decisions, firm.segments
    for q in range(len(d)):
        if d[q]["due"] != dice.day:
            continue
        quality = 0.0
        for k in range(len(segments)):
            thought = segments[k]["thought"][q]
            truth = segments[k]["needs"] if decision.is_marketings(q) else segments[k]["offer"]
            quality += closeness(truth - thought, theory.market.tolerance) / len(segments)
            if q == Decision.PRODUCT:
                step = t.product * (1.0 + t.managed * theory.workforce.product_manager) * theory.rooms.market
                segment.redesign(segments, k, thought, min(step, 1.0))
        if d[q]["informed"] == 1:
            gap = theory.structure.orientation_gap
            quality = min(quality * (1.0 + t.different * (2.0 * 2.0 * gap * (1.0 - gap) - 1.0)), 1.0)
        decision.take_effect(d, q, quality, settled_by(theory, d[q]["informed"]), dice.day)
        if d[q]["informed"] == 0:
            object_to(firm, theory, dice, q)


@kernel
def estimate(firm, theory, q, k):
    """What a decision takes for true of a segment: the lead team's mean belief, joined by the other's if it was heard.

    Product and promotion have to fit what customers need, placement and price what the offer brings them. Marketing
    leads the first two and Sales the others, so each team decides by what the other one sees first (F10). Where both
    are heard, each picture counts as much as those who have it are sure of it.
    """
    needed = decision.is_marketings(q)
    picture_m, unsure_m = mean_belief(firm, Team.MARKETING, k, needed)
    picture_s, unsure_s = mean_belief(firm, Team.SALES, k, needed)
    share_m = by_marketing_alone(theory, q)
    if firm.decisions[q]["informed"] == 1:
        share_m = unsure_s / (unsure_s + unsure_m + theory.selling.small)
    segment.picture(firm.segments, k, q, toward(picture_s, picture_m, share_m))


@kernel
def mean_belief(firm, team, k, of_needs):
    """What a team believes of a segment in the mean, of its needs or of the offer to it, and that belief's variance."""
    people, belief, picture, unsure, n = firm.people, firm.beliefs, 0.0, 0.0, 0.0
    for i in range(firm.ledger[0]["n_people"]):
        if people[i]["working"] == 1 and people[i]["team"] == team:
            picture += belief[i, k]["needs"] if of_needs else belief[i, k]["offer"]
            unsure += belief[i, k]["needs_var"] if of_needs else belief[i, k]["offer_var"]
            n += 1.0
    return picture / max(n, 1.0), unsure / max(n, 1.0)


@kernel
def by_marketing_alone(theory, q):
    """How far a decision is Marketing's where nobody else is asked (0..1): the owner of the P&L sets the price."""
    if q == Decision.PRICE and theory.structure.owner != Owner.SALES:
        return 1.0 if theory.structure.owner == Owner.MARKETING else 0.5
    return 1.0 if decision.is_marketings(q) else 0.0


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
