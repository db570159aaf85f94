"""Plans in words and tables: what is done and what it costs, what two plans do not share, what a plan brings."""

from __future__ import annotations

import math
from typing import Any

from sim.cli.layout import Table
from sim.cli.report import TITLES
from sim.errors import plural
from sim.study.own import actions, plans

UNSAID = (
    "The costs are the plan's own words; what the model charges by itself (pay, hiring, severance, the hours of a\n"
    "practice) comes on top."
)
WHY = (
    "The bars are of the middle set of numbers and add up to its difference in these markets; the table above is of\n"
    "all sets, whose mean may lie far from that."
)
NO_MONEY = "Money is told as shares of today's revenue until the gate is accepted (baton gate)."


def plan_account(plan, as_is) -> list[str | Table]:
    """What a plan does and what it costs: before any result."""
    head = plan.called + (f": {plan.question}" if plan.question else "")
    if not plan.steps:
        return [head, "It does nothing yet."]
    rows = [(str(n), f"day {s.day}", s.says, _k(s.cost_once), _k(s.cost_year), _hours(s.hours))
            for n, s in enumerate(plan.steps, 1)]  # fmt: skip
    total = plans.totals(plan)
    rows.append(("", "", "in all", _k(total["cost_once"]), _k(total["cost_year"]), _hours(total["hours"])))
    notes = [f"{n}: {s.note}" for n, s in enumerate(plan.steps, 1) if s.note]
    table = Table("What is done, and what it costs", ("", "from", "", "k€ once", "k€ a year", "hours a week"), rows)
    return [head, table, *notes, UNSAID]


def _k(value: float) -> str:
    return f"{value:,.6g}" if value else "none"


def _hours(value: float) -> str:
    return f"{value:,.6g}" if value else "none"


def plan_data(plan) -> dict[str, Any]:
    rows = [{"do": s.do, **s.given, "says": s.says, "day": s.day, "cost_once": s.cost_once, "cost_year": s.cost_year,
             "hours": s.hours, "note": s.note} for s in plan.steps]  # fmt: skip
    return {"name": plan.name, "title": plan.called, "question": plan.question, "actions": rows, **plans.totals(plan)}


def actions_account() -> list[str | Table]:
    """All there is, by what it is about; and what no plan can do."""
    parts: list[str | Table] = []
    for about, rows in plans.kinds_by_about().items():
        table = [(name, says, " ".join(f"{each}=" for each in asks)) for name, says, asks in rows]
        parts.append(Table(about.capitalize(), ("action", "what is done", "asks for"), table))
    for title, told in (("What is asked for", actions.ASKED), ("What the model has no lever for", actions.NO_LEVER)):
        parts.append(f"{title}\n" + "\n".join(f"  {name}: {what}" for name, what in told.items()))
    return parts


def actions_data() -> dict[str, Any]:
    return {
        "actions": [{"name": name, "about": kind.about, "says": kind.says, "asks": list(kind.asks)}
                    for name, kind in actions.KINDS.items()],
        "asked": actions.ASKED, "no_lever": actions.NO_LEVER,
    }  # fmt: skip


def difference_account(one, other) -> list[str | Table]:
    rows = [(f"only in {name}", f"day {s.day}", s.says, _k(s.cost_once), _k(s.cost_year), _hours(s.hours))
            for name, s in plans.differences(one, other)]  # fmt: skip
    if not rows:
        return [f"{one.name} and {other.name} do the same."]
    a, b = plans.totals(one), plans.totals(other)
    rows += [(f"{plan.name} in all", "", "", _k(t["cost_once"]), _k(t["cost_year"]), _hours(t["hours"]))
             for plan, t in ((one, a), (other, b))]  # fmt: skip
    return [Table("What differs", ("", "from", "", "k€ once", "k€ a year", "hours a week"), rows)]


def difference_data(one, other) -> dict[str, Any]:
    return {"one": plan_data(one), "other": plan_data(other),
            "only": [{"in": name, "do": s.do, "says": s.says, "day": s.day}
                     for name, s in plans.differences(one, other)]}  # fmt: skip


# --- what it brings ---


