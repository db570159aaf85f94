"""Three ways to dress a picture: for a page of Baton's own, for a journal's column, for a slide.

Every drawing is designed once, for the page: type of 8.5 points on a sheet 547
points wide. It takes its width from the style in force and sends each size of
type, each length that goes with the type and each line width through it:

    now = look.style()
    axes.annotate(name, ..., fontsize=now.type(9.5))     # 7 in a paper, 17 on a slide
    axes.plot(day, value, linewidth=now.line(1.9))
    row = now.length(11)                                 # a line of words and its gap

In a paper there is no headline, no subtitle and no footer in the picture: they
belong to the caption, which goes into the file's metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sim.errors import InputError, nearest

DESIGNED = 8.5  # points of type that drawings are designed with
MILLIMETRE = 72 / 25.4  # points
JOURNAL_TYPE = 7.0  # points, all type in a paper: what journals ask for at final size
COLUMN, NARROWEST, WIDEST = 89, 85, 190  # millimetres
SLIDE_TYPE = 14.0  # points on a slide of 540: 1/38 of its height


@dataclass(frozen=True)
class Style:
    """How a picture is dressed; lengths in points."""

    name: str
    width: float
    side: float  # margin at the left and right
    scale: float  # of lengths and type, against the page
    stroke: float  # of line widths
    dpi: int  # of a PNG
    height: float | None = None  # a slide's; None: as tall as the drawing needs
    one_size: float | None = None  # all type has this size
    least: float = 0.0  # no type is smaller
    worded: bool = True  # headline, subtitle and footer stand on the picture

    @property
    def called(self) -> str:
        """Its name as a user says it, with the width where it has one."""
        return f"paper {self.width / MILLIMETRE:.4g} mm" if self.name == "paper" else self.name

    def type(self, size: float) -> float:
        """The size of type that stands for `size` on the page."""
        return self.one_size or max(size * self.scale, self.least)

    def length(self, points: float) -> float:
        """A length that goes with the type."""
        return points * self.scale

    def line(self, width: float) -> float:
        """A line's width."""
        return width * self.stroke


PAGE = Style("page", width=547.0, side=32.0, scale=1.0, stroke=1.0, dpi=150)
TALK = Style("talk", width=960.0, height=540.0, side=40.0, scale=SLIDE_TYPE / DESIGNED, stroke=1.6, dpi=144, least=12.0)
NAMES = ("page", "paper", "talk")
_in_force: ContextVar[Style] = ContextVar("style", default=PAGE)


def paper(width: float = COLUMN) -> Style:
    """A journal's style: one column of 89 mm or two of 183 mm, all type in 7 points."""
    if not NARROWEST <= width <= WIDEST:
        raise InputError(f"width {width:g}: a picture for a paper is {NARROWEST} to {WIDEST} mm wide (89 or 183)")
    return Style("paper", width=width * MILLIMETRE, side=2.0, scale=JOURNAL_TYPE / DESIGNED, stroke=0.65, dpi=600,
                 one_size=JOURNAL_TYPE, worded=False)  # fmt: skip


def style_of(style: str | Style | None, width: float | None = None) -> Style:
    """The style meant by a name (page, paper, talk); None is the one in force.

    Raises
    ------
    InputError
        No such style, or a width where the style has its own.
    """
    if style is None or isinstance(style, Style):
        chosen = style or _in_force.get()
    elif style == "paper":
        return paper(COLUMN if width is None else width)
    elif style in NAMES:
        chosen = TALK if style == "talk" else PAGE
    else:
        raise InputError(f"style {style}: there are {', '.join(NAMES)}{nearest(style, NAMES)}")
    if width is not None:
        raise InputError(f"width {width:g}: only the style paper takes a width; {chosen.name} has its own")
    return chosen


def style_called(called: str) -> Style:
    """The style by the name that records call it (`Style.called`), such as "paper 89 mm"."""
    name, *width = called.split() or [""]
    try:
        return style_of(name, float(width[0]) if width else None)
    except ValueError as fault:
        raise InputError(f"style {called[:40]}: there is none ({', '.join(NAMES)})") from fault


@contextmanager
def dressed(style: str | Style | None = None, width: float | None = None) -> Iterator[Style]:
    """All pictures drawn inside have this style.

    Parameters
    ----------
    style
        "page", "paper" or "talk"; None leaves the style in force as it is.
    width
        Millimetres, for "paper" only: 89 (one column, the default) or 183 (two).

    Examples
    --------
    >>> with dressed("paper", 183) as now:
    ...     round(now.width), now.type(15)
    (519, 7.0)
    """
    token = _in_force.set(style_of(style, width))
    try:
        yield _in_force.get()
    finally:
        _in_force.reset(token)
