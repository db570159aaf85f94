"""A plan of a firm of one's own on one sheet of A4: question, change, what it brings, why, when, what would turn it."""

from __future__ import annotations

import math
from html import escape

import numpy as np
from matplotlib.figure import Figure

from sim.figures import captions, imprint, look
from sim.figures.brief_page import HIGH, SIDE, WIDE, Page
from sim.figures.imprint import Series, Told
from sim.figures.look import EDGE, INK, MARKETING, SALES, SOFT
from sim.figures.shares import stacked
from sim.scenario.schema import NUMBERS, in_speech, spoken

LINE, BARS = 13.0, 3  # points from line to line; bars of why
SAID = {"contribution": "Contribution", "equity_change": "Change in customer equity",
        "net_value": "Net value (discounted)", "revenue": "Revenue", "score": "Audit score, 20 to 100",
        "followed_up": "Leads followed up, %"}  # fmt: skip
ENDS = (262, 330, 405, WIDE - SIDE)  # points from the left at which the table's columns end
MOST = 6  # actions that are told one by one
CURVE, RIBBON = 74.0, 0.55  # points of the curve by month at least; one side's stages, as a part of it


class Money:
    """Amounts as they are told: in money, or as shares of today's revenue until the gate is accepted."""

    def __init__(self, found, money: bool):
        self.money, self.revenue = money, float(np.nanmean(found.values("revenue", False)))

    def scaled(self, values) -> tuple[float, str]:
        """What to divide k€ by, and the unit."""
        return look.money_unit(values) if self.money else (self.revenue / 100, "%")

    @property
    def note(self) -> str:
        return (
            "" if self.money else " In % of today's revenue of the same days: money is told once the gate is accepted."
        )


def plan_page(found, money: bool, standing, command: str) -> Figure:
    """Draw the brief of a plan.

    Parameters
    ----------
    found
        A result of `sim.study.own.judged.judge`.
    money
        Whether amounts are told; else shares of today's revenue.
    standing
        `sim.study.own.standing.Standing`: what is measured, fitted and assumed, and the misfit.
    command
        The line that makes the page again.
    """
    told = Money(found, money)
    with look.drawing():
        for scale in (1.0, 0.95, 0.9, 0.85, 0.8):
            page = _drawn(found, told, standing, Page(CURVE, scale=scale), command)
            if page.y <= HIGH - 44:
                break
        if (room := HIGH - 44 - page.y) > 4:  # what is left of the sheet goes to the curve and to the stages
            page = _drawn(found, told, standing, Page(CURVE + room / 2 / scale, scale=scale), command)
        _foot(page, found, command)
        imprint.attach(page.figure, _told(found, told, command))
    return page.figure


def _drawn(found, told: Money, standing, page: Page, command: str) -> Page:
    title, about = headline(found, told), about_of(found, told)
    page.say(title, 17, True)
    page.y += 2
    question = found.plan.question or found.plan.called
    page.say(question if question.endswith("?") else f"{question.rstrip('.')}.", 10.5)
    page.say(about, 9.5, colour=SOFT)
    _steps(page, found)
    _outcomes(page, found, told)
    _why(page, found, told)
    _months(page, found, told)
    _stages(page, found)
    turned = bool(found.flips) and found.flips[0].turns
    page.head("At which value the answer turns" if turned else "What comes nearest to turning the answer")
    for sentence in turns(found, told):
        page.say(f"· {sentence}", 9.5)
    page.head("What stands behind it")
    for sentence in standing.sentences:
        page.say(f"· {sentence}", 9, colour=SOFT)
    return page


def _foot(page: Page, found, command: str) -> None:
    page.y = max(page.y + 14, HIGH - 28)
    page.at(SIDE, look.shortened(f"{command}   Baton {look.version()}; {found.today.hash}, {found.scenario.hash}.",
                                 WIDE - 2 * SIDE, 7.5), 7.5, colour=EDGE)  # fmt: skip


