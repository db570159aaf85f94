"""How every picture looks: colours, type and lines, and the small helpers that keep words from colliding.

matplotlib keeps its settings in one global place. A picture is therefore made
inside `drawing()`: our own settings, one picture at a time, and everything as
it was afterwards, so that figures can be drawn from several threads and a
notebook keeps its own style.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib import font_manager, textpath
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image, PngImagePlugin

import sim
from sim.errors import InputError
from sim.figures import imprint, styles
from sim.figures.imprint import FORMATS
from sim.figures.picture import Picture
from sim.figures.styles import Style
from sim.files.folder import written_file
from sim.files.harmless import printable

INK, SOFT, GHOST, HAIR, EDGE = "#161616", "#595959", "#858585", "#DAD4C7", "#A39C8D"
BAND, PAPER, PIT, WORK = "#E5DFD2", "#F6F3EC", "#E2DBCD", "#8E8A82"
MARKETING, SALES, SALES_TEXT, LIAISON = "#0072B2", "#D55E00", "#9A4300", "#111111"
NUMERALS = ("", "I", "II", "III", "IV")
STAGE_NAMES = ("", "Undefined", "Defined", "Aligned", "Integrated")
STAGE_FILL = ("", "#858585", "#B45BD1", "#74348F", "#2B1330")
STAGE_INK = ("", "#111111", "#111111", "#FFFFFF", "#FFFFFF")
GHOST_DASH, LANGUAGE_DASH, FLAG_DASH = (5, 4), (5, 1.6, 1, 1.6), (1, 3)
# The typeface that matplotlib brings: a picture is the same on every machine. The others lend it letters that it lacks.
TYPEFACE, OTHERS = "DejaVu Sans", ("Noto Sans", "Noto Sans CJK JP", "Arial Unicode MS", "Segoe UI", "Liberation Sans")
POINTS = 72.0  # in an inch
WIDTH, SIDE = styles.PAGE.width, styles.PAGE.side  # of the page; a drawing asks style() for those in force

_one_at_a_time = threading.RLock()


@lru_cache(maxsize=1)
def fonts() -> tuple[str, ...]:
    """The typeface of every picture, then those of this machine that may lend it a letter."""
    have = {font.name for font in font_manager.fontManager.ttflist}
    return (TYPEFACE, *(name for name in OTHERS if name in have))


def style() -> Style:
    """The style in force: the page, unless `figures.dressed` said otherwise."""
    return styles.style_of(None)


def _settings(now: Style) -> dict:
    size = now.type(8.5)
    return {
        "font.family": list(fonts()), "font.size": size, "text.color": INK,
        "text.parse_math": False,  # a dollar sign in a title or a name is one
        "text.hinting": "none",  # letters as wide as `text_width` measures them, whatever the typeface
        "axes.edgecolor": EDGE, "axes.labelcolor": INK, "axes.linewidth": now.line(0.8), "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False, "xtick.color": EDGE, "ytick.color": EDGE, "xtick.labelcolor": SOFT,
        "ytick.labelcolor": SOFT, "xtick.labelsize": size, "ytick.labelsize": size, "ytick.major.size": 0,
        "xtick.major.size": now.length(3), "xtick.major.width": now.line(0.8), "xtick.major.pad": now.length(3.5),
        "ytick.major.pad": now.length(3.5), "axes.grid": True, "axes.grid.axis": "y", "grid.color": HAIR,
        "grid.linewidth": now.line(0.7), "axes.axisbelow": True, "hatch.linewidth": now.line(0.9),
        "hatch.color": INK, "axes.unicode_minus": True, "figure.dpi": 100, "savefig.facecolor": "auto",
        "svg.fonttype": "path", "svg.hashsalt": "baton", "pdf.fonttype": 42,
    }  # fmt: skip


@contextmanager
def drawing() -> Iterator[None]:
    """Our settings, in the style in force, while a picture is made or written; the caller's settings afterwards."""
    with _one_at_a_time, matplotlib.style.context(["default", _settings(style())]):
        yield


def new_figure(width: float, height: float, colour: str = "white") -> Figure:
    """An empty figure of `width` by `height` points that no window knows about."""
    figure = Picture(figsize=(width / POINTS, height / POINTS), facecolor=colour)
    FigureCanvasAgg(figure)
    return figure


