"""Where a condition holds, in pictures: coverage against density, and the boxes on the factors' ranges."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.figures import look, studies
from sim.figures.axis import ticks
from sim.figures.frame import framed, sides
from sim.figures.look import GHOST, HAIR, INK, SOFT
from sim.figures.stacked import GAP, HEAD, ROW, above, across, below, part
from sim.study.sensitivity.boxes import limit_ends, quasi_p_words
from sim.study.sensitivity.discovery import Discovery
from sim.study.sensitivity.sentences import number, share

HEIGHT = 170.0  # points of the page: the plane
MARKS = "osD"


def discovery_plot(found: Discovery) -> Axes:
    """Draw the boxes that PRIM passed through, the chosen ones, and their limits.

    Parameters
    ----------
    found
        A result of `sim.discover`; without a box only the sentence is drawn.
    """
    limits = sum(len(box.limits) for box in found.boxes)
    rows = limits + len(found.boxes)
    with look.drawing():
        now = look.style()
        more = now.length(GAP + 1.35 * ROW * rows) if rows else 0.0
        left, right = sides(34, 14)
        head, plane = now.length(HEAD), now.length(HEIGHT)
        tall = head + plane + more
        axes = framed(tall, _headline(found), _about(found), left, right)
        part(axes, head, plane, tall)
        _plane(axes, found)
        if rows:
            lower = below(axes, head + plane + now.length(GAP), now.length(1.35 * ROW * rows), tall)
            _boxes(lower, found, rows)
        studies.tell_corners(axes.figure, found)
    return axes


def _headline(found: Discovery) -> str:
    if not found.boxes:
        return f"No corner found where {found.condition}"
    names = list(dict.fromkeys(limit.factor for box in found.boxes for limit in box.limits))
    if len(names) > 3:
        names = [*names[:2], "more"]
    *first, last = names
    return f"{found.condition}: it depends on {', '.join(first)}{' and ' if first else ''}{last}"


def _about(found: Discovery) -> str:
    return (
        f"True at {found.cases:,} of {found.known:,} points. Each mark is a box that was passed through, from all "
        "points (right) inward; the ring is the box told below. Coverage: share of all cases that lie inside. Density: "
        "share of the points inside where it is true."
    )


def _plane(axes: Axes, found: Discovery) -> None:
    now = look.style()
    axes.set(xlim=(0, 103), ylim=(0, 103))
    axes.grid(True, axis="both")
    axes.axhline(100 * found.density, color=GHOST, linewidth=now.line(0.9), dashes=look.GHOST_DASH)
    for k, (_, way) in enumerate(found.trade_off.groupby("box")):
        way = way.sort_values("step")
        x, y = 100 * way["coverage"].astype(float), 100 * way["density"].astype(float)
        axes.plot(x, y, MARKS[k % len(MARKS)], markersize=now.length(3.6), color=INK if k == 0 else SOFT,
                  markerfacecolor=(INK, "white", "white")[k % 3], clip_on=False)  # fmt: skip
        chosen = way["chosen"].to_numpy(bool)
        px, py = float(x[chosen].iloc[0]), float(y[chosen].iloc[0])
        axes.plot(px, py, "o", markersize=now.length(10), color=INK, markerfacecolor="none", clip_on=False,
                  markeredgewidth=now.line(1.4))  # fmt: skip
        white = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        axes.annotate(f"box {k + 1}", (px, py), (now.length(-8), now.length(-12)), textcoords="offset points",
                      bbox=white, ha="right", fontweight="bold")  # fmt: skip
    ticks(axes, "x")
    ticks(axes, "y")
    across(axes, "coverage, %; dashed: the density asked for")
    above(axes, "density, %")


def _boxes(axes: Axes, found: Discovery, rows: int) -> None:
    """One row a limit: the factor's range as a thin line, the box on it as a thick one."""
    now = look.style()
    axes.set(xlim=(0, 1), ylim=(rows, 0), xticks=[], yticks=[])
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)
    width = look.axes_width(axes)
    names = [limit.factor for box in found.boxes for limit in box.limits]
    begin = min(max(look.text_width(name) for name in names) + now.length(12), 0.42 * width) / width
    end = 1 - (look.text_width("quasi-p under 0.001") + now.length(14)) / width
    y = 0.5
    for k, box in enumerate(found.boxes, 1):
        said = f"Box {k}: true at {share(box.density)} of {box.points:,} points, {share(box.coverage)} of all cases"
        axes.annotate(look.shortened(said, width, now.type(8.5), True), (0, y), va="center", fontweight="bold")
        for limit in box.limits:
            y += 1
            axis = found.axis(limit.factor)
            text = look.shortened(limit.factor, begin * width - now.length(8), now.type(8.5))
            axes.annotate(text, (0, y), va="center")
            axes.annotate(f"quasi-p {quasi_p_words(limit.quasi_p)}", (1, y), va="center", ha="right", color=SOFT)
            if limit.words:
                words = look.shortened(" or ".join(limit.words), (end - begin) * width, now.type(8.5))
                axes.annotate(words, (begin, y), va="center", fontweight="bold")
                continue
            ends = [axis.low if limit.low is None else limit.low, axis.high if limit.high is None else limit.high]
            places = begin + (end - begin) * np.clip(axis.positions(ends), 0, 1)
            axes.plot([begin, end], [y, y], color=HAIR, linewidth=now.line(2))
            axes.plot(places, [y, y], color=INK, linewidth=now.line(4.5), solid_capstyle="butt")
            _ends(axes, limit, axis, places, y)
        y += 1


def _ends(axes: Axes, limit, axis, places, y: float) -> None:
    """The limits' numbers at the ends of the thick line, the range's at the ends of the thin one."""
    now = look.style()
    inside = limit_ends(limit, axis)
    for side, (value, free) in enumerate(zip(inside, (axis.low, axis.high), strict=True)):
        text = number(free if value is None else value)
        axes.annotate(text, (places[side], y), (0, now.length(3.5)), textcoords="offset points", fontsize=now.type(7.5),
                      ha="left" if side == 0 else "right", color=SOFT if value is None else INK)  # fmt: skip