def headline(found, told: Money) -> str:
    """The answer in a sentence."""
    mean, low, high = found.interval("net_value")
    if math.isnan(low):
        return "One market says nothing about chance: give the brief more of them"
    scale, unit = told.scaled([mean, low, high])
    ends = f"{_signed(low / scale)} to {_signed(high / scale)} {unit}"
    of = "" if told.money else " of today's revenue"
    if found.open:
        return f"“{found.plan.called}” and today cannot be told apart in net value: {ends}{of}"
    return f"Net value is {'higher' if mean > 0 else 'lower'} with “{found.plan.called}”: {ends}{of}"


def _signed(value: float, figures: int = 2) -> str:
    return f"{'+' if value > 0 else ''}{look.digits(value, figures)}"


def about_of(found, told: Money) -> str:
    """Markets, days, and of what the intervals are."""
    markets = captions.plural(len(found.seeds), "market")
    years = captions.days_long(found.today.days)
    kind = "sets of guessed numbers" if found.in_doubt else "sets of numbers that fit the firm"
    of = (
        f", {len(found.seeds) // len(found.sets)} under each of {len(found.sets)} {kind}" if len(found.sets) > 1 else ""
    )
    doubt = f"{markets}{of}; intervals (95 %): {found.interval_is}"
    return f"The same markets with and without the plan, {years}: {doubt}.{told.note}"


def _steps(page: Page, found) -> None:
    page.head("What is done, and what it costs beside what the model charges")
    steps, size = found.plan.steps, 9.5
    ends = (400, 475, WIDE - SIDE)
    page.y += LINE * page.scale
    for x, text in zip(ends, ("k€ once", "k€ a year", "hours a week"), strict=True):
        page.at(x, text, 8.5 * page.scale, colour=SOFT, ha="right")
    shown = steps if len(steps) <= MOST else steps[: MOST - 1]
    rows = [(f"From day {s.day}: {s.says}", s.cost_once, s.cost_year, s.hours) for s in shown]
    if len(shown) < len(steps):
        rest = steps[len(shown) :]
        rows.append((f"and {captions.count(len(rest))} more actions", *(sum(getattr(s, name) for s in rest)
                     for name in ("cost_once", "cost_year", "hours"))))  # fmt: skip
    for text, *figures in rows:
        page.y += LINE * page.scale
        page.at(SIDE, look.shortened(text, 290, size * page.scale), size * page.scale)
        for x, value in zip(ends, figures, strict=True):
            page.at(x, f"{value:,.6g}" if value else "none", size * page.scale, ha="right")


def _outcomes(page: Page, found, told: Money) -> None:
    page.head("What it comes to")
    table = found.table()
    heads = ("today", "plan", "difference", "95 %")
    page.y += LINE * page.scale
    for x, text in zip(ENDS, heads, strict=True):
        page.at(x, text, 8.5 * page.scale, colour=SOFT, ha="right")
    for name, row in table.iterrows():
        page.y += LINE * page.scale
        values = [row[c] for c in ("before", "after", "difference", "low", "high")]
        is_money = NUMBERS_OF[name] == "k€"
        scale, unit = told.scaled(values) if is_money else ((0.01, "") if name == "followed_up" else (1.0, ""))
        page.at(SIDE, f"{SAID[name]}{f', {unit}' if unit else ''}", 9.5 * page.scale, name == "net_value")
        cells = ["", ""] if is_money and not told.money and name != "revenue" else [
            look.digits(values[0] / scale), look.digits(values[1] / scale)]  # fmt: skip
        cells += [_signed(values[2] / scale, 3)]
        band = f"{_signed(values[3] / scale, 3)} to {_signed(values[4] / scale, 3)}"
        cells += [band if math.isfinite(values[3]) else ""]
        for k, (x, text) in enumerate(zip(ENDS, cells, strict=True)):
            page.at(x, text, 9.5 * page.scale, k == 2, ha="right")


NUMBERS_OF = {
    "contribution": "k€",
    "equity_change": "k€",
    "net_value": "k€",
    "revenue": "k€",
    "score": "",
    "followed_up": "",
}


