"""The parts that the pictures of docs/reports/findings.md are made of: lines with bands, rows with intervals.

No colour carries a meaning: lines differ by dash, marks by shape, and a mark is
filled where its whole interval lies on one side of the limit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from helpers.six.words import MEGA, side, signed
from sim.figures import imprint, look
from sim.figures.axis import label_ends, ticks, time_axis
from sim.figures.frame import framed, sides
from sim.figures.imprint import Series, scenario_record
from sim.figures.look import BAND, EDGE, GHOST_DASH, INK, SOFT
from sim.figures.stacked import HEAD, above, below, part
from sim.model.firm import QUARTER
from sim.study.intervals import Interval, mean_interval

DASHES = ((), (5, 2.5), (1.2, 1.6), (7, 2, 1.2, 2))  # by line
MARKS = ("o", "s", "^")
VALUES = 106.0  # points of the page: the room of the values at a row's end
BETWEEN = 56.0  # from one part to the next, with its axis, the words below and those above the next
INTERVALS = "Shaded and lines: 95 %; filled: whole interval on one side of zero."
COMMAND = "python experiments/findings.py --six"


class Line(NamedTuple):
    """A line over time with its band."""

    name: str
    values: np.ndarray  # (quarters, markets), one a whole quarter from the first on
    mark: int = 0  # the quarter that bears a mark; 0: none
    start: int = 0  # quarters at the beginning that are not drawn


class Row(NamedTuple):
    """A name, and what was found; the second mark of a row has another shape."""

    name: str
    found: Interval
    beside: Interval | None = None
    note: str = ""  # instead of the figures


def drawn(draw: Callable[..., Axes]) -> Callable[..., Axes]:
    """A drawing in Baton's own settings, whatever the caller's are."""

    @functools.wraps(draw)
    def dressed(*given) -> Axes:
        with look.drawing():
            return draw(*given)

    return dressed


def two_parts(title: str, about: str, upper: float, lower: float) -> tuple[Axes, Axes]:
    """Two axes below each other under a headline, so many points of the page high."""
    now = look.style()
    tall = now.length(HEAD + upper + BETWEEN + lower)
    axes = framed(tall, title, about, *sides(), foot=34.0)
    part(axes, now.length(HEAD), now.length(upper), tall)
    return axes, below(axes, now.length(HEAD + upper + BETWEEN), now.length(lower), tall)


def narrowed(axes: Axes, left: float, right: float) -> Axes:
    """The axes with so many points (of the page) more room at their left and right, from the page's margins."""
    now, place = look.style(), axes.get_position()
    begin, end = sides(left, right)
    axes.set_position((begin / now.width, place.y0, (end - begin) / now.width, place.height))
    return axes


def lines(axes: Axes, found: Sequence[Line], what: str, before: str = "") -> list[Series]:
    """Means over the quarters with 95 % bands, each labelled at its end; `before` names the time that is left out."""
    now, told, ends, styles = look.style(), [], [], []
    for dash, line in zip(DASHES, found, strict=False):
        mean, low, high = np.array([mean_interval(row) for row in line.values[line.start :]]).T
        quarters = np.arange(line.start + 1, len(line.values) + 1)
        style = {"color": INK, "linewidth": now.line(1.7), **({"dashes": dash} if dash else {})}
        axes.fill_between(QUARTER * quarters, low, high, color=BAND, alpha=0.7, linewidth=0, zorder=1)
        for edge in (low, high):
            axes.plot(QUARTER * quarters, edge, color=EDGE, linewidth=now.line(0.5), zorder=1.5)
        axes.plot(QUARTER * quarters, mean, clip_on=False, zorder=3, **style)
        if line.mark:
            axes.plot(QUARTER * line.mark, mean[line.mark - 1], "v", color=INK, markersize=now.length(7), zorder=4)
        ends.append((float(mean[-1]), line.name, INK, False))
        styles.append(style)
        told += [
            Series.of(f"{line.name}: {what}, {end}", "", "quarter", quarters, values)
            for end, values in (("mean", mean), ("low", low), ("high", high))
        ]
    last = QUARTER * max(len(line.values) for line in found)
    axes.set(xlim=(0, last), ylim=look.nice_limits([0.0, *(v for each in told for v in each.values)], pad=0.06))
    axes.axhline(0, color=INK, linewidth=now.line(0.9), zorder=2)
    ticks(axes, sign=True)
    time_axis([axes], last)
    above(axes, what)
    label_ends(axes, ends, styles)
    if before:
        until = QUARTER * (found[0].start + 0.5)
        axes.axvspan(0, until, facecolor=look.PAPER, edgecolor="none", zorder=2.5)
        axes.annotate(before, (until / 2 / last, 0.5), xycoords="axes fraction", ha="center", va="center", zorder=5)
    return told


