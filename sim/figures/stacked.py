"""Parts of a picture in one frame: axes above and below each other, words at their upper and lower edges."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.figures import look
from sim.figures.look import SOFT

ROW, GAP = 15.0, 46.0  # points of the page: a line of a ranking, room between two parts
HEAD = 12.0  # room for what an upright axis means


def part(axes: Axes, down: float, height: float, tall: float) -> None:
    """Put axes into a part of the room that was framed as `tall` points: so far down, so high."""
    whole = getattr(axes, "whole", None) or axes.get_position()
    unit = whole.height / tall
    axes.whole = whole
    axes.set_position((whole.x0, whole.y1 - (down + height) * unit, whole.width, height * unit))


def below(axes: Axes, down: float, height: float, tall: float) -> Axes:
    """New axes further down in the same frame."""
    lower = axes.figure.add_axes(axes.whole)
    lower.whole = axes.whole
    part(lower, down, height, tall)
    return lower


def across(axes: Axes, text: str) -> None:
    """Words under the horizontal axis."""
    now = look.style()
    axes.set_xlabel(look.clauses(text, look.axes_width(axes), now.type(8.5)), color=SOFT, fontsize=now.type(8.5))


def above(axes: Axes, text: str) -> None:
    """What the vertical axis means, over its upper end."""
    now = look.style()
    text = look.clauses(text, look.axes_width(axes), now.type(8.5))
    axes.annotate(text, (0, 1), (0, now.length(5)), xycoords="axes fraction", textcoords="offset points", color=SOFT)
