"""The audit and the pairing of markets: safeguards, and what must not happen (P19, P22; model.md 6)."""

from __future__ import annotations

import numpy as np

from sim.model.audit import HIGH, LOW
from sim.model.firm import Item, Practice
from sim.study.validation.patterns.follow_up import FOUR
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, FORBIDDEN, LIAISON, MANDATED, NEAR, NEAR_DISTRUST
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern, changed, difference, percent

SILENT = {"rooms.contact": 0, "rooms.informal": 0, "rooms.practices": 0, "rooms.liaison": 0}
ANY = {f"design {k}": Arm(design=100 + k, permitted="some") for k in range(8)}
STRUCTURAL = int(Item.ONE_HEAD)
JITTERS = np.random.default_rng(7).uniform(0.8, 1.2, (100, 2, 20))


def side_gap(lives: Lives, *stages: int) -> tuple[float, float]:
    """Sum of the gap between the two sides' scores over quarters in some stages, and their number."""
    gaps = [np.abs(x.sides[:, 0] - x.sides[:, 1])[np.isin(x.stage, stages)] for x in lives.values()]
    return float(sum(g.sum() for g in gaps)), float(sum(len(g) for g in gaps))


def explained(of):
    """Moments for R2 of the score on some numbers, over the organizations of a market: `r2` makes it of their means."""

    def moments(lives: Lives) -> np.ndarray:
        x = np.array([[1.0, *np.atleast_1d(of(each)), each.final] for each in lives.values()])
        return (x[:, :, None] * x[:, None, :]).mean(0).ravel()

    return moments


def r2(means: np.ndarray) -> np.ndarray:
    """R2 of the last variable on the others, from the matrix of mean products."""
    k = int(round(means.shape[-1] ** 0.5))
    m = means.reshape(*means.shape[:-1], k, k)
    centred = m[..., 1:, 1:] - m[..., 1:, :1] * m[..., :1, 1:]
    x, xy, yy = centred[..., :-1, :-1], centred[..., :-1, -1], centred[..., -1, -1]
    return (xy[..., None, :] @ np.linalg.pinv(x) @ xy[..., :, None])[..., 0, 0] / yy


def moved_by_jitter(lives: Lives) -> float:
    """How far 100 jitters of all anchors move the final total, points, mean over the organizations."""
    moves = []
    for life in lives.values():
        seen = life.seen[-1]
        low, high = np.array(LOW) * JITTERS[:, 0], np.array(HIGH) * JITTERS[:, 1]
        items = np.floor(1 + 4 * np.clip((np.nan_to_num(seen) - low) / np.maximum(high - low, 0.05), 0, 1) + 0.5)
        items = np.where(np.isnan(seen), 1, items)
        items[:, STRUCTURAL] = life.items[-1, STRUCTURAL]
        moves.append(np.abs(items.sum(1) - life.score[-1]).mean())
    return float(np.mean(moves))


def kinds(lives: Lives) -> float:
    """The fewest different scores that any of the 19 statements takes."""
    every = np.concatenate([x.items for x in lives.values()])
    return float(min(len(np.unique(every[:, j])) for j in range(20) if j != STRUCTURAL))


def clamped(practices: dict, low: dict, high: dict) -> dict:
    return {"arms": {"high": Arm({**practices, **high}), "low": Arm({**practices, **low})},
            "observe": difference(lambda x: x.final, "high", "low"), "above": 10.0}  # fmt: skip


def saved(of):
    """Squares for the variance of a difference, paired, over what it were unpaired."""
    return lambda v: [of(v["a"]), of(v["b"]), of(v["a"]) ** 2, of(v["b"]) ** 2, of(v["a"]) * of(v["b"])]


def times_saved(m: np.ndarray) -> np.ndarray:
    a, b, aa, bb, ab = np.moveaxis(m, -1, 0)
    one, other, both = aa - a * a, bb - b * b, ab - a * b
    return (one + other) / np.maximum(one + other - 2 * both, 1e-12)


def described(stage: int, practice: Practice):
    """Quarters' ends in a stage with a practice kept by both teams, of all (final quarters only)."""

    def of(v: Lives) -> tuple[float, float]:
        at = [x for x in v.values() if x.stage[-1] == stage]
        return float(sum(x.kept[practice] > 0.5 for x in at)), float(len(at))  # fmt: skip

    return of


