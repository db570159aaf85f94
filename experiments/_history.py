"""Patterns of time: path dependence, slides and climbs, twenty years (model.md 5: P11; improvement 3)."""

from __future__ import annotations

import numpy as np
from _lab import BAD, LIAISON, NEAR, Lab, Report, bootstrap, check, exact, final, stages
from _stages import NAMES


def half_times(gap: np.ndarray, turn: int) -> tuple[float, float]:
    """Quarters until half the fall (before row `turn`) and until half the way back (after it), from a mean gap."""
    depth = gap[turn - 4 : turn].mean()
    if depth <= 0:
        return np.nan, np.nan

    def crossing(path, up):
        over = np.flatnonzero(path >= depth / 2 if up else path <= depth / 2)
        if not len(over):
            return float(len(path))
        j = over[0]
        before = path[j - 1] if j else (0.0 if up else depth)
        return float(j + (depth / 2 - before) / (path[j] - before)) if path[j] != before else float(j + 1)

    return crossing(gap[:turn], True), crossing(gap[turn:], False)


def slide(lab: Lab, good: dict, bad: dict, name: str) -> list:
    """From one set of levers to a worse one at year 5, back at year 10; against never having changed."""
    back = {key: good.get(key, DEFAULTS[key]) for key in bad}
    moved = lab.lives(good, 5200, ((1300, bad), (2600, back)))
    still = lab.lives(good, 5200)
    gap = np.array([a.score - b.score for a, b in zip(still, moved, strict=True)])[:, 20:]
    both = [bootstrap(lambda rows, k=k: half_times(gap[rows].mean(0), 20)[k], len(gap), 300) for k in (0, 1)]
    ratio = bootstrap(lambda rows: np.divide(*half_times(gap[rows].mean(0), 20)[::-1]), len(gap), 300)
    return [
        check("P11", f"{name}: points lost", gap[:, 16:20].mean(1), 0.0),
        check("P11", f"{name}: quarters to half the fall", both[0]),
        check("P11", f"{name}: quarters to half the way back", both[1]),
        check("P11", f"{name}: climb over slide, times", ratio, 1.0),
        check("P11", f"{name}: points still missing five years after", gap[:, -4:].mean(1)),
    ]


DEFAULTS = {
    "distance.between_teams_m": 30.0,
    "communication.cost_hours": 0.5,
    "trust.initial": 0.35,
    "trust.attitude": 0.33,
    "liaison.count": 0,
}


def p11(lab: Lab) -> Report:
    """P11: same levers, other history, other stage; it slides back, and faster than it climbs."""
    fallen = lab.lives(NEAR, 2080, ((1300, {**BAD, "liaison.count": 0}),))
    never = lab.lives(BAD, 2080)
    calm = {"structure.reorganizations": 0.0}
    down = lab.lives({}, 2080, ((1040, "reorganization"),))
    same = lab.lives({}, 2080)
    gap = np.array([a.score - b.score for a, b in zip(same, down, strict=True)])[:, 16:]
    low = gap.mean(0)[:4].max()
    after = np.arange(gap.shape[1]) > gap.mean(0)[:4].argmax()
    home = np.flatnonzero((gap.mean(0) < low / 2) & after)
    restless = final(lab.lives({}, 5200))
    return Report(
        [
            check("P11", "near for 5 years, then bad for 3, less always bad: score", final(fallen) - final(never), 0.0),
            *(
                check(
                    "P11",
                    f"the same: a higher stage {years} years after, share of markets",
                    stages(fallen)[:, 19 + 4 * years] > stages(never)[:, 19 + 4 * years],
                    0.5 if years == 1 else None,
                    share=True,
                )
                for years in (1, 2, 3)
            ),
            *slide(lab, {}, BAD, "default to bad and back"),
            *slide(lab, NEAR, {k: v for k, v in BAD.items() if k in NEAR}, "near to bad and back, liaison kept"),
            check("P11", "a reorganization: points lost within a year, at most", gap[:, :4].max(1), 0.0),
            check("P11", "a reorganization: quarters until half is back", exact(home[0] if len(home) else np.nan)),
            check("P11", "no reorganizations in 20 years: score, difference", final(lab.lives(calm, 5200)) - restless),
        ]
    )


def ratchet(lab: Lab) -> Report:
    """Improvement 3: twenty years of the default end in a mix of stages, not all integrated."""
    whole = {
        name: lab.lives(values, 5200)
        for name, values in (("default", {}), ("liaison", LIAISON), ("near", NEAR), ("bad", BAD))
    }
    rows = []
    for name, lives in whole.items():
        late = stages(lives)[:, 40:]
        scores = np.array([life.score for life in lives])
        rows.append(
            [
                name,
                *(float((late == k).mean()) for k in (1, 2, 3, 4)),
                *(float(scores[:, q - 4 : q].mean()) for q in (20, 40, 60, 80)),
            ]
        )
    st = stages(whole["default"])
    up = (np.diff(st, axis=1) > 0).sum(1).astype(float)
    down = (np.diff(st, axis=1) < 0).sum(1).astype(float)
    largest = bootstrap(lambda r: max(float((st[r][:, 40:] == k).mean()) for k in (1, 2, 3, 4)), len(st), 400)
    kinds = bootstrap(lambda r: sum(float((st[r][:, -1] == k).mean()) >= 0.05 for k in (1, 2, 3, 4)), len(st), 400)
    return Report(
        [
            check("3", "default after 20 years: integrated, share", st[:, -1] == 4, None, 0.5, share=True),
            check("3", "default, years 10-20: share of quarters in the commonest stage", largest, None, 0.9),
            check("3", "default after 20 years: stages that hold 5 % or more of the runs", kinds, 2.0),
            check("3", "default: moves up in 20 years", up),
            check("3", "default: moves down in 20 years", down, 0.5),
        ],
        [
            (
                "quarters of years 10-20 by stage; score of years 5, 10, 15, 20",
                ["organization", *NAMES, "year 5", "year 10", "year 15", "year 20"],
                rows,
            )
        ],
    )


PATTERNS = {"P11": p11, "ratchet": ratchet}
