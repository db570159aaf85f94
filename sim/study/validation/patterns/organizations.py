"""The organizations that patterns compare: lists of levers, and random draws of levers.

None of them is a calibration of its own: each is the default with levers moved
that managers, or the market, could move.
"""

from __future__ import annotations

import numpy as np

from sim.model.firm import Practice
from sim.model.theory import Mode

Levers = dict[str, float]
PRACTICES = tuple(each.name.lower() for each in Practice)
MANDATED: Levers = {f"practices.{name}": int(Mode.MANDATED) for name in PRACTICES}
FORBIDDEN: Levers = {f"practices.{name}": int(Mode.FORBIDDEN) for name in PRACTICES}
DEFAULT: Levers = {}
LIAISON: Levers = {"liaison.count": 1}
DISTRUSTED_BY_SALES: Levers = {**LIAISON, "liaison.trust_sales": 0.1}
DISTRUSTED_BY_MARKETING: Levers = {**LIAISON, "liaison.trust_marketing": 0.1}
NEAR: Levers = {"distance.between_teams_m": 5.0, "communication.cost_hours": 0.25, "liaison.count": 1}
BAD: Levers = {
    "distance.between_teams_m": 60.0,
    "communication.cost_hours": 1.0,
    "trust.initial": 0.15,
    "trust.attitude": 0.22,
}
FAR: Levers = {**BAD, "distance.between_teams_m": 100.0, "communication.cost_hours": 1.2}
NEAR_DISTRUST: Levers = {**NEAR, "liaison.count": 0, "trust.initial": 0.10, "trust.attitude": 0.15}
DEEP_DISTRUST: Levers = {**NEAR_DISTRUST, "trust.initial": 0.05, "trust.attitude": 0.10}
# Where the levers stand in the default: what a dated change goes back to.
BACK: Levers = {
    "distance.between_teams_m": 30.0,
    "communication.cost_hours": 0.5,
    "trust.initial": 0.35,
    "trust.attitude": 0.33,
    "liaison.count": 0,
}
# Few people, a short cycle, a simple offer, a certain familiarity (F06, F07).
SMALL: Levers = {
    "workforce.marketers": 3,
    "workforce.salespeople": 5,
    "market.cycle_days": 10.0,
    "market.drift_sd": 0.3,
    "trust.initial": 0.5,
}
SIMPLE: Levers = {"market.cycle_days": 15.0, "market.drift_sd": 0.2}
COMPLEX: Levers = {"market.cycle_days": 90.0, "market.drift_sd": 1.2}
# Everything that says how fast people change, scaled together: nothing is known of this speed (model.md 6).
SPEEDS = (
    "trust.gain",
    "trust.loss",
    "trust.relax",
    "trust.attitude_follows",
    "trust.attitude_mates",
    "trust.attitude_anchor",
    "trust.erosion",
    "language.gain",
    "language.fade",
    "contact.benefit_rate",
    "contact.strength_gain",
    "contact.strength_fade",
)
# Ranges from which levers are drawn where a pattern is about organizations in general: (low, high).
DRAWN = {
    "communication.cost_hours": (0.1, 1.5),
    "communication.delay_days": (0.0, 20.0),
    "liaison.count": (0, 2),
    "liaison.trust_marketing": (0.1, 0.8),
    "liaison.trust_sales": (0.1, 0.8),
    "distance.between_teams_m": (2.0, 100.0),  # on the logarithm
    "trust.initial": (0.15, 0.6),
    "trust.attitude": (0.2, 0.5),
}


