"""The waterfall: how a difference between two organizations is made up, bar by bar."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from sim.figures import captions, look, studies
from sim.figures.axis import ticks
from sim.figures.frame import framed, most_high, sides
from sim.figures.look import INK, SOFT
from sim.scenario.schema import in_speech, spoken
from sim.study.explain.explained import (
    REST,
    digits_for,
    figure,
    rounded_to_sum,
    said,
    scale_of,
    totals_around,
    written_sum,
)
from sim.study.intervals import outcome_interval

HEIGHT, STEP = 235.0, 9.4  # points of the page: the bars; from line to line of the words under them
SMALL = 7.6  # type of those words
MOST = 8  # bars; the smallest of more are drawn as one
NUMBER = "number"  # marks the figures above bars among all words
STANDING = 13  # lines' room at most for words that stand upright, where bars are too close for words that lie flat
TOTAL, WIDE, TORN = "#CCCAC5", 0.62, 0.05  # a total's fill, a bar's share of its place, the tear's height in the axes


class Bar(NamedTuple):
    """One bar in the picture's unit: its mean and interval, and the figure that is shown."""

    name: str
    value: float
    low: float
    high: float
    figure: float

    @property
    def note(self) -> bool | None:
        """Whether the interval crosses zero; None where there is no interval."""
        return None if np.isnan(self.low) else not (self.low > 0 or self.high < 0)


def waterfall(explanation, path: str | Path | None = None) -> Axes:
    """Draw an explanation: the first organization's total, a bar for each part, the second's total.

    Filled bars add, hatched bars take away; a whisker is the 95 % interval of a
    bar's mean over the markets. Where the axis does not begin at 0 the totals
    are torn at the foot.

    Parameters
    ----------
    explanation
        A result of `sim.explain`.
    path
        Where to write the picture (.png, .svg, .pdf); nothing is written without it.
    """
    scale, unit = scale_of(explanation.unit, [explanation.difference.mean])
    bars, digits = _bars(explanation, scale)
    before, after = (end / scale for end in explanation.ends)
    starts, ends = totals_around(before, after, sum(bar.figure for bar in bars), digits)
    title, about = in_speech(explanation.headline()), _about(explanation, unit)
    with look.drawing():
        now = look.style()
        left, right = sides(30, 0)
        room = (right - left) / (len(bars) + 2) - now.length(4)  # names keep that much apart
        named = [(explanation.names[0], ""), *((b.name, _note(b, digits)) for b in bars), (explanation.names[1], "")]
        upright = _must_stand(named, room)
        under = [_under(name, note, STANDING * now.length(STEP) if upright else room) for name, note in named]
        lines = _deepest(under) if upright else max(map(len, under))
        below = _sum(explanation, bars, digits, unit) if now.worded else []
        foot, name = 14 + STEP * lines + 10.6 * len(below), f"{said(explanation.metric)}, {unit}"
        height = min(HEIGHT, most_high() + 40 - foot)
        axes = framed(now.length(height), title, about, left, right, foot=foot, name=name)
        _limits(axes, before, after, bars)
        _total(axes, 0, before, figure(starts, digits, False))
        level = before
        for place, bar in enumerate(bars, 1):
            _draw(axes, place, level, bar, figure(bar.figure, digits))
            level += bar.value
        _total(axes, len(bars) + 1, after, figure(ends, digits, False))
        _move_apart(axes, 1.15 * now.type(10.5))
        for place, text in enumerate(under):
            _write(axes, place, text, upright, bold=place in (0, len(bars) + 1))
        _write_sum(axes, below)
        studies.tell_explanation(axes.figure, explanation)
        if path is not None:
            look.write(axes.figure, path, title=title, about=about)
    return axes


def _about(explanation, unit: str) -> str:
    n, days = len(explanation.seeds), explanation.scenarios[0].days
    text = f"{said(explanation.metric)} of {captions.days_long(days)}, {unit}".capitalize().replace(unit.lower(), unit)
    return f"{text}. Mean of {captions.plural(n, 'market')}" + ("; whiskers 95 %." if n > 1 else ".")


