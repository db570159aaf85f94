"""Smaller pictures: two plans in the same markets, the audit of both sides, one number over time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.errors import InputError, nearest
from sim.figures import look, words
from sim.figures.axis import ticks, time_axis
from sim.figures.look import INK, MARKETING, SALES, SALES_TEXT, SIDE, SOFT, WIDTH
from sim.figures.panels import yearly
from sim.model.firm import QUARTER, WEEK
from sim.outcomes import OUTCOMES
from sim.study.intervals import mean_interval
from sim.tables import LEVELS, MEANS, UNITS

RING = 9.0  # points
# Outcomes whose name does not fit into a sentence.
SAID = {
    "score": "audit score",
    "followed_up": "share of leads followed up",
    "disputes": "share of disputes",
    "net_value_without_equity": "net value without customers' future worth",
    "share_undefined": "time undefined",
    "share_defined": "time defined",
    "share_aligned": "time aligned",
    "share_integrated": "time integrated",
}


def _axes(height: float, title: str, about: str, left: float, right: float, foot: float = 40.0) -> Axes:
    """Axes on a figure of their own, under a sentence and a line of detail."""
    head = look.balanced(title, WIDTH - 2 * SIDE, 13, True).split("\n")
    lines = look.wrapped(about, WIDTH - 2 * SIDE, 9).split("\n")
    top = 18 + 17 * len(head) + 12.5 * len(lines) + 14
    tall = top + height + foot
    figure = look.new_figure(WIDTH, tall)
    for k, line in enumerate(head):
        figure.text(SIDE / WIDTH, 1 - (30 + 17 * k) / tall, line, fontsize=13, fontweight="bold")
    for k, line in enumerate(lines):
        y = 1 - (27 + 17 * len(head) + 12.5 * k) / tall
        figure.text(SIDE / WIDTH, y, line, fontsize=9, color=SOFT)
    return figure.add_axes((left / WIDTH, foot / tall, (right - left) / WIDTH, height / tall))


# ---- two plans


def _scaled(metric: str, values: np.ndarray) -> tuple[float, str]:
    unit = OUTCOMES[metric].unit
    if unit == "k€":
        return look.money_unit(values)
    if unit == "0..1":
        return 0.01, "percentage points"
    return 1.0, "points" if unit == "20..100" else unit


def compare_plot(comparison, metric: str = "net_value") -> Axes:
    """Draw what each plan changes in one outcome, market by market, against the baseline.

    A ring is one market; the bar is the 95 % interval of the mean difference,
    zero is no difference.

    Parameters
    ----------
    comparison
        A result of `sim.compare`.
    metric
        A name in `sim.outcomes.OUTCOMES`.
    """
    names = comparison.names[1:]
    found = {name: comparison.differences(metric, name) for name in names}
    found = {name: values[np.isfinite(values)] for name, values in found.items()}
    everything = np.concatenate([*found.values(), [0.0]])
    scale, unit = _scaled(metric, everything)
    said = SAID.get(metric, metric.replace("_", " "))
    title = _verdict(said, comparison.names[0], found, scale, unit)
    low, high = look.nice_limits(everything / scale, pad=0.06)
    left, right = SIDE + 10, WIDTH - SIDE - 10
    points = (right - left) / (high - low)
    stacks = {name: _stack(values / scale, (RING + 1) / points) for name, values in found.items()}
    most = max((int(stack.max(initial=0)) for stack in stacks.values()), default=0)
    ring = min(RING, 110 / (most + 1))
    row = 44 + ring * (most + 1)
    about = f"Each ring is one market: {said} less that of {comparison.names[0]}, in {unit}. Bar: 95 % of the mean."
    with look.drawing():
        axes = _axes(row * len(names), title, about, left, right)
        axes.set(xlim=(low, high), ylim=(0, row * len(names)), yticks=[])
        axes.grid(False)
        axes.axvline(0, color=INK, linewidth=1)
        for k, (name, values) in enumerate(found.items()):
            foot = row * (len(names) - 1 - k) + 14
            axes.scatter(values / scale, foot + 8 + ring * (stacks[name] + 0.5), s=(ring - 1.5) ** 2,
                         facecolor="none", edgecolor=SOFT, linewidth=1)  # fmt: skip
            mean, below, above = (v / scale for v in mean_interval(values))
            if np.isfinite(below):
                hatch = "/////" if below <= 0 <= above else None
                axes.add_patch(Rectangle((below, foot - 4), above - below, 8, edgecolor=INK, linewidth=1,
                                         facecolor="white" if hatch else INK, hatch=hatch))  # fmt: skip
            if np.isfinite(mean):
                axes.plot([mean, mean], [foot - 7, foot + 7], color=INK, linewidth=2)
            axes.annotate(name, (0, foot + 13 + ring * (most + 1)), xycoords=("axes fraction", "data"),
                          fontweight="bold", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        ticks(axes, "x", sign=True)
        axes.set_xlabel(unit, color=SOFT, fontsize=8.5)
    return axes


def _stack(values: np.ndarray, width: float) -> np.ndarray:
    """How many rings lie under each ring, so that none covers another."""
    level = np.zeros(len(values))
    placed: list[int] = []
    for i in np.argsort(values, kind="stable"):
        near = {int(level[j]) for j in placed if abs(values[j] - values[i]) < width}
        level[i] = next(n for n in range(len(values) + 1) if n not in near)
        placed.append(i)
    return level


def _verdict(said: str, base: str, found: dict[str, np.ndarray], scale: float, unit: str) -> str:
    """The answer in a sentence; for two plans, with its size and how often it came."""
    sure = {}
    for name, values in found.items():
        mean, low, high = mean_interval(values)
        if len(values) and np.isfinite(low) and (low > 0 or high < 0):
            sure[name] = mean
    if len(found) > 1:
        if not sure:
            return f"No plan can be told apart from {base} in {said}"
        moved = (f"{name} is {'higher' if mean > 0 else 'lower'}" for name, mean in sure.items())
        return f"{'; '.join(moved)} in {said}"
    (name, values), *_ = found.items()
    n = words.plural(len(values), "market")
    if not len(values):
        return f"{said.capitalize()}: nothing to compare"
    if len(values) > 1 and not np.any(values):
        return f"{name} and {base} have the same {said} in all {n}"
    if name not in sure:
        return f"{name} and {base} cannot be told apart in {said} from {n}"
    agree = int((values * sure[name] > 0).sum())
    size = look.digits(abs(sure[name]) / scale, 2)
    return f"{name}: {said} {'higher' if sure[name] > 0 else 'lower'} by {size} {unit}, in {agree} of {n}"


# ---- the audit


def _constructs() -> dict[str, list[int]]:
    """The statements by what they ask about: construct to items, counted from 1."""
    from sim.model.audit import STATEMENTS  # compiled rules: only for whoever draws an audit

    found: dict[str, list[int]] = {}
    for item, statement in enumerate(STATEMENTS, 1):
        found.setdefault(statement.construct, []).append(item)
    return found


def audit_plot(run, quarter: int | None = None) -> Axes:
    """Draw the 20 statements as Marketing (square) and Sales (circle) score them, by what they ask about.

    Parameters
    ----------
    run
        A finished run of at least one quarter.
    quarter
        Which quarter, counted from 1; the last one if not given.

    Raises
    ------
    InputError
        The run has no such quarter.
    """
    n = len(run.quarters)
    quarter = n if quarter is None else quarter
    if not 1 <= quarter <= n:
        raise InputError(f"quarter {quarter}: this run has {words.plural(n, 'whole quarter')}")
    table = run.audit[run.audit["quarter"] == quarter]
    side = {name: rows.set_index("item") for name, rows in table.groupby("side", sort=False)}
    m, s = side["Marketing"], side["Sales"]
    total_m, total_s = float(m["score"].sum()), float(s["score"].sum())
    apart = (m["score"] - s["score"]).abs()
    title = f"Marketing gives {total_m:.0f}, Sales {total_s:.0f} of 100"
    if apart.max() > 0:
        title += f"; furthest apart on statement {int(apart.idxmax())}"
    about = f"{run.scenario.title.rstrip('.')}, market {run.seed:,}, quarter {quarter}. 1 is never, 5 always; "
    about += "hollow: that side saw nothing to judge by."
    constructs = _constructs()
    longest = max(look.text_width(f"{item}  {text}", 8) for item, text in m["statement"].items())
    left = min(SIDE + longest + 14, 405)
    tall = 15.0 * len(m) + 17 * len(constructs)
    with look.drawing():
        axes = _axes(tall, title, about, left, WIDTH - SIDE, foot=30)
        axes.grid(False)
        y = 0.0
        axes.set(xlim=(0.8, 5.2), ylim=(-tall, 0), yticks=[])
        axes.set_xticks([1, 2, 3, 4, 5], ["1", "2", "3", "4", "5"])
        axes.axvline(3, color=look.HAIR, linewidth=0.7, zorder=0)
        for construct, items in constructs.items():
            axes.annotate(construct, (0, y - 13), (SIDE - left, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", fontweight="bold")  # fmt: skip
            y -= 17
            for item in items:
                text = look.shortened(f"{item}  {m.loc[item, 'statement']}", left - SIDE - 14, 8)
                axes.annotate(text, (0, y - 10), (SIDE - left, 0), xycoords=("axes fraction", "data"), fontsize=8,
                              textcoords="offset points", color=SOFT)  # fmt: skip
                axes.plot([1, 5], [y - 7.5] * 2, color=look.HAIR, linewidth=0.7, zorder=0)
                scores = (m.loc[item, "score"], s.loc[item, "score"])
                axes.plot(scores, [y - 7.5] * 2, color=look.EDGE, linewidth=2.2, zorder=1)
                off = 2.6 if scores[0] == scores[1] else 0.0  # equal scores stand one over the other
                for rows, mark, colour, lift in ((m, "s", MARKETING, off), (s, "o", SALES, -off)):
                    seen = float(rows.loc[item, "know"]) > 0
                    axes.plot(rows.loc[item, "score"], y - 7.5 + lift, mark, markersize=6.2, color=colour, zorder=3,
                              markerfacecolor=colour if seen else "white", markeredgecolor=colour)  # fmt: skip
                y -= 15
        x, wide = 1.0, look.axes_width(axes)
        for name, mark, colour, ink in (("Sales", "o", SALES, SALES_TEXT), ("Marketing", "s", MARKETING, MARKETING)):
            x -= (look.text_width(name) + 8) / wide
            axes.plot(x, 1.012, mark, transform=axes.transAxes, color=colour, markersize=6, clip_on=False)
            axes.annotate(name, (x, 1.012), (6, -3), xycoords="axes fraction", textcoords="offset points", color=ink)
            x -= 14 / wide
    return axes


# ---- one number over time


def series_plot(run, metric: str) -> Axes:
    """Draw one column of the daily table over the run.

    Money that flows is shown per year and other flows per week, both as the mean
    of the last quarter; what stands (trust, cash, customers) is shown as it is.

    Raises
    ------
    InputError
        There is no such column.
    """
    if metric not in run.daily or metric == "day":
        allowed = [name for name in run.daily if name != "day"]
        raise InputError(f"{metric}: no such number of a day{nearest(metric, allowed)} ({', '.join(allowed)})")
    unit, line = UNITS.get(metric, "count"), run.daily[metric].astype(float)
    end = ""
    if metric in LEVELS or metric in MEANS:
        values = line.to_numpy()
        if unit == "k€":
            scale, end = look.money_unit(values)
            values, unit = values / scale, end
        unit = "" if unit == "count" else unit
    elif unit.startswith("k€"):
        values = yearly(run.daily, metric)
        scale, end = look.money_unit(values)
        values, unit = values / scale, f"{end} a year, mean of the last quarter"
    else:
        values = (line.rolling(QUARTER, min_periods=WEEK).mean() * WEEK).to_numpy()
        unit = f"{'hours' if unit == 'hours' else 'number'} a week, mean of the last quarter"
    known = values[np.isfinite(values)]
    last = f"{look.digits(known[-1])} {end}".strip() if len(known) else "no value"
    title = f"{metric.replace('_', ' ').capitalize()}: {last} at the end"
    about = f"{run.scenario.title.rstrip('.')}, market {run.seed:,}, {words.days_long(run.days)}"
    about += f". {unit[:1].upper()}{unit[1:]}." if unit else "."
    with look.drawing():
        axes = _axes(150, title, about, SIDE + 44, WIDTH - SIDE)
        axes.set(xlim=(0, max(run.days, 1)), ylim=(0, 1) if unit == "0..1" else look.nice_limits(values))
        axes.plot(np.arange(1, len(values) + 1), values, color=INK, linewidth=1.9, clip_on=False)
        ticks(axes)
        time_axis([axes], run.days)
    return axes
