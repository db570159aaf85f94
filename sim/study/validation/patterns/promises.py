"""Customers and growth: what wears them out, what they were promised, pull and push (P9, P12, P17, P18, P20)."""

from __future__ import annotations

import numpy as np

from sim.study.validation.patterns.follow_up import DESIGNS
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, NEAR
from sim.study.validation.patterns.pattern import IN_VAIN, Lives, Mutation, Pattern, above_both, changed, less, percent

GROWTH = {
    **{f"{n}, grown": Arm({**levers, "workforce.growth": 0.15}) for n, levers in (("bad", BAD), ("near", NEAR))},
    "bad, still": Arm(BAD),
    "near, still": Arm(NEAR),
}
STILL_FIRM = Mutation("nobody is hired", {"workforce.growth": 0.0})


def a_head(life: Life) -> float:
    """Revenue of year 5 per head and day, k€."""
    return life.year("revenue", 5) / life.year("people", 5)


def lost(life: Life) -> float:
    """Customers lost of a hundred, year 5, as a minus."""
    return -100.0 * 260.0 * life.year("churned", 5) / max(life.year("customers", 5), 1e-9)


def fall(of, name: str):
    return changed(of, f"{name}, grown", f"{name}, still")


def falls(of):
    return lambda v: [*fall(of, "near")(v), *fall(of, "bad")(v)]


def touched(n: int, levers: dict | None = None) -> Arm:
    return Arm({**(levers or {}), "marketing.nurture_touches": n})


def won_of_inquiries(life: Life) -> float:
    return (life.total("won") - life.total("own_won")) / max(life.total("inquiries"), 1.0)


def response(life: Life) -> float:
    """Deals won of deals ended, year 5."""
    return life.year("won", 5) / max(life.year("won", 5) + life.year("lost", 5), 1.0)


def promised(x: float) -> Arm:
    return Arm({"customers.overpromise": x})


def mixed(pull: float, push_mix: float) -> Arm:
    return Arm({"market.pull_share": pull, "marketing.push_mix": push_mix})


def mixes(pull: float, first: float, *others: float) -> dict:
    """Arms of one market: the mix that should be best, and those it should beat."""
    arms = {f"{x:g}": mixed(pull, x) for x in (first, *others)}
    return {"arms": arms, "observe": lambda v: [v[k].net_value for k in arms], "combine": above_both, "above": 0.0}


def correlation(m: np.ndarray) -> np.ndarray:
    return m[..., 0] / np.sqrt(m[..., 1] * m[..., 2])


def conflict_and_revenue(lives: Lives) -> list[float]:
    """Covariance and variances, within one market, of grievances a head and revenue of year 5."""
    x = np.array([x.year("grievances", 5) / x.year("people", 5) for x in lives.values()])
    y = np.array([x.year("revenue", 5) for x in lives.values()])
    x, y = x - x.mean(), (y - y.mean()) / y.mean()
    return [float((x * y).mean()), float((x * x).mean()), float((y * y).mean())]


BLOCKED = {"near": Arm(NEAR), "bad": Arm(BAD), "near, blocked": Arm({**NEAR, "rooms.customers": 0}),
           "bad, blocked": Arm({**BAD, "rooms.customers": 0})}  # fmt: skip
UNHURT = Mutation("promises cost no satisfaction", {"customers.promise_weight": 0.0})

