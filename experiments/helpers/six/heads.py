"""Findings on what heads pay for: orders chosen by the audit's score, and a year of far more campaign money."""

from __future__ import annotations

from functools import partial

import numpy as np

from helpers.found.orders import BEST, DEFINED, ENOUGH, INTEGRATED, MARK, best, surged
from helpers.found.results import Results, left_out
from helpers.found.talk import by_quarter
from helpers.judging import bootstrap
from helpers.six.doubt import Doubt
from helpers.six.doubt import told as doubt_told
from helpers.six.figures import INTERVALS, Line, Row, drawn, lines, narrowed, rows, tell, two_parts
from helpers.six.marks import scatter
from helpers.six.words import (
    MEGA,
    Section,
    choose,
    interval,
    leans_on,
    listed,
    money,
    points,
    practice,
    side,
    signed,
    spread,
)
from sim.model.firm import QUARTER, YEAR
from sim.model.theory import Theory
from sim.result.outcomes import discounts

KINDS = ("separate", "merged", "one chief")
SIZES = (4, BEST, 16)  # how many sets of orders the heads choose among the best
SINGLES = {  # an order in words: factor, what is ordered, against what
    "one chief": ("structure.kind", "one chief", "separate"),
    "a merger": ("structure.kind", "merged", "separate"),
    **{practice(each): (f"practices.{each}", "mandated", "forbidden") for each in (*DEFINED, *INTEGRATED)},
}
DOUBTS = {
    "surge": Doubt(
        "lead-surge",
        tuple({"trust.initial": 0.35, "marketing.budget": b, "marketing.volume_target": 0.2} for b in (1.0, 8.0)),
        ("marketing.budget_power", "conflict.lapse", "conflict.ignored", "trust.ignored", "trust.bad_lead",
         "trust.attitude_anchor", "selling.load", "selling.blame"),
    ),
}  # fmt: skip