def three_bars(found) -> list[tuple[str, float, float, float]]:
    """The largest two parts of net value and the rest, or all where there are no more than three."""
    bars = list(found.bars)
    if len(bars) <= BARS:
        return bars
    rest = bars[BARS - 1 :]
    return [
        *bars[: BARS - 1],
        (f"{captions.count(len(rest))} more actions and costs", sum(b[1] for b in rest), math.nan, math.nan),
    ]


def _of_middle(found) -> str:
    """Of which numbers the bars are, where there are several sets; their sum may lie far from the mean of all sets."""
    return ", the middle set alone" if len(found.sets) > 1 else ""


def _why(page: Page, found, told: Money) -> None:
    page.head("Why: what each action adds to net value, over all orders "
              f"({captions.plural(len(found.why_seeds), 'market')}{_of_middle(found)})")  # fmt: skip
    bars = three_bars(found)
    scale, unit = told.scaled([x for bar in bars for x in bar[1:]])
    tall = 17.0 * len(bars) * page.scale
    axes = page.axes(tall, 292, WIDE - SIDE - 62)
    ends = [x / scale for bar in bars for x in bar[1:] if math.isfinite(x)] + [0.0]
    low, high = min(ends), max(ends)
    axes.set(xlim=(low, high) if low < high else (-1, 1), ylim=(len(bars) - 0.5, -0.5), xticks=[], yticks=[])
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=EDGE, linewidth=0.8)
    size = 9 * page.scale
    for k, (says, mean, least, most) in enumerate(bars):
        axes.barh(k, mean / scale, height=0.62, color=MARKETING if mean >= 0 else SALES)
        if math.isfinite(least) and least < most:
            axes.plot([least / scale, most / scale], [k, k], color=INK, linewidth=1.1)
        y = 1 - (page.y - tall + tall * (k + 0.65) / len(bars)) / HIGH
        page.figure.text(SIDE / WIDE, y, look.shortened(says, 236, size), fontsize=size, color=INK)
        page.figure.text(
            (WIDE - SIDE) / WIDE, y, f"{_signed(mean / scale, 3)} {unit}", fontsize=size, color=INK, ha="right"
        )


def _months(page: Page, found, told: Money) -> None:
    """Contribution gained so far, by month: where it crosses the line, the plan has paid for itself."""
    page.head(break_even_title(found))
    months = found.months()
    scale, unit = told.scaled(months)
    page.y += 5
    axes = page.axes(page.stack * page.scale, SIDE + 40, WIDE - SIDE - 16)
    x = np.arange(1, len(months) + 1)
    axes.axhline(0, color=EDGE, linewidth=0.8)
    axes.fill_between(x, months / scale, 0, where=months < 0, color=SALES, alpha=0.25, linewidth=0, interpolate=True)
    axes.plot(x, months / scale, color=INK, linewidth=1.5)
    if found.break_even:
        axes.plot(found.break_even, months[found.break_even - 1] / scale, "o", color=INK, markersize=4.5)
    axes.set(xlim=(0, max(len(months), 2)))
    axes.tick_params(labelsize=8 * page.scale)
    axes.set_ylabel(unit if told.money else "% of revenue", fontsize=8 * page.scale)
    step = 12 if len(months) >= 24 else 3
    axes.set_xticks(range(step, len(months) + 1, step), [f"month {n}" for n in range(step, len(months) + 1, step)])
    page.y += 16 * page.scale


def _stages(page: Page, found) -> None:
    page.head("Where the two teams stand: runs in each stage, quarter by quarter")
    n = len(found.seeds)
    for k, (name, with_plan) in enumerate((("Today", False), ("With the plan", True))):
        page.y += 0 if k == 0 else 17 * page.scale
        page.say(name, 9, True)
        page.y += 7
        stacked(page.axes(page.stack * page.scale * RIBBON, SIDE + 24, WIDE - SIDE - 96), found.shares(with_plan), n,
                found.today.days)  # fmt: skip
    page.y += 14 * page.scale


def break_even_title(found) -> str:
    mean = " in the mean" if found.open else ""
    month, of = found.break_even, f"Contribution gained{mean} so far, the plan's costs taken off"
    if month == 0:
        return f"{of}: never behind today's"
    if month is None:
        return f"{of}: not paid for after {len(found.months())} months"
    return f"{of}: paid for from month {month} on"