# Plausible levers of firms in general (F05): lowest, highest, or the values that are as likely as each other.
# "log" is even on the logarithm; a last entry of "a marketer" counts heads for each marketer.
_MODES = (0, 0, 0, 0, 0, 0, 0, 1, 2)
RANGES: dict[str, tuple] = {
    "distance.between_teams_m": ("log", 2.0, 20_000.0),
    "communication.cost_hours": ("log", 0.15, 2.0),
    "communication.delay_days": ("even", 0.0, 15.0),
    "communication.push": ("even", -1.0, 1.0),
    "communication.agenda": ("even", 0.0, 1.0),
    "trust.initial": ("even", 0.15, 0.65),
    "trust.attitude": ("even", 0.2, 0.5),
    "liaison.count": ("one of", 0, 0, 0, 1, 1, 2),
    "liaison.trust_marketing": ("even", 0.2, 0.9),
    "liaison.trust_sales": ("even", 0.2, 0.9),
    "workforce.ties_per_rep": ("one of", 1, 2, 3, 4, 5, 6),
    "workforce.turnover_m": ("even", 0.1, 0.25),
    "workforce.turnover_s": ("even", 0.2, 0.4),
    "structure.reorganizations": ("even", 0.0, 0.6),
    "structure.power": ("even", 0.2, 0.8),
    "structure.budget_fairness": ("even", 0.2, 0.9),
    "structure.orientation_gap": ("even", 0.2, 0.9),
    "structure.competence_gap": ("even", 0.1, 0.6),
    "conflict.clarity": ("even", 0.0, 0.8),
    "culture.identification": ("even", 0.2, 0.7),
    "culture.status_gap": ("even", -0.5, 0.5),
    "culture.sharing": ("even", 0.1, 0.8),
    "marketing.volume_target": ("even", 0.0, 0.8),
    "marketing.visits": ("even", 0.0, 2.0),
    **{f"practices.{name}": ("one of", *_MODES) for name in PRACTICES},
    "workforce.marketers": ("log", 5, 30),
    "workforce.salespeople": ("even", 1.5, 4.0),  # a marketer
    "market.drift_sd": ("even", 0.4, 1.6),
    "market.cycle_days": ("log", 20.0, 120.0),
    "market.value": ("log", 10.0, 40.0),
    "market.pull_share": ("even", 0.35, 0.85),
}
FIRMS, MARKETS = 500, 100  # firms of the Latin hypercube; consecutive markets that they are spread over


def sized(people: int) -> Levers:
    """A firm of so many people, a third of them in Marketing."""
    marketers = max(round(people / 3), 1)
    return {"workforce.marketers": marketers, "workforce.salespeople": people - marketers}


def drawn(number: int, seed: int, permitted: str = "teams decide") -> Levers:
    """Levers drawn at random from DRAWN, the same for the same number and market.

    permitted   "teams decide" leaves the practices to the teams, "some" forbids each with an even chance; "ranges":
                another draw altogether, see `ranged`
    """
    if permitted == "ranges":
        return ranged(number, seed)
    rng = np.random.default_rng([seed, number])
    found: Levers = {}
    for name, (low, high) in DRAWN.items():
        x = rng.random()
        if name == "distance.between_teams_m":
            found[name] = float(low * (high / low) ** x)
        elif isinstance(low, int):
            found[name] = int(low + x * (high - low) + 0.5)
        else:
            found[name] = float(low + x * (high - low))
    if permitted == "some":
        for name in PRACTICES:
            found[f"practices.{name}"] = int(Mode.FORBIDDEN if rng.random() < 0.5 else Mode.TEAMS_DECIDE)
    return found


def ranged(number: int, seed: int) -> Levers:
    """A firm of plausible levers (RANGES): a hundred consecutive markets and numbers 0 to 4 are a Latin hypercube."""
    firm = (number * MARKETS + seed % MARKETS) % FIRMS
    found: Levers = {}
    for place, (name, (kind, *values)) in enumerate(RANGES.items()):
        rng = np.random.default_rng([place, FIRMS])
        u = (rng.permutation(FIRMS)[firm] + rng.random(FIRMS)[firm]) / FIRMS
        if kind == "one of":
            found[name] = values[int(u * len(values))]
        elif kind == "log":
            found[name] = float(values[0] * (values[1] / values[0]) ** u)
        else:
            found[name] = float(values[0] + u * (values[1] - values[0]))
    found["workforce.marketers"] = round(found["workforce.marketers"])
    found["workforce.salespeople"] = round(found["workforce.salespeople"] * found["workforce.marketers"])
    return found


# Changes of the model that several rows share: what people know, say and trust moves no lead, no deal and no customer …
MOVES_NOTHING: Levers = {
    "rooms.selling": 0,
    "rooms.marketing": 0,
    "rooms.decisions": 0,
    "rooms.customers": 0,
    "rooms.customization": 0,
    "rooms.handoff": 0,
    "rooms.culture": 0,
    "selling.weight_context": 0.0,
    "selling.joint": 0.0,
    "selling.offer_tolerance": 10.0,
    "marketing.uncoordinated": 0.0,
    "distance.handoff_days": 0.0,
}
# … and working together eats the days.
EATS_DAYS: Levers = {
    "practices.help_hours": 8.0,
    "contact.interruption_hours": 8.0,
    "liaison.part_hours": 4.0,
    "practices.stint_hours": 100.0,
    "selling.joint_hours": 60.0,
}
