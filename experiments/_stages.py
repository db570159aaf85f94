"""Patterns of the stage: where it starts and what moves it (model.md 5: P1-P4, P13)."""

from __future__ import annotations

import numpy as np
from _lab import (
    ARCHETYPES,
    FORBIDDEN,
    LIAISON,
    NEAR,
    Lab,
    Report,
    bootstrap,
    check,
    final,
    median_interval,
    stages,
)

from sim.model.firm import QUARTER

NAMES = ("undefined", "defined", "aligned", "integrated")


def mix(lives) -> list[float]:
    last = stages(lives)[:, -1]
    return [float(np.mean(last == k)) for k in (1, 2, 3, 4)]


def _first(stage: np.ndarray, least: int) -> float:
    at = np.flatnonzero(stage >= least)
    return float(at[0] + 1) if len(at) else np.inf


def _longest(hits: np.ndarray) -> int:
    best = run = 0
    for hit in hits:
        run = run + 1 if hit else 0
        best = max(best, run)
    return best


def p1(lab: Lab) -> Report:
    """P1: the default begins undefined, most runs reach defined and stay there for years."""
    st = stages(lab.lives({}))
    first = np.array([_first(row, 2) for row in st])
    rows = [[name, *mix(lab.lives(v)), float(final(lab.lives(v)).mean())] for name, v in ARCHETYPES.items()]
    return Report(
        [
            check("P1", "first two quarters undefined, share of runs", (st[:, :2] == 1).all(1), 0.9, share=True),
            check("P1", "ever defined or higher, share of runs", np.isfinite(first), 0.5, share=True),
            check(
                "P1",
                "two years or more in a row in defined, share",
                [_longest(row == 2) >= 8 for row in st],
                0.5,
                share=True,
            ),
            check("P1", "first quarter in defined, median", median_interval(np.where(np.isfinite(first), first, 21))),
            check("P1", "score of year 5", final(lab.lives({}))),
        ],
        [("stages after five years, and score of year 5", ["organization", *NAMES, "score"], rows)],
    )


def p2(lab: Lab) -> Report:
    """P2: a liaison trusted by both brings a stage more or brings it sooner; trusted by one side she is no better."""
    none, both = lab.lives({}), lab.lives(LIAISON)
    better = []
    for a, b in zip(stages(none), stages(both), strict=True):
        later = [(_first(b, k), _first(a, k)) for k in (2, 3, 4)]
        better.append(
            b[-1] > a[-1] or b.max() > a.max() or (b.max() == a.max() and later[b.max() - 2][0] < later[b.max() - 2][1])
        )
    found = [
        check("P2", "trusted by both: a stage higher or sooner, share of markets", better, 0.5, share=True),
        check("P2", "trusted by both: score, difference", final(both) - final(none), 0.0),
        check("P2", "trusted by both: ever aligned, share", (stages(both) >= 3).any(1), share=True),
        check("P2", "none: ever aligned, share", (stages(none) >= 3).any(1), share=True),
    ]
    base = np.array([life.year("revenue", 5) for life in none])
    for name in ("liaison", "distrusted by Sales", "distrusted by Marketing"):
        lives = lab.lives(ARCHETYPES[name])
        gain = 100 * (np.array([life.year("revenue", 5) for life in lives]) / base - 1)
        if name != "liaison":
            found.append(
                check("P2", f"{name}: score, difference (margin 2 points)", final(lives) - final(none), None, 2.0)
            )
        found.append(
            check("P2", f"{name}: revenue of year 5, %", gain, *((0.0,) if name == "liaison" else (None, 0.5)))
        )
    return Report(found)


def in_order(stage: np.ndarray, dwell: int) -> bool:
    """All four stages, first reached in order, with at least `dwell` quarters in each."""
    first = [np.flatnonzero(stage == k) for k in (1, 2, 3, 4)]
    if any(len(f) < dwell for f in first):
        return False
    return all(first[k][0] < first[k + 1][0] for k in range(3))


def p3(lab: Lab) -> Report:
    """P3: near, cheap, with a liaison: all four stages in order within five years, two quarters or more in each."""
    st = stages(lab.lives(NEAR))
    alone = stages(lab.lives({**NEAR, "liaison.count": 0}))
    return Report(
        [
            check("P3", "all four in order, share of runs", [in_order(row, 1) for row in st], 0.5, share=True),
            check("P3", "and two quarters or more in each", [in_order(row, 2) for row in st], 0.5, share=True),
            check("P3", "integrated at the end, share", st[:, -1] == 4, share=True),
            check("P3", "the same without her: in order", [in_order(row, 1) for row in alone], share=True),
            check(
                "P3",
                "practices forbidden: ever integrated",
                (stages(lab.lives({**NEAR, **FORBIDDEN})) == 4).any(1),
                None,
                0.5,
                share=True,
            ),
        ]
    )