def _bars(explanation, scale: float) -> tuple[list[Bar], int]:
    """The bars in the picture's unit, the smallest joined where there are too many; and the digits to show."""
    table, values = explanation.summary(), explanation.bars / scale
    names = list(table.index)
    if REST in names and abs(table.loc[REST, "mean"]) < 1e-6 * max(abs(explanation.difference.mean), 1e-9):
        names.remove(REST)  # nothing: the sum below says that nothing is missing
    small = set()
    if len(names) > MOST:
        by_size = sorted(names, key=lambda name: abs(table.loc[name, "mean"]))
        small = set(by_size[: len(names) - MOST + 1]) - {REST}
    columns = {name: values[name] for name in names if name not in small}
    if small:
        columns[f"{captions.count(len(small))} smaller ones"] = values[sorted(small)].sum(axis=1)
    found = {name: outcome_interval(explanation.alone(column), explanation.unit) for name, column in columns.items()}
    digits = digits_for(explanation.difference.mean / scale, [each.mean for each in found.values()])
    rounded = rounded_to_sum([each.mean for each in found.values()], digits)
    return [Bar(name, *each, shown) for (name, each), shown in zip(found.items(), rounded, strict=True)], digits


def _limits(axes: Axes, before: float, after: float, bars: list[Bar]) -> None:
    """Limits around the steps and their whiskers; from zero where that costs little height."""
    levels = before + np.concatenate([[0.0], np.cumsum([bar.value for bar in bars])])
    tops = [*levels, after]
    for bar, level in zip(bars, levels, strict=False):
        tops += [level + edge for edge in (bar.low, bar.high) if np.isfinite(edge)]
    low, high = min(tops), max(tops)
    height = (high - low) or abs(high) or 1.0
    if low >= 0 and low < 0.6 * high:
        bottom = 0.0
    else:
        bottom = low - 0.22 * height
    if high <= 0 or bottom < 0 < high:
        bottom = min(bottom, 0.0)
    axes.set(xlim=(-0.5, len(bars) + 1.5), ylim=(bottom, high + 0.14 * height))
    axes.set_xticks([])
    ticks(axes)
    axes.axhline(0.0 if bottom < 0 else bottom, color=INK, linewidth=look.style().line(1.0), zorder=3)


def _total(axes: Axes, place: int, value: float, shown: str) -> None:
    now, (bottom, top) = look.style(), axes.get_ylim()
    foot = max(bottom, min(0.0, top))
    axes.add_patch(Rectangle((place - WIDE / 2, foot), WIDE, value - foot, facecolor=TOTAL, edgecolor=INK,
                             linewidth=now.line(1.1), zorder=2))  # fmt: skip
    if bottom > 0:
        _tear(axes, place)
    _number(axes, place, max(value, foot), shown, 10.5)


def _number(axes: Axes, place: int, level: float, shown: str, size: float) -> None:
    """A figure above a bar, on white, so that no line of the grid strikes it out."""
    now = look.style()
    axes.annotate(shown, (place, level), (0, now.length(4)), textcoords="offset points", ha="center", va="bottom",
                  fontsize=now.type(size), fontweight="bold", zorder=6, gid=NUMBER,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": now.length(0.8)})  # fmt: skip


def _move_apart(axes: Axes, line: float) -> None:
    """Where bars are narrow a figure may touch its left neighbour's: it goes up by what is missing to a line."""
    left, right = axes.get_xlim()
    unit, placed = look.axes_width(axes) / (right - left), []
    for text in sorted((text for text in axes.texts if text.get_gid() == NUMBER), key=lambda text: text.xy[0]):
        x, y = text.xy[0] * unit, look.axes_points(axes, text.xy[1]) + text.xyann[1]
        half = look.text_width(text.get_text(), text.get_fontsize(), True) / 2
        for other_x, other_y, other_half in placed:
            if abs(x - other_x) < half + other_half + 1 and abs(y - other_y) < line:
                y = other_y + line
        text.xyann = (0, y - look.axes_points(axes, text.xy[1]))
        placed.append((x, y, half))


def _tear(axes: Axes, place: int) -> None:
    """A zigzag across a total's foot: the axis does not begin at zero."""
    bottom, top = axes.get_ylim()
    unit = (top - bottom) * TORN
    x = place + np.linspace(-WIDE / 2 - 0.04, WIDE / 2 + 0.04, 7)
    zigzag = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]) * 0.45 * unit + bottom + 0.7 * unit
    outline = np.concatenate([np.column_stack([x, zigzag]), np.column_stack([x, zigzag + 0.45 * unit])[::-1]])
    axes.add_patch(Polygon(outline, facecolor="white", edgecolor="none", zorder=4))