def kind_of(path: str | Path) -> str:
    """The format that a picture's name ends in; ask before a long run, so that it is not in vain.

    Raises
    ------
    InputError
        It ends in something else.
    """
    path = Path(path)
    kind = path.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise InputError(f"{path}: a picture's name ends in .{', .'.join(FORMATS[:-1])} or .{FORMATS[-1]}")
    return kind


def write(
    figure: Figure, path: str | Path, *, title: str, about: str = "", dpi: float | None = None, tones: int | None = None
) -> None:
    """Write the picture in the format the path's ending names, whole or not at all, with what it says about itself.

    tones   so many colours of a large PNG are kept, which makes its file a third
    """
    kind = kind_of(path)
    for text in figure.findobj(Text):  # a character that XML does not know would spoil the file
        if (seen := printable(text.get_text())) != text.get_text():
            text.set_text(seen)
    told = imprint.metadata(kind, printable(title), printable(about), imprint.of(figure))
    memory = io.BytesIO()
    figure.savefig(memory, format=kind, dpi=dpi or style().dpi, metadata=told)
    if tones and kind == "png":
        memory = _fewer_tones(memory, tones)
    with written_file(path) as work:
        work.write_bytes(memory.getvalue())


def _fewer_tones(png: io.BytesIO, tones: int) -> io.BytesIO:
    """The same picture in so many colours, with all that it says about itself."""
    picture, made, told = Image.open(png), io.BytesIO(), PngImagePlugin.PngInfo()
    for name, value in picture.text.items():
        told.add_itxt(name, value)
    few = picture.convert("RGB").quantize(tones)
    few.save(made, "png", optimize=True, pnginfo=told, dpi=picture.info["dpi"])
    return made


def save(picture: Figure | Axes, path: str | Path) -> Path:
    """Write a picture that a drawing of `sim.figures` made, with all that it says about itself.

    Parameters
    ----------
    picture
        A figure, or the axes that `.plot()` gave.
    path
        The ending says the format: .png, .svg or .pdf.

    Raises
    ------
    InputError
        It ends in something else.
    """
    figure = picture if isinstance(picture, Figure) else picture.figure
    told = imprint.of(figure)
    its_own = styles.style_called(told.style) if told else style()
    dpi = 100 if told and told.figure == "network" and its_own is styles.PAGE else its_own.dpi
    with styles.dressed(its_own), drawing():
        write(figure, path, title=told.title if told else "", about=told.about if told else "", dpi=dpi)
    return Path(path)


def version() -> str:
    """The version of Baton that draws."""
    return sim.__version__


# ---- words that fit


def text_width(text: str, size: float | None = None, bold: bool = False) -> float:
    """Width in points of the longest line of a text; without a size, of the style's plain type."""
    return _measured(text, size or style().type(8.5), bold, fonts())


@lru_cache(maxsize=4096)
def _measured(text: str, size: float, bold: bool, family: tuple[str, ...]) -> float:
    font = font_manager.FontProperties(family=list(family), size=size, weight="bold" if bold else "normal")
    measure = textpath.text_to_path.get_text_width_height_descent
    return max(measure(line, font, False)[0] for line in printable(text).split("\n"))