def p4(lab: Lab) -> Report:
    """P4: dear or far, with low trust: undefined, also when all is mandated; more than half of the talk is disputes."""
    found = []
    for name in ("bad", "far", "bad, mandated"):
        st = stages(lab.lives(ARCHETYPES[name]))
        found.append(check("P4", f"{name}: undefined in all 20 quarters", (st == 1).all(1), 0.5, share=True))
        found.append(check("P4", f"{name}: undefined at the end", st[:, -1] == 1, 0.5, share=True))
    for name in ("bad", "far"):
        lives = lab.lives(ARCHETYPES[name])
        disputes = [life.sums["disputes"].sum() / max(life.sums["contacts"].sum(), 1) for life in lives]
        heads = [life.sums["contacts"].sum() / life.sums["people"].sum() * QUARTER for life in lives]
        found.append(check("P4", f"{name}: share of contacts about disputes", disputes, 0.5))
        found.append(check("P4", f"{name}: contacts a head and quarter", heads))
    early = lab.lives({})
    part = [
        life.sums["disputes"][life.stage == 1].sum() / max(life.sums["contacts"][life.stage == 1].sum(), 1)
        for life in early
    ]
    found.append(check("P4", "default, its undefined quarters: share about disputes", part, 0.5))
    return Report(found)


def p13(lab: Lab) -> Report:
    """P13: chance contacts fall by about four between 2 and 20 m, are flat beyond 50 m, and fall again beyond."""
    metres = (2, 5, 10, 20, 30, 50, 80, 200, 2000, 200_000)
    keep = lambda simulation: handoff_days(simulation.firm)  # noqa: E731
    rows, contacts, delays = [], {}, {}
    for m in metres:
        lives = lab.lives({**FORBIDDEN, "distance.between_teams_m": float(m)}, keep=keep)
        whole = np.array([life.sums["contacts"].sum() / life.sums["people"].sum() * QUARTER for life in lives])
        first = np.array([life.sums["contacts"][:2].sum() / life.sums["people"][:2].sum() * QUARTER for life in lives])
        contacts[m], delays[m] = first, np.array([life.extra for life in lives])
        rows.append(
            [m, float(first.mean()), float(whole.mean()), float(np.nanmean(delays[m])), float(final(lives).mean())]
        )

    def ratio(a, b):
        return bootstrap(lambda rows: contacts[a][rows].mean() / contacts[b][rows].mean(), len(lab.seeds))

    flat = bootstrap(
        lambda r: (contacts[50][r].mean() - contacts[200][r].mean()) / (contacts[2][r].mean() - contacts[50][r].mean()),
        len(lab.seeds),
    )
    steps = bootstrap(
        lambda r: (
            (contacts[2][r].mean() - contacts[10][r].mean())
            / 8
            / ((contacts[10][r].mean() - contacts[50][r].mean()) / 40)
        ),
        len(lab.seeds),
    )
    return Report(
        [
            check("P13", "contacts at 2 m over 20 m, first half year", ratio(2, 20), 3.0, 5.0),
            check("P13", "slope 2-10 m over slope 10-50 m (convex)", steps, 1.0),
            check("P13", "fall from 50 to 200 m over fall from 2 to 50 m (flat)", flat, None, 0.1),
            check("P13", "contacts at 50 m over 200 m", ratio(50, 200)),
            check("P13", "contacts at 200 m over 200 km (another city is not another floor)", ratio(200, 200_000), 1.1),
            check("P13", "days from qualified to tried: 30 m less 2 m", delays[30] - delays[2], 0.0),
        ],
        [
            (
                "practices forbidden",
                ["metres", "contacts/head/quarter, first half year", "five years", "handoff days", "score"],
                rows,
            )
        ],
    )


def handoff_days(firm) -> float:
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    tried = leads[(leads["qualified"] >= 0) & (leads["tried"] >= 0)]
    return float((tried["tried"].astype(float) - tried["qualified"]).mean()) if len(tried) else np.nan


PATTERNS = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P13": p13}
