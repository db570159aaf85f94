"""Is the audit one number in twenty coats? Firms with random levers and permissions, each the mean of eight markets.

A firm's levers are drawn anew for each market that is looked at, and it lives in that market and in seven others: what
it is shows, and what one market's luck did to it does not. Scores, observables and trust are those of the last year.
"""

from __future__ import annotations

import numpy as np

from sim.study.validation.factors import LEAST, Factors, alpha, congruence, factors_of, r2
from sim.study.validation.patterns.causes import scores_of
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


def varying(numbers: np.ndarray) -> np.ndarray:
    """The statements on which firms differ: without such a one there is nothing to correlate."""
    firms = each_firm(numbers)
    return firms[:, firms.std(0) > 0]


def behind(x: np.ndarray) -> Factors:
    """Three factors, or as many more as parallel analysis keeps."""
    return factors_of(x, LEAST)


def third_stands_out(numbers: np.ndarray) -> float:
    """The least of the first three eigenvalues over what random data reach: above 1 three factors are kept."""
    found = behind(varying(numbers))
    return float((found.values / found.random)[:LEAST].min())


def statements_of_its_own(numbers: np.ndarray) -> float:
    """The third clearest statement of the factor that has the least clear ones: above 0 each factor has three."""
    return float(np.sort(behind(varying(numbers)).margins(), 0)[-LEAST].min())


def halves_alike(numbers: np.ndarray) -> float:
    """Congruence of what lies behind the first firms drawn in each market and behind the others."""
    firms = numbers.reshape(len(numbers), FIRMS, -1)
    there = each_firm(numbers).std(0) > 0
    k = behind(varying(numbers)).loadings.shape[1]
    halves = (firms[:, : FIRMS // 2, there], firms[:, FIRMS // 2 :, there])
    return congruence(*(factors_of(x.reshape(-1, x.shape[-1]), number=k).loadings for x in halves))


def least_alpha(numbers: np.ndarray) -> float:
    """Cronbach's alpha of a factor's own statements, that of the factor where it is least."""
    x = varying(numbers)
    found = behind(x)
    return min(alpha(x[:, found.own(f)]) for f in range(found.loadings.shape[1]))


ROWS = (
    Pattern("P19d", "R2 of the score on mean trust, random permissions and levers, each firm's mean of eight markets",
            "model.md 6 · J", RANDOM, of_firms(trust_and_score), whole=best_single, below=0.85, mutation=FROZEN,
            note="posed anew: a firm was one market, so that luck hid what trust explains"),
    Pattern("P19e", "R2 of the score on the best single observable of all twenty, the same firms", "model.md 6 · J",
            RANDOM, of_firms(observables_and_score), whole=best_single, below=0.85,
            mutation=Mutation("nobody leaves, and nothing is reorganized or decreed",
                              {"rooms.workforce": 0, "rooms.structure": 0, "rooms.practices": 0}),
            note="posed anew: a firm was one market, and one observable was looked at, uncredited help"),
    Pattern("E9a", "Factors behind the statements, the same firms: each of the first three eigenvalues over what "
            "random data reach, times, the least", "model.md 6 · J", RANDOM, of_firms(scores_of),
            whole=third_stands_out, above=1.0, mutation=FROZEN),
    Pattern("E9b", "… each has three statements that load over .5 on it and under .4 elsewhere: the third clearest of "
            "the least clear factor, above it by", "model.md 6 · J", RANDOM, of_firms(scores_of),
            whole=statements_of_its_own, above=0.0, mutation=FROZEN),
    Pattern("E9c", "… two halves of the firms show the same ones: congruence of the least alike", "model.md 6 · J",
            RANDOM, of_firms(scores_of), whole=halves_alike, above=0.9, mutation=FROZEN),
    Pattern("E9d", "… and each one's own statements go together: Cronbach's alpha, the least", "model.md 6 · J",
            RANDOM, of_firms(scores_of), whole=least_alpha, above=0.8, mutation=FROZEN,
            note="of each factor's own statements: of all twenty it is high whatever lies behind them"),
)  # fmt: skip
