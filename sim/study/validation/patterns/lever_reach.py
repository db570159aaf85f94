"""How far each lever moves the score, what twenty years bring, and the order in which practices are adopted."""

from __future__ import annotations

import numpy as np

from sim.study.validation.patterns.measured_run import Arm
from sim.study.validation.patterns.organizations import DEFAULT, LIAISON, NEAR, PRACTICES
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern, difference

TWENTY = {"default": Arm(DEFAULT, days=5200)}
# The ladder's rungs as the article recommends them (evidence D).
RUNGS = {
    "rules": 0,
    "events": 0,
    "meetings": 1,
    "feedback_loop": 1,
    "joint_planning": 1,
    "key_accounts": 1,
    "shared_metrics": 2,
    "rotation": 2,
}


def ends(name: str, worse: float, better: float) -> dict:
    """The score at the two ends of a lever's range, all else as in the default."""
    arms = {"better": Arm({name: better}), "worse": Arm({name: worse})}
    return {"arms": arms, "observe": difference(lambda x: x.final, "better", "worse"), "above": 10.0}


def in_the_ladders_order(lives: Lives) -> tuple[float, float]:
    """Pairs of practices of different rungs, one adopted at least: how many in the ladder's order, of how many."""
    since = np.where(lives["one"].since >= 0, lives["one"].since.astype(float), np.inf)
    right = pairs = 0
    for a, one in enumerate(PRACTICES):
        for b, other in enumerate(PRACTICES):
            if RUNGS[one] < RUNGS[other] and min(since[a], since[b]) < np.inf:
                pairs, right = pairs + 1, right + int(since[a] < since[b])
    return float(right), float(pairs)


FLAT = Mutation("everybody is as near as anybody", {"distance.half_m": 1000.0, "distance.floor": 1.0,
                "distance.far_floor": 1.0, "distance.travel_hours": 0.0, "distance.handoff_days": 0.0})  # fmt: skip
FREE = Mutation("no talk and no meeting takes time", {"rooms.workload": 0, "contact.cost": 0.0, "practices.hours": 0.0,
                "practices.access_cost": 0.0, "contact.refusal_hours": 0.0})  # fmt: skip
STEADY = Mutation("near, with a liaison, and nobody leaves and nothing is reorganized",
                  {**NEAR, "rooms.workforce": 0, "rooms.structure": 0, "structure.head_tenure": 0.0})  # fmt: skip

ROWS = (
    Pattern("L1", "Distance from 500 m to half a metre moves the score by ten points", "model.md 4, 5 · J",
            **ends("distance.between_teams_m", 500.0, 0.5), mutation=FLAT),
    Pattern("L2", "A contact of two hours to one of a minute moves the score by ten points", "model.md 4, 5 · J",
            **ends("communication.cost_hours", 2.0, 0.02), mutation=FREE),
    Pattern("L3", "Initial trust from .1 to .8 moves the score by ten points", "model.md 4, 5 · J",
            **ends("trust.initial", 0.1, 0.8),
            mutation=Mutation("trust follows the attitude at once",
                              {"trust.relax": 1.0, "trust.attitude_anchor": 1.0, "trust.anchor_firm": 1.0})),
    Pattern("L4", "No liaison to three moves the score by ten points", "model.md 4, 5 · J",
            **ends("liaison.count", 0, 3), mutation=Mutation("liaisons do nothing", {"rooms.liaison": 0})),
    Pattern("Y1", "The default after twenty years: integrated (no ratchet: share below .5)", "model.md 5 (slide-back)",
            TWENTY, lambda v: bool(v["default"].stage[-1] == 4), below=0.5, share=True, control=True, mutation=STEADY),
    Pattern("Y2", "… slides by a stage at least every ten years, moves down in twenty", "D (slide-back) · J", TWENTY,
            lambda v: float((np.diff(v["default"].stage) < 0).sum()), above=2.0,
            mutation=Mutation("nobody works together", {"rooms.practices": 0, "rooms.informal": 0})),
    Pattern("O1", "Pairs of practices adopted in the ladder's order, firms with a liaison (chance is .5)", "D · H",
            {"one": Arm(LIAISON)}, in_the_ladders_order, lambda m: m[..., 0] / m[..., 1], above=0.5,
            mutation=Mutation("what is at the top of the ladder solves most",
                              {"practices.worth_shared_metrics": 10.0, "practices.worth_rotation": 10.0,
                               "practices.worth_rules": 0.0, "practices.worth_events": 0.0}),
            note="rests on which practice needs how much trust and language, which is our assumption"),
)  # fmt: skip
