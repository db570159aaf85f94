"""All rows of a validation on one page: how far inside or outside of its expected range each one lies."""

from __future__ import annotations

import math
from pathlib import Path

from matplotlib.figure import Figure

from sim.figures import look
from sim.figures.look import EDGE, HAIR, INK, SIDE, SOFT

FAR = 5.0  # half-widths of an interval; farther is drawn at the edge
DPI, TONES = 96, 64  # a long page: sharper, or in all colours, would be too large a file
LINE, HEAD, TOP, FOOT = 10.6, 20.0, 74.0, 30.0  # points
COLUMN, GAP, NAME, PLOT = 470.0, 26.0, 34.0, 120.0
MARKS = {
    "holds": ("o", INK, INK),
    "undecided": ("o", "white", INK),
    "fails": ("X", INK, INK),
    "reported": (".", SOFT, SOFT),
}


def sureness(finding) -> float:
    """Signed distance of what was measured from the nearest bound, in half-widths of its interval; inside is positive.

    A row without an interval (no chance in it) lies at the edge of the picture.
    """
    p, m = finding.pattern, finding.measured
    inside, best = 1.0, math.inf
    for bound, low_side in ((p.above, True), (p.below, False)):
        if bound is None:
            continue
        away = m.mean - bound if low_side else bound - m.mean
        if away < 0:
            inside = -1.0
        half = m.mean - m.low if (away > 0) == low_side else m.high - m.mean
        best = min(best, abs(away) / half if half > 0 else math.inf)
    if math.isnan(m.mean) or math.isnan(m.low):
        return 0.0
    return inside * min(best, FAR)


def validation_page(found, path: str | Path | None = None) -> Figure:
    """Draw all rows in two columns: the line is the edge of what was expected, right of it is inside.

    Parameters
    ----------
    found : Validation
    path : where to write it, or None
    """
    from sim.study.validation.patterns import GROUPS

    blocks = []
    for group, rows in GROUPS.items():
        names = {each.name for each in rows}
        members = [f for f in found.findings if f.pattern.name in names]
        if members:
            blocks.append((group, members))
    columns = _columns(blocks)
    height = TOP + FOOT + max(sum(HEAD + LINE * len(rows) for _, rows in column) for column in columns)
    width = 2 * SIDE + len(columns) * COLUMN + (len(columns) - 1) * GAP
    with look.drawing():
        figure = look.new_figure(width, height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        _headline(axes, found, width)
        for i, column in enumerate(columns):
            y = TOP
            for group, rows in column:
                y = _block(axes, SIDE + i * (COLUMN + GAP), y, group, rows)
        if path is not None:
            look.write(
                figure,
                path,
                title="Validation of the default calibration",
                about=_sentence(found),
                dpi=DPI,
                tones=TONES,
            )
    return figure


def _sentence(found) -> str:
    return (f"{len(found.findings)} rows in {len(found.markets)} markets: {found.count('holds')} hold, "
            f"{found.count('undecided')} undecided, {found.count('fails')} fail.")  # fmt: skip


def _columns(blocks: list) -> list[list]:
    """Blocks in two columns of about the same height, in order."""
    sizes = [HEAD + LINE * len(rows) for _, rows in blocks]
    cuts = range(1, len(blocks)) if len(blocks) > 1 else [1]
    best = min(cuts, key=lambda k: max(sum(sizes[:k]), sum(sizes[k:])))
    return [part for part in (blocks[:best], blocks[best:]) if part]


def _headline(axes, found, width: float) -> None:
    axes.text(SIDE, 26, _sentence(found), size=13, weight="bold", color=INK, va="center")
    axes.text(SIDE, 43, "Right of the line: inside of the expected range; distances in half-widths of the 99 % "
                        "interval.",
              size=8.5, color=SOFT, va="center")  # fmt: skip
    x = SIDE
    for word, (mark, face, edge) in list(MARKS.items())[:3]:
        axes.plot(x + 4, 58, mark, markersize=5, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=0.8)
        axes.text(x + 12, 58, word, size=8.5, color=SOFT, va="center_baseline")
        x += 30 + look.text_width(word, 8.5)


def _block(axes, x: float, y: float, group: str, rows: list) -> float:
    axes.text(x, y + 10, group, size=9, weight="bold", color=INK, va="center_baseline")
    y += HEAD
    zero = x + COLUMN - PLOT / 2
    step = (PLOT / 2 - 6) / FAR
    axes.plot([zero, zero], [y - 5, y + LINE * len(rows) - 6], color=EDGE, linewidth=0.9, zorder=1)
    for finding in rows:
        p, at = finding.pattern, sureness(finding)
        ink = INK if finding.verdict == "fails" else SOFT
        axes.text(x, y, p.name, size=7, color=INK, weight="bold", va="center_baseline")
        room = COLUMN - PLOT - NAME - 8
        axes.text(x + NAME, y, look.shortened(p.claim, room, 7), size=7, color=ink, va="center_baseline")
        axes.plot([x + COLUMN - PLOT, x + COLUMN], [y, y], color=HAIR, linewidth=0.5, zorder=0)
        left, right = max(at - 1, -FAR), min(at + 1, FAR)
        if abs(at) < FAR:
            axes.plot([zero + left * step, zero + right * step], [y, y], color=INK, linewidth=0.9, zorder=2)
        mark, face, edge = MARKS[finding.verdict]
        axes.plot(
            zero + at * step,
            y,
            mark,
            markersize=4.4,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=0.8,
            zorder=3,
        )
        y += LINE
    return y