def kept_of(m: np.ndarray) -> np.ndarray:
    """A share; 0 where no firm came so far."""
    return m[..., 0] / np.maximum(m[..., 1], 1e-9)


def revenue(life: Life) -> float:
    return life.outcomes["revenue"]


DISTANCE = ({"distance.between_teams_m": 120.0}, {"distance.between_teams_m": 2.0})
COST = ({"communication.cost_hours": 1.5}, {"communication.cost_hours": 0.1})
TRUST = ({"trust.initial": 0.15}, {"trust.initial": 0.6})
FROZEN = Mutation("trust stays what it was on day 0, and nothing else differs", {"rooms.trust": 0, "rooms.language": 0,
                  "language.initial": 0.7, "rooms.practices": 0, "rooms.contact": 0, "rooms.liaison": 0,
                  "rooms.workforce": 0, "rooms.structure": 0, "rooms.market": 0, "rooms.culture": 0,
                  "practices.screen": 1.0, "practices.access_cost": 0.0, "distance.half_m": 1000.0})  # fmt: skip
WITHIN = Mutation(
    "practices are all there is to working together", {"rooms.informal": 0, "rooms.contact": 0, "rooms.liaison": 0}
)
RULED = Mutation("what is decreed is kept by all, and nothing else is done together", {"practices.threshold": -1.0,
                 "practices.reactance": 0.0, "practices.act_spoils": 0.0, "rooms.informal": 0, "rooms.contact": 0,
                 "rooms.liaison": 0, "practices.meet_base": 1.0, "practices.plan_base": 1.0,
                 "practices.review_base": 1.0,
                 "practices.metrics_base": 1.0, "practices.screen": 1.0, "practices.access_cost": 0.0,
                 "practices.decision_days": 0.0, "practices.detection_days": 1.0, "practices.dare": 1.0,
                 "rooms.workforce": 0, "rooms.structure": 0, "structure.head_tenure": 0.0})  # fmt: skip

