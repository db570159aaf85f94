"""Where organizations begin on the ladder, what carries them up it, and what carries them down (P1-P4, P11)."""

from __future__ import annotations

import numpy as np

from sim.study.validation.patterns.measured_run import Arm
from sim.study.validation.patterns.organizations import (
    BACK,
    BAD,
    DEFAULT,
    DISTRUSTED_BY_MARKETING,
    DISTRUSTED_BY_SALES,
    FAR,
    FORBIDDEN,
    LIAISON,
    MANDATED,
    NEAR,
    SPEEDS,
)
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern, difference, over

ONE = {"default": Arm(DEFAULT)}
# scenarios/journey.toml
JOURNEY = (
    (520, {"liaison.count": 1}),
    (780, {"distance.between_teams_m": 5.0}),
    (1300, {"structure.kind": 4, "communication.cost_hours": 0.1}),
)
# Runs that between them pass through all stages.
STEPS = {"default": Arm(DEFAULT), "liaison": Arm(LIAISON), "near": Arm(NEAR), "bad": Arm(BAD)}
DEAF = Mutation("nobody learns the other team's words", {"rooms.language": 0})
TALKATIVE = Mutation("people trust and understand each other from the start, next door, and talk is cheap",
                     {"trust.initial": 0.8, "trust.attitude": 0.8, "language.initial": 0.6,
                      "communication.cost_hours": 0.1, "distance.between_teams_m": 2.0})  # fmt: skip
LEARN_AT_ONCE = Mutation("a few good acts teach all trust and language there is, and problems are felt at once",
                         {"trust.gain": 0.5, "language.gain": 0.5, "practices.memory_rise_days": 1.0,
                          "practices.detection_days": 1.0, "practices.decision_days": 0.0})  # fmt: skip


def first_reached(stage: np.ndarray, least: int) -> float:
    """The quarter in which a stage is first reached, or infinity."""
    at = np.flatnonzero(stage >= least)
    return float(at[0] + 1) if len(at) else np.inf


def longest(hits: np.ndarray) -> int:
    """The longest run of true values."""
    best = run = 0
    for hit in hits:
        run = run + 1 if hit else 0
        best = max(best, run)
    return best


def higher_or_sooner(lives: Lives) -> bool:
    """Whether the first organization ends higher, gets higher, or gets as high sooner than the second."""
    a, b = lives["with"].stage, lives["without"].stage
    if a[-1] > b[-1] or a.max() > b.max():
        return True
    top = int(a.max())
    return bool(top == b.max() and top > 1 and first_reached(a, top) < first_reached(b, top))


def in_order(stage: np.ndarray, dwell: int) -> bool:
    """All four stages, first reached in order, with at least `dwell` quarters in each."""
    at = [np.flatnonzero(stage == k) for k in (1, 2, 3, 4)]
    return all(len(f) >= dwell for f in at) and all(at[k][0] < at[k + 1][0] for k in range(3))


def half_times(gap: np.ndarray, turn: int) -> tuple[float, float]:
    """Quarters until half the fall (before row `turn`) and until half the way back (after it), from a mean gap."""
    depth = gap[turn - 4 : turn].mean()
    if depth <= 0:
        return np.nan, np.nan

    def crossing(path: np.ndarray, up: bool) -> float:
        beyond = np.flatnonzero(path >= depth / 2 if up else path <= depth / 2)
        if not len(beyond):
            return float(len(path))
        j = int(beyond[0])
        before = path[j - 1] if j else (0.0 if up else depth)
        return float(j + (depth / 2 - before) / (path[j] - before)) if path[j] != before else float(j + 1)

    return crossing(gap[:turn], True), crossing(gap[turn:], False)


def climb_over_slide(means: np.ndarray) -> np.ndarray:
    """How many times longer half the way back takes than half the fall, from mean gaps of score."""
    found = [np.divide(*half_times(gap, 20)[::-1]) for gap in np.atleast_2d(means)]
    return np.array(found) if means.ndim > 1 else found[0]


def gap_from_year_5(lives: Lives) -> np.ndarray:
    return (lives["still"].score - lives["moved"].score)[20:]