def wrapped(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text broken between words so that no line is wider than `room` points."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and text_width(longer, size, bold) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(shortened(line, room, size, bold))
    return "\n".join(lines)


def balanced(text: str, room: float, size: float, bold: bool = False) -> str:
    """As `wrapped`, in as few lines, but none much shorter than the others (for headlines)."""
    lines = wrapped(text, room, size, bold).count("\n")
    low, high = room / 2, room
    while lines and high - low > 4:
        middle = (low + high) / 2
        fits = wrapped(text, middle, size, bold)
        if fits.count("\n") <= lines and "…" not in fits:
            high = middle
        else:
            low = middle
    return wrapped(text, high, size, bold)


def shortened(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it would be wider than `room` points."""
    if text_width(text, size, bold) <= room:
        return text
    while text and text_width(text + "…", size, bold) > room:
        text = text[:-1].rstrip(" ,.;:")
    return text + "…"


def clauses(text: str, room: float, size: float, bold: bool = False) -> str:
    """As many of the text's clauses as fit into `room` points; the first is cut where even it does not fit.

    >>> clauses("M€ a year, mean of the last quarter; grey: 20 markets", 190, 8.5)
    'M€ a year, mean of the last quarter'
    """
    marks = [at for at in range(len(text)) if text[at : at + 2] in (", ", ": ", "; ")]
    marks = [at for at in marks if text[at] != ":" or "; " not in text[:at]]  # "; grey: …" is one clause
    ends = [len(text), *reversed(marks)]
    fitting = (text[:end] for end in ends if text_width(text[:end], size, bold) <= room)
    return next(fitting, shortened(text[: ends[-1]], room, size, bold))


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Places for labels on a line: as near as can be to where each wants to be, and none on another.

    Each label takes `sizes[i]` around its place. The sum of squared moves is
    the least possible (neighbours that push each other share the move evenly);
    everything stays between `low` and `high`. If there is no room for all, the
    sizes shrink in proportion.

    >>> spread([5.0, 5.0], [2.0, 2.0], 0.0, 10.0)
    [4.0, 6.0]
    >>> spread([9.9, 1.0], [2.0, 2.0], 0.0, 10.0)
    [9.0, 1.0]
    """
    if not len(wanted):
        return []
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    scale = min(1.0, (high - low) / sum(sizes))
    half = [sizes[i] * scale / 2 for i in order]
    before = np.concatenate([[0.0], np.cumsum([half[k] + half[k + 1] for k in range(len(order) - 1)])])
    blocks: list[list[float]] = []  # [mean of (wanted - before), members]
    for k, i in enumerate(order):
        blocks.append([wanted[i] - before[k], 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, members = blocks.pop()
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + mean * members) / (blocks[-1][1] + members),
                          blocks[-1][1] + members]  # fmt: skip
    first, last = low + half[0], high - half[-1] - before[-1]
    places = [0.0] * len(order)
    k = 0
    for mean, members in blocks:
        for _ in range(int(members)):
            places[order[k]] = float(min(max(mean, first), last) + before[k])
            k += 1
    return places


# ---- numbers as people read them


def money_unit(values) -> tuple[float, str]:
    """What to divide k€ by, and the unit's sign, so that the largest value reads well.

    >>> money_unit([6950.0]), money_unit([-40.0]), money_unit([2.5e6]), money_unit([0.0])
    ((1000.0, 'M€'), (1.0, 'k€'), (1000000.0, 'bn€'), (1.0, 'k€'))
    """
    values = np.asarray(values, float)
    largest = float(np.max(np.abs(values[np.isfinite(values)]), initial=0.0))
    for scale, unit in ((1e6, "bn€"), (1e3, "M€")):
        if largest >= 0.9995 * scale:
            return scale, unit
    return (1.0, "k€") if largest == 0 or largest >= 0.9995 else (1e-3, "€")


def digits(value: float, figures: int = 3) -> str:
    """About three figures, with a true minus sign.

    >>> digits(9.314), digits(-0.0521), digits(1234.5), digits(0.0), digits(99.97)
    ('9.31', '−0.052', '1,234', '0', '100')
    """
    if not math.isfinite(value):
        return "?"
    if value == 0:
        return "0"
    whole = math.floor(math.log10(abs(float(f"{value:.{figures - 1}e}")))) + 1
    places = min(4, max(0, figures - whole if whole > 0 else figures - 1 - whole))
    text = f"{value:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = f"{value:.1e}"
    return text.replace("-", "−")


def nice_limits(values, *, pad: float = 0.08, least: float = 0.04) -> tuple[float, float]:
    """Ends of an axis around the values; flat series still get a little height."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    height = max(high - low, least * max(abs(low), abs(high)))
    if height == 0:
        return -0.5, 1.0
    slack = (height - (high - low)) / 2 + pad * height
    return low - slack, high + slack


def axes_points(axes: Axes, y: float) -> float:
    """A data value as points above the axes' foot."""
    bottom, top = axes.get_ylim()
    return (y - bottom) / (top - bottom) * axes_height(axes)


def axes_height(axes: Axes) -> float:
    """Height of the axes in points."""
    return axes.get_position().height * axes.figure.get_size_inches()[1] * POINTS


def axes_width(axes: Axes) -> float:
    """Width of the axes in points."""
    return axes.get_position().width * axes.figure.get_size_inches()[0] * POINTS
