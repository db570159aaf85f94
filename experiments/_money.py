"""Patterns of leads, customers and money (model.md 5 and 7: P7-P10, start-up, lifetime value)."""

from __future__ import annotations

import numpy as np
from _lab import (
    ARCHETYPES,
    BAD,
    FORBIDDEN,
    LIAISON,
    MANDATED,
    Interval,
    Lab,
    Report,
    bootstrap,
    check,
    final,
    net_value,
    stages,
)

from sim.model.theory import Theory

STAGE = {1: "undefined", 2: "defined", 3: "aligned", 4: "integrated"}


def _pooled(lab: Lab, part, whole) -> dict[int, Interval]:
    """A ratio of sums by stage over all quarters of default, liaison, near and bad; markets are resampled whole."""
    st = np.concatenate([stages(lab.lives(ARCHETYPES[n])) for n in ("default", "liaison", "near", "bad")], 1)

    def rows_of(of):
        return np.concatenate(
            [np.array([of(life) for life in lab.lives(ARCHETYPES[n])]) for n in ("default", "liaison", "near", "bad")],
            1,
        )

    top, bottom, found = rows_of(part), rows_of(whole), {}
    for k in STAGE:
        a, b = np.where(st == k, top, 0).sum(1), np.where(st == k, bottom, 0).sum(1)
        found[k] = bootstrap(lambda r, a=a, b=b: a[r].sum() / b[r].sum() if b[r].sum() else np.nan, len(st), 400)
    return found


def _times(a: Interval, b: Interval) -> Interval:
    """A ratio of two shares whose intervals are taken as independent (on the logarithm)."""
    if not (a.mean > 0 and b.mean > 0):
        return Interval(np.nan, np.nan, np.nan)
    spread = np.hypot((a.high - a.low) / a.mean, (b.high - b.low) / b.mean) / 2
    return Interval(a.mean / b.mean, a.mean / b.mean * np.exp(-spread), a.mean / b.mean * np.exp(spread))


def p7(lab: Lab) -> Report:
    """P7: follow-up by stage; extra follow-ups convert far less; reps' own deals are not crowded out."""
    followed = _pooled(lab, lambda x: x.sums["followed"], lambda x: x.sums["handed"])
    won = _pooled(lab, lambda x: x.sums["won"] - x.sums["own_won"], lambda x: x.sums["followed"])
    handed = _pooled(lab, lambda x: x.sums["won"] - x.sums["own_won"], lambda x: x.sums["handed"])
    own = _pooled(lab, lambda x: x.sums["own_won"], lambda x: np.ones(len(x.score)))
    found = [
        check("P7", "follow-up in undefined quarters", followed[1], 0.2, 0.4),
        check("P7", "follow-up in defined quarters", followed[2], 0.2, 0.4),
        check("P7", "follow-up in aligned quarters", followed[3]),
        check("P7", "follow-up in integrated quarters", followed[4], 0.65, 0.85),
        check("P7", "won per followed-up lead, integrated over undefined (F16)", _times(won[4], won[1]), 1.1, 1.4),
        check("P7", "own deals won, integrated over undefined", _times(own[4], own[1]), 0.5),
    ]
    plain = lab.lives({})
    for name, step in (("a little", 0.4), ("much", 1.0)):
        keen = lab.lives({"selling.base": Theory().selling.base + step})
        tried = np.array([[life.sums["followed"].sum() for life in lives] for lives in (plain, keen)])
        wins = np.array(
            [[(life.sums["won"] - life.sums["own_won"]).sum() for life in lives] for lives in (plain, keen)]
        )

        def marginal(r, tried=tried, wins=wins):
            extra = (wins[1, r] - wins[0, r]).sum() / (tried[1, r] - tried[0, r]).sum()
            return extra / (wins[0, r].sum() / tried[0, r].sum())

        found.append(
            check(
                "P7",
                f"reps {name} keener: wins per extra follow-up over the average",
                bootstrap(marginal, len(plain)),
                None,
                0.6,
            )
        )
    rows = [[STAGE[k], *(x[k].mean for x in (followed, won, handed, own))] for k in STAGE]
    return Report(
        found,
        [
            (
                "pooled quarters of default, liaison, near, bad",
                ["stage", "followed up", "won/followed up", "won/handed off", "own wins a quarter"],
                rows,
            )
        ],
    )


