"""The numbers that decide: at most sixty of all that may be moved, and how far each is thought to lie from its default.

Found by `experiments/core.py`, which also holds them against the verdicts of the validation (docs/reports/core.md). All
numbers were moved at once, each by a coin a third of the way to one of the ends of where it is thought to be, in five
organizations; a linear fit says what share of the spread of twelve outcomes each number alone makes. The sixty with the
largest mean share stand below, the largest first. Sizes of teams and market, switches, choices and constants were not
asked.
"""

from __future__ import annotations

from sim.model.theory import Number, numbers

MOST = 60
WAY = 1.0 / 3.0  # of the way from the default to an end of the plausible range
NO_RANGE = 0.2  # share of its default that a number is moved whose source tells no range
# How large it all is, and for whom: size is no question of importance.
SIZES = {"market.size", "market.for_marketers", "market.for_salespeople", "market.marketing_list", "market.own_list",
         "market.segments", "workforce.marketers", "workforce.salespeople", "workforce.idle", "customers.per_rep",
         "structure.usual_people", "structure.dismissal_misses", "marketing.numbers", "workload.day_hours"}  # fmt: skip

CORE: tuple[str, ...] = (
    "trust.gain",
    "communication.cost_hours",
    "market.tolerance",
    "selling.glance",
    "selling.win",
    "market.drift_sd",
    "market.value",
    "marketing.busy_from",
    "liaison.count",
    "practices.threshold",
    "practices.attitude_from",
    "contact.moments",
    "trust.initial",
    "workforce.ties_per_rep",
    "market.value_sd",
    "trust.loss",
    "selling.deal_hours",
    "practices.unasked_review",
    "selling.good",
    "marketing.visits",
    "marketing.ready_cut",
    "distance.between_teams_m",
    "trust.attitude",
    "contact.cost",
    "practices.hours",
    "marketing.plain_fit",
    "practices.worth_rules",
    "marketing.strange",
    "marketing.fatigue",
    "communication.push",
    "language.gain",
    "customers.reputation_base",
    "trust.talk",
    "practices.rules_trust",
    "customers.start_satisfaction",
    "liaison.act_hours",
    "contact.few",
    "practices.worth_joint_planning",
    "market.answer_decay",
    "trust.affect",
    "liaison.most_trust",
    "customers.renewal",
    "practices.worth_meetings",
    "marketing.touch_hours",
    "marketing.nurture_touches",
    "marketing.craft_hours",
    "money.discount",
    "money.margin",
    "language.ceiling_joint",
    "selling.quality",
    "marketing.never",
    "practices.unasked_help",
    "marketing.catch",
    "contact.base",
    "selling.load_from",
    "marketing.warm",
    "liaison.success",
    "customers.by_product",
    "marketing.lukewarm",
    "customers.satisfied",
)


def asked() -> list[Number]:
    """The numbers among which the core was sought, in the order of the rooms."""
    return [n for n in numbers().values() if ends(n) is not None]


def ends(number: Number) -> tuple[float, float] | None:
    """Where a number is moved to, down and up; None where it is not moved.

    >>> ends(numbers()["trust.gain"]), ends(numbers()["practices.rules"])
    ((0.0273, 0.054), None)
    """
    n = number
    if n.fixed or n.choices is not None or n.name in SIZES or n.name.startswith("rooms."):
        return None
    if n.plausible is not None:
        low, high = (n.default + WAY * (end - n.default) for end in n.plausible)
    elif n.default == 0 or n.type is int:
        return None
    else:
        low, high = sorted((n.default * (1.0 - NO_RANGE), n.default * (1.0 + NO_RANGE)))
    low, high = max(low, n.low), min(high, n.high)
    if n.type is int:
        low, high = int(low), int(high + 0.999999)
    else:
        low, high = float(f"{low:.3g}"), float(f"{high:.3g}")
    return (low, high) if low < high else None
