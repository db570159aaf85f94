"""Axes that read well: few round ticks, time in years or quarters or weeks, words at the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.figures import look
from sim.model.firm import QUARTER, WEEK, YEAR

GAP, LABEL = 10.0, 10.6  # points of the page from the axes to labels; from line to line in them
SAMPLE = 21.0  # points of the page: a stretch of a line before its label, with the gap after it
END = tuple[float, str, str, bool]  # a label at a line's end: value, words, colour, bold


def ticks(axes: Axes, which: str = "y", sign: bool = False, whole: bool = False, unit: str = "") -> None:
    """Few round ticks with as many decimals as they need; with `sign`, a plus before gains; `whole` for counts.

    `unit` stands at every tick, for one that must not be missed (" %").
    """
    low, high = getattr(axes, f"get_{which}lim")()
    for most in range(4 if which == "y" else 7, 1, -1):
        at = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(low, high)
        at = at[(at >= low - 1e-9 * (high - low)) & (at <= high)] + 0.0
        step = at[1] - at[0] if len(at) > 1 else 1.0
        places = next(
            (p for p in range(6) if np.allclose(at * 10**p, np.round(at * 10**p), atol=1e-6 * step * 10**p)), 6
        )
        named = [f"{v:{'+' if sign and v else ''},.{places}f}".replace("-", "−") + unit for v in at]
        if which == "y" or _apart(axes, at, named):
            break
    getattr(axes, f"set_{which}ticks")(at, named)


def _apart(axes: Axes, at: np.ndarray, named: list[str]) -> bool:
    """Whether words under the ticks leave room between them."""
    now, (low, high) = look.style(), axes.get_xlim()
    each = look.axes_width(axes) / (high - low)
    size = now.type(8.5)
    wide = np.array([look.text_width(text, size) for text in named])
    return bool(np.all(np.diff(at) * each >= (wide[1:] + wide[:-1]) / 2 + now.length(4)))


def label_ends(axes: Axes, ends: list[END], samples: Sequence[dict] = ()) -> None:
    """Labels at the ends of the lines, moved apart where they would touch, each with a thin leader.

    `samples` are the looks of the lines: each label then has a stretch of its
    line before it, SAMPLE points of the page long.
    """
    now = look.style()
    gap, label, tall, wide = now.length(GAP), now.length(LABEL), look.axes_height(axes), look.axes_width(axes)
    wanted = [min(max(look.axes_points(axes, value), 0), tall) for value, *_ in ends]
    sizes = [label * (1 + text.count("\n")) + now.length(2) for _, text, _, _ in ends]
    places = look.spread(wanted, sizes, -now.length(7), tall + now.length(12))
    for style, place in zip(samples, places, strict=False):
        at, end = place - 0.06 * label, gap + now.length(SAMPLE - 5)
        axes.add_line(Line2D([1 + gap / wide, 1 + end / wide], [at / tall, at / tall], transform=axes.transAxes,
                             clip_on=False, **style))  # fmt: skip
    start = gap + (now.length(SAMPLE) if samples else 0)
    for (_, text, colour, bold), was, place in zip(ends, wanted, places, strict=True):
        lines = text.split("\n")  # one by one: matplotlib's own line spacing depends on the letters
        for k, line in enumerate(lines):
            axes.annotate(line, (1, 0), (start, place + label * (len(lines) / 2 - k - 0.78)), xycoords="axes fraction",
                          textcoords="offset points", color=colour, fontweight="bold" if bold else "normal",
                          va="baseline")  # fmt: skip
        if abs(place - was) > now.length(3):
            begin, end = now.length(1.5), gap - now.length(2)
            axes.add_line(Line2D([1 + begin / wide, 1 + end / wide], [was / tall, place / tall], color=colour,
                                 linewidth=now.line(0.6), transform=axes.transAxes, clip_on=False))  # fmt: skip


def time_axis(panels: list[Axes], days: int) -> None:
    """Years, quarters or weeks under the last of the panels, ticks under all."""
    now = look.style()
    if days > 6 * QUARTER:
        step, name = YEAR, "Year"
    elif days > 2 * QUARTER:
        step, name = QUARTER, "Quarter"
    else:
        step, name = WEEK, "Week"
    wide = look.axes_width(panels[-1])
    many = -(-max(days, 1) // step)
    room = wide * step / max(days, 1)  # points for each stretch
    spelt = look.text_width(f"{name} {many}") + now.length(8) <= room
    first = look.text_width(f"{name} 1") + now.length(6)
    steps = (e * 10**k for k in range(9) for e in (1, 2, 5))
    each = 1 if spelt else next(e for e in steps if e * room >= first or e >= many)
    at = np.arange(0, max(days, 1), step * each)
    for axes in panels:
        axes.set_xticks(at, [""] * len(at))
    named = [f"{name} {d // step + 1}" if spelt or d == 0 else f"{d // step + 1}" for d in at]
    panels[-1].set_xticks(at, named, ha="left")
    panels[-1].tick_params(axis="x", pad=now.length(4))