ROWS = (
    Pattern("P9a", "Growth of 15 % a year without integration: revenue a head in year 5, %", "F37; seed 000 · A/B",
            {k: GROWTH[k] for k in ("bad, grown", "bad, still")}, fall(a_head, "bad"), percent, below=0.0,
            mutation=STILL_FIRM),
    Pattern("P9b", "… the fall with integration less that without, points of % (much less: at least 10)",
            "F37; seed 000 · A/B",
            GROWTH, falls(a_head), less, above=10.0, mutation=STILL_FIRM,
            note="the sign holds; 'much less' does not, because new heads meet a market that does not grow with them"),
    Pattern("P9c", "… any less at all", "F37; seed 000 · A/B", GROWTH, falls(a_head), less, above=0.0,
            mutation=STILL_FIRM),
    Pattern("P9d", "Growth without integration: customers lost of a hundred, as a minus, %", "seed 000",
            {k: GROWTH[k] for k in ("bad, grown", "bad, still")}, fall(lost, "bad"), percent, below=0.0,
            mutation=STILL_FIRM),
    Pattern("P9e", "… with integration less without, points of %", "seed 000", GROWTH, falls(lost), less, above=0.0,
            mutation=STILL_FIRM),
    Pattern("P12a", "Contacts per lead: deals won of inquiries, 4 touches a round above 0 and above 12, %",
            "F52, B28 · B",
            {"4": touched(4), "0": touched(0), "12": touched(12)}, lambda v: [won_of_inquiries(v[k]) for k in ("4",
            "0", "12")],
            above_both, above=0.0, mutation=Mutation("nobody tires of contacts", {"marketing.fatigue": 100.0,
                                                     "customers.bombardment": 0.0, "customers.borne": 2.0})),
    Pattern("P12b", "Contacts that a customer gets in a quarter, near against dear-and-far, %", "F52 · B",
            {"near": Arm(NEAR), "bad": Arm(BAD)}, changed(lambda x: x.burden, "near", "bad"), percent, below=0.0,
            mutation=Mutation("teams that know nothing of each other send no more", {"marketing.uncoordinated": 0.0})),
    Pattern("P12c", "… and what it costs: deals won of deals ended, uncoordinated contacts against none, "
                    "dear-and-far, %", "F52 · B",
            {"some": Arm(BAD), "none": Arm({**BAD, "marketing.uncoordinated": 0.0})}, changed(response, "some",
            "none"), percent,
            below=0.0, mutation=Mutation("teams that know nothing of each other send no more",
            {"marketing.uncoordinated": 0.0})),
    Pattern("P17a", "Customer value blocked: share of the revenue effect (near less dear-and-far, year 5) that "
                    "vanishes (most: over .5)",
            "F09 · B", BLOCKED, lambda v: [v[k].year("revenue", 5) for k in ("near, blocked", "bad, blocked", "near",
            "bad")],
            lambda m: 1.0 - (m[..., 0] - m[..., 1]) / (m[..., 2] - m[..., 3]), above=0.5,
            mutation=Mutation("satisfaction moves no renewal and no reputation anyway", {"rooms.customers": 0}),
            note="in five years most of the effect is new business from leads, not renewal"),
    Pattern("P17b", "… any of it", "F09 · B", BLOCKED,
            lambda v: [v[k].year("revenue", 5) for k in ("near, blocked", "bad, blocked", "near", "bad")],
            lambda m: 1.0 - (m[..., 0] - m[..., 1]) / (m[..., 2] - m[..., 3]), above=0.0,
            mutation=Mutation("satisfaction moves no renewal and no reputation anyway", {"rooms.customers": 0})),
    Pattern("P18a", "Promising one standard deviation too much: new business of year 1, %", "F54 · B",
            {"1": promised(1.0), "0": promised(0.0)},
            changed(lambda x: x.year("new_value", 1), "1", "0"), percent, above=0.0,
            mutation=Mutation("promises win nothing", {"selling.promise": 0.0})),
    Pattern("P18b", "… customers lost of a hundred in year 5, %", "F54 · B", {"1": promised(1.0), "0": promised(0.0)},
            changed(lambda x: -lost(x), "1", "0"), percent, above=0.0,
            mutation=Mutation("promises win nothing and cost nothing", {"customers.promise_weight": 0.0,
                              "selling.promise": 0.0})),
    Pattern("P18c", "… net value, %", "F54 · B", {"1": promised(1.0), "0": promised(0.0)},
            changed(lambda x: x.net_value, "1", "0"), percent, below=0.0, mutation=UNHURT),
    Pattern("P18d", "The long-run optimum is near no promise: net value at none above that at .5 and at 1, %",
            "F54 · B",
            {k: promised(float(k)) for k in ("0", ".5", "1")}, lambda v: [v[k].net_value for k in ("0", ".5", "1")],
            above_both,
            above=0.0, mutation=UNHURT),
    Pattern("P20a", "A market of pull and push: net value at a mix of .3 above both corners, %", "F56 · C",
            **mixes(0.6, 0.3, 0.0, 1.0),
            mutation=Mutation("everybody is attracted", {"market.pull_share": 1.0})),
    Pattern("P20b", "Pure pull: no push is best, %", "F56 · C", **mixes(1.0, 0.0, 0.3, 1.0),
            mutation=Mutation("nobody is attracted, all are called on", {"market.pull_share": 0.0})),
    Pattern("P20c", "Pure push: all push is best, %", "F56 · C", **mixes(0.0, 1.0, 0.7, 0.0),
            mutation=Mutation("everybody is attracted", {"market.pull_share": 1.0})),
    Pattern("F15", "Grievances a head and revenue of year 5, nine random organizations a market: correlation",
            "F15 · B", DESIGNS,
            conflict_and_revenue, correlation, below=0.0,
            mutation=IN_VAIN),
    Pattern("F14", "A difference in orientation with much exchange: net value at .5 against none, near, % (rivalry "
                   "may pay)", "F14, F10 · B",
            {".5": Arm({**NEAR, "structure.orientation_gap": 0.5}), "0": Arm({**NEAR,
            "structure.orientation_gap": 0.0})},
            changed(lambda x: x.net_value, ".5", "0"), percent, above=0.0,
            mutation=Mutation("different eyes see no more, and quarrel about everything", {"decisions.different": 0.0,
                              "conflict.by_orientation": 5.0, "conflict.ambiguity": 0.6})),
)  # fmt: skip
