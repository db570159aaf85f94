"""Smaller pictures: two plans in the same markets, one number over time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.errors import InputError, nearest
from sim.figures import captions, imprint, look, numbers
from sim.figures.axis import ticks, time_axis
from sim.figures.frame import framed, most_high, sides
from sim.figures.look import INK, SOFT
from sim.figures.panels import yearly
from sim.model.firm import QUARTER, WEEK
from sim.result import past_market, titled
from sim.result.outcomes import KNOWN
from sim.result.run_tables import LEVELS, MEANS, UNITS
from sim.study.intervals import outcome_interval

RING = 9.0  # points
# Outcomes whose name does not fit into a sentence.
SAID = {
    "score": "audit score",
    "followed_up": "share of leads followed up",
    "disputes": "share of disputes",
    "equity_change": "change in customer equity",
    "customer_value": "customers' own gain",
    "share_undefined": "time undefined",
    "share_defined": "time defined",
    "share_aligned": "time aligned",
    "share_integrated": "time integrated",
}


# ---- two plans


def _scaled(metric: str, values: np.ndarray) -> tuple[float, str]:
    unit = KNOWN[metric].unit
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
        A name in `sim.result.outcomes.OUTCOMES`.
    """
    names = comparison.names[1:]
    found = {name: comparison.alone(comparison.differences(metric, name)) for name in names}
    found = {name: values[np.isfinite(values)] for name, values in found.items()}
    everything = np.concatenate([*found.values(), [0.0]])
    scale, unit = _scaled(metric, everything)
    said = SAID.get(metric, metric.replace("_", " "))
    title = _verdict(said, metric, comparison.names[0], found, scale, unit)
    ring = "set of numbers" if comparison.in_doubt else "market"
    about = f"Each ring is one {ring}: {said} less that of {comparison.names[0]}, in {unit}. Bar: 95 % of the mean."
    with look.drawing():
        now = look.style()
        low, high = look.nice_limits(everything / scale, pad=0.06)
        left, right = sides(10, 10)
        points = (right - left) / (high - low)
        stacks = {name: _stack(values / scale, now.length(RING + 1) / points) for name, values in found.items()}
        most = max((int(stack.max(initial=0)) for stack in stacks.values()), default=0)
        # This and the heights below in points of the page.
        ring = min(RING, 110 / (most + 1), (most_high() / max(len(names), 1) - 44) / (most + 1))
        row = 44 + ring * (most + 1)
        axes = framed(now.length(row * len(names)), title, about, left, right)
        axes.set(xlim=(low, high), ylim=(0, row * len(names)), yticks=[])
        axes.grid(False)
        for k, (name, values) in enumerate(found.items()):
            foot = row * (len(names) - 1 - k) + 14
            named = foot + 13 + ring * (most + 1)  # the plan's name stands above its own row, clear of the zero line
            axes.plot([0, 0], [foot - 14, named - 5], color=INK, linewidth=now.line(1))
            axes.scatter(values / scale, foot + 8 + ring * (stacks[name] + 0.5), s=now.length(ring - 1.5) ** 2,
                         facecolor="none", edgecolor=SOFT, linewidth=now.line(1))  # fmt: skip
            mean, below, above = (v / scale for v in outcome_interval(values, KNOWN[metric].unit))
            if np.isfinite(below):
                hatch = "/////" if below <= 0 <= above else None
                axes.add_patch(Rectangle((below, foot - 4), above - below, 8, edgecolor=INK, linewidth=now.line(1),
                                         facecolor="white" if hatch else INK, hatch=hatch))  # fmt: skip
            if np.isfinite(mean):
                axes.plot([mean, mean], [foot - 7, foot + 7], color=INK, linewidth=now.line(2))
            axes.annotate(look.shortened(name, right - left, now.type(8.5), True), (0, named),
                          xycoords=("axes fraction", "data"), fontweight="bold")  # fmt: skip
        ticks(axes, "x", sign=True)
        label = unit if now.worded else f"{said[:1].upper()}{said[1:]} less that of {comparison.names[0]}, {unit}"
        axes.set_xlabel(look.shortened(label, right - left, now.type(8.5)), color=SOFT, fontsize=now.type(8.5))
        imprint.attach(axes.figure, _told_of(comparison, metric, title, about))
    return axes


