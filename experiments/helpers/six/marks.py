"""More parts of the pictures of docs/reports/findings.md: marks on a plane, and axes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from helpers.six.figures import MARKS
from helpers.six.words import side
from sim.figures import look
from sim.figures.axis import ticks
from sim.figures.frame import framed, sides
from sim.figures.imprint import Series
from sim.figures.look import INK, SOFT
from sim.figures.stacked import HEAD, above, part
from sim.study.intervals import Interval


def scatter(axes: Axes, x, y, shape, names: Sequence[str], filled, ringed, across: str, up: str) -> list[Series]:
    """One mark a point; shapes say what it is and are named at the right, filled and ringed marks are chosen ones."""
    now = look.style()
    axes.set(xlim=look.nice_limits(x, pad=0.04), ylim=look.nice_limits(y, pad=0.05))
    axes.grid(True, axis="both")
    solid = np.isin(np.arange(len(x)), filled)
    for k, mark in enumerate(MARKS[: len(names)]):
        for inside in (False, True):
            here = (shape == k) & (solid == inside)
            axes.plot(x[here], y[here], mark, color=INK if inside else SOFT, markersize=now.length(5),
                      markerfacecolor=INK if inside else "white", markeredgewidth=now.line(0.9), zorder=2 + inside,
                      clip_on=False)  # fmt: skip
        axes.annotate(names[k], (1, 1), (now.length(24), -now.length(10 + 14 * k)), xycoords="axes fraction",
                      textcoords="offset points", va="center")  # fmt: skip
        at = 1 + now.length(14) / look.axes_width(axes), 1 - now.length(10 + 14 * k) / look.axes_height(axes)
        axes.plot(*at, mark, transform=axes.transAxes, color=SOFT, markerfacecolor="white", clip_on=False,
                  markersize=now.length(5), markeredgewidth=now.line(0.9))  # fmt: skip
    axes.plot(x[ringed], y[ringed], "o", color=INK, markerfacecolor="none", markersize=now.length(11), zorder=5,
              markeredgewidth=now.line(1.1), clip_on=False)  # fmt: skip
    ticks(axes)
    ticks(axes, "x")
    above(axes, up)
    axes.set_xlabel(across, color=SOFT, fontsize=now.type(8.5))
    at = range(len(x))
    marks = np.isin(at, filled) + 2 * np.isin(at, ringed)
    return [
        Series.of(across, "", "point", at, x),
        Series.of(up, "", "point", at, y),
        Series.of("chosen: 1 filled, 2 ringed, 3 both", "", "point", at, marks),
    ]


class Cell(NamedTuple):
    """One mark of small multiples: which of the axes, which place on them, which shape, and what was found."""

    panel: str
    place: int
    shape: int
    found: Interval


def multiples(
    title: str, about: str, cells: Sequence[Cell], places: Sequence[str], shapes: Sequence[str], across: str, up: str
) -> tuple[Axes, list[Series]]:
    """Axes side by side with one upright axis: a mark with its interval for each cell."""
    now, data = look.style(), []
    panels = list(dict.fromkeys(cell.panel for cell in cells))
    tall, key = now.length(190), now.length(HEAD + 34)
    left, right = sides(34, 0)
    first = framed(tall + key, title, about, left, right, foot=34.0)
    part(first, key, tall, tall + key)
    wide, gap = right - left, now.length(12)
    each = (wide - gap * (len(panels) - 1)) / len(panels)
    limits = look.nice_limits([0.0, *(end for cell in cells for end in cell.found)], pad=0.05)
    place = first.get_position()
    for p, panel in enumerate(panels):
        axes = first if p == 0 else first.figure.add_axes((0, 0, 1, 1))
        begin = left + p * (each + gap)
        axes.set_position((begin / now.width, place.y0, each / now.width, place.height))
        axes.set(xlim=(-0.6, len(places) - 0.4), ylim=limits)
        axes.axhline(0, color=INK, linewidth=now.line(0.9))
        axes.annotate(panel, (0, 1), (0, now.length(6)), xycoords="axes fraction", textcoords="offset points",
                      fontweight="bold")  # fmt: skip
        ticks(axes, sign=True)
        if p:
            axes.set_yticklabels([])
        axes.set_xticks(range(len(places)), places)
        for cell in (cell for cell in cells if cell.panel == panel):
            x = cell.place + 0.22 * (cell.shape - (len(shapes) - 1) / 2)
            mean, low, high = cell.found
            filled = side(cell.found) != "open"
            axes.plot([x, x], [low, high], color=SOFT, linewidth=now.line(1.4), solid_capstyle="butt", zorder=2)
            axes.plot(x, mean, MARKS[cell.shape], color=INK, markersize=now.length(5), zorder=3,
                      markerfacecolor=INK if filled else "white", markeredgewidth=now.line(1.1))  # fmt: skip
        here = [cell for cell in cells if cell.panel == panel]
        named = [f"{places[cell.place]}, {shapes[cell.shape]}" for cell in here]
        for end in ("mean", "low", "high"):
            data.append(Series.of(f"{panel}, {end}", "%", "kind", named, [getattr(c.found, end) for c in here]))
    key_of(first, shapes, now.length(24))
    first.annotate(up, (0, 1), (-now.length(34), now.length(42)), xycoords="axes fraction", textcoords="offset points",
                   color=SOFT)  # fmt: skip
    first.figure.text((left + right) / 2 / now.width, now.length(8) / (now.length(34) / place.y0), across, ha="center",
                      color=SOFT, fontsize=now.type(8.5))  # fmt: skip
    return first, data


def key_of(axes: Axes, names: Sequence[str], up: float) -> None:
    """Shapes and what they mean, in a line above the axes."""
    now = look.style()
    x, wide, tall = 0.0, look.axes_width(axes), look.axes_height(axes)
    for mark, words in zip(MARKS, names, strict=False):
        at = (x + now.length(4)) / wide, 1 + (up + now.length(3)) / tall
        axes.plot(*at, mark, transform=axes.transAxes, color=INK, markersize=now.length(5), clip_on=False)
        axes.annotate(words, (0, 1), (x + now.length(12), up), xycoords="axes fraction", textcoords="offset points")
        x += look.text_width(words) + now.length(30)
