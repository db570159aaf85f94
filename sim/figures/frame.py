"""Axes under a sentence and a line of detail: the frame of the smaller pictures, in the style in force."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.figures import imprint, look
from sim.figures.look import SOFT

HEADLINE, DETAIL = 13, 9  # type, in points of the page


def sides(left: float = 0.0, right: float = 0.0) -> tuple[float, float]:
    """Where axes begin and end that leave so many points (of the page) inside the margins, in points."""
    now = look.style()
    return now.side + now.length(left), now.width - now.side - now.length(right)


def most_high() -> float:
    """How high axes may be, in points of the page, so that the whole still fits on a slide under its words."""
    now = look.style()
    return 1000.0 if now.height is None else (now.height / now.scale) - 110


def framed(
    height: float,
    title: str,
    about: str,
    left: float,
    right: float,
    foot: float = 40.0,
    over: float = 0.0,
    name: str = "",
) -> Axes:
    """Axes on a figure of their own, with the words above them where the style has words on the picture.

    Parameters
    ----------
    height
        Of the axes, points; less on a slide whose words leave less.
    title, about
        A sentence; what was drawn.
    left, right
        Where the axes begin and end, points from the figure's left edge.
    foot, over
        Room below the axes, and for words just above them, in points of the page.
    name
        What the axes show, said above them where there is no headline that says it.
    """
    now, foot = look.style(), look.style().length(foot)
    room = now.width - 2 * now.side
    head = look.balanced(title, room, now.type(HEADLINE), True).split("\n") if now.worded else []
    lines = look.wrapped(about, room, now.type(DETAIL)).split("\n") if now.worded else []
    top = now.length(18 + 17 * len(head) + 12.5 * len(lines) + 14 if now.worded else 25 if name else 14)
    top += now.length(over)
    if now.height is not None:
        height = min(height, now.height - top - foot)
    tall = top + height + foot
    figure = look.new_figure(now.width, tall)
    imprint.attach(figure, imprint.Told("", title, about))
    for k, line in enumerate(head):
        y = 1 - now.length(30 + 17 * k) / tall
        figure.text(now.side / now.width, y, line, fontsize=now.type(HEADLINE), fontweight="bold")
    for k, line in enumerate(lines):
        y = 1 - now.length(27 + 17 * len(head) + 12.5 * k) / tall
        figure.text(now.side / now.width, y, line, fontsize=now.type(DETAIL), color=SOFT)
    if name and not now.worded:
        name = look.clauses(name, room, now.type(DETAIL))
        figure.text(now.side / now.width, 1 - now.length(10) / tall, name, fontweight="bold")
    return figure.add_axes((left / now.width, foot / tall, (right - left) / now.width, height / tall))
