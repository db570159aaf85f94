"""What matters, in pictures: ranked bars, the tornado, Morris's plane, pairs of factors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sim.figures import look, studies
from sim.figures.axis import ticks
from sim.figures.frame import framed, sides
from sim.figures.look import EDGE, GHOST, HAIR, INK, SOFT
from sim.figures.plots import SAID as SAID_OF
from sim.figures.stacked import GAP, ROW, above, across, below, part
from sim.study.sensitivity.found import MOVES
from sim.study.sensitivity.sentences import shown

PLANE = 190.0  # height of Morris's plane
MOST_PAIRS = 12
NAMES = 0.62  # of the figure's width, which names may take at most: no lever's name is cut in a journal's column
SAID = {
    "one-at-a-time": "One factor at a time, the others as in the base (the upright line). At each end: the value "
    "there. Hollow: within the markets' luck.",
    "morris": "Bars: mean size of what a factor does over its range (mu*), line: 95 %. Tick: what luck alone makes. "
    "Below: numbers as in the ranking; the higher, the more it bends or interacts.",
    "sobol": "Share of the variance: dark, a factor alone; light, with all it takes part in; lines: 95 %. "
    "Tick: what luck alone makes.",
    "grid": "Share of the variance over the grid: dark, a factor alone; light, with all it takes part in; lines: 95 %. "
    "Tick: what luck alone makes.",
    "first-order": "Share of the variance that each factor explains alone; line: 95 %.",
}


def sensitivity_plot(found) -> Axes:
    """Draw the ranking of every factor, by whichever method it was found.

    Parameters
    ----------
    found
        A result of `sim.sensitivity`.
    """
    draw = {"one-at-a-time": _tornado, "morris": _morris}.get(found.method, _shares)
    with look.drawing():
        axes = draw(found)
        studies.tell_sensitivity(axes.figure, found)
    return axes


def write_sensitivity(found, path: str | Path) -> None:
    """Draw a sensitivity analysis, regions or a count of markets, and write it as .png, .svg or .pdf."""
    with look.drawing():
        look.write(found.plot().figure, path, title=f"Baton: {repr(found).strip('<>')}", about=found.summary())


def said(outcome: str) -> str:
    """An outcome's name in a sentence."""
    return SAID_OF.get(outcome, outcome.replace("_", " "))


# ---- parts


def _headline(found) -> str:
    """The answer in a sentence: what matters most, and how many do not matter."""
    clear = [name for name, verdict in found.df["verdict"].items() if verdict == MOVES]
    outcome = said(found.outcome)
    if not clear:
        return f"Nothing here moves {outcome} beyond luck"
    first = " and ".join(clear[:2])
    text = f"{first} {'move' if len(clear) > 1 else 'moves'} {outcome} most"
    rest = len(found.df) - len(clear)
    return text + (f"; {rest} of {len(found.df)} factors cannot be told from zero" if rest else "")


