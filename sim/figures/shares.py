"""How many of many firms stand in which stage, quarter by quarter."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.figures import captions, imprint, look
from sim.figures.axis import END, label_ends, ticks, time_axis
from sim.figures.frame import framed
from sim.figures.imprint import Series, Told
from sim.figures.stages import named, scenarios_of
from sim.model.firm import QUARTER
from sim.result import titled

TALL = 150.0  # points of the page


def stages_plot(found) -> Axes:
    """Draw how many of many firms stand in each stage, quarter by quarter.

    Parameters
    ----------
    found
        A result of `sim.survival`. Firms that ran out of cash leave the picture.
    """
    table, n, quarters = found.quarters, len(found.df) // 4, found.days // QUARTER
    counts = np.array([[((table["quarter"] == q) & (table["stage"] == stage)).sum() for q in range(1, quarters + 1)]
                       for stage in (1, 2, 3, 4)]).reshape(4, quarters)  # fmt: skip
    title = _most(counts, n, found.days)
    about = f"{titled(found.scenario)}. " if found.scenario is not None else ""
    about += f"{captions.plural(n, 'market')}, {captions.days_long(found.days)}. Markets in each stage at each "
    about += "quarter's end; a stage counts after two quarters in its band."
    with look.drawing():
        axes = _draw(counts, n, found.days, title, about)
        told = Told(
            "stages", title, about, scenarios_of(found), tuple(found.seeds), imprint.market_digest(found.markets),
            made=imprint.made_of(found),
            data=tuple(Series.of(named(stage), "markets", "quarter", range(1, quarters + 1), counts[stage - 1])
                       for stage in (1, 2, 3, 4)),
        )  # fmt: skip
        imprint.attach(axes.figure, told)
    return axes


def _most(counts: np.ndarray, n: int, days: int) -> str:
    if not counts.size:
        return f"No stage yet: the first audit comes after {QUARTER} days"
    last = counts[:, -1]
    if not last.sum():
        return f"All {captions.plural(n, 'firm')} ran out of cash"
    best = int(np.argmax(last)) + 1
    of, years = captions.plural(n, "market"), captions.days_long(days)
    return f"{look.STAGE_NAMES[best]} in {last[best - 1]} of {of} after {years}"


def _draw(counts: np.ndarray, n: int, days: int, title: str, about: str) -> Axes:
    now = look.style()
    room = max((look.text_width(text, None, True) for _, text, *_ in _ends(counts)), default=0.0)
    left, right = now.side + now.length(30), now.width - now.side - max(room + now.length(14), now.length(20))
    axes = framed(now.length(TALL), title, about, left, right, foot=30, name=f"Markets in each stage, of {n:,}")
    stacked(axes, counts, n, days)
    return axes


def _ends(counts: np.ndarray) -> list[END]:
    """What stands at the right: each stage that any market was in, and how many are in it at the end."""
    over, found = np.cumsum(counts, axis=0), []
    for stage in (1, 2, 3, 4):
        if counts[stage - 1].any():
            count = counts[stage - 1, -1]
            found.append((over[stage - 1, -1] - count / 2, f"{named(stage)} {count}", look.INK, bool(count)))
    return found


def stacked(axes: Axes, counts: np.ndarray, n: int, days: int) -> None:
    """Fill axes with the number of `n` markets in each stage (4, quarters), names at the right."""
    now, quarters = look.style(), counts.shape[1]
    axes.set(xlim=(0, max(days, 1)), ylim=(0, n))
    axes.grid(False)
    begins, below = np.arange(quarters) * QUARTER, np.zeros(quarters)
    for stage in (1, 2, 3, 4):
        axes.bar(begins, counts[stage - 1], QUARTER, below, align="edge", color=look.STAGE_FILL[stage],
                 edgecolor="white", linewidth=now.line(0.7))  # fmt: skip
        below = below + counts[stage - 1]
    _numerals(axes, counts, np.cumsum(counts, axis=0), n)
    ticks(axes, whole=True)
    label_ends(axes, _ends(counts))
    time_axis([axes], days)


def _numerals(axes: Axes, counts: np.ndarray, over: np.ndarray, n: int) -> None:
    """Each stage's numeral once, where it is widest, if it fits."""
    now = look.style()
    tall, wide = look.axes_height(axes), look.axes_width(axes) / max(counts.shape[1], 1)
    for stage in (1, 2, 3, 4):
        row = counts[stage - 1]
        if not row.any():
            continue
        q = int(np.argmax(row))
        size = now.type(8.5)
        fits = row[q] / n * tall > 1.3 * size and wide > look.text_width(look.NUMERALS[stage], size, True) + 1
        if fits:
            axes.text((q + 0.5) * QUARTER, over[stage - 1, q] - row[q] / 2, look.NUMERALS[stage], ha="center",
                      va="center_baseline", fontweight="bold", color=look.STAGE_INK[stage])  # fmt: skip