def _told_of(comparison, metric: str, title: str, about: str) -> imprint.Told:
    """What the comparison tells about itself."""
    scenarios = getattr(comparison, "scenarios", ())
    options, data = {"metric": metric}, numbers.of_differences(comparison, metric)
    if not scenarios:  # a stand-in with names only
        return imprint.Told("compare", title, about, options=options, data=data)
    runs = comparison.outcomes
    base = runs[runs["scenario"] == comparison.names[0]]
    return imprint.Told(
        "compare", title, f"{about} {captions.days_long(scenarios[0].days).capitalize()}.",
        scenarios=tuple(imprint.scenario_record(each) for each in scenarios), seeds=tuple(comparison.seeds),
        market=imprint.market_digest(base["market"]), options=options, data=data,
        made=imprint.made_of(comparison),
    )  # fmt: skip


def _stack(values: np.ndarray, width: float) -> np.ndarray:
    """How many rings lie under each ring, so that none covers another."""
    level = np.zeros(len(values))
    placed: list[int] = []
    for i in np.argsort(values, kind="stable"):
        near = {int(level[j]) for j in placed if abs(values[j] - values[i]) < width}
        level[i] = next(n for n in range(len(values) + 1) if n not in near)
        placed.append(i)
    return level


def _verdict(said: str, metric: str, base: str, found: dict[str, np.ndarray], scale: float, unit: str) -> str:
    """The answer in a sentence; for two plans, with its size and how often it came."""
    sure = {}
    for name, values in found.items():
        mean, low, high = outcome_interval(values, KNOWN[metric].unit)
        if len(values) and np.isfinite(low) and (low > 0 or high < 0):
            sure[name] = mean
    if len(found) > 1:
        if not sure:
            return f"No plan can be told apart from {base} in {said}"
        moved = (f"{name} is {'higher' if mean > 0 else 'lower'}" for name, mean in sure.items())
        return f"{'; '.join(moved)} in {said}"
    (name, values), *_ = found.items()
    n = captions.plural(len(values), "market")
    if not len(values):
        return f"{said.capitalize()}: nothing to compare"
    if len(values) > 1 and not np.any(values):
        return f"{name} and {base} have the same {said} in all {n}"
    if name not in sure:
        return f"{name} and {base} cannot be told apart in {said} from {n}"
    agree = int((values * sure[name] > 0).sum())
    size = look.digits(abs(sure[name]) / scale, 2)
    return f"{name}: {said} {'higher' if sure[name] > 0 else 'lower'} by {size} {unit}, in {agree} of {n}"


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
    about = f"{titled(run.scenario)}, market {run.seed:,}{past_market(run)}, {captions.days_long(run.days)}"
    about += f". {unit[:1].upper()}{unit[1:]}." if unit else "."
    name = f"{metric.replace('_', ' ').capitalize()}{', ' if unit else ''}{unit}"
    with look.drawing():
        now = look.style()
        axes = framed(now.length(150), title, about, *sides(44, 0), name=name)
        axes.set(xlim=(0, max(run.days, 1)), ylim=(0, 1) if unit == "0..1" else look.nice_limits(values))
        axes.plot(np.arange(1, len(values) + 1), values, color=INK, linewidth=now.line(1.9), clip_on=False)
        ticks(axes)
        time_axis([axes], run.days)
        told = imprint.Told(
            "series", title, about, (imprint.scenario_record(run.scenario),), (run.seed,), imprint.market_of(run),
            options={"metric": metric, **imprint.life_options(run)}, data=numbers.of_line(run, metric, values),
            made=imprint.made_of(run),
        )  # fmt: skip
        imprint.attach(axes.figure, told)
    return axes
