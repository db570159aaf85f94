"""The share card: two rooms, the gap, and who trusts whom across it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from sim.errors import InputError
from sim.figures import look, words
from sim.figures.crowd import Crowd, Side, crowd_of
from sim.figures.look import INK, LIAISON, MARKETING, PAPER, SALES, SALES_TEXT, SOFT
from sim.model.firm import QUARTER

WIDE, HIGH = 1200, 630  # pixels; one unit of the axes is one pixel
EDGE, TOP, GROUND = 56, 176, 520
BADGES = 14  # at most so many "!"
THIRDS = (1 / 3, 2 / 3)
WIDTHS = (0.9, 2.1, 3.7)  # low, middle, high trust
PX = 0.72  # points in a pixel at 100 dots an inch


def network_card(run_or_simulation, path: str | Path | None = None) -> Figure:
    """Draw the two teams and their ties as they stand, 1200 x 630 pixels, for sharing.

    Parameters
    ----------
    run_or_simulation
        A finished run, or a simulation on any day. A run that was loaded from
        files has no state to draw.
    path
        Where to write the picture; nothing is written without it.

    Raises
    ------
    InputError
        The run has no state.
    """
    simulation = getattr(run_or_simulation, "state", run_or_simulation)
    if simulation is None:
        raise InputError("a loaded run has no network to draw; run its scenario again")
    firm, day = simulation.firm, int(simulation.day)
    quarters = firm.quarters[: day // QUARTER]
    title = words.trend_sentence(list(quarters["stage"]), list(quarters["score"]), day)
    crowd = crowd_of(firm, simulation.theory, getattr(simulation, "own_people", False))
    scenario = getattr(run_or_simulation, "scenario", None)
    about = _subtitle(crowd, simulation, getattr(scenario, "title", ""))
    with look.drawing():
        figure = look.new_figure(WIDE * PX, HIGH * PX, PAPER)
        axes = figure.add_axes((0, 0, 1, 1))
        _draw(axes, crowd, simulation, title, about, int(quarters["stage"][-1]) if len(quarters) else 0)
        if path is not None:
            look.write(figure, path, title=title, about=about, dpi=100)
    return figure


def _subtitle(crowd: Crowd, simulation, scenario: str) -> str:
    n = crowd.marketing.people + crowd.sales.people + crowd.n_liaisons
    sites = len({*crowd.marketing.site, *crowd.sales.site})
    said = f"{scenario.strip().rstrip('.')}. " if scenario.strip() else ""
    said += f"{n:,} people{f' in {sites:,} buildings' if sites > 1 else ''}, "
    said += f"market {simulation.seed:,}, day {int(simulation.day):,}. Who trusts whom across the gap"
    drawn = len(crowd.bonds) + len(crowd.helped)
    if not crowd.n_ties:
        return said + ": nobody can reach anybody."
    return said + (f"; {drawn:,} of {crowd.n_lines:,} lines drawn." if drawn < crowd.n_lines else ".")


def _size(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in pixels."""
    return look.text_width(text, size, bold) / PX


def _draw(axes: Axes, crowd: Crowd, simulation, title: str, about: str, stage: int) -> None:
    theory = simulation.theory
    near, middle, far = crowd.distance
    gap = min(max(200 + 75 * math.log10(1 + middle), 220), 440)
    people = [math.sqrt(max(side.people, 1)) for side in (crowd.marketing, crowd.sales)]
    share = min(max(people[0] / sum(people), 0.4), 0.6)
    left = EDGE + (WIDE - 2 * EDGE - gap) * share
    right = left + gap
    pit = LinearSegmentedColormap.from_list("pit", [PAPER, look.PIT])
    axes.imshow(np.linspace(0, 1, 64)[:, None], extent=(left, right, GROUND, TOP), aspect="auto", zorder=0, cmap=pit)
    axes.set(xlim=(0, WIDE), ylim=(HIGH, 0))
    axes.axis("off")

    x = EDGE
    if stage:
        axes.add_patch(FancyBboxPatch((EDGE, 46), 64, 64, boxstyle="round,pad=0,rounding_size=5", linewidth=0,
                                      facecolor=look.STAGE_FILL[stage]))  # fmt: skip
        axes.text(EDGE + 32, 79, look.NUMERALS[stage], ha="center", va="center", fontsize=24, fontweight="bold",
                  color=look.STAGE_INK[stage])  # fmt: skip
        x += 84
    room = (WIDE - EDGE - x) * PX
    size = next((size for size in (23, 20, 17) if look.text_width(title, size, True) <= room), 17)
    axes.text(x, 74, look.shortened(title, room, size, True), fontsize=size, fontweight="bold")
    size = next((size for size in (14, 13, 12) if look.text_width(about, size) <= room), 12)
    axes.text(x, 106, look.shortened(about, room, size), fontsize=size, color=SOFT)

    rooms = ((crowd.marketing, EDGE, left, "Marketing", MARKETING, MARKETING, "s"),
             (crowd.sales, right, WIDE - EDGE, "Sales", SALES, SALES_TEXT, "o"))  # fmt: skip
    places = []
    for side, begin, end, name, colour, ink, mark in rooms:
        axes.add_patch(Rectangle((begin, TOP), end - begin, GROUND - TOP, facecolor="white", zorder=0.5))
        axes.add_patch(Rectangle((begin, TOP), end - begin, 4, facecolor=colour, zorder=1))
        axes.add_patch(Rectangle((begin, GROUND), end - begin, 8, facecolor=INK, zorder=1))
        said, room = f"{name}, {side.people:,} {'person' if side.people == 1 else 'people'}", end - begin - 32
        if _size(said, 13, True) > room:
            said = look.shortened(f"{name}, {side.people:,}", room * PX, 13, True)
        axes.plot(begin + 7, 159, mark, markersize=11, color=colour)
        axes.text(begin + 24, 164, said, fontsize=13, fontweight="bold", color=ink)
        where = _seats(axes, side, begin + 14, end - 14)
        size = _mark_size(where)
        axes.plot(*where.T, mark, markersize=size + (mark == "o"), color=colour, markeredgecolor="white",
                  markeredgewidth=2 if size > 11 else 1.2, zorder=5, linestyle="none")  # fmt: skip
        places.append(where)
    _dimension(axes, left + 2, right - 12, near, far, theory.distance.building_m)
    _lines(axes, crowd, *places, left, right)
    _legend(axes, crowd)


