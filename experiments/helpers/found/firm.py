"""Findings about the shape of the firm: one function a shipped experiment."""

from __future__ import annotations

import numpy as np

from helpers.found.results import Results, average, grid_table, measured, told
from helpers.judging import Report, bootstrap, exact, share_interval
from sim.study.intervals import mean_interval

SMALL, LARGE = 9, 15  # people: up to the one nobody gains, from the other on everybody, says the claim
SIMPLE = 1.0  # complexity of the offer below which it is called simple


def people(found: Results) -> np.ndarray:
    """How many people each point has (points,)."""
    return found.column("workforce.marketers") + found.column("workforce.salespeople")


def merge_or_one_chief(found: Results) -> Report:
    arms = {
        "base": "two departments",
        "merged": "one department and floor, roles mixed",
        "merged_kept": "one department and floor, roles kept",
        "chief": "one chief",
        "chief_near": "one chief, one floor",
    }

    def less(arm, other, outcome="net_value", **here) -> np.ndarray:
        return found.at(outcome, arm, **here) - found.at(outcome, other, **here)

    checks = [
        measured("one department, roles mixed, less one chief: net value, k€", less("merged", "chief"), above=0.0),
        measured("one department, roles kept, less one chief: net value, k€", less("merged_kept", "chief"), above=0.0),
        measured("the same where the chief's teams share a floor, k€", less("merged_kept", "chief_near"), above=0.0),
        measured("one chief less none: net value, k€", less("chief", "base")),
        measured("one chief less none: score", less("chief", "base", "score")),
    ]
    body = []
    for trust in found.levels("trust.initial"):
        here = {"trust__initial": trust}
        for arm, name in arms.items():
            value, score = (average(found.at(outcome, arm, **here)) for outcome in ("net_value", "score"))
            body.append([str(trust), name, value, told(less(arm, "base", **here)), score])
    head = ["trust", "organization", "net value, k€", "against two departments, k€", "score"]
    return Report(checks, [("by the trust they begin with", head, body)])


def apart_or_together_by_size(found: Results) -> Report:
    size, complexity, apart = people(found), found.column("market.drift_sd"), found.of("net_value")
    checks, body = [], []
    for row in np.lexsort((size, complexity)):
        gain = {
            arm: 100.0 * (found.of("net_value", arm)[row] - apart[row]) / abs(apart[row].mean())
            for arm in ("free", "together")
        }
        limits = {"below": 0.0} if size[row] <= SMALL else {"above": 0.0}
        what = f"{size[row]} people, complexity {complexity[row]:g}: together against apart, net value, %"
        checks.append(measured(what, gain["together"], **limits))
        body.append([f"{complexity[row]:g}", int(size[row]), average(apart[row]), *map(told, gain.values())])
    head = ["complexity of the offer", "people", "apart, k€", "teams decide, %", "teams decide, and a liaison, %"]
    return Report(checks, [("net value against apart", head, body)])


def blurred_or_kept_roles(found: Results) -> Report:
    arms = {"base": "default", "near": "near and cheap"}
    blurs = [blur for blur in found.levels("workforce.blurred") if blur > 0]

    def gain(arm, blurred, skill) -> np.ndarray:
        kept = found.at("net_value", arm, workforce__blurred=0.0, workforce__other_skill=skill)
        return found.at("net_value", arm, workforce__blurred=blurred, workforce__other_skill=skill) - kept

    checks = []
    for skill, limits in ((1.0, {"above": 0.0}), (0.4, {})):
        for arm, name in arms.items():
            every = np.mean([gain(arm, blur, skill) for blur in blurs], axis=0)
            checks.append(measured(f"{name}, skill {skill}: blurred roles less kept, net value, k€", every, **limits))

    def table(arm) -> tuple[list, list]:
        return grid_table(
            found,
            "workforce.blurred",
            "workforce.other_skill",
            lambda workforce__blurred, workforce__other_skill: average(
                gain(arm, workforce__blurred, workforce__other_skill)
            ),
        )

    return Report(checks, [(f"{name}: net value against kept roles, k€", *table(arm)) for arm, name in arms.items()])


