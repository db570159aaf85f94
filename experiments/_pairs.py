"""What pairing is worth: two organizations on the same market need fewer markets (model.md 5: P22)."""

from __future__ import annotations

import numpy as np
from _lab import BAD, LIAISON, MANDATED, NEAR, Interval, Lab, Report, bootstrap, check, exact

from sim.model.hashes import market_hash
from sim.model.theory import Theory, with_values


def saved(x: np.ndarray, y: np.ndarray, draws: int = 1000) -> Interval:
    """How many times fewer markets pairing needs: (var X + var Y) / var(X - Y)."""
    return bootstrap(lambda r: (x[r].var(ddof=1) + y[r].var(ddof=1)) / (x[r] - y[r]).var(ddof=1), len(x), draws)


PAIRS = {
    "liaison 0 to 1": ({}, LIAISON),
    "distance 20 to 60 m": ({"distance.between_teams_m": 20.0}, {"distance.between_teams_m": 60.0}),
    "one marketer more": ({}, {"workforce.marketers": 13, "market.for_marketers": 12}),
    "one salesperson more": ({}, {"workforce.salespeople": 25, "market.for_salespeople": 24}),
}


def pairs(lab: Lab, names, seeds=None) -> list:
    """The checks of P22 for some of PAIRS; also experiments/speed.py's part g."""
    found = []
    for name in names:
        a, b = (lab.lives(values, seeds=seeds) for values in PAIRS[name])
        for what, field in (("revenue of 5 years", "revenue"), ("new business", "new_value")):
            x, y = (np.array([life.sums[field].sum() for life in lives]) for lives in (a, b))
            found.append(check("P22", f"{name}: {what}, replicates saved", saved(x, y), 1.0))
            found.append(check("P22", f"{name}: correlation of {what}", exact(np.corrcoef(x, y)[0, 1])))
    return found


def p22(lab: Lab) -> Report:
    """P22 and improvement 10: pairing saves replicates, and the market does not depend on the organization."""
    seed = lab.seeds[0]
    hashes = {
        market_hash(with_values(Theory(), values), seed, 1300)
        for values in ({}, NEAR, BAD, {"workforce.marketers": 13, "market.for_marketers": 12}, {**BAD, **MANDATED})
    }
    one, idle = lab.lives({}), lab.lives({"workforce.idle": 1})
    same = [
        bool((a.score == b.score).all() and (a.sums["revenue"] == b.sums["revenue"]).all())
        for a, b in zip(one, idle, strict=True)
    ]
    return Report(
        [
            *pairs(lab, PAIRS),
            check("10", "market hashes of five organizations, kinds", exact(len(hashes)), 1.0, 1.0),
            check("10", "an idle extra person changes nothing, share of markets", exact(np.mean(same)), 1.0),
        ]
    )


PATTERNS = {"P22": p22}