def _seats(axes: Axes, side: Side, begin: float, end: float) -> np.ndarray:
    """Where each mark of a side stands: rows from top to bottom, building by building."""
    n = len(side.members)
    if n == 0:
        return np.zeros((0, 2))
    sites = sorted(set(side.site))
    wide, tall = end - begin, GROUND - TOP - 26
    columns = max(1, min(n, round(math.sqrt(n * wide / tall * 0.72))))
    groups = [[k for k in range(n) if side.site[k] == site] for site in sites]
    rows = sum(-(-len(group) // columns) for group in groups)
    while len(sites) > 1 and rows > 14 and columns < 16:
        columns += 1
        rows = sum(-(-len(group) // columns) for group in groups)
    where, row, step = np.zeros((n, 2)), 0, tall / rows
    for number, group in enumerate(groups):
        here = -(-len(group) // columns)
        if number:
            y = TOP + 15 + row * step
            axes.plot([begin, end], [y, y], color=look.EDGE, linewidth=0.8, dashes=(2, 2), zorder=1)
        for k, mark in enumerate(group):
            in_row = min(columns, len(group) - k // columns * columns)
            jitter = 0.28 * ((k // columns + k % columns) % 2 - 0.5)  # or the lines of a row would hide each other
            x = begin + wide * (k % columns + 0.5 + (columns - in_row) / 2) / columns
            where[mark] = x + jitter * wide / columns, TOP + 15 + step * (row + k // columns + 0.5 + jitter)
        row += here
    return where


def _mark_size(where: np.ndarray) -> float:
    if len(where) < 2:
        return 16.0
    apart = np.hypot(*(where[:, None] - where[None, :]).transpose(2, 0, 1))
    return float(min(16.0, max(5.0, 0.55 * PX * apart[apart > 0].min())))


def _dimension(axes: Axes, begin: float, end: float, near: float, far: float, building: float) -> None:
    """The width of the gap as an architect writes it; broken where the gap is not drawn to scale."""
    said = words.metres(near) if words.metres(near) == words.metres(far) else (
        f"{words.metres(near)} to {words.metres(far)}")  # fmt: skip
    axes.annotate("", (begin, 159), (end, 159), arrowprops={"arrowstyle": "<->", "color": INK, "linewidth": 1.2})
    middle = (begin + end) / 2
    axes.text(middle, 164, said, ha="center", fontsize=13, fontweight="bold",
              bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 4})  # fmt: skip
    if far >= building:
        x = middle + _size(said, 13, True) / 2 + 24
        axes.plot([x, x + 10], [159, 159], color=PAPER, linewidth=3, zorder=3)
        for at in (x, x + 10):
            axes.plot([at - 3, at + 3], [166, 152], color=INK, linewidth=1.2, zorder=4)


def _curve(p: np.ndarray, q: np.ndarray, lift: float) -> np.ndarray:
    t = np.linspace(0, 1, 41)[:, None]
    return (1 - t) ** 2 * p + 2 * t * (1 - t) * ((p + q) / 2 - [0, lift]) + t * t * q


def _width_of(trust: float) -> float:
    return WIDTHS[sum(trust >= third for third in THIRDS)]


def _lines(axes: Axes, crowd: Crowd, m: np.ndarray, s: np.ndarray, left: float, right: float) -> None:
    """Ties behind, complaints before them, the liaisons' own ties and the liaisons on top."""
    shown = crowd.liaisons
    step = (GROUND - TOP) / (len(shown) + 1)
    where = {seat: np.array([(left + right) / 2, TOP + step * (k + 1)]) for k, seat in enumerate(shown)}
    taken = [*where.values(), *(place + [dx, 31] for place in list(where.values())[-1:] for dx in (-35, 0, 35))]
    faint = 0.55 if len(crowd.bonds) <= 60 else 0.38
    angry = [number for number, bond in enumerate(crowd.bonds) if bond.angry]
    badged = set(angry[:: -(-len(angry) // BADGES)] if angry else ())
    for number, bond in enumerate(crowd.bonds):
        line = _curve(m[bond.m], s[bond.s], 18 * ((number * 0.618) % 1) + 4)
        if not bond.angry:
            axes.plot(*line.T, color=SOFT, alpha=faint, linewidth=_width_of(bond.trust), zorder=2,
                      solid_capstyle="round")  # fmt: skip
            continue
        axes.plot(*line.T, color=INK, linewidth=1.4, dashes=(5, 4), zorder=2.5)
        inside = line[(line[:, 0] > left + 16) & (line[:, 0] < right - 16)]
        free = [spot for spot in inside if all(np.hypot(*(spot - other)) > 30 for other in taken)]
        if free and number in badged:
            spot = min(free, key=lambda spot: abs(spot[0] - (0.6 * left + 0.4 * right)))
            taken.append(spot)
            _badge(axes, spot, 17 if len(badged) <= 8 else 13)
    for seat, is_marketer, mark, trust in crowd.helped:
        if seat in where:
            line = _curve((m if is_marketer else s)[mark], where[seat], 10 * ((mark * 0.618) % 1) - 5)
            axes.plot(*line.T, color=INK, alpha=0.7, linewidth=_width_of(trust), zorder=3, solid_capstyle="round")
    for place in where.values():
        axes.plot(*place, "D", markersize=21 if len(where) < 4 else 15, color=LIAISON, markeredgecolor=PAPER,
                  markeredgewidth=3, zorder=8)  # fmt: skip
    if where:
        x, y = where[shown[-1]]
        n = crowd.n_liaisons
        said = "Liaison" if n == 1 else f"{n:,} liaisons"
        said += f", {len(shown)} drawn" if len(shown) < n else ""
        axes.text(x, y + 36, said, ha="center", fontsize=13, fontweight="bold", zorder=9,
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5, "alpha": 0.85})  # fmt: skip
    if not crowd.n_ties:
        y = TOP + 66 if where else (TOP + GROUND) / 2
        axes.text((left + right) / 2, y, "Nobody here\ncan reach\nanybody there.", ha="center",
                  va="center", fontsize=15, color=SOFT, linespacing=1.5)  # fmt: skip


def _badge(axes: Axes, spot, size: float) -> None:
    axes.plot(*spot, "o", markersize=size, markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.3, zorder=6)
    axes.text(spot[0], spot[1] + 0.5, "!", ha="center", va="center_baseline", fontsize=size * 0.72, fontweight="bold",
              zorder=7)  # fmt: skip


def _legend(axes: Axes, crowd: Crowd) -> None:
    x = EDGE
    for width, said in zip(WIDTHS, ("low trust", "middle", "high"), strict=True):
        axes.plot([x, x + 36], [572, 572], color=SOFT, linewidth=width, solid_capstyle="round")
        axes.text(x + 46, 577, said, fontsize=12.5, color=SOFT)
        x += 46 + _size(said, 12.5) + 24
    n = crowd.complaints
    said = "no open complaint" if n == 0 else "1 open complaint" if n == 1 else f"{n:,} open complaints"
    axes.plot([x, x + 44], [572, 572], color=INK, linewidth=1.4, dashes=(5, 4))
    _badge(axes, (x + 22, 572), 14)
    axes.text(x + 56, 577, said, fontsize=12.5, color=SOFT)
    x += 56 + _size(said, 12.5) + 28
    groups = [f"a {mark} is {side.per:,} {name}" for side, mark, name in (
        (crowd.marketing, "square", "marketers"), (crowd.sales, "circle", "salespeople")) if side.per > 1]  # fmt: skip
    for k, group in enumerate(groups):
        axes.text(x, 577 + 17 * (k - (len(groups) - 1) / 2), group, fontsize=12.5, color=SOFT)
    x = WIDE - EDGE - _size("Baton", 16, True) - 40
    axes.plot([x, x + 22], [580, 566], color=INK, linewidth=5.5, solid_capstyle="round")
    axes.plot(x, 581, "s", markersize=8, color=MARKETING, markeredgecolor=PAPER, markeredgewidth=1.2)
    axes.plot(x + 22, 565, "o", markersize=9, color=SALES, markeredgecolor=PAPER, markeredgewidth=1.2)
    axes.text(WIDE - EDGE, 579, "Baton", ha="right", fontsize=16, fontweight="bold")
