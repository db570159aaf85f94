"""Leads: follow-up, conversion, volume, speed, material (P5, P7, P14, P15; F16-F29)."""

from __future__ import annotations

import numpy as np

from sim.model.firm import Item
from sim.model.theory import numbers
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, FORBIDDEN, LIAISON, NEAR
from sim.study.validation.patterns.pattern import (
    MOVES_NOTHING,
    Lives,
    Mutation,
    Pattern,
    changed,
    difference,
    less,
    over,
    percent,
    times,
)

# Runs that between them pass through all stages; their quarters are pooled by stage.
FOUR = {"default": Arm(DEFAULT), "liaison": Arm(LIAISON), "near": Arm(NEAR), "bad": Arm(BAD)}
DESIGNS = {f"design {k}": Arm(design=k) for k in range(9)}
# Statements that are themselves results of selling; a stage read without them is not read off the outcome.
RESULTS = (Item.FORECAST, Item.NO_BLAME, Item.MATERIAL, Item.FUNNEL_STUDIED)
BLIND = Mutation("follow-up is a coin's toss", {"rooms.selling": 0})


def from_marketing(life: Life) -> np.ndarray:
    """Deals won from Marketing's leads, by quarter."""
    return life.sums["won"] - life.sums["own_won"]


def in_quarters(lives: Lives, of, stage: int) -> float:
    """A sum over all quarters in a stage, of all organizations."""
    return float(sum(of(x)[x.stage == stage].sum() for x in lives.values()))


def followed(stage: int):
    def of(v: Lives) -> list[float]:
        tried = in_quarters(v, lambda x: x.sums["followed"], stage)
        return [tried, in_quarters(v, lambda x: x.sums["handed"], stage)]

    return of


def stage_without_results(life: Life) -> np.ndarray:
    """The band of each quarter's score without the statements that are results (rescaled to 20..100)."""
    kept = [i for i in range(20) if i not in RESULTS]
    return np.digitize(life.items[:, kept].mean(1) * 20, (40.0, 60.0, 80.0)) + 1


def next_quarter(lives: Lives, of, stage: int) -> float:
    """A sum over year 5 of the quarters whose *last* quarter was in a stage, read without results."""
    return float(sum(of(x)[16:20][stage_without_results(x)[15:19] == stage].sum() for x in lives.values()))


def terciles(lives: Lives, of) -> tuple[float, float]:
    """Sums over the three organizations of highest and of lowest score among nine with random levers."""
    order = sorted(lives.values(), key=lambda x: x.final)
    return sum(of(x) for x in order[-3:]), sum(of(x) for x in order[:3])


def budget(times_: float, levers: dict | None = None) -> Arm:
    return Arm({**(levers or {}), "marketing.budget": times_})


def keen(step: float) -> Arm:
    return Arm({"selling.base": numbers()["selling.base"].default + step})


def extra(lives: Lives) -> list[float]:
    plain, more = lives["default"], lives["keen"]
    a, b = plain.total("followed"), float(from_marketing(plain).sum())
    return [float(from_marketing(more).sum()) - b, more.total("followed") - a, b, a]


def shares_of_answers(part: str):
    names = ("answered_hour", "answered_day", "answered_late", "never")
    return lambda v: (v["default"].funnel[part], sum(v["default"].funnel[n] for n in names))


def decay(m: np.ndarray) -> np.ndarray:
    """The exponent k of (1 + t/h)^-k from answers within the hour and later than a day."""
    soon, late = m[..., 0] / m[..., 1], m[..., 3] / m[..., 4]
    return -np.log(late / soon) / (m[..., 5] / m[..., 4] - m[..., 2] / m[..., 1])


def material(stage: int):
    item = int(Item.MATERIAL)

    def of(v: Lives) -> tuple[float, float]:
        seen = [x.seen[:, item][(x.stage == stage) & np.isfinite(x.seen[:, item])] for x in v.values()]
        return float(sum(s.sum() for s in seen)), float(sum(len(s) for s in seen))

    return of


RULES = {"rules": Arm({**FORBIDDEN, "practices.rules": 1}), "none": Arm(FORBIDDEN)}
NO_RULES = Mutation("nobody keeps the rules", {"rooms.practices": 0})