def judged_account(found, money: bool = True) -> list[str | Table]:
    """What a plan brings: outcomes, why, when it has paid for itself."""
    rows = []
    for name, row in found.table().iterrows():
        cells = [_said(row[c], name, row, money, "pts") for c in ("difference", "low", "high")]
        was = (
            [_said(row[c], name, row, True) for c in ("before", "after")] if money or row["unit"] != "k€" else ["", ""]
        )
        rows.append((TITLES[name].strip(), *was, cells[0], f"{cells[1]} to {cells[2]}" if cells[1] else "",
                     f"{row['better_in']:.0f} of {row['n']:.0f}"))  # fmt: skip
    from sim.figures.captions import days_long

    title = f"What it brings in {days_long(found.scenario.days)}"
    parts: list[str | Table] = [Table(title, ("", "today", "plan", "difference", "95 %", "higher in"), rows)]
    parts.append(f"95 %: {found.interval_is}.")
    if doubt := found.doubt():
        parts.append("\n".join(doubt.sentences() if money else [doubt.of_what(), doubt.in_short()]))
    if not money:
        parts.append(NO_MONEY)
    if found.bars:
        parts.append(why_table(found, money))
        if len(found.sets) > 1:
            parts.append(WHY)
    parts.append(break_even_words(found))
    if any(found.broke):
        today, then = (f"{n} of {len(found.seeds)}" for n in found.broke)
        parts.append(f"The money ran out in {today} runs today, in {then} with the plan.")
    return parts


def why_table(found, money: bool) -> Table:
    revenue = float(found.values("revenue", False).mean())

    def figure(value: float) -> str:
        if not math.isfinite(value):
            return ""
        return f"{value:+,.0f}" if money else f"{100 * value / revenue:+.2f} %"

    rows = [(says, figure(mean), f"{figure(low)} to {figure(high)}" if low < high else "")
            for says, mean, low, high in found.bars]  # fmt: skip
    unit = "k€" if money else "share of today's revenue"
    many = plural(len(found.why_seeds), "market")
    return Table(f"Why: net value by action, {unit}, {many}", ("", "adds", "95 %"), rows)


def break_even_words(found) -> str:
    month, mean = found.break_even, ", in a mean that cannot be told apart from none" if found.open else ""
    if month == 0:
        return f"The plan's contribution is never behind today's{mean}: it pays from the first month."
    if month is None:
        return f"It has not paid for itself by contribution after {len(found.months())} months{mean}."
    return f"Break-even{mean}: from month {month} on its contribution has paid for it, its costs included."


def _said(value: float, name: str, row, money: bool, shares: str = "%") -> str:
    """A number with its unit; `shares`: what a difference of two shares is counted in."""
    if not math.isfinite(value):
        return ""
    if row["unit"] == "k€":
        if money:
            return f"{value:,.0f} k€"
        revenue = row["difference"] / row["percent"] if row["percent"] else math.nan
        return f"{value / revenue:+.2f} %" if math.isfinite(revenue) else ""
    if row["unit"] == "0..1":
        return f"{100 * value:.1f} {shares}"
    return f"{value:.1f}"


def judged_data(found, money: bool = True) -> dict[str, Any]:
    """Every number that is told of a plan."""
    hidden = ("before", "after", "difference", "low", "high")
    table = found.table()
    rows = []
    for name, row in table.iterrows():
        one = {"outcome": name, "called": TITLES[name].strip(), **row.to_dict()}
        rows.append(one if money or row["unit"] != "k€" else {k: v for k, v in one.items() if k not in hidden})
    revenue = float(found.values("revenue", False).mean())
    scale, unit = (1.0, "k€") if money else (100.0 / revenue, "% of today's revenue")
    bars = [{"says": says, "mean": mean * scale, "low": low * scale, "high": high * scale}
            for says, mean, low, high in found.bars]  # fmt: skip
    return {
        "plan": plan_data(found.plan), "answer": found.answer(), "markets": found.seeds, "sets": len(found.sets),
        "days": found.today.days, "interval": found.interval_is, "money": money, "outcomes": rows, "bars": bars,
        "bars_unit": unit, "bars_markets": found.why_seeds, "break_even_month": found.break_even,
        "break_even": break_even_words(found), "months": (found.months() * scale).tolist(), "months_unit": unit,
        "broke": list(found.broke), "flips": [flip_data(each, scale) for each in found.flips],
        "doubt": _doubt_data(found, money), "assumptions_moved": found.tried,
        "scenarios": [found.today.hash, found.scenario.hash],
    }  # fmt: skip


def _doubt_data(found, money: bool) -> dict[str, Any] | None:
    """Luck and doubt of net value; None of one set of numbers, and no amounts where money is not told."""
    doubt = found.doubt()
    if doubt is None:
        return None
    data = doubt.as_data() | {"in_short": doubt.in_short()}
    shares = ("outcome", "share", "share_low", "share_high", "of_interval", "sets", "markets", "numbers", "in_short")
    return data if money else {key: data[key] for key in shares}


def flip_data(flip, scale: float) -> dict[str, Any]:
    return {**flip._asdict(), "left": flip.left * scale, "turns": flip.turns}