def _rows(found, more: float = 0.0, right: float = 0.0) -> tuple[Axes, float]:
    """Axes with a row for every factor, names at the left; `more` points of room below for other parts.

    Returns the axes (y counts rows from the top, 0.5 1.5 …) and the height of one row.
    """
    now, names = look.style(), list(found.df.index)
    row, number = now.length(ROW), look.text_width("00") + now.length(6)  # ranks stand in a column of their own
    room = min(max(look.text_width(name) for name in names) + number + now.length(10), NAMES * now.width)
    about = f"{SAID[found.method]} {found.points:,} points, {found.markets} markets each."
    left, end = sides(0, right)
    tall = row * len(names) + more
    axes = framed(tall, _headline(found), about, left + room, end)
    part(axes, 0.0, row * len(names), tall)
    axes.set(ylim=(len(names), 0), yticks=[])
    axes.grid(False)
    axes.grid(True, axis="x")
    for k, (name, verdict) in enumerate(zip(names, found.df["verdict"], strict=True)):
        text = look.shortened(name, room - number - now.length(6), now.type(8.5))
        for words, at, align in ((str(k + 1), number - now.length(6) - room, "right"), (text, number - room, "left")):
            axes.annotate(words, (0, k + 0.5), (at, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                          va="center", ha=align, color=INK if verdict == MOVES else SOFT)  # fmt: skip
    return axes, row


def _scale(found, values) -> tuple[float, str]:
    """What to divide an outcome's values by, and the name of the unit then."""
    if found.unit == "k€":
        return look.money_unit(values)
    if found.unit == "0..1":
        return 0.01, "%"
    return 1.0, "points" if found.unit == "20..100" else found.unit


# ---- Sobol, grid, first order


def _shares(found) -> Axes:
    now, table, second = look.style(), found.df, found.second
    pairs = None if second is None or not len(second) else second.reindex(
        second["second"].abs().sort_values(ascending=False, kind="stable").index[:MOST_PAIRS])  # fmt: skip
    more = 0.0 if pairs is None else now.length(GAP + ROW * len(pairs))
    axes, row = _rows(found, more, right=8)
    total = "total" in table
    low = min(0.0, float(table["first_low"].min()))
    high = float(max(table["total_high"].max() if total else 0.0, table["first_high"].max(), 0.05))
    if pairs is not None:
        low, high = min(low, float(pairs["low"].min())), max(high, float(pairs["high"].max()))
    limits = (100 * (low - 0.03 * (high - low)), 100 * (high + 0.03 * (high - low)))
    axes.set_xlim(limits)
    at = np.arange(len(table)) + 0.5
    if total:
        axes.barh(at, 100 * table["total"], height=0.62, color=look.BAND, edgecolor=EDGE, linewidth=now.line(0.7))
        _lines(axes, at + 0.19, table["total_low"], table["total_high"], SOFT)
        luck = table["noise"].to_numpy(float)
        for k in np.flatnonzero(np.nan_to_num(luck) > 0):
            axes.plot([100 * luck[k]] * 2, [k + 0.14, k + 0.86], color=SOFT, linewidth=now.line(1.2))
    axes.barh(at - (0.08 if total else 0.0), 100 * table["first"].clip(lower=0), height=0.26, color=INK)
    _lines(axes, at - (0.08 if total else 0.0), table["first_low"], table["first_high"], GHOST)
    axes.axvline(0, color=INK, linewidth=now.line(0.8))
    ticks(axes, "x", unit=" %")
    across(axes, "share of the variance between points")
    if pairs is not None:
        lower = below(axes, row * len(table) + now.length(GAP), now.length(ROW) * len(pairs), row * len(table) + more)
        _draw_pairs(lower, pairs, limits, len(second), table["rank"])
    return axes


def _lines(axes: Axes, at, low, high, colour: str) -> None:
    """Intervals, as thin lines."""
    axes.hlines(at, 100 * np.asarray(low, float), 100 * np.asarray(high, float), color=colour,
                linewidth=look.style().line(1.3))  # fmt: skip


def _draw_pairs(axes: Axes, pairs, limits: tuple[float, float], of: int, ranks) -> None:
    """What two factors do together beyond what each does alone."""
    now = look.style()
    axes.set(xlim=limits, ylim=(len(pairs), 0), yticks=[])
    axes.grid(False)
    axes.grid(True, axis="x")
    axes.axvline(0, color=INK, linewidth=now.line(0.8))
    at = np.arange(len(pairs)) + 0.5
    _lines(axes, at, pairs["low"], pairs["high"], SOFT)
    left = axes.get_position().x0 * now.width - now.side - now.length(6)
    numbers = [f"{ranks[one]} × {ranks[other]}" for one, other in pairs.index]
    named = [f"{number}  {one} × {other}" for number, (one, other) in zip(numbers, pairs.index, strict=True)]
    fits = all(look.text_width(name) <= left for name in named)
    for k, (text, (_, row)) in enumerate(zip(named if fits else numbers, pairs.iterrows(), strict=True)):
        clear = row["verdict"] == MOVES
        axes.plot(100 * row["second"], k + 0.5, "o", markersize=now.length(4.6), color=INK,
                  markerfacecolor=INK if clear else "white")  # fmt: skip
        axes.annotate(text, (0, k + 0.5), (-left - now.length(6), 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center", color=INK if clear else SOFT)  # fmt: skip
    ticks(axes, "x", unit=" %")
    many = f"the {len(pairs)} largest of {of} pairs" if len(pairs) < of else "pairs"
    across(axes, f"{many}, numbered as above: share of the variance beyond what each does alone")


# ---- Morris


def _morris(found) -> Axes:
    now, table = look.style(), found.df
    more = now.length(GAP + PLANE)
    axes, row = _rows(found, more, right=8)
    scale, unit = _scale(found, table["mu_star"])
    high = float(max(table["high"].max(), table["mu_star"].max())) / scale or 1.0
    axes.set_xlim(0, 1.03 * high)
    at = np.arange(len(table)) + 0.5
    clear = (table["verdict"] == MOVES).to_numpy()
    axes.barh(at, table["mu_star"] / scale, height=0.5, color=[INK if c else "white" for c in clear], edgecolor=INK,
              linewidth=now.line(0.8))  # fmt: skip
    axes.hlines(at, table["low"].clip(lower=0) / scale, table["high"] / scale, color=GHOST, linewidth=now.line(1.6))
    for k, luck in enumerate(table["noise"].to_numpy(float) / scale):
        if luck > 0:
            axes.plot([luck, luck], [k + 0.12, k + 0.88], color=SOFT, linewidth=now.line(1.2))
    ticks(axes, "x")
    across(axes, f"mean size of the effect over its whole range (mu*), {unit}")
    lower = below(axes, row * len(table) + now.length(GAP), now.length(PLANE), row * len(table) + more)
    _plane(lower, table, scale, unit, 1.03 * high)
    return axes


def _plane(axes: Axes, table, scale: float, unit: str, right: float) -> None:
    """mu* against sigma: numbers are ranks; a number that would fall on another is left to its dot."""
    now = look.style()
    x, y = (table[name].to_numpy(float) / scale for name in ("mu_star", "sigma"))
    top = 1.12 * max(float(y.max()), 0.25 * right)
    axes.set(xlim=(0, right), ylim=(0, top))
    axes.grid(True, axis="both")
    for slope in (1.0, 0.1):
        end = min(right, top / slope)
        axes.plot([0, end], [0, slope * end], color=GHOST, linewidth=now.line(0.9), dashes=look.GHOST_DASH, zorder=1)
    axes.plot(x, y, "o", markersize=now.length(4.2), color=INK, clip_on=False, zorder=3)
    width, height = look.axes_width(axes), look.axes_height(axes)
    boxes: list[tuple[float, float, float, float]] = []
    size = now.type(8.5)
    points = [(px / right * width, py / top * height) for px, py in zip(x, y, strict=True)]
    for rank, (px, py) in enumerate(points, 1):
        text = str(rank)
        wide, high = look.text_width(text), 0.8 * size
        for dx, dy in ((now.length(5), -high / 2), (-now.length(5) - wide, -high / 2), (-wide / 2, now.length(5)),
                       (-wide / 2, -now.length(5) - high)):  # fmt: skip
            box = (px + dx - 1, py + dy - 1, px + dx + wide + 1, py + dy + high + 1)
            dots = any(box[0] < qx + 2 and qx - 2 < box[2] and box[1] < qy + 2 and qy - 2 < box[3] for qx, qy in points)
            outside = box[0] < 0 or box[1] < 0 or box[3] > height or box[2] > width
            if not (dots or outside or any(_touch(box, other) for other in boxes)):
                boxes.append(box)
                axes.annotate(text, (px, py), (dx, dy), xycoords="axes points", textcoords="offset points", zorder=2,
                              va="baseline", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # fmt: skip
                break
    ticks(axes, "x")
    ticks(axes, "y")
    across(axes, f"mu*, {unit}; dashed: sigma = mu* and a tenth of it")
    above(axes, f"sigma, {unit}")


def _touch(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# ---- one at a time


def _tornado(found) -> Axes:
    now, table = look.style(), found.df
    axes, _ = _rows(found, right=8)
    base = float(found.curve.loc[found.curve["base"], "mean"].iloc[0])
    scale, unit = _scale(found, [*table["least"], *table["most"]])
    least, most, middle = table["least"] / scale, table["most"] / scale, base / scale
    ends = [
        (shown(row["least_at"]), shown(row["most_at"])) if row["swing"] > 0 else ("", "") for _, row in table.iterrows()
    ]
    width = look.axes_width(axes)
    room = [[look.text_width(end[side]) + now.length(8) if end[side] else 0.0 for end in ends] for side in (0, 1)]
    room = [np.minimum(each, 0.25 * width) for each in room]
    low, high = float(least.min()), float(most.max()) or 1.0
    for _ in range(5):  # until bars and the words at their ends fit side by side
        points = width / max(high - low, 1e-12)
        low, high = float((least - room[0] / points).min()), float((most + room[1] / points).max())
    low, high = (low, high) if high > low else (middle - 1, middle + 1)
    axes.set_xlim(low, high)
    for k, (_, row) in enumerate(table.iterrows()):
        clear = row["verdict"] == MOVES
        axes.barh(k + 0.5, (row["most"] - row["least"]) / scale, left=row["least"] / scale, height=0.5,
                  color=INK if clear else "white", edgecolor=INK, linewidth=now.line(0.8))  # fmt: skip
        for side, value, align in ((0, row["least"], "right"), (1, row["most"], "left")):
            if ends[k][side]:
                text = look.shortened(ends[k][side], room[side][k] - now.length(5), now.type(8.5))
                axes.annotate(text, (value / scale, k + 0.5), (now.length(4 if side else -4), 0), ha=align, va="center",
                              textcoords="offset points", color=INK if clear else SOFT,
                              bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4})  # fmt: skip
    axes.axvline(middle, color=HAIR if not np.isfinite(middle) else GHOST, linewidth=now.line(1.2), zorder=0.5)
    ticks(axes, "x")
    across(axes, f"{said(found.outcome)}, {unit}; upright line: the base")
    return axes
