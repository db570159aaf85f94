"""Patterns of the stage: where it starts, what moves it, how it slides back (model.md 5: P1-P4, P11, P13)."""

from __future__ import annotations

import numpy as np
from _lab import ARCHETYPES, BAD, FORBIDDEN, LIAISON, NEAR, PRACTICES, Lab, Report, bootstrap, check, median_interval

from sim.model.audit import BANDS, HIGH, LOW
from sim.model.firm import QUARTER, Item

NAMES = ("undefined", "defined", "aligned", "integrated")


def stages(lives) -> np.ndarray:
    return np.array([life.stage for life in lives])


def final(lives) -> np.ndarray:
    """Mean score of the last year, one a market."""
    return np.array([life.score[-4:].mean() for life in lives])


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
            check("P1", "two years or more in a row in defined, share",
                  [_longest(row == 2) >= 8 for row in st], 0.5, share=True),
            check("P1", "first quarter in defined, median", median_interval(np.where(np.isfinite(first), first, 21))),
            check("P1", "score of year 5", final(lab.lives({}))),
        ],
        [("stages after five years, and score of year 5", ["organization", *NAMES, "score"], rows)],
    )  # fmt: skip


def p2(lab: Lab) -> Report:
    """P2: a liaison trusted by both brings a stage more or brings it sooner; trusted by one side she is no better."""
    none, both = lab.lives({}), lab.lives(LIAISON)
    better = []
    for a, b in zip(stages(none), stages(both), strict=True):
        later = [(_first(b, k), _first(a, k)) for k in (2, 3, 4)]
        better.append(b[-1] > a[-1] or b.max() > a.max() or (b.max() == a.max() and later[b.max() - 2][0] < later[b.max() - 2][1]))
    found = [
        check("P2", "trusted by both: a stage higher or sooner, share of markets", better, 0.5, share=True),
        check("P2", "trusted by both: score, difference", final(both) - final(none), 0.0),
        check("P2", "trusted by both: ever aligned, share", (stages(both) >= 3).any(1), share=True),
        check("P2", "none: ever aligned, share", (stages(none) >= 3).any(1), share=True),
    ]  # fmt: skip
    base = np.array([life.year("revenue", 5) for life in none])
    for name in ("liaison", "distrusted by Sales", "distrusted by Marketing"):
        lives = lab.lives(ARCHETYPES[name])
        gain = 100 * (np.array([life.year("revenue", 5) for life in lives]) / base - 1)
        if name != "liaison":
            found.append(check("P2", f"{name}: score, difference (margin 2 points)", final(lives) - final(none), None, 2.0))
        found.append(check("P2", f"{name}: revenue of year 5, %", gain, *((0.0,) if name == "liaison" else (None, 0.5))))
    return Report(found)  # fmt: skip


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
    return Report([
        check("P3", "all four in order, share of runs", [in_order(row, 1) for row in st], 0.5, share=True),
        check("P3", "and two quarters or more in each", [in_order(row, 2) for row in st], 0.5, share=True),
        check("P3", "integrated at the end, share", st[:, -1] == 4, share=True),
        check("P3", "the same without her: in order", [in_order(row, 1) for row in alone], share=True),
        check("P3", "practices forbidden: ever integrated",
              (stages(lab.lives({**NEAR, **FORBIDDEN})) == 4).any(1), None, 0.5, share=True),
    ])  # fmt: skip


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
    part = [life.sums["disputes"][life.stage == 1].sum() / max(life.sums["contacts"][life.stage == 1].sum(), 1) for life in early]
    found.append(check("P4", "default, its undefined quarters: share about disputes", part, 0.5))
    return Report(found)  # fmt: skip


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


DEFAULTS = {"distance.between_teams_m": 30.0, "communication.cost_hours": 0.5, "trust.initial": 0.35,
            "trust.attitude": 0.33, "liaison.count": 0}  # fmt: skip


def p11(lab: Lab) -> Report:
    """P11: same levers, other history, other stage; it slides back, and faster than it climbs."""
    fallen = lab.lives(NEAR, 2080, ((1300, {**BAD, "liaison.count": 0}),))
    never = lab.lives(BAD, 2080)
    calm = {"structure.reorganizations": 0.0}
    down = lab.lives({}, 2080, ((1040, "reorganization"),))
    same = lab.lives({}, 2080)
    gap = np.array([a.score - b.score for a, b in zip(same, down, strict=True)])[:, 16:]
    low = gap.mean(0)[:4].max()
    home = np.flatnonzero((gap.mean(0) < low / 2) & (np.arange(gap.shape[1]) > gap.mean(0)[:4].argmax()))
    return Report([
        check("P11", "near for 5 years, then bad for 3, against bad all along: score", final(fallen) - final(never), 0.0),
        check("P11", "the same: a higher stage, share of markets",
              stages(fallen)[:, -1] > stages(never)[:, -1], 0.5, share=True),
        *slide(lab, {}, BAD, "default to bad and back"),
        *slide(lab, NEAR, {k: v for k, v in BAD.items() if k in NEAR}, "near to bad and back, liaison kept"),
        check("P11", "a reorganization: points lost within a year, at most", gap[:, :4].max(1), 0.0),
        check("P11", "a reorganization: quarters until half is back", float_interval(home[0] if len(home) else np.nan)),
        check("P11", "no reorganizations in 20 years: score, difference", final(lab.lives(calm, 5200)) - final(lab.lives({}, 5200))),
    ])  # fmt: skip


