"""Finding on the order of practices: what comes first, and whether aligned needs the practices of defined."""

from __future__ import annotations

from functools import partial

import numpy as np

from helpers.found.orders import ALIGNED, DEFINED, INTEGRATED, became_aligned, forbidding, ordered_first
from helpers.found.results import Results
from helpers.six.doubt import Doubt
from helpers.six.doubt import told as doubt_told
from helpers.six.figures import Row, drawn, narrowed, pair_of_rows, rows, tell, two_parts
from helpers.six.words import Section, choose, counted, interval, listed, money, points, practice, side

PRACTICES = (*DEFINED, *INTEGRATED)
OUTCOMES = ("score", "net_value")
STORES = ("order-of-practices", "aligned-without-defined")
WIDE = 3.0  # points of the score that would be a difference worth telling


def first(group) -> dict[str, str]:
    """The levers of a pure order: one group ordered, the other forbidden."""
    return {f"practices.{each}": "mandated" if each in group else "forbidden" for each in PRACTICES}


DOUBTS = {
    "order": Doubt(
        "order-of-practices",
        (first(DEFINED), first(INTEGRATED)),
        ("practices.unasked_plan", "practices.threshold", "practices.reactance", "practices.memory_fall_days",
         "practices.worth_rules", "practices.worth_joint_planning"),
    ),
    "aligned": Doubt(
        "aligned-without-defined",
        ({f"practices.{each}": "forbidden" for each in DEFINED},),
        ("practices.unasked_plan", "practices.informal_ceiling", "practices.screen", "trust.ceiling_near"),
    ),
}  # fmt: skip


def pure(found: Results, outcome: str, at=slice(None)) -> np.ndarray:
    """Defined's four first less integrated's four first, the other four forbidden (markets,)."""
    here, value = np.arange(len(found.design))[at], found.of(outcome)

    def of(group) -> np.ndarray:
        fits = np.all([found.column(lever)[here] == mode for lever, mode in first(group).items()], axis=0)
        return value[here[fits]].mean(0)

    return of(DEFINED) - of(INTEGRATED)


def reached(found: Results, at, arm: str) -> np.ndarray:
    """Whether a market saw a quarter in aligned or above, at a point (markets,)."""
    return (found.of("share_aligned", arm)[at] + found.of("share_integrated", arm)[at]).mean(0) > 0


def order(stores: dict[str, Results], doubts: dict[str, Results]) -> Section:
    found, without = (stores[each] for each in STORES)
    effects = {o: {each: ordered_first(found, each, o) for each in PRACTICES} for o in OUTCOMES}
    score, value = (
        sum(effects[o][each] for each in DEFINED) - sum(effects[o][each] for each in INTEGRATED) for o in OUTCOMES
    )
    banned = forbidding(DEFINED)
    aligned, passed, price = {}, {}, {}
    for arm in ("base", "alone"):
        aligned[arm] = became_aligned(without, DEFINED, arm)
        passed[arm] = without.at("share_defined", arm, **banned) > 0
        price[arm] = without.at("score", arm, **banned) - without.at("score", arm, **forbidding(()))
    cost = without.at("net_value", **banned) - without.at("net_value", **forbidding(()))
    low, high = (
        [practice(each) for each, v in effects["score"].items() if side(v) == where] for where in ("below", "above")
    )
    certain = side(score), side(value)
    joined = "nor" if certain == ("open", "open") else "but" if certain[0] != certain[1] else "and"
    moved = choose(certain[0], "lifts", "lowers", "does not surely move")
    paid = "the money" if joined == "nor" else choose(certain[1], "brings money", "costs money", "not surely the money")
    title = (
        f"Beginning with defined {moved} the score {joined} {paid}; without its practices {counted(aligned['base'])} "
        "firms become aligned"
    )
    words = {
        "n_sets": len(found.design), "n_markets": len(score),
        "score_verdict": choose(side(score), "Beginning with defined lifts the score.",
                                "Beginning with defined lowers the score.", "No sure mark is left on the score."),
        "score": points(score), "pure_score": points(pure(found, "score")),
        "singles": (f"{listed(low)} lower{'s' if len(low) == 1 else ''} it for sure, in year five"
                    if low else "none lowers it for sure")
                   + (f"; {listed(high)} lift{'s' if len(high) == 1 else ''} it" if high else "; none lifts it"),
        "money_verdict": choose(side(value), "It leaves a mark on the money.", "It costs money.",
                                "Nor on the money, for sure."),
        "value": money(value), "pure_value": money(pure(found, "net_value")),
        "aligned": counted(aligned["base"]), "alone": counted(aligned["alone"]),
        "price": points(price["base"]), "price_alone": points(price["alone"]), "cost": money(cost),
        "passed": counted(passed["base"]), "passed_alone": counted(passed["alone"]),
        "doubt": doubt_told(
            DOUBTS["order"], doubts["order"], "pure order of defined less that of integrated: score; net value",
            lambda store, at: [pure(store, o, at) for o in OUTCOMES],
            lambda a, b: f"{points(a)}; {money(b)}",
            lambda a, b: side(a) != side(score) or side(b) != side(value),
            "another sign, or another certainty, of score or money"),
        "doubt_aligned": doubt_told(
            DOUBTS["aligned"], doubts["aligned"], "firms aligned without defined's practices: with a liaison; without",
            lambda store, at: [reached(store, at, arm) for arm in ("base", "alone")],
            lambda a, b: f"{counted(a)}; {counted(b)}", lambda a, b: a.mean() < 0.5 or b.mean() < 0.5,
            "fewer than half of the firms would align"),
    }  # fmt: skip
    return Section("order", STORES, title, words, partial(draw_order, stores, title, effects))


@drawn
def draw_order(stores, title, effects):
    without = stores["aligned-without-defined"]
    about = (
        f"Above: each practice ordered in the first two years less forbidden then, {len(effects['score']['rules'])} "
        "markets; over the line those of defined; filled: whole interval on one side of zero. Below: practices of "
        f"defined forbidden for good, {len(without.store.experiment.markets)} markets; disc: with a liaison, square: "
        "without; at the right: firms that became aligned. Lines: 95 %."
    )
    upper, lower = two_parts(title, about, 14.0 * len(PRACTICES), 18.0 * (len(DEFINED) + 2))
    score, value = ([Row(practice(each), interval(v)) for each, v in effects[o].items()] for o in OUTCOMES)
    data = pair_of_rows(upper, score, value, [len(DEFINED)])
    narrowed(lower, 118, 106)
    below = []
    for what, here in (("none", ()), *((practice(each), (each,)) for each in DEFINED), ("all four", DEFINED)):
        scores = [interval(without.at("score", arm, **forbidding(here))) for arm in ("base", "alone")]
        shares = [counted(became_aligned(without, here, arm)) for arm in ("base", "alone")]
        below.append(
            Row(f"no {what}" if here and len(here) == 1 else f"{what} forbidden", *scores, note=" / ".join(shares))
        )
    limits = [(ALIGNED, "aligned begins")]
    data += rows(lower, below, "score after five years", limits=limits, zero=False)
    return tell(upper, "order", {each: stores[each] for each in STORES}, data)


SECTIONS = {"order": order}
