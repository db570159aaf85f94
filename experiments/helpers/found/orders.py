"""Findings about what heads order, and when: one function a shipped experiment."""

from __future__ import annotations

import numpy as np

from helpers.found.results import Results, average, best_elsewhere, left_out, measured, told
from helpers.judging import Report, share_interval

DEFINED = ("rules", "events", "meetings", "feedback_loop")
INTEGRATED = ("joint_planning", "key_accounts", "shared_metrics", "rotation")
BEST = 8  # sets of orders that heads choose among the best of 128
ENOUGH = 0.9  # of the net value that was to be had, says the claim
ALIGNED = 60.0  # points
MARK = -2.0  # points that a surge costs, says the claim


def best(mean: np.ndarray, many: int = BEST) -> np.ndarray:
    """The points with the highest means (many,)."""
    return np.argsort(mean)[-many:]


def goodhart(found: Results) -> Report:
    score, value = found.of("score"), found.of("net_value")
    by_lot = value.mean(0)
    by_score, by_value = (left_out(best, value, by) - by_lot for by in (score, value))
    checks = [
        measured("net value by the orders with the best scores, over orders drawn by lot, k€", by_score),
        measured("net value by the orders with the best net value, likewise, k€", by_value),
        measured("the first less nine tenths of the second, k€", by_score - ENOUGH * by_value, above=0.0),
    ]
    chief = found.column("structure.kind") == "one chief"
    body = []
    chosen = {"score": best(score.mean(1)), "net value": best(value.mean(1)), "lot": np.arange(len(value))}
    for by, rows in chosen.items():
        body.append([by, told(score[rows].mean(0)), told(value[rows].mean(0)), average(chief[rows])])
    head = ["chosen by", "score", "net value, k€", "share with one chief"]
    together = np.corrcoef(score.mean(1), value.mean(1))[0, 1]
    title = f"the {BEST} best of {len(value)} sets of orders (score and net value correlate by {together:.2f})"
    return Report(checks, [(title, head, body)])


def ordered_first(found: Results, practice: str, outcome: str) -> np.ndarray:
    """Ordered in the first two years less forbidden then, over all that the others do (markets,)."""
    column, value = found.column(f"practices.{practice}"), found.of(outcome)
    return value[column == "mandated"].mean(0) - value[column == "forbidden"].mean(0)


def order_of_practices(found: Results) -> Report:
    def effect(practice: str, outcome: str) -> np.ndarray:
        return ordered_first(found, practice, outcome)

    def apart(outcome: str) -> np.ndarray:
        return sum(effect(each, outcome) for each in DEFINED) - sum(effect(each, outcome) for each in INTEGRATED)

    checks = [
        measured(
            "score after five years: defined's four first less integrated's four first", apart("score"), above=0.0
        ),
        measured("net value: defined's four first less integrated's four first, k€", apart("net_value")),
    ]
    body = [[each, told(effect(each, "score")), told(effect(each, "net_value"))] for each in (*DEFINED, *INTEGRATED)]
    head = ["ordered in the first two years, against forbidden", "score", "net value, k€"]
    return Report(checks, [("what each does, over all that the others do", head, body)])


def forbidding(forbidden) -> dict[str, str]:
    """The levers that forbid some practices of defined and leave the others to the teams."""
    return {f"practices__{each}": "forbidden" if each in forbidden else "teams decide" for each in DEFINED}


def became_aligned(found: Results, forbidden, arm: str = "base") -> np.ndarray:
    """Whether a market saw a quarter in aligned or above (markets,)."""
    here = forbidding(forbidden)
    quarters = found.at("share_aligned", arm, **here) + found.at("share_integrated", arm, **here)
    return (quarters > 0).astype(float)


def aligned_without_defined(found: Results) -> Report:
    checks, body = [], []
    for arm, name in (("base", "with a liaison"), ("alone", "without one")):
        what = f"{name}, all four forbidden: share of markets that become aligned"
        checks.append(measured(what, became_aligned(found, DEFINED, arm), below=0.05, share=True))
    for what, forbidden in (("none", ()), *((each, (each,)) for each in DEFINED), ("all four", DEFINED)):
        here = forbidding(forbidden)
        shares = [told(share_interval(became_aligned(found, forbidden, arm))) for arm in ("base", "alone")]
        values = [told(found.at("score", **here)), told(found.at("score", "alone", **here))]
        body.append([what, *shares, *values, told(found.at("net_value", **here))])
    head = ["forbidden", "become aligned", "without a liaison", "score", "without a liaison", "net value, k€"]
    return Report(checks, [("near and cheap", head, body)])


def surged(found: Results, outcome: str, trust: float, budget: float, **more) -> np.ndarray:
    """What a year of so many times the money changes, against the usual money (markets,)."""
    usual = found.at(outcome, trust__initial=trust, marketing__budget=1, **more)
    return found.at(outcome, trust__initial=trust, marketing__budget=budget, **more) - usual


def lead_surge(found: Results) -> Report:
    trusts = found.levels("trust.initial")

    checks = []
    for trust in trusts[:2]:
        for budget in (4, 8):
            what = f"trust {trust}, money ×{budget} for a year"
            checks.append(
                measured(f"{what}: score after five years", surged(found, "score", trust, budget), below=MARK)
            )
            checks.append(measured(f"{what}: net value, k€", surged(found, "net_value", trust, budget)))
    outcomes = ("score", "net_value", "revenue_last_year", "disputes")
    body = []
    for trust in trusts:
        for judged, name in ((0.2, "as usual"), (1.0, "by number alone")):
            here = {"marketing__volume_target": judged}
            body.append([str(trust), name, *(told(surged(found, each, trust, 8, **here)) for each in outcomes)])
    head = ["trust", "Marketing judged", "score", "net value, k€", "revenue of the last year, k€", "share of disputes"]
    return Report(checks, [("eight times the money for a year, less the usual", head, body)])


def one_lever_at_a_time(found: Results) -> Report:
    score, value, usual = found.of("score"), found.of("net_value"), found.design.iloc[0]
    moves = {}
    for row in range(len(found.design)):
        if moved := [name for name in found.design if found.design[name].iloc[row] != usual[name]]:
            moves[row] = f"{moved[0]} = {found.design[moved[0]].iloc[row]}"
    rows = np.array(list(moves))
    checks = [
        measured("score by the best single move", best_elsewhere(score[rows]), below=ALIGNED),
        measured("score as it is", score[0]),
    ]
    ranked = sorted(moves, key=lambda row: -score[row].mean())
    body = [
        [moves[row], *map(told, (score[row], score[row] - score[0], value[row] - value[0]))]
        for row in (*ranked[:12], *ranked[-6:])
    ]
    head = ["lever", "score", "score against as it is", "net value against as it is, k€"]
    return Report(checks, [(f"the twelve best and the six worst of {len(moves)} single moves, by score", head, body)])


FINDINGS = {
    "goodhart": goodhart,
    "order-of-practices": order_of_practices,
    "aligned-without-defined": aligned_without_defined,
    "lead-surge": lead_surge,
    "one-lever-at-a-time": one_lever_at_a_time,
}
