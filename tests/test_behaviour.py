"""A small part of the published patterns, on fixed markets: `baton validate` measures all of them on more.

The markets are fixed, so a test that passes will pass again until a rule or a
number changes. The bounds lie at least four standard errors (of 24 markets)
from what was measured on other markets when they were written, so a change that
does not move the pattern fails one of these tests with a chance below one in a
thousand.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest

from sim.model.day_zero.opening import begin
from sim.model.firm import Practice
from sim.model.theory import Mode, Theory, with_values

MARKETS = range(700, 724)
MANDATED = {f"practices.{p.name.lower()}": int(Mode.MANDATED) for p in Practice}
FORBIDDEN = {f"practices.{p.name.lower()}": int(Mode.FORBIDDEN) for p in Practice}
BAD = {"distance.between_teams_m": 60.0, "communication.cost_hours": 1.0, "trust.initial": 0.15, "trust.attitude": 0.22}
NEAR = {"distance.between_teams_m": 5.0, "communication.cost_hours": 0.25}


class Lives:
    """24 five-year lives of one organization, of each its diary alone: a whole firm is 13 MB."""

    def __init__(self, values: dict, days: int = 1300):
        def live(seed):
            simulation = begin(with_values(Theory(), values), seed, days)
            simulation.advance(days)
            return simulation.firm.days.copy(), simulation.firm.quarters.copy()

        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(live, MARKETS))
        self.days = [days for days, _ in found]
        self.score = np.array([quarters["score"] for _, quarters in found])
        self.stage = np.array([quarters["stage"] for _, quarters in found])

    def total(self, name: str) -> np.ndarray:
        return np.array([days[name].sum() for days in self.days])


@cache
def lives(name: str) -> Lives:
    return Lives({
        "default": {}, "liaison": {"liaison.count": 1}, "bad": BAD, "near": NEAR | {"liaison.count": 1},
        "distrusted": {"liaison.count": 1, "liaison.trust_sales": 0.1}, "bad, mandated": BAD | MANDATED,
        "mandated": MANDATED, "near, forbidden": NEAR | {"liaison.count": 1} | FORBIDDEN, "forbidden": FORBIDDEN,
        "20 m": {"distance.between_teams_m": 20.0}, "60 m": {"distance.between_teams_m": 60.0},
    }[name])  # fmt: skip


def test_the_default_begins_undefined_and_most_firms_reach_defined():
    """P1."""
    stage = lives("default").stage
    assert (stage[:, :2] == 1).mean() > 0.9
    assert (stage >= 2).any(axis=1).mean() > 0.8
    assert (stage == 4).mean() < 0.05


def test_a_liaison_helps_if_both_trust_her_and_not_if_one_side_distrusts_her():
    """P2, F44."""
    gain = lives("liaison").score[:, -1] - lives("default").score[:, -1]
    assert gain.mean() > 7.5
    distrusted = lives("distrusted").score[:, -1] - lives("default").score[:, -1]
    assert distrusted.mean() < 0.0


def test_near_and_cheap_firms_climb_all_four_stages():
    """P3: and without practices they stop before the last."""
    stage = lives("near").stage
    assert (stage[:, 0] == 1).mean() > 0.5 and (stage[:, -1] == 4).mean() > 0.4
    assert (np.diff(np.maximum.accumulate(stage, axis=1), axis=1) <= 1).all()
    assert (lives("near, forbidden").stage == 4).mean() < 0.1


@pytest.mark.parametrize("name", ["bad", "bad, mandated"])
def test_where_talk_is_dear_and_trust_low_nothing_moves_not_even_by_order(name):
    """P4."""
    assert (lives(name).stage == 1).all()
    assert lives(name).total("disputes").sum() > 0.5 * lives(name).total("contacts").sum()


def test_ordering_everything_is_not_integration():
    assert (lives("mandated").stage == 4).mean() < 0.05
    assert lives("mandated").score[:, -1].mean() < lives("default").score[:, -1].mean() + 6.0


def test_with_all_practices_forbidden_distance_and_a_liaison_still_move_the_score():
    """The stage is not a count of practices (model.md 6)."""
    assert (lives("near, forbidden").score[:, -1] - lives("forbidden").score[:, -1]).mean() > 15.0


def test_follow_up_rises_and_revenue_by_tens_of_per_cent():
    """P5 and P7: last year's revenue, near against bad."""
    near, bad = lives("near"), lives("bad")
    assert bad.total("followed").sum() < 0.3 * bad.total("handed").sum()
    assert near.total("followed").sum() > 0.55 * near.total("handed").sum()
    last = [days["revenue"][-260:].sum() for days in near.days]
    least = [days["revenue"][-260:].sum() for days in bad.days]
    assert 1.2 < np.sum(last) / np.sum(least) < 1.8


@pytest.mark.parametrize(("a", "b"), [("default", "liaison"), ("20 m", "60 m")])
def test_the_same_market_saves_replicates(a, b):
    """P22: the variance of a paired difference is several times smaller."""
    x, y = lives(a).total("revenue"), lives(b).total("revenue")
    assert (x.var(ddof=1) + y.var(ddof=1)) / (x - y).var(ddof=1) > 3.0


@pytest.mark.parametrize("metres", [2.0, 30.0])
def test_dearer_talk_is_never_more_talk_nor_a_better_audit(metres):
    """E15: the price of a contact, practices forbidden; luck may raise the score by half a point a step."""
    found = [Lives(FORBIDDEN | {"distance.between_teams_m": metres, "communication.cost_hours": price})
             for price in (0.05, 0.25, 0.5, 1.0, 2.0)]  # fmt: skip
    contacts, score = ([of(each) for each in found] for of in (lambda x: x.total("contacts").mean(),
                                                              lambda x: x.score[:, -4:].mean()))  # fmt: skip
    assert all(after < before for before, after in zip(contacts, contacts[1:], strict=False))
    assert all(after <= before + 0.5 for before, after in zip(score, score[1:], strict=False))
    assert score[0] - score[-1] > 10


def test_failure_heals_and_deception_does_not():
    """P8, F49: what is left after two years of the loss of Sales' trust."""
    left = {}
    for kind in ("broken promise", "deception"):
        lost, still = 0.0, 0.0
        for seed in MARKETS:
            plain = begin(Theory(), seed, 800)
            plain.advance(260)
            hurt = plain.copy()
            hurt.shock(kind)
            for each in (plain, hurt):
                each.advance(270)
            lost += plain.firm.days["trust_sm"][269] - hurt.firm.days["trust_sm"][269]
            for each in (plain, hurt):
                each.advance(790)
            still += plain.firm.days["trust_sm"][789] - hurt.firm.days["trust_sm"][789]
        left[kind] = still / lost
    assert left["broken promise"] < 0.45 < 0.6 < left["deception"]