ROWS = (
    Pattern("P5a", "Marketing's deals won of inquiries: last quarter integrated against undefined, times", "F16 · B/C",
            FOUR, lambda v: [next_quarter(v, of, k) for k in (4, 1) for of in (from_marketing,
            lambda x: x.sums["inquiries"])],
            times, above=1.1, below=1.9, mutation=BLIND,
            note="F16 counts leads and not follow-ups, and thirds of firms and not the ends of the ladder"),
    Pattern("P5b", "Revenue a quarter in year 5: last quarter integrated against undefined, times (tens of per cent)",
            "B34, F18 · D/C", FOUR,
            lambda v: [next_quarter(v, of, k) for k in (4, 1) for of in (lambda x: x.sums["revenue"],
            lambda x: np.ones(len(x.score)))],
            times, above=1.1, below=1.9,
            mutation=Mutation("what people know, say and trust wins nothing but leads that fit and are passed on whole",
            {name: value for name, value in MOVES_NOTHING.items()
             if name not in ("rooms.marketing", "rooms.handoff")})),
    Pattern("F16", "Marketing's deals won of inquiries: top against bottom third of nine random organizations, times",
            "F16 · B/C", DESIGNS, lambda v: [x for of in (lambda y: float(from_marketing(y).sum()),
            lambda y: y.total("inquiries"))
                                             for x in terciles(v, of)],
            lambda m: m[..., 0] / m[..., 2] / (m[..., 1] / m[..., 3]), above=1.25, below=1.75,
            mutation=Mutation("what reps think of a lead says nothing about it, and untold context kills deals",
                              {"selling.quality": 0.0, "selling.weight_context": 1.0})),
    Pattern("B34", "Revenue of year 5: top against bottom third of nine random organizations, times", "B34 · D",
            DESIGNS, lambda v: terciles(v, lambda x: x.year("revenue", 5)), over, above=1.05, below=1.25,
            mutation=Mutation("trust decides every follow-up, and untold context kills deals",
                              {"selling.trust": 20.0, "selling.weight_context": 1.0, "selling.joint": 2.0})),
    Pattern("P7a", "Followed up, quarters in undefined", "F19, B8 · B/C", FOUR, followed(1), over, above=0.2, below=0.4,
            mutation=BLIND),
    Pattern("P7b", "Followed up, quarters in defined", "F19, B8 · B/C", FOUR, followed(2), over, above=0.2, below=0.4,
            mutation=Mutation("reps are keener on everything", {"selling.base": 0.0}),
            note="a little above the published range since the model was built"),
    Pattern("P7c", "Followed up, quarters in integrated", "B8 · B/C", FOUR, followed(4), over, above=0.65, below=0.85,
            mutation=Mutation("reps are reluctant whatever they think", {"selling.base": -6.0})),
    Pattern("P7d", "Reps much keener: wins per additional follow-up over wins per follow-up (far less: under .6)",
            "F16 with F19; model.md 5", {"default": Arm(DEFAULT), "keen": keen(1.0)}, extra, times, below=0.6,
            mutation=Mutation("what reps think of a lead says nothing about it", {"selling.quality": 0.0,
                              "selling.context": 0.0, "selling.trust": 0.0})),
    Pattern("P7e", "Reps' own deals a quarter, integrated over undefined (not crowded out: above .5)",
            "model.md 5 · J", FOUR,
            lambda v: [in_quarters(v, of, k) for k in (4, 1) for of in (lambda x: x.sums["own_won"],
            lambda x: np.ones(len(x.score)))],
            times, above=0.5, mutation=Mutation("reps keep no hours for prospects of their own, and leads cost a day",
                                                {"selling.own_floor": 0.0, "selling.lead_hours": 8.0,
                                                 "selling.deal_hours": 90.0})),
    Pattern("F28a", "Handed-off leads that are ignored, dear and far", "F28 · C", {"one": Arm(BAD)},
            lambda v: (v["one"].total("ignored"), v["one"].total("handed")), over, above=0.6, below=0.9,
            mutation=BLIND),
    Pattern("F28b", "Handed-off leads that are ignored, near", "F28 · C", {"one": Arm(NEAR)},
            lambda v: (v["one"].total("ignored"), v["one"].total("handed")), over, above=0.15, below=0.35,
            mutation=Mutation("reps are reluctant whatever they think", {"selling.base": -6.0})),
    Pattern("P14a", "Marketing's budget times eight: share followed up, points", "F21 · B/C", {"8": budget(8.0),
            "1": budget(1.0)},
            lambda v: [x for k in ("8", "1") for x in (v[k].total("followed"), v[k].total("handed"))],
            lambda m: 100.0 * (m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3]), below=0.0,
            mutation=Mutation("full days keep nobody from calling leads", {"selling.load": 0.0, "trust.ignored": 0.0,
                              "workload.day_hours": 24.0})),
    Pattern("P14b", "New business from the budget's doubling 4 to 8 less that of its doubling 1 to 2, % (flattens)",
            "F22 · B",
            {k: budget(float(k)) for k in ("8", "4", "2", "1")},
            lambda v: [v["8"].total("new_value") - v["4"].total("new_value"), v["4"].total("new_value"),
                       v["2"].total("new_value") - v["1"].total("new_value"), v["1"].total("new_value")], less,
                       below=0.0,
            mutation=Mutation("hours have no end and the market neither", {"workload.day_hours": 24.0,
                              "marketing.budget_power": 1.0, "marketing.catch": 0.03, "selling.deal_hours": 1.0})),
    Pattern("P14c", "New business from budget times eight: near less dear-and-far, points of % (the peak moves right)",
            "F22 · B",
            {"near 8": budget(8.0, NEAR), "near 1": budget(1.0, NEAR), "bad 8": budget(8.0, BAD), "bad 1": budget(1.0,
            BAD)},
            lambda v: [x for k in ("near", "bad") for x in
                       (v[f"{k} 8"].total("new_value") - v[f"{k} 1"].total("new_value"),
                       v[f"{k} 1"].total("new_value"))],
            less, above=0.0,
            mutation=Mutation("calling a lead costs most of a day and brings nothing", {"selling.interest": 0.0,
            "selling.lead_hours": 6.0})),
    Pattern("P15a", "Inquiries answered within the hour", "F25, B7 · C", {"default": Arm(DEFAULT)},
            shares_of_answers("answered_hour"), over, above=0.30, below=0.44,
            mutation=Mutation("answers take a day", {"marketing.answer_median_h": 24.0, "marketing.answer_sd": 1.0})),
    Pattern("P15b", "Inquiries answered later than a day", "F25, B7 · C", {"default": Arm(DEFAULT)},
            shares_of_answers("answered_late"), over, above=0.17, below=0.31,
            mutation=Mutation("answers come at once", {"marketing.answer_median_h": 0.5, "marketing.answer_sd": 1.0,
                              "marketing.strange_slow": 1.0})),
    Pattern("P15c", "Inquiries never answered", "F25, B7 · C", {"default": Arm(DEFAULT)}, shares_of_answers("never"),
            over,
            above=0.16, below=0.30, mutation=Mutation("every inquiry is answered", {"marketing.never": 0.0,
                                                      "marketing.strange": 0.0, "marketing.lost_records": 0.0})),
    Pattern("P15d", "Decay of conversion with the first answer's delay: exponent k", "B6, F23, F24 · D/C",
            {"default": Arm(DEFAULT)},
            lambda v: [v["default"].funnel[k] for k in
                       ("sql_hour", "answered_hour", "hours_hour", "sql_late", "answered_late", "hours_late")], decay,
            above=0.3, below=1.7, mutation=Mutation("prospects are patient without end", {"market.answer_decay": 0.0})),
    Pattern("F26", "Inquiries answered within a day: near over dear-and-far, times", "F26 · C", {"near": Arm(NEAR),
            "bad": Arm(BAD)},
            lambda v: [x for k in ("near", "bad") for x in
                       (v[k].funnel["answered_hour"] + v[k].funnel["answered_day"],
                        sum(v[k].funnel[n] for n in ("answered_hour", "answered_day", "answered_late", "never")))],
            times, above=2.0, below=3.0,
            mutation=Mutation("every inquiry is answered at once", {"marketing.answer_median_h": 0.1,
            "marketing.answer_sd": 0.1,
                              "marketing.never": 0.0, "marketing.lost_records": 0.0}),
            note="first answers are Marketing's own; the model lets the relationship hardly touch them"),
    Pattern("F27a", "Rules of engagement (a lead definition): leads handed off, %", "F27 · C", RULES,
            changed(lambda x: x.total("handed"), "rules", "none"), percent, below=0.0, mutation=NO_RULES),
    Pattern("F27b", "… opportunities per lead handed off, %", "F27 · C", RULES,
            lambda v: [x for k in ("rules", "none") for x in
                       (v[k].total("opportunities") - v[k].total("own_opportunities"), v[k].total("handed"))],
            lambda m: 100.0 * (times(m) - 1.0), above=0.0, mutation=NO_RULES),
    Pattern("F27c", "… trust of Sales in Marketing", "F27 · C", RULES,
            difference(lambda x: x.total("trust_sm") / x.total("people") * 36, "rules", "none"), above=0.0,
            mutation=NO_RULES),
    Pattern("F29a", "Deals that used Marketing's material, quarters in undefined", "F29, B29 · C", FOUR, material(1),
            over,
            above=0.1, below=0.4, mutation=Mutation("reps use whatever they are given", {"selling.material": 4.0})),
    Pattern("F29b", "Deals that used Marketing's material, quarters in integrated", "F29, B29 · C/J", FOUR,
            material(4), over,
            above=0.6, below=0.8, mutation=Mutation("reps use nothing", {"selling.material": -6.0})),
)  # fmt: skip
