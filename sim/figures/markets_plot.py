"""How many markets are enough, in a picture: running mean and running variance."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes

from sim.figures import look, studies
from sim.figures.axis import ticks
from sim.figures.frame import framed, sides
from sim.figures.look import BAND, GHOST, INK
from sim.figures.sensitivity_plots import said
from sim.figures.stacked import GAP, HEAD, above, across, below, part
from sim.study.sensitivity.how_many import HowMany
from sim.study.sensitivity.sentences import number

MEAN, VARIANCE = 150.0, 90.0  # points of the page


def how_many_plot(found: HowMany) -> Axes:
    """Draw how the mean of an outcome settles as markets are added, with its 95 % interval, and its variance.

    Parameters
    ----------
    found
        A result of `sim.how_many`.
    """
    run, last = found.running, found.running.iloc[-1]
    with look.drawing():
        now = look.style()
        scale, unit = _scale(found)
        tall = now.length(HEAD + MEAN + GAP + VARIANCE)
        left, right = sides(44, 14)
        axes = framed(tall, _headline(found), _about(found), left, right)
        part(axes, now.length(HEAD), now.length(MEAN), tall)
        n, mean, half = (run[name].to_numpy(float) for name in ("markets", "mean", "half"))
        mean, half, final = mean / scale, half / scale, float(last["mean"]) / scale
        goal = found.within * abs(final)
        settled = half[min(3, len(half) - 1) :]  # the first intervals are too wide to be drawn whole
        top = 1.15 * max(float(settled.max()), goal, float(np.abs(mean - final).max()), 1e-12)
        axes.set(xlim=(1, n[-1]), ylim=(final - top, final + top))
        axes.fill_between(n, mean - half, mean + half, color=BAND, linewidth=0)
        for edge in (final - goal, final + goal):
            axes.axhline(edge, color=GHOST, linewidth=now.line(0.9), dashes=look.GHOST_DASH)
        axes.plot(n, mean, color=INK, linewidth=now.line(1.9), clip_on=True)
        ticks(axes)
        _counts(axes)
        above(axes, f"mean of the markets so far, {unit}")
        lower = below(axes, now.length(HEAD + MEAN + GAP), now.length(VARIANCE), tall)
        spread = np.sqrt(run["variance"].to_numpy(float)) / scale
        lower.plot(n, spread**2, color=INK, linewidth=now.line(1.9))
        lower.set(xlim=(1, n[-1]), ylim=(0, 1.1 * max(float((spread**2).max()), 1e-12)))
        ticks(lower)
        _counts(lower)
        above(lower, f"variance of the markets so far, {unit}²")
        across(lower, "markets")
        studies.tell_count(axes.figure, found)
    return axes


def _scale(found: HowMany) -> tuple[float, str]:
    if found.unit == "k€":
        return look.money_unit(found.running["mean"])
    return (0.01, "%") if found.unit == "0..1" else (1.0, "points" if found.unit == "20..100" else found.unit)


def _counts(axes: Axes) -> None:
    """Whole numbers of markets, from the second on."""
    ticks(axes, "x")
    at = [tick for tick in axes.get_xticks() if float(tick).is_integer() and tick >= 2]
    axes.set_xticks([2, *(tick for tick in at if tick > 3)])
    axes.set_xticklabels([f"{tick:,.0f}" for tick in axes.get_xticks()])


def _headline(found: HowMany) -> str:
    row, outcome = found.df.loc[found.typical], said(found.outcome)
    percent = f"±{number(100 * found.within)} %"
    if math.isinf(row["needed"]):
        return f"{outcome}: {percent} cannot be had, the mean is too near zero"
    return f"{outcome}: {percent} takes {int(row['needed']):,} markets"


def _about(found: HowMany) -> str:
    where = f"Point {found.typical}, of middle need among {len(found.df):,}. " if len(found.df) > 1 else ""
    return (
        f"{where}Line: mean of the markets so far; shaded: its 95 % interval; dashed: "
        f"±{number(100 * found.within)} % of the last mean."
    )
