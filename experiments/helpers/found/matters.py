"""Findings about the market, and about which numbers matter: one function a shipped experiment."""

from __future__ import annotations

import numpy as np

from helpers.found.results import Results, average, best_elsewhere, measured, percent, told
from helpers.judging import Report, bootstrap
from helpers.printing import number
from sim.study.intervals import Interval, mean_interval
from sim.study.sensitivity.sensitivity import sensitivity

FOUR = ("communication.cost_hours", "distance.between_teams_m", "trust.initial", "liaison.count")
OUTCOMES = ("score", "net_value")


def leads_per_rep(found: Results) -> Report:
    lists = np.array(found.levels("market.marketing_list"), float)
    revenue = {arm: found.of("revenue", arm) for arm in ("base", "together")}
    n = revenue["base"].shape[1]

    def peak(arm, markets) -> float:
        return float(lists[revenue[arm][:, markets].mean(1).argmax()])

    further = bootstrap(lambda m: peak("together", m) - peak("base", m), n)
    checks = []
    for arm, name in (("base", "default"), ("together", "working together")):
        at_most = percent(revenue[arm][-1], best_elsewhere(revenue[arm]))
        checks.append(measured(f"{name}: revenue with the most leads less the best number, %", at_most, below=0.0))
        place = bootstrap(lambda m, arm=arm: peak(arm, m), n)
        checks.append(measured(f"{name}: prospects a marketer and day at the highest revenue", place))
    half_a_step = float(np.diff(lists).min()) / 2.0
    checks.append(measured("the peak lies further out by so many prospects", further, above=half_a_step))
    body = []
    for row, each in enumerate(lists):
        cells = [told(found.of(name, arm)[row]) for arm in revenue for name in ("revenue", "followed_up")]
        body.append([f"{each:g}", *cells])
    head = ["prospects a marketer and day", "revenue, k€", "followed up", "together: revenue, k€", "followed up"]
    return Report(checks, [("more and more leads", head, body)])


def pull_and_push(found: Results) -> Report:
    mixes = np.array(found.levels("marketing.push_mix"), float)
    checks, body = [], []
    for share in found.levels("market.pull_share"):
        value = np.stack([found.at("net_value", market__pull_share=share, marketing__push_mix=mix) for mix in mixes])
        apart = best_elsewhere(value[1:-1]) - best_elsewhere(value[[0, -1]])
        limits = {"below": 0.0} if share in (0.0, 1.0) else {"above": 0.0}
        checks.append(measured(f"pull share {share:g}: best inner mix less best corner, k€", apart, **limits))
        best = bootstrap(lambda m, value=value: float(mixes[value[:, m].mean(1).argmax()]), value.shape[1])
        body.append([f"{share:g}", told(best), *map(average, value)])
    head = ["pull share of the market", "best push mix", *(f"push mix {mix:g}" for mix in mixes)]
    return Report(checks, [("net value, k€", head, body)])


def what_matters(found: Results) -> Report:
    tables = {outcome: sensitivity(found.store, outcome).df for outcome in OUTCOMES}
    checks = []
    for outcome, table in tables.items():
        limits = {"below": 6.5} if outcome == "score" else {}
        for name in FOUR:
            checks.append(measured(f"{outcome}: place of {name} among {len(table)}", _place(table, name), **limits))
    body = []
    for name, row in tables["score"].iterrows():
        cells = [[int(each.loc[name, "rank"]), _size(each.loc[name])] for each in tables.values()]
        body.append([name, row["range"], *cells[0], *cells[1]])
    head = ["number", "range", "place", "effect on the score", "place", "effect on net value, k€"]
    return Report(checks, [("mean size of the effect of the whole range (Morris)", head, body)])


def _size(row) -> str:
    return f"{number(row['mu_star'])} ({number(row['low'])} to {number(row['high'])})"


def _place(table, name: str) -> Interval:
    """The place of a factor, from the best to the worst that the intervals allow."""
    own, others = table.loc[name], table.drop(index=name)
    best = 1.0 + float((others["low"] > own["high"]).sum())
    worst = 1.0 + float((others["high"] > own["low"]).sum())
    return Interval(float(own["rank"]), best, worst)


def levers_together(found: Results) -> Report:
    checks, tables = [], []
    for outcome in OUTCOMES:
        table = sensitivity(found.store, outcome).df
        blocks = found.of(outcome).mean(1).reshape(-1, 2 * len(table) + 2)
        interplay = bootstrap(lambda rows, blocks=blocks: 1.0 - _alone(blocks[rows]), len(blocks))
        limits = {"below": 0.25} if outcome == "score" else {}
        checks.append(measured(f"{outcome}: share of the variance that is interplay", interplay, **limits))
        body = [[name, *(_share(row, kind) for kind in ("first", "total"))] for name, row in table.iterrows()]
        title = f"shares of the variance of {outcome} between points (Sobol)"
        tables.append((title, ["number", "alone", "with all it takes part in"], body))
    return Report(checks, tables)


def _share(row, kind: str) -> str:
    return f"{row[kind]:.2f} ({row[f'{kind}_low']:.2f} to {row[f'{kind}_high']:.2f})"


def _alone(blocks: np.ndarray) -> float:
    """The sum of the first-order indices of blocks (n, 2k + 2): A, A with each of B, B with each of A, B.

    Source: Saltelli et al. 2010, table 2 (b).
    """
    a, b, k = blocks[:, 0], blocks[:, -1], blocks.shape[1] // 2 - 1
    both = np.concatenate([a, b])
    return float(sum(((b - both.mean()) * (blocks[:, 1 + j] - a)).mean() / both.var() for j in range(k)))


CLAIMED = {"score": "score", "net_value": "net value, k€", "new_business": "new business, k€",
           "customer_value": "customers' own gain, k€", "followed_up": "share followed up",
           "disputes": "share of disputes"}  # fmt: skip


def seed_claims(found: Results) -> Report:
    """Every number against the default, market by market; intervals corrected for all that was looked at."""
    usual, moves = found.design.iloc[0], {}
    for row in range(1, len(found.design)):
        for name in found.design:
            if found.design[name].iloc[row] != usual[name]:
                moves.setdefault(name, []).append(row)
    tests = len(CLAIMED) * sum(map(len, moves.values()))
    body, still = [], []
    for name, rows in moves.items():
        seen = []
        for row in rows:
            for outcome, what in CLAIMED.items():
                apart = found.of(outcome)[row] - found.of(outcome)[0]
                wide = mean_interval(apart, 1.0 - 0.05 / tests)
                half = (wide.high - wide.low) / 2.0
                strength = abs(wide.mean) / half if half > 0 else 0.0  # no difference, or none that is known
                seen.append((strength, what, found.column(name)[row], apart))
        strength, what, to, apart = max(seen, key=lambda each: each[0])
        if strength <= 1.0:
            still.append(name)
        body.append([name, usual[name], to, what, told(apart), "yes" if strength > 1.0 else "not told from zero"])
    body.sort(key=lambda row: row[-1] != "yes")
    count = float(len(still))
    checks = [measured(f"numbers of {len(moves)} that move none of the {len(CLAIMED)} outcomes",
                       Interval(count, count, count), below=0.5)]  # fmt: skip
    head = ["number", "from", "to", "what it moves most", "by", "beyond chance (corrected for all)"]
    return Report(checks, [("each number alone, at the end of its range that shows most", head, body)])


FINDINGS = {
    "leads-per-rep": leads_per_rep,
    "pull-and-push": pull_and_push,
    "what-matters": what_matters,
    "levers-together": levers_together,
    "seed-claims": seed_claims,
}
