"""The picture of docs/reports/common-cause.md: firms by score and revenue a head, twice, with the line through them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.figures import imprint, look
from sim.figures.frame import framed, sides
from sim.figures.imprint import Series, Told
from sim.figures.look import GHOST, HAIR, INK, SOFT
from sim.figures.stacked import above, across

COMMAND = "python experiments/common_cause.py --page"
BETWEEN = 34.0  # points between the two parts


def draw(parts, path: Path) -> None:
    """Two clouds beside each other on the same axes.

    parts   `common_cause.Parts` of all firms
    """
    whole, nothing, neither = parts.money.values()
    both = ("As it is", whole), ("Working together neither earns nor costs", neither)
    title = f"Score and revenue a head correlate by {np.corrcoef(parts.score, whole)[0, 1]:.2f}"
    title += f", and by {np.corrcoef(parts.score, neither)[0, 1]:.2f} where the stage earns nothing"
    about = f"{len(whole)} firms of plausible levers, year 5, industry and size held constant. Lines: least squares."
    with look.drawing():
        now = look.style()
        left, right = sides(30, 6)
        first = framed(now.length(190), title, about, left, right, foot=44.0, over=14.0)
        place = first.get_position()
        gap = now.length(BETWEEN) / now.width
        wide = (place.width - gap) / 2
        first.set_position((place.x0, place.y0, wide, place.height))
        second = first.figure.add_axes((place.x0 + wide + gap, place.y0, wide, place.height))
        ends = look.nice_limits(np.exp(np.concatenate([np.quantile(y, [0.005, 0.995]) for _, y in both])))
        told = []
        for axes, (name, money) in zip((first, second), both, strict=True):
            axes.plot(parts.score, np.exp(money), "o", color=GHOST, alpha=0.55, markersize=now.length(3),
                      markeredgewidth=0, zorder=2)  # fmt: skip
            slope, level = np.polyfit(parts.score, money, 1)
            at = np.linspace(parts.score.min(), parts.score.max(), 50)
            axes.plot(at, np.exp(level + slope * at), color=INK, linewidth=now.line(1.9), zorder=3)
            axes.set(xlim=(20, 100), ylim=ends, xticks=[20, 40, 60, 80, 100])
            axes.grid(True, axis="x", color=HAIR)
            above(axes, f"{name}: k€ a head and year")
            across(axes, "the audit's score, 20 to 100")
            axes.tick_params(labelcolor=SOFT)
            told.append(Series.of(f"{name}: revenue a head", "k€", "score", map(float, parts.score), np.exp(money)))
        imprint.attach(first.figure, Told("common-cause", title, about, command=COMMAND, data=tuple(told)))
        look.write(first.figure, path, title=title, about=about, dpi=144)
