"""What the stage depends on: levers, and not a count of practices or mean trust under another name."""

from __future__ import annotations

import math

import numpy as np
from _lab import FORBIDDEN, MANDATED, PRACTICES, Interval, Lab, Report, bootstrap, check, final, stages

from sim.model.firm import Item
from sim.model.theory import Theory

THRESHOLD = Theory().practices.threshold
# Ranges of the sensitivity study. A ranking means nothing without them.
INPUTS = {
    "communication.cost_hours": (0.1, 1.5),
    "communication.delay_days": (0.0, 20.0),
    "liaison.count": (0, 2),
    "liaison.trust_marketing": (0.1, 0.8),
    "liaison.trust_sales": (0.1, 0.8),
    "distance.between_teams_m": (2.0, 100.0),  # on the logarithm
    "trust.initial": (0.15, 0.6),
    "trust.attitude": (0.2, 0.5),
    "trust.loss": (0.06, 0.20),
    "language.initial": (0.05, 0.2),
    "market.drift_sd": (0.6, 1.3),
    "practices.threshold": (THRESHOLD - 0.03, THRESHOLD + 0.03),
    "structure.reorganizations": (0.0, 0.5),
    "workforce.turnover_s": (0.1, 0.4),
    "marketing.nurture_touches": (2, 8),
    "selling.deal_hours": (28.0, 40.0),
}
FOUR = ("communication.cost_hours", "trust.initial", "liaison.count", "distance.between_teams_m")
LOGARITHMIC = {"distance.between_teams_m"}


def value_of(name: str, x: float) -> float:
    """The value of an input at place x (0..1) of its range."""
    low, high = INPUTS[name]
    if name in LOGARITHMIC:
        return float(low * (high / low) ** x)
    value = low + (high - low) * x
    return int(value + 0.5) if isinstance(low, int) else float(value)


def trajectories(k: int, r: int, rng) -> np.ndarray:
    """Morris (1991): r walks of k + 1 points on four levels, each step moves one input by two thirds of its range."""
    step, walks = 2 / 3, np.zeros((r, k + 1, k))
    for walk in walks:
        walk[0] = rng.choice([0.0, 1 / 3], k)
        up = rng.random(k) < 0.5
        walk[0] = np.where(up, walk[0], walk[0] + step)
        for j, i in enumerate(rng.permutation(k)):
            walk[j + 1] = walk[j]
            walk[j + 1, i] += step if up[i] else -step
    return walks


def sensitivity(lab: Lab, r: int = 24, markets: int = 3) -> Report:
    """Improvement 1: cost, trust, liaison and distance are among the first six inputs, for the score and net value."""
    names = list(INPUTS)
    walks = trajectories(len(names), r, np.random.default_rng(11))
    work = [
        ({n: value_of(n, x) for n, x in zip(names, point, strict=True)}, seed)
        for walk in walks
        for point in walk
        for seed in lab.seeds[:markets]
    ]
    lives = lab.each(work)
    shape = (r, len(names) + 1, -1)
    outputs = {
        "score": np.array([x.score[-4:].mean() for x in lives]).reshape(shape).mean(2),
        "net value": np.array([x.outcomes["net_value"] for x in lives]).reshape(shape).mean(2),
    }
    found, rows = [], {n: [n, f"{INPUTS[n][0]:g}-{INPUTS[n][1]:g}"] for n in names}
    moved = np.abs(np.diff(walks, axis=1)).argmax(2)  # (r, k): the input that each step moves
    for what, y in outputs.items():
        effects = np.zeros((r, len(names)))
        for t in range(r):
            effects[t, moved[t]] = np.abs(np.diff(y[t])) / (2 / 3)

        def rank(rows_, i, effects=effects):
            mean = effects[rows_].mean(0)
            return 1.0 + float((mean > mean[i]).sum())

        for i, n in enumerate(names):
            rows[n] += [float(effects[:, i].mean()), int(rank(np.arange(r), i))]
        for n in FOUR:
            i = names.index(n)
            place = bootstrap(lambda rr, i=i: rank(rr, i), r, 400)
            found.append(check("1", f"{what}: rank of {n}", place, None, 6.5))
    ordered = sorted(rows.values(), key=lambda row: -row[2])
    return Report(
        found,
        [
            (
                f"mean absolute elementary effects, {r} walks, {markets} markets",
                ["input", "range", "on the score", "rank", "on net value, k€", "rank"],
                ordered,
            )
        ],
    )


def r2(x: np.ndarray, y: np.ndarray, adjusted: bool = False) -> float:
    """Share of the variance of y that a straight line in the columns of x explains."""
    a = np.column_stack([np.ones(len(x)), x])
    left = y - a @ np.linalg.lstsq(a, y, rcond=None)[0]
    plain = 1 - left.var() / y.var()
    free = len(y) - np.linalg.matrix_rank(a)
    return 1 - (1 - plain) * (len(y) - 1) / free if adjusted else plain


def _designs(n: int, permission: str, rng) -> list[dict]:
    found = []
    for _ in range(n):
        values = {name: value_of(name, rng.random()) for name in INPUTS if name != "practices.threshold"}
        modes = {"free": [0], "permitted": [0, 2], "any": [0, 1, 2]}[permission]
        values |= {f"practices.{p}": int(rng.choice(modes)) for p in PRACTICES}
        found.append(values)
    return found