def p8(lab: Lab) -> Report:
    """P8: trust falls faster than it recovers; failure heals, deception leaves a deficit."""
    days, at = 1690, 650
    keep = lambda s: s.firm.days["trust_sm"][4::5].copy()  # noqa: E731
    cases = {
        "none": (),
        "30 days of bad leads": ((at, {"shock.bad_leads": 0.7}), (at + 30, {"shock.bad_leads": 0.0})),
        "a broken promise": ((at, "broken promise"),),
        "a deception": ((at, "deception"),),
    }
    paths = {n: np.array([x.extra for x in lab.lives({}, days, c, keep)]) for n, c in cases.items()}
    gap = {n: (paths[n] - paths["none"])[:, at // 5 :] for n in cases if n != "none"}

    def weeks(path):
        trough = int(path[:78].argmin())
        half = path[trough] / 2
        fall = int(np.flatnonzero(path[: trough + 1] <= half)[0]) + 1
        back = np.flatnonzero(path[trough:] >= half)
        return fall, float(back[0]) if len(back) else float(len(path) - trough)

    leads = gap["30 days of bad leads"]
    left = {
        n: bootstrap(lambda r, g=gap[n]: g[r, 102:106].mean() / g[r, 0:2].mean(), len(leads), 400)
        for n in ("a broken promise", "a deception")
    }
    points = [life.score[-4:].mean() for life in lab.lives({}, days)]
    bad = lab.lives({}, days, cases["30 days of bad leads"])
    rows = [[n, *(float(g[:, w].mean()) for w in (0, 6, 12, 26, 52, 104, 156, 207))] for n, g in gap.items()]
    return Report(
        [
            check(
                "P8",
                "bad leads: trust of Sales lost at the worst",
                bootstrap(lambda r: leads[r].mean(0)[:78].min(), len(leads), 400),
                None,
                0.0,
            ),
            check(
                "P8",
                "bad leads: weeks to half the fall",
                bootstrap(lambda r: weeks(leads[r].mean(0))[0], len(leads), 400),
            ),
            check(
                "P8",
                "bad leads: weeks from the trough to half back",
                bootstrap(lambda r: weeks(leads[r].mean(0))[1], len(leads), 400),
            ),
            check(
                "P8",
                "bad leads: recovery over fall, times",
                bootstrap(lambda r: np.divide(*weeks(leads[r].mean(0))[::-1]), len(leads), 400),
                1.0,
            ),
            check("P8", "bad leads: score of the last year", np.array([x.score[-4:].mean() for x in bad]) - points),
            check("P8", "broken promise: share of the loss left after two years", left["a broken promise"], None, 0.25),
            check("P8", "deception: share of the loss left after two years", left["a deception"], 0.25),
            check(
                "P8", "deception: trust still missing after four years", gap["a deception"][:, -4:].mean(1), None, 0.0
            ),
        ],
        [
            (
                "trust of Sales in Marketing, difference after so many weeks",
                ["event", "0", "6", "12", "26", "52", "104", "156", "207"],
                rows,
            )
        ],
    )


def p9(lab: Lab) -> Report:
    """P9: growth without integration costs more per head and per customer than growth with it."""
    measures = {
        "new business a head": lambda x: x.year("new_value", 5) / x.year("people", 5),
        "revenue a head": lambda x: x.year("revenue", 5) / x.year("people", 5),
        "customer value a customer": lambda x: x.year("customer_value", 5) / max(x.year("customers", 5), 1e-9) * 260,
        "customers lost of 100, as a minus": lambda x: (
            -100 * 260 * x.year("churned", 5) / max(x.year("customers", 5), 1e-9)
        ),
    }
    found = []
    for rate in (0.15, 0.30):
        falls = {}
        for name in ("bad", "default", "near"):
            plain, grown = lab.lives(ARCHETYPES[name]), lab.lives({**ARCHETYPES[name], "workforce.growth": rate})
            for what, of in measures.items():
                falls[name, what] = np.array([[of(x) for x in lives] for lives in (grown, plain)])
        n = len(lab.seeds)

        def fall(rows, name, what, falls=falls):
            grown, plain = falls[name, what][:, rows].mean(1)
            return 100 * (grown - plain) / abs(plain)

        for what in measures:
            for name in ("bad", "default", "near"):
                claim = f"{rate:.0%} a year, {name}: {what}, % against no growth"
                change = bootstrap(lambda r, name=name, what=what: fall(r, name, what), n, 400)
                found.append(check("P9", claim, change, None, 0.0 if name == "bad" else None))
            claim = f"{rate:.0%} a year: {what}, near less bad, points"
            gap = bootstrap(lambda r, what=what: fall(r, "near", what) - fall(r, "bad", what), n, 400)
            found.append(check("P9", claim, gap, 0.0))
    return Report(found)


SMALL = {
    "workforce.marketers": 3,
    "workforce.salespeople": 5,
    "market.cycle_days": 10.0,
    "market.drift_sd": 0.3,
    "trust.initial": 0.5,
}


def p10(lab: Lab) -> Report:
    """P10: in a small, simple firm integration loses net value; rules pay only from a certain size on."""
    found = []
    for name, firm in (("small, simple", SMALL), ("default", {})):
        base = lab.lives({**firm, **FORBIDDEN})
        level = abs(net_value(base).mean())
        for how, more in (("permitted", {}), ("permitted, liaison", LIAISON), ("all mandated", MANDATED)):
            lives = lab.lives({**firm, **more})
            gain = 100 * (net_value(lives) - net_value(base)) / level
            side = (None, 0.0) if firm else (None, None)
            found.append(check("P10", f"{name}, {how}: net value, % against no practices", gain, *side))
            found.append(check("P10", f"{name}, {how}: score", final(lives)))
    for n in (4, 6, 9, 15, 24, 36):
        firm = {"workforce.marketers": max(round(n / 3), 1), "workforce.salespeople": n - max(round(n / 3), 1)}
        base = lab.lives({**firm, **FORBIDDEN})
        lives = lab.lives({**firm, **FORBIDDEN, "practices.rules": 1})
        gain = 100 * (net_value(lives) - net_value(base)) / abs(net_value(base).mean())
        side = (None, 0.0) if n <= 6 else (0.0, None) if n >= 15 else (None, None)
        found.append(check("P10", f"{n} people: rules ordered, net value, %", gain, *side))
    return Report(found)


def money(lab: Lab) -> Report:
    """Lifetime value to acquisition cost, revenue per head, and no dip in year 1 (model.md 7; improvement 7)."""
    t, found, rows = Theory(), [], []
    for name in ("bad", "default", "liaison", "near"):
        lives = lab.lives(ARCHETYPES[name])

        def ratio(life, year=5):
            customers = life.year("customers", year) / 260
            r = 1 - life.year("churned", year) / customers
            value = life.year("revenue", year) / customers
            lifetime = t.money.margin * value * r / (1 + t.money.discount - r)
            return lifetime / ((life.year("payroll", year) + life.year("other_cash", year)) / life.year("won", year))

        head = [life.year("revenue", 5) / (life.year("people", 5) / 260) for life in lives]
        found.append(
            check(
                "money",
                f"{name}: lifetime value over acquisition cost, year 5",
                [ratio(x) for x in lives],
                *((3.0, 5.0) if name == "default" else (None, None)),
            )
        )
        found.append(check("money", f"{name}: revenue a head, year 5, k€", head))
        quarters = np.array([life.sums["revenue"][:8] / life.sums["revenue"][0] for life in lives])
        found.append(
            check(
                "7",
                f"{name}: lowest quarter of year 1 over quarter 1",
                bootstrap(lambda r, q=quarters: q[r, :4].mean(0).min(), len(quarters)),
                0.95,
            )
        )
        rows.append([name, *(float(x) for x in quarters.mean(0)), float(np.mean([life.broke >= 0 for life in lives]))])
    base = np.array([x.year("revenue", 5) for x in lab.lives(BAD)])
    for name in ("default", "liaison", "near"):
        more = np.array([x.year("revenue", 5) for x in lab.lives(ARCHETYPES[name])]) / base
        found.append(
            check(
                "money",
                f"{name}: revenue of year 5 over bad's",
                more,
                *((1.1, 2.0) if name == "near" else (None, None)),
            )
        )
    return Report(
        found,
        [
            (
                "revenue of quarters 1-8 over quarter 1; share of firms that ran out of cash",
                ["organization", *(f"q{q}" for q in range(1, 9)), "broke"],
                rows,
            )
        ],
    )


PATTERNS = {"P7": p7, "P8": p8, "P9": p9, "P10": p10, "money": money}