def goodhart(stores: dict[str, Results], doubts: dict[str, Results]) -> Section:
    found = stores["goodhart"]
    score, value, kind = found.of("score"), found.of("net_value"), found.column("structure.kind")
    by_lot = value.mean(0)

    def gain(by: np.ndarray, many: int, of=slice(None)) -> np.ndarray:
        """What the best by one measure bring over orders by lot, chosen in the other markets (markets,)."""
        return left_out(partial(best, many=many), value[of], by[of]) - by_lot

    many = min(BEST, max(1, len(value) // 4))
    by_score, by_value = gain(score, many), gain(value, many)
    reached = bootstrap(lambda m: 100.0 * by_score[m].mean() / by_value[m].mean(), len(by_score))
    chosen, worth = best(score.mean(1), many), best(value.mean(1), many)
    without = gain(score, many, kind != "one chief")
    chief = [f"{100.0 * (kind[each] == 'one chief').mean():.0f} %" for each in (chosen, worth, slice(None))]
    others = [f"{100.0 * interval(gain(score, n)).mean / interval(gain(value, n)).mean:.0f} % with the best {n}"
              for n in SIZES if n != many and n < len(value)]  # fmt: skip
    title = (
        f"Orders that please the audit bring {reached.mean:.0f} % of the net value that the best orders bring "
        f"({reached.low:.0f} to {reached.high:.0f} %)"
    )
    judged, (why, singles) = side(by_score - ENOUGH * by_value), single_orders(found)
    words = {
        "verdict": choose(judged, "The audit is a good guide and a good master.",
                          "The audit is a good guide and a bad master.", "Whether the audit is a good master is open.")
                   if side(by_score) == "above" else "The audit is not even a guide.",
        "many": many, "n_markets": value.shape[1], "by_score": money(by_score), "by_value": money(by_value),
        "reached": f"{reached.mean:.0f} % ({reached.low:.0f} to {reached.high:.0f} %, bootstrap)",
        "lost": money(by_value - by_score),
        "others": f"The share is {listed(others)}." if others else "",
        "together": "Score and net value go together, but not at the top." if judged == "below" else
                    "Score and net value go together.",
        "correlation": f"{np.corrcoef(score.mean(1), value.mean(1))[0, 1]:.2f}",
        "n_both": len(set(chosen) & set(worth)),
        "chief": f"{chief[0]} of the sets chosen by score, {chief[1]} of those chosen by net value and {chief[2]}",
        "without": money(without), "without_less": money(without - by_score),
        "chief_verdict": choose(side(without - by_score), "that order is a part of the shortfall.",
                                "that order is no reason for the shortfall.",
                                "that order alone does not surely explain the shortfall."),
        "n_singles": len(SINGLES), "why": why, "singles": singles,
        "leans": leans_on("structure.chief_talks", "practices.rate_events", "practices.reactance", "selling.rules",
                          "selling.feedback_loop"),
    }  # fmt: skip
    draw = partial(draw_goodhart, found, title, chosen, worth, by_score, by_value, without)
    return Section("goodhart", ("goodhart",), title, words, draw)


def single_orders(found: Results) -> tuple[str, str]:
    """A sentence on single orders that please the audit only, or bring net value; and a table of all."""
    rows = ["| order, against its opposite | score | net value |", "|---|---|---|"]
    audit, paid = [], []
    for name, (factor, ordered, against) in SINGLES.items():
        column = found.column(factor)
        score, value = (
            found.of(o)[column == ordered].mean(0) - found.of(o)[column == against].mean(0)
            for o in ("score", "net_value")
        )
        rows.append(f"| {name} | {points(score)} | {money(value)} |")
        if side(value) == "above":
            paid.append(name)
        elif side(score) == "above":
            audit.append(name)
    told = (
        f"the score but not surely net value is raised by {listed(audit or ['none'])}, and net value for sure by "
        f"{listed(paid or ['none'])}"
    )
    return told, "\n".join(rows)


@drawn
def draw_goodhart(found, title, chosen, worth, by_score, by_value, without):
    score, value, kind = found.of("score"), found.of("net_value"), found.column("structure.kind")
    about = (
        f"Above: {len(value)} sets of orders, means of {value.shape[1]} markets; filled: the {len(worth)} best by net "
        f"value; ringed: the {len(chosen)} best by score. Below: net value of what is chosen less that of orders by "
        "lot, in markets that had no part in the choice; lines: 95 %."
    )
    upper, lower = two_parts(title, about, 200.0, 16.0 * 3)
    narrowed(upper, 34, 96)
    shapes = np.array([KINDS.index(each) for each in kind])
    data = scatter(upper, score.mean(1), value.mean(1) / MEGA, shapes, KINDS, worth, chosen, "score after five years",
                   "net value, M€")  # fmt: skip
    narrowed(lower, 158, 106)
    each = [
        Row("chosen by net value", interval(by_value)),
        Row("chosen by score", interval(by_score)),
        Row("by score, without one chief", interval(without)),
    ]
    data += rows(lower, each, "net value against orders by lot, M€", MEGA)
    return tell(upper, "goodhart", {"goodhart": found}, data)


def surge(stores: dict[str, Results], doubts: dict[str, Results]) -> Section:
    found = stores["lead-surge"]
    trusts, budgets = found.levels("trust.initial"), found.levels("marketing.budget")
    most, low, high = max(budgets), trusts[:2], trusts[2:]
    spent = {b: extra_money(found, b) for b in budgets}
    score = {t: surged(found, "score", t, most) for t in trusts}
    value = {t: {b: surged(found, "net_value", t, b) for b in budgets if b > 1} for t in trusts}
    usual = {t: interval(found.at("score", trust__initial=t, marketing__budget=1)).mean for t in trusts}
    days = found.store.experiment.base.changes[0].day
    gone = days // QUARTER  # the quarter at whose end the money is spent
    over = {t: over_time(found, [t], most) for t in trusts}
    groups = {"low trust": over_time(found, low, most)} | (
        {"higher trust": over_time(found, high, most)} if high else {}
    )
    at_low, low_value = (np.mean([each[t] for t in low], axis=0) for each in (score, {t: value[t][most] for t in low}))
    lasting, back = side(at_low), 100.0 * (1.0 + low_value / spent[most])
    out = [t for t in trusts if side(score[t], MARK) == "above"]
    sure = [t for t in trusts if side(score[t], MARK) == "below"]
    come = interval(back)
    title = (
        "A year of far more leads "
        + choose(lasting, "lifts the score for good", "lowers the score for good", "leaves no sure mark on the score")
        + f"; at low trust {signed(come.mean, 0).removeprefix('+')} % of the extra {spent[most] / MEGA:.1f} M€ "
        "come back"
    )  # fmt: skip
    year = {name: each[:gone].mean(0) for name, each in groups.items()}
    shows = [side(each) for each in year.values()]
    words = {
        "verdict": choose(lasting, "More budget lifts the score for good.", "More budget lowers the score for good.",
                          "No sure mark is left."),
        "most": f"{most:g}", "n_markets": len(at_low), "low": listed([f"{t:g}" for t in low]), "at_low": points(at_low),
        "by_trust": listed([f"{points(each)} at {t:g}" for t, each in score.items()]),
        "excluded": (f"excluded at trust {listed([f'{t:g}' for t in out])}" if out else "excluded nowhere")
                    + (f" and sure at {listed([f'{t:g}' for t in sure])}" if sure else "")
                    + ("" if len(out) + len(sure) == len(trusts) else
                       "; at the other levels the intervals are too wide to say"),
        "after": listed([f"{points(each[gone:].mean(0))} at {t:g}" for t, each in over.items()]),
        "during_verdict": choose("below" if "below" in shows else "above" if "above" in shows else "open",
                                 "In the year itself the score is higher.", "In the year itself it shows.",
                                 "In the year itself it does not show either."),
        "during": "Over the four quarters of the surge the score differs by "
                  + listed([f"{points(each)} at {name}" for name, each in year.items()]) + ".",
        "money_verdict": choose(side(back, 50.0), "Most of the money comes back.", "Most of the money is gone.",
                                "How much of the money comes back is open."),
        "spent": f"{spent[most] / MEGA:.1f}", "value": money(low_value),
        "back": f"{signed(come.mean, 0)} % ({spread(come, 0)} %)",
        "value_high": money(value[trusts[-1]][most]), "highest": f"{trusts[-1]:g}",
        "spent_four": f"{spent[4] / MEGA:.1f}", "value_four": money(np.mean([value[t][4] for t in low], axis=0)),
        "usual": listed([f"{usual[t]:.0f} points (trust {t:g})" for t in trusts]),
        "doubt": doubt_told(
            DOUBTS["surge"], doubts["surge"], f"score four years after {most:g} times the money, trust 0.35",
            lambda store, at: [against_usual(store, at)],
            points, lambda x: side(x, MARK) == "below", "two points or more would be lost for sure"),
    }  # fmt: skip
    return Section(
        "surge", ("lead-surge",), title, words, partial(draw_surge, found, title, groups, value, spent, most)
    )


def against_usual(found: Results, at: np.ndarray) -> np.ndarray:
    """The score with the most money less that with the usual money, among some points (markets,)."""
    budget, score = found.column("marketing.budget")[at], found.of("score")[at]
    return score[budget == budget.max()].mean(0) - score[budget == budget.min()].mean(0)


def over_time(found: Results, trusts, most: float) -> np.ndarray:
    """The score with the most money less with the usual, at these levels of trust (quarters, markets)."""
    more, less = (
        by_quarter(found, "score", np.concatenate([found.rows(trust__initial=t, marketing__budget=b) for t in trusts]))
        for b in (most, 1)
    )
    return more["base"] - less["base"]


def extra_money(found: Results, budget: float) -> float:
    """What a multiple of the budget costs more until it ends, discounted, k€."""
    theory = Theory()
    year = theory.workforce.marketers * theory.money.seat_cost * theory.money.programme
    days = found.store.experiment.base.changes[0].day
    return float((budget - 1.0) * year / YEAR * discounts(days, theory.money.discount).sum())


@drawn
def draw_surge(found, title, groups, value, spent, most):
    trusts = list(value)
    named = [
        f"{n} ({listed([f'{t:g}' for t in some])})" for n, some in zip(groups, (trusts[:2], trusts[2:]), strict=False)
    ]
    about = (
        f"Above: score with {most:g} times the campaign money in year 1 less score with the usual money, "
        f"{next(iter(groups.values())).shape[1]} markets; {listed(named)}. Triangle: the surge ends. "
        f"Below: the same of net value. {INTERVALS}"
    )
    upper, lower = two_parts(title, about, 150.0, 16.0 * len(value))
    narrowed(upper, 34, 96)
    gone = found.store.experiment.base.changes[0].day // QUARTER
    data = lines(upper, [Line(name, each, gone) for name, each in groups.items()], "score, points")
    narrowed(lower, 118, 106)
    each = [Row(f"trust {t:g}", interval(of[most])) for t, of in value.items()]
    data += rows(lower, each, "net value, M€", MEGA, limits=[(-spent[most] / MEGA, "nothing comes back")])
    return tell(upper, "surge", {"lead-surge": found}, data)


SECTIONS = {"goodhart": goodhart, "surge": surge}