def _draw(axes: Axes, place: int, level: float, bar: Bar, shown: str) -> None:
    """One bar from the level the others left, its whisker beside it, dashes to its neighbours."""
    now, end = look.style(), level + bar.value
    up = bar.value >= 0
    axes.add_patch(Rectangle((place - WIDE / 2, min(level, end)), WIDE, abs(bar.value), edgecolor=INK,
                             facecolor=INK if up else "white", hatch=None if up else "//////",
                             linewidth=now.line(1.1), zorder=2.5))  # fmt: skip
    for x, y in ((place - 1, level), (place, end)):
        axes.plot([x + WIDE / 2, x + 1 - WIDE / 2], [y, y], color=SOFT, linewidth=now.line(0.7), dashes=(2, 2),
                  zorder=1.5)  # fmt: skip
    highest = max(level, end)
    if bar.note is not None:
        x, ends = place + WIDE / 2 + 0.08, (level + bar.low, level + bar.high)
        axes.plot([x, x], ends, color=SOFT, linewidth=now.line(1.0), zorder=5)
        for y in ends:
            axes.plot([x - 0.05, x + 0.05], [y, y], color=SOFT, linewidth=now.line(1.0), zorder=5)
        highest = max(highest, ends[1])
    _number(axes, place, highest, shown, 9.5)


# ---- words


def _note(bar: Bar, digits: int) -> str:
    if bar.note is None:
        return ""
    return "inside the noise" if bar.note else f"{figure(bar.low, digits)} to {figure(bar.high, digits)}"


def _parts(name: str) -> list[str]:
    """A lever's name as people read it, and its change; anything else as it is.

    >>> _parts("practices.rules teams decide → mandated"), _parts("leads found")
    (['Rules of engagement', 'teams decide → mandated'], ['leads found'])
    """
    field, _, change = name.partition(" ")
    if "." not in field or " → " not in change or ":" in change:
        return [in_speech(name)]
    return [spoken(field), in_speech(change)]


def _must_stand(named: list[tuple[str, str]], room: float) -> bool:
    """Whether some word is wider than a bar's place."""
    size = look.style().type(SMALL)
    longest = (word for name, note in named for part in (*_parts(name), note) for word in part.split())
    return max(look.text_width(word, size) for word in longest) > room


def _under(name: str, note: str, room: float) -> list[tuple[str, str]]:
    """The lines under a bar, each with its colour: what it is, and its interval."""
    size = look.style().type(SMALL)
    lines = [(line, INK) for part in _parts(name) for line in look.wrapped(part, room, size).split("\n")]
    return lines + [(line, SOFT) for line in look.wrapped(note, room, size).split("\n") if note]


def _deepest(under: list[list[tuple[str, str]]]) -> float:
    """How many lines' height words that stand upright need."""
    now = look.style()
    longest = max(look.text_width(line, now.type(SMALL), True) for lines in under for line, _ in lines)
    return longest / now.length(STEP) + 1


def _write(axes: Axes, place: int, lines: list[tuple[str, str]], upright: bool, bold: bool) -> None:
    """What a bar is, under the axis."""
    now = look.style()
    about = {"fontsize": now.type(SMALL), "fontweight": "bold" if bold else "normal", "ha": "center",
             "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}  # fmt: skip
    for k, (line, colour) in enumerate(lines):
        if upright:
            aside = now.length(STEP) * (k - (len(lines) - 1) / 2)
            axes.annotate(line, (place, 0), (aside, -now.length(5)), va="top", rotation=90, color=colour, **about)
        else:
            down = -now.length(5 + STEP * (k + 0.8))
            axes.annotate(line, (place, 0), (0, down), va="baseline", color=colour, **about)


def _sum(explanation, bars: list[Bar], digits: int, unit: str) -> list[str]:
    """The sum written out, at the picture's foot, in lines."""
    now = look.style()
    how = "Each bar is a lever's average part over all orders of changing them" if explanation.by == "lever" else (
        "Each bar is a step at which the same prospects' two lives part")  # fmt: skip
    text = f"{written_sum([bar.figure for bar in bars], digits, unit)}. {how}; filled adds, hatched takes away."
    return look.wrapped(text, now.width - 2 * now.side, now.type(8.5)).split("\n")


def _write_sum(axes: Axes, lines: list[str]) -> None:
    now = look.style()
    tall = axes.figure.get_size_inches()[1] * look.POINTS
    for k, line in enumerate(lines):
        y = now.length(7 + 10.6 * (len(lines) - 1 - k)) / tall
        axes.figure.text(now.side / now.width, y, line, fontsize=now.type(8.5), color=SOFT)