ROWS = (
    Pattern("P19a", "The two sides' scores lie apart: undefined less integrated quarters, points", "F04 · C", FOUR,
            lambda v: [*side_gap(v, 1), *side_gap(v, 4)], lambda m: m[..., 0] / m[..., 1] - m[..., 2] / m[..., 3],
            above=0.0,
            mutation=Mutation("talk is free and easy everywhere", {"trust.initial": 0.8, "language.initial": 0.8,
            "trust.attitude": 0.8,
                              "communication.cost_hours": 0.1, "distance.between_teams_m": 5.0}),
            note="undefined firms see little and both sides score it 1, so the gap opens in the middle of the ladder"),
    Pattern("P19b", "Two teams that never meet: score below 40 (share of markets)", "F03 · D", {"one": Arm({**NEAR,
            **SILENT})},
            lambda v: bool((v["one"].score < 40).all()), above=0.8, share=True,
            mutation=Mutation("they meet after all", {"rooms.contact": 1, "rooms.informal": 1, "rooms.practices": 1,
            "rooms.liaison": 1})),
    Pattern("P19c", "R2 of the score on all compliances, random permissions and levers", "model.md 6 · J", ANY,
            explained(lambda x: x.kept), r2, below=0.85, mutation=RULED),
    Pattern("P19f", "Anchors jittered by a fifth: how far the final total moves, points (default, liaison, near, bad)",
            "model.md 6 · J", FOUR, moved_by_jitter, below=1.25,
            mutation=Mutation("all firms lie in the middle of the ladder, where most anchors are",
                              {"distance.between_teams_m": 20.0, "communication.cost_hours": 0.5, "liaison.count": 1,
                               "trust.initial": 0.35, "trust.attitude": 0.33})),
    Pattern("P19g", "Fewest different scores that any of 19 statements takes", "model.md 6 · J", FOUR, kinds, above=2.5,
            mutation=Mutation("nobody works together unasked or by agreement", {"rooms.practices": 0,
            "rooms.informal": 0})),
    Pattern("F01a", "Firms that end integrated keep joint planning (share)", "F01 · H", FOUR, described(4,
            Practice.JOINT_PLANNING), kept_of,
            above=0.5, mutation=Mutation("joint planning is forbidden", {"practices.joint_planning": 2})),
    Pattern("F01b", "Firms that end integrated keep shared metrics (share)", "F01 · H", FOUR, described(4,
            Practice.SHARED_METRICS), kept_of,
            above=0.5, mutation=Mutation("shared metrics are forbidden", {"practices.shared_metrics": 2})),
    Pattern("F01c", "Firms that end defined or higher keep rules of engagement (share)", "F01 · H", FOUR,
            lambda v: [sum(described(k, Practice.RULES)(v)[i] for k in (2, 3, 4)) for i in (0, 1)], kept_of, above=0.5,
            mutation=Mutation("rules are forbidden", {"practices.rules": 2})),
    Pattern("M1", "All practices forbidden: distance 120 to 2 m moves the score by ten points", "model.md 6 · J",
            **clamped(FORBIDDEN, *DISTANCE), mutation=WITHIN),
    Pattern("M2", "All practices forbidden: a contact of 1.5 to 0.1 h moves the score by ten points", "model.md 6 · J",
            **clamped(FORBIDDEN, *COST), mutation=WITHIN),
    Pattern("M3", "All practices ordered: initial trust .15 to .6 moves the score by ten points", "model.md 6 · J",
            **clamped(MANDATED, *TRUST), mutation=Mutation("trust does not matter: it follows the attitude at once",
                                                           {"trust.relax": 1.0, "trust.attitude_anchor": 1.0,
                                                           "trust.anchor_firm": 1.0})),
    Pattern("M4", "Near but distrustful, everything ordered: score (not aligned: under 60)", "model.md 6 · J",
            {"one": Arm({**NEAR_DISTRUST, **MANDATED})}, lambda v: v["one"].final, below=60.0, control=True,
            mutation=Mutation("an order is kept whatever people think", {"practices.threshold": -1.0,
            "practices.reactance": 0.0,
                              "practices.act_spoils": 0.0})),
    Pattern("M5", "The default, everything ordered: score against left to the teams, points (no better: under 2)",
            "model.md 6 · J",
            {"ordered": Arm(MANDATED), "left": Arm(DEFAULT)}, difference(lambda x: x.final, "ordered", "left"),
            below=2.0, control=True,
            mutation=Mutation("an order is kept whatever people think", {"practices.threshold": -1.0,
            "practices.reactance": 0.0,
                              "practices.act_spoils": 0.0}, only=("ordered",))),
    Pattern("M6", "Dear and far, everything ordered: net value, % (not the best advice everywhere: under 0)",
            "model.md 6 · J",
            {"ordered": Arm({**BAD, **MANDATED}), "left": Arm(BAD)}, changed(lambda x: x.net_value, "ordered", "left"),
            percent, below=0.0,
            mutation=Mutation("rules, once ordered, are kept by all", {"practices.threshold": -1.0,
            "practices.reactance": 0.0,
                              "practices.act_spoils": 0.0}),
            note="half-kept rules bring follow-up, and that pays a little even where nobody believes in them"),
    Pattern("P22a", "Liaison or none: variance of revenue's difference, unpaired over paired (many: over 4)",
            "model.md 5",
            {"a": Arm(LIAISON), "b": Arm(DEFAULT)}, saved(revenue), times_saved, above=4.0,
            mutation=Mutation("the two meet different markets", moved=("a",))),
    Pattern("P22b", "One marketer more in the same market: the same", "model.md 5",
            {"a": Arm({"workforce.marketers": 13, "market.for_marketers": 12}), "b": Arm(DEFAULT)}, saved(revenue),
            times_saved,
            above=4.0, mutation=Mutation("the two meet different markets", moved=("a",))),
    Pattern("N1", "An idle extra person: largest change of any quarter's score or revenue", "model.md 1 (same market)",
            {"idle": Arm({"workforce.idle": 1}), "none": Arm(DEFAULT)},
            lambda v: float(max(np.abs(v["idle"].score - v["none"].score).max(),
            np.abs(v["idle"].sums["revenue"] - v["none"].sums["revenue"]).max())),
            below=1e-9, control=True, mutation=Mutation("she has work and ties", {"workforce.marketers": 13},
            only=("idle",))),
    Pattern("N2", "A change that changes nothing (the same levers set again at day 500): largest change of any score",
            "model.md 6",
            {"again": Arm(DEFAULT, ((500, {"distance.between_teams_m": 30.0, "trust.initial": 0.35}),)),
            "none": Arm(DEFAULT)},
            lambda v: float(np.abs(v["again"].score - v["none"].score).max()), below=1e-9, control=True,
            mutation=Mutation("it changes something", {"communication.cost_hours": 0.6}, only=("again",))),
)  # fmt: skip
