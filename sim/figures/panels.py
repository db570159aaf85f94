"""The panels of the page: stages, money, trust and language, contacts; each says its name, unit and line ends."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.figures import captions, look
from sim.figures.axis import END, ticks
from sim.figures.look import GHOST, INK, SOFT
from sim.model.firm import MONTH, QUARTER, WEEK, YEAR
from sim.result.outcomes import LEFT_OUT

MONEY = {"revenue": "revenue", "contribution": "contribution", "equity": "equity"}  # panels and their columns


def yearly(daily, column: str) -> np.ndarray:
    """A daily flow of money as k€ a year: the mean of the trailing quarter.

    Before a month has passed (in a short run, a week) there is too little to
    average: NaN. Customer equity is no flow: each day's is what it is.
    """
    flow = daily[column].astype(float)
    if column == "equity":
        return flow.to_numpy()
    least = MONTH if len(flow) > 2 * QUARTER else WEEK
    return (flow.rolling(QUARTER, min_periods=min(least, max(1, len(flow)))).mean() * YEAR).to_numpy()


def end_words(run, baseline) -> dict[str, list[END]]:
    """What stands at the end of each line; needed before the axes, whose width follows from it."""
    found: dict[str, list[END]] = {"trust": [], "contacts": []}
    for key, column in MONEY.items():
        if column not in run.daily:
            continue
        line, ghost, _, unit = _scaled_lines(run, baseline, column)
        found[key] = []
        if len(line) and np.isfinite(line[-1]):
            last = look.digits(line[-1])
            found[key].append((line[-1], f"this run {last}" if len(ghost) else f"{last} {unit}", INK, True))
        if len(ghost) and np.isfinite(ghost[-1]):
            found[key].append((ghost[-1], f"baseline {look.digits(ghost[-1])}", SOFT, False))
    for column, said, colour in _TRUST_WORDS:
        line = run.daily[column].dropna() if column in run.daily else []
        if len(line):
            found["trust"].append((float(line.iloc[-1]), said, colour, False))
    _, _, work, dispute, _ = bars(run)
    if work.sum() + dispute.sum() > 0:
        if work.sum() > 0:
            found["contacts"].append((dispute[-1] + work[-1] / 2, "about work", INK, False))
        if dispute.sum() > 0:
            found["contacts"].append((dispute[-1] / 2, "about a\ncomplaint", INK, False))
    return found


def stages(axes: Axes, run) -> None:
    """The stages: colour, numeral, name where it fits, and height."""
    axes.grid(False)
    axes.set(yticks=[])
    axes.spines["bottom"].set_visible(False)
    now = look.style()
    path = [int(stage) for stage in run.quarters["stage"]]
    width = look.axes_width(axes)
    if not path:
        axes.spines["bottom"].set_visible(True)
        axes.text(0, 0.14, f"the first audit comes after {QUARTER} days", transform=axes.transAxes, color=SOFT)
        return
    for stage, first, after in captions.stretches(path):
        axes.add_patch(Rectangle((first * QUARTER, 0), (after - first) * QUARTER, 0.28 + 0.18 * stage,
                                 facecolor=look.STAGE_FILL[stage], edgecolor="white",
                                 linewidth=now.line(1.6)))  # fmt: skip
        room = (after - first) * QUARTER / run.days * width - now.length(7)
        for text in (f"{look.NUMERALS[stage]} {look.STAGE_NAMES[stage]}", look.NUMERALS[stage]):
            if look.text_width(text, now.type(8.5), True) <= room:
                beside = (now.length(5), now.length(4))
                axes.annotate(text, (first * QUARTER, 0), beside, textcoords="offset points", fontweight="bold",
                              color=look.STAGE_INK[stage])  # fmt: skip
                break


def _scaled_lines(run, baseline, column: str) -> tuple[np.ndarray, np.ndarray, float, str]:
    """This run's and the baseline's money in one unit, as far as this run goes; the unit in k€, and its sign."""
    line = yearly(run.daily, column)
    ghost = yearly(baseline.daily, column)[: len(line)] if baseline is not None else np.array([])
    scale, unit = look.money_unit(np.concatenate([line, ghost]))
    return line / scale, ghost / scale, scale, unit


def _money(axes: Axes, run, baseline, band: Mapping, column: str, key: str, name: str, unit_words: str):
    now = look.style()
    line, ghost, scale, unit = _scaled_lines(run, baseline, column)
    low, high = look.nice_limits(np.concatenate([line, ghost]))
    if key in band:
        day, below, above = (np.asarray(part, float) for part in band[key])
        here = day < run.days
        day, below, above = day[here], below[here] / scale, above[here] / scale
        # the lines keep at least two fifths of the height: a wider band is cut by the frame
        space = 0.75 * (high - low)
        low = min(low, max(np.min(below, initial=low), low - space))
        high = max(high, min(np.max(above, initial=high), high + space))
        axes.fill_between(day + 1, below, above, color=look.BAND, linewidth=0, zorder=1)
    axes.set_ylim(low, high)
    if len(ghost):
        axes.plot(np.arange(len(ghost)) + 1, ghost, color=GHOST, linewidth=now.line(1.3), dashes=look.GHOST_DASH)
    axes.plot(np.arange(len(line)) + 1, line, color=INK, linewidth=now.line(1.9), solid_joinstyle="round")
    if low < 0 < high:
        axes.axhline(0, color=INK, linewidth=now.line(0.8), zorder=1.5)
    ticks(axes)
    return name, f"{unit}{'' if column == 'equity' else ' a year'}{unit_words}", key


def revenue(axes: Axes, run, baseline, band, ends):
    said = "; " + str(band.get("words", "grey: many markets")) if "revenue" in band else ""
    return _money(axes, run, baseline, band, "revenue", "revenue", "Revenue", f", mean of the last quarter{said}")


def contribution(axes: Axes, run, baseline, band, ends):
    said = f", not discounted; {LEFT_OUT}"
    return _money(axes, run, baseline, band, "contribution", "contribution", "Contribution", said)


def equity(axes: Axes, run, baseline, band, ends):
    return _money(axes, run, baseline, band, "equity", "equity", "Customer equity", ", not discounted")


def worth_words(run) -> str:
    """What the run comes to: the change of customer equity, and its one net value. Nothing of what has neither."""
    value = getattr(run, "net_value", None)
    if value is None:
        return ""
    opening, closing = (
        run.about["opening_equity"],
        0.0 if run.broke is not None else float(run.daily["equity"].iloc[-1]),
    )
    scale, unit = look.money_unit([opening, closing, value.total])
    first, last, total = (look.digits(each / scale) for each in (opening, closing, value.total))
    return f"Customer equity: {first} {unit} on day 0, {last} on the last day. Net value of the run: {total} {unit}."


_TRUST_WORDS = (
    ("trust_ms", "Marketing\ntrusts Sales", look.MARKETING),
    ("language", "common\nlanguage", INK),
    ("trust_sm", "Sales trusts\nMarketing", look.SALES_TEXT),
)


def trust(axes: Axes, run, baseline, band, ends):
    now = look.style()
    axes.set(ylim=(0, 1))
    axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    if not ends["trust"]:
        _instead(axes, "Nobody can reach anybody across the gap.")
    for (column, _, _), colour, mark, dash in zip(
        _TRUST_WORDS, (look.MARKETING, INK, look.SALES), ("s", "", "o"), ((), look.LANGUAGE_DASH, ()), strict=True
    ):
        line = run.daily[column].to_numpy(float)[WEEK - 1 :: WEEK]
        if not np.isfinite(line).any():
            continue
        every = max(2, len(line) // 10)
        first = every // 4 if mark == "s" else 3 * every // 4  # squares and circles take turns
        marks = {"marker": mark or None, "markevery": (first, every), "markersize": now.length(5.5),
                 "markeredgecolor": "white", "markeredgewidth": now.line(0.8)}  # fmt: skip
        axes.plot(np.arange(1, len(line) + 1) * WEEK, line, color=colour, linewidth=now.line(1.7), clip_on=False,
                  **marks, **({"dashes": dash} if dash else {}))  # fmt: skip
    return "Trust and language", "0 to 1, mean over ties", "trust"


def bars(run) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """Contacts by purpose in stretches of time: start, length, work, complaints, and the stretch's name.

    A stretch that the run's end cuts short is drawn narrower, at its rate.
    """
    step, stretch = QUARTER, "quarter"
    if run.days <= 2 * QUARTER:
        step, stretch = WEEK, "week"
    elif run.days > 28 * QUARTER:
        step, stretch = YEAR, "year"
    starts = np.arange(0, max(run.days, 1), step)
    lengths = np.minimum(starts + step, max(run.days, 1)) - starts
    talks, disputes = (np.add.reduceat(run.daily[name].to_numpy(float), starts) for name in ("contacts", "disputes"))
    rate = step / lengths
    return starts, lengths, (talks - disputes) * rate, disputes * rate, stretch


def contacts(axes: Axes, run, baseline, band, ends):
    starts, lengths, work, dispute, name = bars(run)
    middle, wide = starts + lengths / 2, lengths * 0.78
    top = float(np.max(work + dispute, initial=0.0))
    unit = f"per {name}, by purpose"
    if top == 0:
        axes.set(yticks=[], ylim=(0, 1))
        said = f"Marketing and Sales did not talk in {captions.days_long(run.days)}."
        if len(run.quarters) and set(run.quarters["stage"]) == {1}:
            said += "\nThat is what Undefined looks like."
        _instead(axes, said)
    else:
        thin = look.style().line(0.9 if len(starts) <= 30 else 0.5)
        axes.bar(middle, dispute, wide, facecolor="white", edgecolor=INK, hatch="/////", linewidth=thin)
        axes.bar(middle, work, wide, bottom=dispute, facecolor=look.WORK, edgecolor=INK, linewidth=thin)
        if dispute.sum() == 0:
            unit += ", none about a complaint"
        axes.set_ylim(0, top * 1.12)
        ticks(axes)
    return "Contacts across the gap", unit, "contacts"


def _instead(axes: Axes, said: str) -> None:
    now = look.style()
    said = look.wrapped(said, 0.96 * look.axes_width(axes), now.type(10))
    axes.text(0.5, 0.5, said, transform=axes.transAxes, ha="center", va="center", color=SOFT, fontsize=now.type(10),
              linespacing=1.5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 4})  # fmt: skip