def undefined_throughout(lives: Lives) -> bool:
    return bool((lives["one"].stage == 1).all())


def speeds(factor: float) -> dict[str, float]:
    """All rates of trust, language and habit times a factor."""
    from sim.model.theory import numbers

    return {name: min(numbers()[name].default * factor, numbers()[name].high) for name in SPEEDS}


FALL = Arm(NEAR, ((1300, {**BAD, "liaison.count": 0}),), 2080)
SLIDE = {
    "still": Arm(DEFAULT, days=5200),
    "moved": Arm(DEFAULT, ((1300, BAD), (2600, {k: BACK[k] for k in BAD})), 5200),
}

ROWS = (
    Pattern("P1a", "The default's first two quarters are undefined (share of markets)", "F01 · H; model.md 5",
            ONE, lambda v: bool((v["default"].stage[:2] == 1).all()), above=0.9, share=True,
            mutation=Mutation("people begin with trust and a common language",
                              {"trust.initial": 0.8, "trust.attitude": 0.8, "language.initial": 0.8})),
    Pattern("P1b", "The default reaches defined (share of markets)", "model.md 5 · J", ONE,
            lambda v: bool((v["default"].stage >= 2).any()), above=0.5, share=True,
            mutation=Mutation("no practice is decreed", {"rooms.practices": 0, "rooms.informal": 0})),
    Pattern("P1c", "… and stays in defined for two years in a row (share of markets)", "model.md 5 · J", ONE,
            lambda v: longest(v["default"].stage == 2) >= 8, above=0.5, share=True,
            mutation=Mutation("no practice is decreed", {"rooms.practices": 0, "rooms.informal": 0})),
    Pattern("P2a", "A liaison trusted by both: a stage higher, or sooner (share of markets)", "F44 · H",
            {"with": Arm(LIAISON), "without": Arm(DEFAULT)}, higher_or_sooner, above=0.5, share=True,
            mutation=Mutation("liaisons only do harm", {"liaison.success": 0.0, "liaison.distortion": 2.0})),
    Pattern("P2b", "A liaison whom Sales distrusts: score against none, points (no better: under 2)", "F44 · H",
            {"with": Arm(DISTRUSTED_BY_SALES), "without": Arm(DEFAULT)},
            difference(lambda x: x.final, "with", "without"), below=2.0,
            mutation=Mutation("her distorted errands do no harm, and trust in her comes by itself",
                              {"liaison.distortion": 0.0, "liaison.trust_gain": 10.0, "liaison.trust_loss": 0.0,
                               "liaison.trust_sales": 0.5})),
    Pattern("P2c", "A liaison whom Marketing distrusts: score against none, points (no better: under 2)", "F44 · H",
            {"with": Arm(DISTRUSTED_BY_MARKETING), "without": Arm(DEFAULT)},
            difference(lambda x: x.final, "with", "without"), below=2.0,
            mutation=Mutation("her distorted errands do no harm, and trust in her comes by itself",
                              {"liaison.distortion": 0.0, "liaison.trust_gain": 10.0, "liaison.trust_loss": 0.0,
                               "liaison.trust_marketing": 0.5})),
    Pattern("P3a", "Near, cheap, with a liaison: all four stages in order, two quarters or more in each (share)",
            "model.md 5; F01 · H", {"near": Arm(NEAR)}, lambda v: in_order(v["near"].stage, 2), above=0.5, share=True,
            mutation=DEAF),
    Pattern("P3b", "… with practices forbidden: ever integrated (share)", "model.md 6 · J",
            {"near": Arm({**NEAR, **FORBIDDEN})}, lambda v: bool((v["near"].stage == 4).any()), below=0.5, share=True,
            control=True,
            mutation=Mutation("unasked joint work bears everything",
                              {"practices.unasked_help": 5.0, "practices.unasked_plan": 3.0,
                               "practices.unasked_review": 3.0, "trust.initial": 0.9, "language.initial": 0.9,
                               "trust.attitude": 0.9, "structure.kind": 4})),
    Pattern("J1", "The journey, four decisions in eight years: all four stages in order, two quarters or more in each "
                  "(share)", "model.md 5 · J", {"journey": Arm({}, JOURNEY, 2080)},
            lambda v: in_order(v["journey"].stage, 2), above=0.9, share=True, mutation=DEAF),
    Pattern("P4a", "Dear talk and low trust: undefined in all 20 quarters (share)", "F01 · H; model.md 5",
            {"one": Arm(BAD)}, undefined_throughout, above=0.5, share=True, mutation=TALKATIVE),
    Pattern("P4b", "… farther still (share)", "F01, F42 · H/B", {"one": Arm(FAR)}, undefined_throughout, above=0.5,
            share=True, mutation=TALKATIVE),
    Pattern("P4c", "… and everything ordered from above (share)", "model.md 6; seed 000",
            {"one": Arm({**BAD, **MANDATED})}, undefined_throughout, above=0.5, share=True, control=True,
            mutation=Mutation("an order is kept whatever people think",
                              {"practices.threshold": -1.0, "practices.reactance": 0.0, "practices.act_spoils": 0.0})),
    Pattern("P4d", "… more than half of the contacts are about disputes", "F01 · H", {"one": Arm(BAD)},
            lambda v: (v["one"].total("disputes"), v["one"].total("contacts")), over,
            above=0.5, mutation=Mutation("no grievance ever arises", {"rooms.conflict": 0})),
    Pattern("P4e", "Share of contacts about disputes: each stage less the next one up, least of the three", "F01 · H",
            STEPS, lambda v: [sum(x.in_stage(what, k) for x in v.values()) for k in (1, 2, 3, 4)
                              for what in ("disputes", "contacts")],
            lambda m: (m[..., 0:6:2] / m[..., 1:6:2] - m[..., 2:8:2] / m[..., 3:8:2]).min(-1), above=0.0,
            mutation=Mutation("no grievance ever arises", {"rooms.conflict": 0}),
            note="F01 orders the types; a threshold within one of them is nobody's finding"),
    Pattern("P11a", "Near for five years, then bad for three, less always bad: score, points",
            "D (slide-back); model.md 5",
            {"fallen": Arm(**FALL._asdict()), "never": Arm(BAD, days=2080)},
            difference(lambda x: x.final, "fallen", "never"), above=0.0,
            mutation=Mutation("the good years never were", {**BAD, "liaison.count": 0})),
    Pattern("P11b", "… a higher stage a year after the fall (share)", "D (slide-back); model.md 5",
            {"fallen": Arm(**FALL._asdict()), "never": Arm(BAD, days=2080)},
            lambda v: bool(v["fallen"].stage[23] > v["never"].stage[23]), above=0.5, share=True,
            mutation=Mutation("nothing that was learnt lasts", {"trust.relax": 1.0, "language.fade": 1.0})),
    Pattern("P11c", "Half the way back takes longer than half the fall, times", "F48, D · A/J", SLIDE, gap_from_year_5,
            climb_over_slide, above=1.0,
            mutation=LEARN_AT_ONCE),
    Pattern("P11d", "A reorganization costs points within a year", "D (slide-back) · J",
            {"still": Arm(DEFAULT, days=2080), "moved": Arm(DEFAULT, ((1040, "reorganization"),), 2080)},
            lambda v: float((v["still"].score - v["moved"].score)[16:20].mean()), above=0.0,
            mutation=Mutation("a reorganization changes no counterpart and drops no practice",
                              {"structure.new_counterparts": 0.0, "rooms.practices": 0})),
    Pattern("P11e", "People change half as fast: climb over slide, times", "model.md 6 (speed has no evidence)",
            {n: a._replace(levers=speeds(0.5)) for n, a in SLIDE.items()}, gap_from_year_5, climb_over_slide, above=1.0,
            mutation=LEARN_AT_ONCE),
    Pattern("P11f", "People change twice as fast: climb over slide, times", "model.md 6 (speed has no evidence)",
            {n: a._replace(levers=speeds(2.0)) for n, a in SLIDE.items()}, gap_from_year_5, climb_over_slide, above=1.0,
            mutation=LEARN_AT_ONCE),
)  # fmt: skip