def relabelled(lab: Lab, n: int = 400) -> Report:
    """Improvement 2: the score is neither a count of practices nor trust nor any one observable under another name."""
    found, rows = [], []
    for permission, label in (
        ("permitted", "randomly permitted or forbidden"),
        ("any", "randomly free, ordered, forbidden"),
        ("free", "left to the teams"),
    ):
        rng = np.random.default_rng(13)
        lives = lab.each([(v, lab.seeds[i % len(lab.seeds)]) for i, v in enumerate(_designs(n, permission, rng))])
        score = np.array([x.score[-4:].mean() for x in lives])
        kept = np.array([x.kept for x in lives])
        trust = np.array([[x.trust] for x in lives])
        seen = np.nan_to_num(np.array([np.nanmean(np.nan_to_num(x.seen[-4:]), 0) for x in lives]))
        squares = np.column_stack([kept, *(kept[:, a] * kept[:, b] for a in range(8) for b in range(a, 8))])
        each = {j: r2(seen[:, [j]], score) for j in range(20) if j != Item.ONE_HEAD}
        worst = max(each, key=each.get)
        limit = 0.85 if permission == "permitted" else None

        def spread(x, y=score, **more):
            return bootstrap(lambda rr: r2(x[rr], y[rr], **more), len(y), 300)

        found += [
            check("2", f"{label}: R2(score, compliances)", spread(kept), None, limit),
            check(
                "2",
                f"{label}: the same with squares and products, adjusted",
                Interval(r2(squares, score, True), math.nan, math.nan),
            ),
            check(
                "2", f"{label}: R2(score, number of practices kept)", spread(kept.sum(1, keepdims=True)), None, limit
            ),
            check("2", f"{label}: R2(score, mean trust)", spread(trust), None, limit),
            check(
                "2",
                f"{label}: R2(score, best single observable: {Item(worst).name.lower()})",
                spread(seen[:, [worst]]),
                None,
                limit,
            ),
        ]
        rows += [[label, Item(j).name.lower(), float(v)] for j, v in sorted(each.items(), key=lambda kv: -kv[1])[:5]]
    title = f"R2 of the score of the last year on one observable, {n} designs with random levers"
    return Report(found, [(title, ["practices", "observable", "R2"], rows)])


MOVES = {
    "distance 120 to 2 m": ({"distance.between_teams_m": 120.0}, {"distance.between_teams_m": 2.0}),
    "cost 1.5 to 0.1 h": ({"communication.cost_hours": 1.5}, {"communication.cost_hours": 0.1}),
    "trust .15 to .6": ({"trust.initial": 0.15}, {"trust.initial": 0.6}),
    "liaison 0 to 1": ({}, {"liaison.count": 1}),
}


def clamped(lab: Lab) -> Report:
    """Improvement 2: with every practice clamped, each lever alone still moves the score by ten points or more."""
    found = []
    for label, practices in (("all forbidden", FORBIDDEN), ("all mandated", MANDATED)):
        for name, (low, high) in MOVES.items():
            a, b = lab.lives({**practices, **low}), lab.lives({**practices, **high})
            found.append(check("2", f"{label}: {name}, score", final(b) - final(a), 10.0))
    return Report(found)


def ranges(lab: Lab) -> Report:
    """Improvement 1: the score over the range of each of the four levers, all else as in the default."""
    grid = {
        "distance.between_teams_m": (0.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 500.0),
        "communication.cost_hours": (0.02, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
        "trust.initial": (0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8),
        "liaison.count": (0, 1, 2, 3),
    }
    rows, found = [], []
    for name, values in grid.items():
        lives = {v: lab.lives({name: v}, seeds=lab.seeds[:30]) for v in values}
        rows.append([name, "  ".join(f"{v:g}: {final(x).mean():.0f}" for v, x in lives.items())])
        ends = final(lives[values[-1]]) - final(lives[values[0]])
        away = ends if name in ("trust.initial", "liaison.count") else -ends
        found.append(check("1", f"{name}: score over its range", away, 10.0))
    return Report(found, [("score of year 5", ["lever", "value: score"], rows)])


def fragility(lab: Lab) -> Report:
    """Improvement 6: a threshold moved by .03 must not overturn the mix of stages."""
    found, rows = [], []
    for name, values in (
        ("default", {}),
        ("near", {"distance.between_teams_m": 5.0, "communication.cost_hours": 0.25, "liaison.count": 1}),
    ):
        plain = lab.lives(values)
        for step in (-0.03, -0.02, 0.02, 0.03):
            moved = lab.lives({**values, "practices.threshold": THRESHOLD + step})
            same = stages(plain)[:, -1] == stages(moved)[:, -1]
            if abs(step) == 0.03:
                found.append(
                    check("6", f"{name}, threshold {step:+.2f}: final stage unchanged, share", same, 0.5, share=True)
                )
                found.append(
                    check("6", f"{name}, threshold {step:+.2f}: score", final(moved) - final(plain), -10.0, 10.0)
                )
            rows.append(
                [
                    name,
                    f"{step:+.2f}",
                    *(float((stages(moved)[:, -1] == k).mean()) for k in (1, 2, 3, 4)),
                    float(final(moved).mean()),
                ]
            )
    head = ["organization", "threshold", "undefined", "defined", "aligned", "integrated", "score"]
    return Report(found, [("final stages under a moved threshold", head, rows)])


PATTERNS = {
    "sensitivity": sensitivity,
    "ranges": ranges,
    "relabelled": relabelled,
    "clamped": clamped,
    "fragility": fragility,
}
