"""Each statement of the audit has a cause of its own: it moves this one by a point more than the other nineteen.

Found by `experiments/causes.py` on markets 100 and 101 in five of the firms (the silo was not looked through), one
thing at a time: both bounds of every lever, each of its words, every room switched off. Looked at again on markets 150
to 160, where four gave way to others, and written down before it was measured on the markets of validation. No cause
ends its firm (seen in three markets); most are the end of a lever's range, which no manager would go to.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.firm import Item
from sim.model.theory import Kind, Mode
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.organizations import BAD, DEFAULT, LIAISON, NEAR, Levers
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern

INTEGRATED: Levers = {**NEAR, "trust.initial": 0.6, "trust.attitude": 0.5}
LATE: Levers = {**NEAR, "communication.cost_hours": 0.1, "structure.kind": int(Kind.ONE_CHIEF)}  # the journey's end
FIRMS: dict[str, Levers] = {"default": DEFAULT, "near": NEAR, "integrated": INTEGRATED, "late": LATE,
                            "liaison": LIAISON, "silo": BAD}  # fmt: skip


class Cause(NamedTuple):
    """What moves a statement: a lever or room of a firm, what it is set to, and which way the score goes then."""

    statement: Item
    firm: str
    name: str
    value: float
    way: int  # +1 up, -1 down
    own: bool = (
        False  # whether the statement speaks of just that: one head at the top, people who move between the teams
    )

    @property
    def arm(self) -> str:
        return f"{self.firm}, {self.name} {self.value:g}"


CAUSES = (
    Cause(Item.FORECAST, "late", "market.growth", -0.9, -1),  # few deals are left, and chance decides them
    Cause(Item.NO_BLAME, "integrated", "rooms.trust", 0, -1),
    Cause(Item.MARKETERS_IN_DEALS, "default", "liaison.count", 6, +1),
    Cause(Item.SALES_IN_PLAN, "late", "rooms.language", 0, -1),  # a plan counts if it was understood
    Cause(Item.MATERIAL, "late", "rooms.marketing", 0, -1),
    Cause(Item.FEEDBACK, "integrated", "shock.bad_leads", 1.0, -1),  # nobody reports on what was worth nothing
    Cause(Item.VOCABULARY, "integrated", "rooms.marketing", 0, -1),
    Cause(Item.HEADS_TALK, "late", "structure.power", 0.0, -1),  # one head has all the say
    Cause(Item.SEGMENTS_TOGETHER, "integrated", "rooms.beliefs", 0, -1),
    Cause(Item.NOT_DISPUTES, "default", "communication.talk_hours", 8.0, -1),  # for a day's talk only quarrels are left
    Cause(Item.HEADS_PLAN, "late", "market.drift_sd", 0.05, -1),  # nothing to plan for
    Cause(Item.SAME_MEASURES, "integrated", "structure.reorganizations", 12.0, -1),
    Cause(Item.KEY_STRATEGY, "default", "marketing.visits", 20.0, +1),
    Cause(Item.ONE_PIPELINE, "integrated", "handoff.record", 1, -1),
    Cause(Item.FUNNEL_STUDIED, "default", "structure.reorganizations", 12.0, -1),
    Cause(Item.RISE_TOGETHER, "default", "workforce.ties_per_rep", 1, +1),
    Cause(Item.ONE_HEAD, "default", "structure.kind", int(Kind.ONE_CHIEF), +1, own=True),
    Cause(Item.MOVES, "late", "practices.rotation", int(Mode.FORBIDDEN), -1, own=True),
    Cause(Item.TRAINING, "near", "rooms.language", 0, -1),  # what is taught is not understood
    Cause(Item.EACH_OTHERS_PLAN, "default", "rooms.informal", 0, -1),
)
ARMS = {firm: Arm(FIRMS[firm]) for firm in dict.fromkeys(c.firm for c in CAUSES)}
ARMS |= {c.arm: Arm({**FIRMS[c.firm], c.name: c.value}) for c in CAUSES}


def scores_of(life: Life) -> np.ndarray:
    """Each statement's mean score in year 5, 1 to 5."""
    return life.items[-4:].mean(0)


def margins(moved: np.ndarray) -> np.ndarray:
    """How much farther each of twenty statements moved than the mean of the other nineteen, points; last axis."""
    others = (moved.sum(-1, keepdims=True) - moved) / (moved.shape[-1] - 1)
    return np.abs(moved) - np.abs(others)


def moved_by_causes(lives: Lives) -> np.ndarray:
    """How far each cause moves each of the twenty statements; one cause after the other."""
    return np.array([scores_of(lives[c.arm]) - scores_of(lives[c.firm]) for c in CAUSES]).ravel()


def by_its_cause(means: np.ndarray) -> np.ndarray:
    """How much farther each statement is moved by its cause, the way that was found, than the mean of the others."""
    moved = means.reshape(*means.shape[:-1], len(CAUSES), 20)
    row, statement = np.arange(len(CAUSES)), [c.statement for c in CAUSES]
    found = moved[..., row, statement] * [c.way for c in CAUSES]
    return np.where(found > 0, margins(moved)[..., row, statement], found)


def confirmed(means: np.ndarray) -> np.ndarray:
    """How many statements are moved by a point more."""
    return (by_its_cause(means) >= 1.0).sum(-1)


def confirmed_by_others(means: np.ndarray) -> np.ndarray:
    """How many of them by something else than what they speak of."""
    return ((by_its_cause(means) >= 1.0) & [not c.own for c in CAUSES]).sum(-1)


ASKED_ONLY = Mutation("nobody works together unasked or by agreement", {"rooms.practices": 0, "rooms.informal": 0})
ROWS = (
    Pattern("E10a", "Statements that something moves by a point more than the mean of the other nineteen (all twenty)",
            "model.md 6 · J", ARMS, moved_by_causes, confirmed, above=19.5, mutation=ASKED_ONLY),
    Pattern("E10b", "… and that something is not what the statement speaks of (fifteen at least)", "model.md 6 · J",
            ARMS, moved_by_causes, confirmed_by_others, above=14.5, mutation=ASKED_ONLY),
)  # fmt: skip