def float_interval(x):
    return bootstrap(lambda rows: float(x), 2, 2)


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
        rows.append([m, float(first.mean()), float(whole.mean()), float(np.nanmean(delays[m])), float(final(lives).mean())])

    def ratio(a, b):
        return bootstrap(lambda rows: contacts[a][rows].mean() / contacts[b][rows].mean(), len(lab.seeds))

    steps = bootstrap(lambda r: (contacts[2][r].mean() - contacts[10][r].mean()) / 8
                      / ((contacts[10][r].mean() - contacts[50][r].mean()) / 40), len(lab.seeds))  # fmt: skip
    return Report(
        [
            check("P13", "contacts at 2 m over 20 m, first half year", ratio(2, 20), 3.0, 5.0),
            check("P13", "slope 2-10 m over slope 10-50 m (convex)", steps, 1.0),
            check("P13", "contacts at 50 m over 200 m (flat)", ratio(50, 200), None, 1.5),
            check("P13", "contacts at 200 m over 200 km (another city is not another floor)", ratio(200, 200_000), 1.1),
            check("P13", "days from qualified to tried: 30 m less 2 m", delays[30] - delays[2], 0.0),
        ],
        [("practices forbidden", ["metres", "contacts/head/quarter, first half year", "five years", "handoff days", "score"], rows)],
    )  # fmt: skip


def handoff_days(firm) -> float:
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    tried = leads[(leads["qualified"] >= 0) & (leads["tried"] >= 0)]
    return float((tried["tried"].astype(float) - tried["qualified"]).mean()) if len(tried) else np.nan


def ratchet(lab: Lab) -> Report:
    """Improvement 3: twenty years of the default end in a mix of stages, not all integrated."""
    whole = {name: lab.lives(values, 5200) for name, values in (("default", {}), ("liaison", LIAISON), ("near", NEAR), ("bad", BAD))}
    rows = []
    for name, lives in whole.items():
        late = stages(lives)[:, 40:]
        scores = np.array([life.score for life in lives])
        rows.append([name, *(float((late == k).mean()) for k in (1, 2, 3, 4)),
                     *(float(scores[:, q - 4 : q].mean()) for q in (20, 40, 60, 80))])
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
        [("quarters of years 10-20 by stage; score of years 5, 10, 15, 20",
          ["organization", *NAMES, "year 5", "year 10", "year 15", "year 20"], rows)],
    )  # fmt: skip


def mandates(lab: Lab) -> Report:
    """Mandates must be able to fail: bad; near but distrustful; and what they do in the default."""
    found = []
    for name, plain, least, most in (("bad, mandated", "bad", None, 40.0), ("near, distrust, mandated", "near, distrust", None, 60.0),
                                     ("default, mandated", "default", None, None)):
        ordered, left = lab.lives(ARCHETYPES[name]), lab.lives(ARCHETYPES[plain])
        value = 100 * (_net(ordered) - _net(left)) / abs(_net(left).mean())
        found += [
            check("mandates", f"{name}: score of year 5", final(ordered), least, most),
            check("mandates", f"{name}: score, against left to the teams", final(ordered) - final(left)),
            check("mandates", f"{name}: net value, % against left to the teams", value,
                  None, 0.0 if name != "default, mandated" else None),
            check("mandates", f"{name}: aligned or higher at the end, share", stages(ordered)[:, -1] >= 3, share=True),
        ]
    rows = [[n, *(float(x) for x in np.mean([life.kept for life in lab.lives(ARCHETYPES[n])], 0))]
            for n in ("default", "liaison", "near", "bad, mandated", "near, distrust", "near, distrust, mandated", "default, mandated")]
    return Report(found, [("compliance on the last day", ["organization", *PRACTICES], rows)])  # fmt: skip


def _net(lives) -> np.ndarray:
    return np.array([life.outcomes["net_value"] for life in lives])


def order(lab: Lab) -> Report:
    """The order in which practices are adopted; what may be said of it is less than it looks (prototype 2, section 2)."""
    rungs = {"rules": 0, "events": 0, "meetings": 1, "feedback_loop": 1, "joint_planning": 1, "key_accounts": 1,
             "shared_metrics": 2, "rotation": 2}  # fmt: skip
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

        found.append(check("order", f"{name}: pairs in the ladder's order (chance .5)", [concordant(d) for d in since], 0.5))
        first = np.array(PRACTICES)[since.argmin(1)]
        found.append(check("order", f"{name}: rules or events come first, share", np.isin(first, ("rules", "events")), share=True))
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
        found.append(check("anchors", f"{name}: final bands unchanged under +-20 %",
                           type(bootstrap(lambda r: 0.0, 2, 2))(float(np.mean(same)), float(q[0]), float(q[1])), 0.5))
    every = np.concatenate([life.items for name in names for life in lab.lives(ARCHETYPES[name])])
    kinds = [len(np.unique(every[:, j])) for j in range(20) if kept[j]]
    found.append(check("anchors", "fewest different scores that any of 19 statements takes", float_interval(min(kinds)), 3.0))
    return Report(found)  # fmt: skip


PATTERNS = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P11": p11, "P13": p13, "ratchet": ratchet, "mandates": mandates,
            "order": order, "anchors": anchors}  # fmt: skip