def who_should_stay_apart(found: Results) -> Report:
    gain = found.of("net_value", "liaison") - found.of("net_value")
    size, complexity, spread = people(found), found.column("market.drift_sd"), found.column("market.value_sd")
    small = (size == size.min()) & (complexity < SIMPLE)
    claimed = small & (spread == spread.min())
    each = [mean_interval(row) for row in gain]
    loses = np.array([interval.high < 0.0 for interval in each])
    unequal = gain[small & (spread == spread.max())].mean(0)
    checks = [
        measured(
            "5 people, simple offer, many equal customers: net value by her, k€", gain[claimed].mean(0), below=0.0
        ),
        measured("5 people, simple offer, a few large customers: net value by her, k€", unequal),
        measured("other firms that lose by her for sure", exact(float(loses[~claimed].sum())), below=0.5),
    ]
    body = [
        [int(size[row]), f"{complexity[row]:g}", *(told(each[row + place]) for place in range(3))]
        for row in range(0, len(gain), 3)
    ]
    head = ["people", "complexity of the offer", "many equal customers", "as usual", "a few large customers"]
    return Report(checks, [("net value by the liaison, k€", head, body)])


def when_integration_does_not_pay(found: Results) -> Report:
    gain = found.of("net_value", "liaison") - found.of("net_value")
    marketers = found.column("workforce.marketers")
    least = np.minimum(found.column("liaison.trust_marketing"), found.column("liaison.trust_sales"))
    lost = (gain.mean(1) < 0.0).astype(float)
    sure = np.array([mean_interval(row).high < 0.0 for row in gain], float)
    checks = [
        measured("share of the firms in which she loses net value on average", lost, below=0.01, share=True),
        measured("share in which she loses it for sure (interval below 0)", sure, share=True),
        measured("lesser trust in her above 0.3: share in which she loses", lost[least > 0.3], share=True),
        measured("lesser trust in her below 0.2: share in which she loses", lost[least < 0.2], share=True),
    ]
    body = []
    for low, high in ((0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.8)):
        for few, many in ((2, 5), (6, 12), (13, 20)):
            here = (least >= low) & (least < high) & (marketers >= few) & (marketers <= many)
            if here.any():
                share = told(share_interval(lost[here]))
                body.append([f"{low:g} to {high:g}", f"{few} to {many}", int(here.sum()), share])
    head = ["lesser trust in her", "marketers", "firms", "share in which she loses"]
    return Report(checks, [("where she loses", head, body)])


def growth(found: Results) -> Report:
    arms = {"base": "silos", "default": "default", "near": "near and cheap"}
    rates = [rate for rate in found.levels("workforce.growth") if rate > 0]

    def lost(arm, rate, markets=slice(None)) -> float:
        still = found.at("net_value", arm, workforce__growth=0.0)[markets].mean()
        return 100.0 * (found.at("net_value", arm, workforce__growth=rate)[markets].mean() / still - 1.0)

    n = found.of("net_value").shape[1]
    checks, body = [], []
    for rate in rates:
        apart = bootstrap(lambda m, rate=rate: lost("near", rate, m) - lost("base", rate, m), n)
        what = f"{rate:.0%} a year: net value against no growth, near and cheap less silos, points"
        checks.append(measured(what, apart, above=0.0))
        body.append([f"{rate:.0%}", *(told(bootstrap(lambda m, a=arm, r=rate: lost(a, r, m), n)) for arm in arms)])
    return Report(checks, [("net value against no growth, %", ["growth a year", *arms.values()], body)])


FINDINGS = {
    "merge-or-one-chief": merge_or_one_chief,
    "apart-or-together-by-size": apart_or_together_by_size,
    "blurred-or-kept-roles": blurred_or_kept_roles,
    "who-should-stay-apart": who_should_stay_apart,
    "when-integration-does-not-pay": when_integration_does_not_pay,
    "growth": growth,
}