def turns(found, told: Money) -> list[str]:
    """The assumptions at which the answer is another, in sentences."""
    if found.open:
        first = ["The answer is open: no difference stands beyond doubt. What its mean hangs on most:"]
    else:
        first = []
    turning = [flip for flip in found.flips if flip.turns]
    markets = captions.plural(len(found.why_seeds), "market")
    many = f"{found.tried} assumptions, each moved alone over what is plausible ({markets}{_of_middle(found)})"
    if not turning and not found.open:
        first.append(f"None of {many} turns it; two at once were not tried.")
    for flip in found.flips:
        first.append(_turn(flip, told, found.open))
    doubt = found.doubt()
    return [*first, in_speech(doubt.in_short())] if doubt else first


def _turn(flip, told: Money, is_open: bool = False) -> str:
    """One assumption, in a sentence."""
    way = "above" if flip.value > flip.assumed else "below"
    assumed = look.digits(float(flip.assumed))
    name = f"{spoken(flip.name)} ({NUMBERS[flip.name].meaning})"
    if flip.turns:
        other = "the mean has the other sign" if is_open else "the answer is another"
        return f"{name}: {other} {way} {look.digits(flip.value)}; assumed: {assumed}"
    scale, unit = told.scaled([flip.left])
    at = f"at {look.digits(flip.value)}, assumed {assumed}"
    return f"{name}: {at}, net value differs by {_signed(flip.left / scale)} {unit}"


def page_html(svg: str, found, told: Money, standing, command: str) -> str:
    """The page for a browser: the drawing, one sheet of A4 when printed, and the same in words for a screen reader."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in spoken_page(found, told, standing, command))
    title = escape(headline(found, told))
    picture = svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true"', 1)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>@page {{ size: A4; margin: 0 }} body {{ margin: 0 auto; max-width: 210mm; background: #fff }}
svg {{ display: block; width: 100%; height: auto }} .words {{ position: absolute; left: -9999px; width: 30em }}
@media print {{ svg {{ width: 210mm; height: 296mm }} .words {{ display: none }} }}</style></head>
<body><main><div class="words"><h1>{title}</h1><ul>{rows}</ul></div>
{picture}</main></body></html>
"""


def spoken_page(found, told: Money, standing, command: str) -> list[str]:
    """Everything on the page as sentences."""
    said = [about_of(found, told)]
    said += [f"From day {s.day}: {s.says}. k€ once {s.cost_once:g}, a year {s.cost_year:g}, hours a week {s.hours:g}."
             for s in found.plan.steps]  # fmt: skip
    for name in SAID:
        mean, low, high = found.interval(name)
        scale, unit = told.scaled([mean, low, high]) if NUMBERS_OF[name] else (1.0, "")
        scale, unit = (0.01, " points") if name == "followed_up" else (scale, unit and f" {unit}")
        band = f", 95 % {_signed(low / scale, 3)} to {_signed(high / scale, 3)}" if math.isfinite(low) else ""
        said.append(f"{SAID[name]}: {_signed(mean / scale, 3)}{unit}{band}.")
    for says, mean, *_ in three_bars(found):
        scale, unit = told.scaled([mean])
        said.append(f"Why{_of_middle(found)}: {says} {_signed(mean / scale, 3)} {unit}.")
    return [*said, break_even_title(found), *turns(found, told), *standing.sentences, command]


def _told(found, told: Money, command: str) -> Told:
    table = found.table()
    columns = ("difference", "low", "high") if told.money else ("percent", "percent_low", "percent_high")
    data = [Series.of(name, "", "outcome", table.index, table[name]) for name in columns]
    record = tuple(imprint.scenario_record(s) for s in (found.today, found.scenario)) if told.money else ()
    hashes = [each.market for row in found.before for each in row]
    return Told("plan", headline(found, told), about_of(found, told), record, tuple(found.seeds),
                imprint.market_digest(hashes), data=tuple(data), command=command)  # fmt: skip
