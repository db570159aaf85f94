"""Practices and the audit: mandates that can fail, the order of adoption, anchors (model.md 6)."""

from __future__ import annotations

import numpy as np
from _lab import ARCHETYPES, MANDATED, PRACTICES, Interval, Lab, Report, check, exact, final, net_value, stages

from sim.model.audit import BANDS, HIGH, LOW
from sim.model.firm import Item


def mandates(lab: Lab) -> Report:
    """Mandates must be able to fail: bad; near but distrustful; and ordering everything is not the best everywhere."""
    found, gains = [], []
    most = {"bad": 40.0, "near, distrust": 60.0, "near, deep distrust": 60.0}
    names = ("bad", "near, distrust", "near, deep distrust", "default", "liaison", "near")
    for name in names:
        left, ordered = (lab.lives({**ARCHETYPES[name], **more}) for more in ({}, MANDATED))
        value = 100 * (net_value(ordered) - net_value(left)) / abs(net_value(left).mean())
        gains.append(value)
        claim = f"{name}, all mandated"
        found += [
            check("mandates", f"{claim}: score of year 5", final(ordered), None, most.get(name)),
            check("mandates", f"{claim}: score, against left to the teams", final(ordered) - final(left)),
            check("mandates", f"{claim}: net value, % against left to the teams", value),
            check("mandates", f"{claim}: aligned or higher at the end, share", stages(ordered)[:, -1] >= 3, share=True),
        ]
    worst = int(np.argmin([gain.mean() for gain in gains]))
    claim = f"where ordering everything pays least ({names[worst]}): net value, %"
    found.append(check("mandates", claim, gains[worst], None, 0.0))
    rows = []
    for name in names:
        for how, more in (("", {}), (", mandated", MANDATED)):
            kept = np.mean([life.kept for life in lab.lives({**ARCHETYPES[name], **more})], 0)
            rows.append([name + how, *(float(x) for x in kept)])
    return Report(found, [("compliance on the last day", ["organization", *PRACTICES], rows)])


def order(lab: Lab) -> Report:
    """The order in which practices are adopted; no more may be claimed of it than ablations show (model.md 6)."""
    rungs = {
        "rules": 0,
        "events": 0,
        "meetings": 1,
        "feedback_loop": 1,
        "joint_planning": 1,
        "key_accounts": 1,
        "shared_metrics": 2,
        "rotation": 2,
    }
    rows, found = [], []
    for name in ("default", "liaison", "near"):
        lives = lab.lives(ARCHETYPES[name])
        since = np.array([life.since for life in lives], float)
        since[since < 0] = np.inf
        share = np.isfinite(since).mean(0)
        medians = [float(np.median(c[np.isfinite(c)])) if np.isfinite(c).any() else np.nan for c in since.T]
        rows.append([name, *medians])
        rows.append(["  share of runs", *(float(s) for s in share)])

        def concordant(days, right=0, pairs=0):
            for a, p in enumerate(PRACTICES):
                for b, q in enumerate(PRACTICES):
                    if rungs[p] < rungs[q] and min(days[a], days[b]) < np.inf:
                        pairs, right = pairs + 1, right + (days[a] < days[b])
            return right / pairs if pairs else np.nan

        found.append(
            check("order", f"{name}: pairs in the ladder's order (chance .5)", [concordant(d) for d in since], 0.5)
        )
        first = np.array(PRACTICES)[since.argmin(1)]
        found.append(
            check(
                "order", f"{name}: rules or events come first, share", np.isin(first, ("rules", "events")), share=True
            )
        )
    return Report(found, [("median day of the first decree", ["organization", *PRACTICES], rows)])


def anchors(lab: Lab) -> Report:
    """The audit's anchors, jittered by a fifth, give the same stages; every statement takes several scores."""
    names = ("default", "liaison", "near", "bad")
    rng, found = np.random.default_rng(7), []
    low, high = np.array(LOW), np.array(HIGH)
    kept = np.arange(20) != Item.ONE_HEAD
    for name in names:
        lives = lab.lives(ARCHETYPES[name])
        seen = np.array([life.seen[-1] for life in lives])
        bands = np.digitize([life.score[-1] for life in lives], BANDS)
        same = []
        for _ in range(200):
            a, b = low * rng.uniform(0.8, 1.2, 20), high * rng.uniform(0.8, 1.2, 20)
            width = np.where(b - a > 0.05, b - a, 0.05)
            items = np.floor(1 + 4 * np.clip((np.nan_to_num(seen) - a) / width, 0, 1) + 0.5)
            items = np.where(np.isnan(seen), 1, items)
            items[:, ~kept] = np.array([life.items[-1][~kept] for life in lives])
            same.append(float(np.mean(np.digitize(items.sum(1), BANDS) == bands)))
        q = np.quantile(same, [0.025, 0.975])
        found.append(
            check(
                "anchors",
                f"{name}: final bands unchanged under +-20 %",
                Interval(float(np.mean(same)), float(q[0]), float(q[1])),
                0.5,
            )
        )
    every = np.concatenate([life.items for name in names for life in lab.lives(ARCHETYPES[name])])
    kinds = [len(np.unique(every[:, j])) for j in range(20) if kept[j]]
    found.append(check("anchors", "fewest different scores that any of 19 statements takes", exact(min(kinds)), 3.0))
    return Report(found)


PATTERNS = {"mandates": mandates, "order": order, "anchors": anchors}
