"""The analytic twin in pictures: how it follows the simulation, and where it comes to rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sim.figures import imprint, look
from sim.figures.frame import framed, sides
from sim.figures.imprint import Series, Told
from sim.figures.look import EDGE, GHOST, INK, SOFT
from sim.figures.stacked import above, across

COLUMNS, GAP, BETWEEN = 3, 34.0, 52.0  # of small axes; points of the page between them, across and down


def agreement_plot(found: Sequence, path: str | Path, command: str = "") -> None:
    """Each variable as small axes: a dot a firm, simulated across and by the twin upright; on the line they agree.

    found   `sim.study.validation.twin.judged.Agreement`s
    """
    reached = sum(each.reached for each in found if each.judged)
    judged = sum(each.judged for each in found)
    title = f"The twin follows the simulation: {reached} of the {judged} judged variables within both limits"
    about = f"{len(found[0].simulated)} firms, practices forbidden, mean of year 5. A dot a firm; line: both agree."
    rows = -(-len(found) // COLUMNS)
    with look.drawing():
        now = look.style()
        left, right = sides(24, 4)
        size = (right - left - (COLUMNS - 1) * now.length(GAP)) / COLUMNS
        tall = rows * size + (rows - 1) * now.length(BETWEEN)
        first = framed(tall, title, about, left, right, foot=44.0, over=14.0)
        whole, told = first.get_position(), []
        for k, each in enumerate(found):
            axes = first if k == 0 else first.figure.add_axes(whole)
            row, column = divmod(k, COLUMNS)
            x = whole.x0 + column * (size + now.length(GAP)) / now.width
            y = whole.y1 - (row * (size + now.length(BETWEEN)) + size) / tall * whole.height
            axes.set_position((x, y, size / now.width, size / tall * whole.height))
            _agreement(axes, each)
            told += [Series.of(f"{each.variable}: {name}", "", "firm", range(len(values)), values)
                     for name, values in (("simulated", each.simulated), ("twin", each.twin))]  # fmt: skip
        imprint.attach(first.figure, Told("twin-agreement", title, about, data=tuple(told), command=command))
        look.write(first.figure, path, title=title, about=about, dpi=144)


def _agreement(axes: Axes, each) -> None:
    now = look.style()
    ends = look.nice_limits(np.concatenate([each.simulated, each.twin]), pad=0.06)
    axes.plot(ends, ends, color=GHOST, linewidth=now.line(0.9), zorder=1)
    axes.plot(each.simulated, each.twin, "o", color=INK, markersize=now.length(3.4), markeredgewidth=0, zorder=3)
    axes.set(xlim=ends, ylim=ends)
    axes.locator_params(nbins=4)
    axes.grid(True, axis="x")
    above(axes, each.variable)
    said = f"r {each.r:.3f}\nerror {100 * each.error:.1f} %"
    axes.annotate(said, (0.05, 0.95), xycoords="axes fraction", va="top", color=SOFT, fontsize=now.type(8.5))
    across(axes, "simulated")


def resting_plot(found, path: str | Path, command: str = "") -> None:
    """Trust in the end over the cost of a talk (across) and the trust that newcomers bring (upright).

    found   `sim.study.validation.twin.resting.Resting`
    """
    share = float(found.two.mean())
    title = "One resting point everywhere: where a firm begins is forgotten"
    if share:
        title = f"Two resting points on {100 * share:.0f} % of the map: there it matters where a firm begins"
    about = "Number: mean trust in the end, wherever the firm began; two numbers: from distrust, from trust. "
    about += "Analytic twin, practices forbidden."
    with look.drawing():
        now = look.style()
        left, right = sides(34, 6)
        axes = framed(now.length(250), title, about, left, right, foot=44.0, over=14.0, name="Trust in the end")
        axes.imshow((found.low + found.high) / 2.0, origin="lower", aspect="auto", cmap="Greys", vmin=0.0, vmax=1.2)
        for j, row in enumerate(found.two):
            for k, two in enumerate(row):
                low, high = found.low[j, k], found.high[j, k]
                ink = "white" if (low + high) / 2.0 > 0.62 else INK
                words = f"{low:.2f}\n{high:.2f}" if two else f"{high:.2f}"
                axes.text(k, j, words, ha="center", va="center", color=ink, fontsize=now.type(8.5),
                          fontweight="bold" if two else "normal")  # fmt: skip
        axes.grid(False)
        axes.set_xticks(range(len(found.costs)), [f"{x:.2g}" for x in found.costs], color=SOFT)
        axes.set_yticks(range(len(found.brought)), [f"{x:.2g}" for x in found.brought], color=SOFT)
        axes.tick_params(color=EDGE)
        above(axes, "trust that newcomers bring")
        across(axes, "price of a talk before a word is said, hours a side")
        told = [Series.of(f"trust in the end from {name}, {trust:.2g} brought", "", "hours", found.costs, row)
                for name, table in (("distrust", found.low), ("trust", found.high))
                for trust, row in zip(found.brought, table, strict=True)]  # fmt: skip
        imprint.attach(axes.figure, Told("twin-resting", title, about, data=tuple(told), command=command))
        look.write(axes.figure, path, title=title, about=about, dpi=144)