def rows(
    axes: Axes,
    found: Sequence[Row],
    what: str,
    scale: float = 1.0,
    places: int = 1,
    limits: Sequence[tuple[float, str]] = (),
    zero: bool = True,
    names: bool = True,
    ends: bool = True,
    groups: Sequence[int] = (),
) -> list[Series]:
    """One row a finding: mean and 95 % interval, filled where the whole interval lies on one side of zero.

    `limits` are upright dashed lines with their words; `groups` the rows before
    which a hairline is drawn. The figures stand at the right (`ends`).
    """
    now = look.style()
    axes.set(ylim=(len(found), 0), yticks=[])
    axes.grid(False)
    axes.grid(True, axis="x")
    everything = [end / scale for row in found for each in (row.found, row.beside) if each for end in each[1:]]
    everything += [at for at, _ in limits] + [0.0] * zero
    axes.set_xlim(look.nice_limits(everything, pad=0.05))
    if zero:
        axes.axvline(0, color=INK, linewidth=now.line(0.9))
    for at, words in limits:
        axes.axvline(at, color=SOFT, linewidth=now.line(0.9), dashes=GHOST_DASH)
        axes.annotate(words, (at, 1), (0, now.length(3)), xycoords=("data", "axes fraction"), ha="center",
                      textcoords="offset points", color=SOFT, fontsize=now.type(8))  # fmt: skip
    for row in groups:
        axes.axhline(row, color=EDGE, linewidth=now.line(0.7), clip_on=False)
    for k, row in enumerate(found):
        pair = [each for each in (row.found, row.beside) if each]
        for n, each in enumerate(pair):
            y = k + 0.5 + (0.2 * (2 * n - 1) if len(pair) > 1 else 0.0)
            mean, low, high = (end / scale for end in each)
            axes.plot([low, high], [y, y], color=SOFT, linewidth=now.line(1.5), solid_capstyle="butt", zorder=2)
            filled = n == 0 if len(pair) > 1 else side(each) != "open" or not zero
            axes.plot(mean, y, MARKS[n], color=INK, markerfacecolor=INK if filled else "white", zorder=3,
                      markersize=now.length(5.2), markeredgewidth=now.line(1.1))  # fmt: skip
        if names:  # beside the axes
            axes.annotate(row.name, (0, k + 0.5), (-now.length(8), 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", ha="right")  # fmt: skip
        text = row.note or figures(row.found, places, scale)
        if ends:
            axes.annotate(text, (1, k + 0.5), (now.length(VALUES), 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", ha="right", color=SOFT)  # fmt: skip
    ticks(axes, "x", sign=zero)
    if look.axes_width(axes) < now.length(140):
        few_ticks(axes)
    axes.set_xlabel(what, color=SOFT, fontsize=now.type(8.5))
    return series_of(what, found, scale)


def few_ticks(axes: Axes) -> None:
    """Every other of the ticks, zero among them where it is one."""
    at = axes.get_xticks()
    at = at[int(np.abs(at).argmin()) % 2 :: 2]
    places = 0 if np.allclose(at, np.round(at)) else 1
    axes.set_xticks(at, [signed(each, places) if each else "0" for each in at])


def pair_of_rows(axes: Axes, score: Sequence[Row], value: Sequence[Row], groups: Sequence[int]) -> list[Series]:
    """The score at the left and net value at the right, on shared rows."""
    beside = axes.figure.add_axes(axes.get_position())
    narrowed(axes, 118, 238)
    narrowed(beside, 266, 106)
    found = rows(axes, score, "score, points", groups=groups, ends=False)
    return found + rows(beside, value, "net value, M€", MEGA, names=False, groups=groups)


def figures(found: Interval, places: int, scale: float) -> str:
    """The figures at a row's end: mean, then the interval's ends."""
    low, high = (signed(end / scale, places) for end in found[1:])
    return f"{signed(found.mean / scale, places)}  ({low}, {high})"


def series_of(what: str, found: Sequence[Row], scale: float = 1.0) -> list[Series]:
    """The numbers of rows, for the picture's file."""
    made = []
    for end in ("mean", "low", "high"):
        for n, name in enumerate(("", ", second mark")):
            pairs = [(row.name, (row.found, row.beside)[n]) for row in found]
            here = [(row, getattr(each, end) / scale) for row, each in pairs if each]
            if here:
                made.append(Series.of(f"{what}{name}, {end}", "", "row", *zip(*here, strict=True)))
    return made


def tell(axes: Axes, key: str, stores: dict, data: Sequence[Series]) -> Axes:
    """Let the picture say which experiments it was drawn from, and every number on it."""
    made = {name: results.store.experiment for name, results in stores.items()}
    told = imprint.of(axes.figure)
    markets = max((each.markets for each in made.values()), key=len)
    with imprint.commanded(COMMAND):
        imprint.attach(axes.figure, imprint.Told(
            "finding", told.title, told.about, tuple(scenario_record(each.base) for each in made.values()), markets,
            options={"finding": key, "experiments": {name: each.hash for name, each in made.items()}}, data=tuple(data),
        ))  # fmt: skip
    return axes
