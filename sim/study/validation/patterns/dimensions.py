"""Is the audit one number in twenty coats? Firms with random levers and permissions, each the mean of eight markets.

A firm's levers are drawn anew for each market that is looked at, and it lives in that market and in seven others: what
it is shows, and what one market's luck did to it does not. Scores, observables and trust are those of the last year.
"""

from __future__ import annotations

import numpy as np

from sim.study.validation.factors import r2
from sim.study.validation.patterns.measured_run import Arm, Life
from sim.study.validation.patterns.pattern import Lives, Mutation, Pattern
from sim.study.validation.patterns.scores import FROZEN

FIRMS, MARKETS = 4, 8  # drawn for each market that is looked at; that each of them lives in
FURTHER = 200_000  # between two of a firm's markets
RANDOM = {f"firm {k}, market {j}": Arm(design=200 + k, permitted="some", market=FURTHER * j)
          for k in range(FIRMS) for j in range(MARKETS)}  # fmt: skip


def of_firms(of):
    """Some numbers of each firm, means over its markets, one firm after the other."""

    def seen(lives: Lives) -> np.ndarray:
        return np.array([np.mean([of(lives[f"firm {k}, market {j}"]) for j in range(MARKETS)], 0)
                         for k in range(FIRMS)]).ravel()  # fmt: skip

    return seen


def each_firm(numbers: np.ndarray) -> np.ndarray:
    """(firms, numbers) of what `of_firms` saw in several markets."""
    return numbers.reshape(len(numbers) * FIRMS, -1)


def trust_and_score(life: Life) -> list[float]:
    return [life.trust, life.final]


def observables_and_score(life: Life) -> list[float]:
    """What was counted for each of the twenty statements, and the score."""
    return [*np.nan_to_num(life.seen[-4:]).mean(0), life.final]


def best_single(numbers: np.ndarray) -> float:
    """The largest R2 of the last number on any one of the others."""
    firms = each_firm(numbers)
    return max(r2(firms[:, [j]], firms[:, -1]) for j in range(firms.shape[1] - 1))


ROWS = (
    Pattern("P19d", "R2 of the score on mean trust, random permissions and levers, each firm's mean of eight markets",
            "model.md 6 · J", RANDOM, of_firms(trust_and_score), whole=best_single, below=0.85, mutation=FROZEN,
            note="posed anew: a firm was one market, so that luck hid what trust explains"),
    Pattern("P19e", "R2 of the score on the best single observable of all twenty, the same firms", "model.md 6 · J",
            RANDOM, of_firms(observables_and_score), whole=best_single, below=0.85,
            mutation=Mutation("nobody leaves, and nothing is reorganized or decreed",
                              {"rooms.workforce": 0, "rooms.structure": 0, "rooms.practices": 0}),
            note="posed anew: a firm was one market, and one observable was looked at, uncredited help"),
)  # fmt: skip
