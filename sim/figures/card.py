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
from sim.figures import captions, imprint, look, numbers
from sim.figures.crowd import Crowd, Side, crowd_of
from sim.figures.look import INK, LIAISON, MARKETING, SALES, SALES_TEXT, SOFT
from sim.figures.sheet import PX, WIDTHS, Sheet, draw_key, sheet_for
from sim.model.firm import QUARTER
from sim.result import titled

BADGES = 14  # at most so many "!"
THIRDS = (1 / 3, 2 / 3)


def network_card(run_or_simulation, path: str | Path | None = None) -> Figure:
    """Draw the two teams and their ties as they stand, 1200 x 630 pixels, for sharing (or in the style in force).

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
    title = captions.trend_sentence(list(quarters["stage"]), list(quarters["score"]), day)
    crowd = crowd_of(firm, simulation.theory, getattr(simulation, "own_people", False))
    scenario = getattr(run_or_simulation, "scenario", None)
    about = _subtitle(crowd, simulation, titled(scenario) if hasattr(scenario, "title") else "")
    with look.drawing():
        sheet = sheet_for(crowd)
        figure = look.new_figure(sheet.wide * sheet.unit, sheet.high * sheet.unit, sheet.colour)
        axes = figure.add_axes((0, 0, 1, 1))
        _draw(axes, sheet, crowd, simulation, title, about, int(quarters["stage"][-1]) if len(quarters) else 0)
        imprint.attach(figure, _told(run_or_simulation, simulation, crowd, title, about))
        if path is not None:
            look.write(figure, path, title=title, about=about, dpi=100 if sheet.now.name == "page" else None)
    return figure


def _told(run, simulation, crowd: Crowd, title: str, about: str) -> imprint.Told:
    """What the card tells about itself; a simulation that is not a run has no scenario to tell."""
    data, seeds = numbers.of_card(simulation.firm, crowd), (int(simulation.seed),)
    if not hasattr(run, "scenario"):
        return imprint.Told("network", title, about, seeds=seeds, data=data)
    return imprint.Told(
        "network", title, about, (imprint.scenario_record(run.scenario),), seeds, imprint.market_of(run),
        options=imprint.life_options(run), data=data, made=imprint.made_of(run),
    )  # fmt: skip


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


def _draw(axes: Axes, sheet: Sheet, crowd: Crowd, simulation, title: str, about: str, stage: int) -> None:
    near, middle, far = crowd.distance
    apart = captions.metres(near) if captions.metres(near) == captions.metres(far) else (
        f"{captions.metres(near)} to {captions.metres(far)}")  # fmt: skip
    gap = min(max(200 + 75 * math.log10(1 + middle), 220), 440) * min(1.0, sheet.wide / 1200)
    gap = max(gap, sheet.size(apart, 13, True) + 70)
    people = [math.sqrt(max(side.people, 1)) for side in (crowd.marketing, crowd.sales)]
    share = min(max(people[0] / sum(people), 0.4), 0.6)
    left = sheet.edge + (sheet.wide - 2 * sheet.edge - gap) * share
    right = left + gap
    pit = LinearSegmentedColormap.from_list("pit", [sheet.colour, look.PIT])
    axes.imshow(np.linspace(0, 1, 64)[:, None], extent=(left, right, sheet.ground, sheet.top), aspect="auto",
                zorder=0, cmap=pit)  # fmt: skip
    axes.set(xlim=(0, sheet.wide), ylim=(sheet.high, 0))
    axes.axis("off")
    if sheet.now.worded:
        _words(axes, sheet, title, about, stage)

    rooms = ((crowd.marketing, sheet.edge, left, "Marketing", MARKETING, MARKETING, "s"),
             (crowd.sales, right, sheet.wide - sheet.edge, "Sales", SALES, SALES_TEXT, "o"))  # fmt: skip
    places = []
    tall = sheet.ground - sheet.top
    for side, begin, end, name, colour, ink, mark in rooms:
        axes.add_patch(Rectangle((begin, sheet.top), end - begin, tall, facecolor="white", zorder=0.5))
        axes.add_patch(Rectangle((begin, sheet.top), end - begin, 4, facecolor=colour, zorder=1))
        axes.add_patch(Rectangle((begin, sheet.ground), end - begin, 8, facecolor=INK, zorder=1))
        said, room = f"{name}, {side.people:,} {'person' if side.people == 1 else 'people'}", end - begin - 32
        if sheet.size(said, 13, True) > room:
            said = look.clauses(said.removesuffix(" people"), room * sheet.unit, sheet.type(13), True)
        axes.plot(begin + 7, sheet.top - 17, mark, markersize=sheet.line(11), color=colour)
        axes.text(begin + 24, sheet.top - 12, said, fontsize=sheet.type(13), fontweight="bold", color=ink)
        where = _seats(axes, sheet, side, begin + 14, end - 14)
        size = _mark_size(sheet, where)
        axes.plot(*where.T, mark, markersize=sheet.line(size + (mark == "o")), color=colour, markeredgecolor="white",
                  markeredgewidth=sheet.line(2 if size > 11 else 1.2), zorder=5, linestyle="none")  # fmt: skip
        places.append(where)
    _dimension(axes, sheet, left + 2, right - 12, apart, far >= simulation.theory.distance.building_m)
    _lines(axes, sheet, crowd, *places, left, right)
    draw_key(axes, sheet, crowd, lambda spot, size: _badge(axes, sheet, spot, size))


def _words(axes: Axes, sheet: Sheet, title: str, about: str, stage: int) -> None:
    """The stage's numeral, the sentence and what is drawn."""
    x = sheet.edge
    if stage:
        axes.add_patch(FancyBboxPatch((x, 46), 64, 64, boxstyle="round,pad=0,rounding_size=5", linewidth=0,
                                      facecolor=look.STAGE_FILL[stage]))  # fmt: skip
        axes.text(x + 32, 79, look.NUMERALS[stage], ha="center", va="center", fontsize=sheet.type(24),
                  fontweight="bold", color=look.STAGE_INK[stage])  # fmt: skip
        x += 84
    room = (sheet.wide - sheet.edge - x) * sheet.unit
    for y, text, sizes, bold in ((74, title, (23, 20, 17), True), (106, about, (14, 13, 12), False)):
        type_sizes = [sheet.type(size) for size in sizes]
        size = next((size for size in type_sizes if look.text_width(text, size, bold) <= room), type_sizes[-1])
        axes.text(x, y, look.shortened(text, room, size, bold), fontsize=size,
                  fontweight="bold" if bold else "normal", color=INK if bold else SOFT)  # fmt: skip


def _seats(axes: Axes, sheet: Sheet, side: Side, begin: float, end: float) -> np.ndarray:
    """Where each mark of a side stands: rows from top to bottom, building by building."""
    n = len(side.members)
    if n == 0:
        return np.zeros((0, 2))
    sites = sorted(set(side.site))
    wide, tall = end - begin, sheet.ground - sheet.top - 26
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
            y = sheet.top + 15 + row * step
            axes.plot([begin, end], [y, y], color=look.EDGE, linewidth=sheet.line(0.8), dashes=(2, 2), zorder=1)
        for k, mark in enumerate(group):
            in_row = min(columns, len(group) - k // columns * columns)
            jitter = 0.28 * ((k // columns + k % columns) % 2 - 0.5)  # or the lines of a row would hide each other
            x = begin + wide * (k % columns + 0.5 + (columns - in_row) / 2) / columns
            where[mark] = x + jitter * wide / columns, sheet.top + 15 + step * (row + k // columns + 0.5 + jitter)
        row += here
    return where


def _mark_size(sheet: Sheet, where: np.ndarray) -> float:
    """How large a mark can be, in points of the card for sharing."""
    if len(where) < 2:
        return 16.0
    apart = np.hypot(*(where[:, None] - where[None, :]).transpose(2, 0, 1))
    return float(min(16.0, max(5.0, 0.55 * PX * apart[apart > 0].min())))


def _dimension(axes: Axes, sheet: Sheet, begin: float, end: float, said: str, broken: bool) -> None:
    """The width of the gap as an architect writes it; broken where the gap is not drawn to scale."""
    y = sheet.top - 17
    arrow = {"arrowstyle": "<->", "color": INK, "mutation_scale": sheet.line(8.5), "linewidth": sheet.line(1.2)}
    axes.annotate("", (begin, y), (end, y), arrowprops=arrow)
    middle = (begin + end) / 2
    axes.text(middle, y + 5, said, ha="center", fontsize=sheet.type(13), fontweight="bold",
              bbox={"facecolor": sheet.colour, "edgecolor": "none", "pad": sheet.line(4)})  # fmt: skip
    if broken:
        x = middle + sheet.size(said, 13, True) / 2 + 24
        axes.plot([x, x + 10], [y, y], color=sheet.colour, linewidth=sheet.line(3), zorder=3)
        for at in (x, x + 10):
            axes.plot([at - 3, at + 3], [y + 7, y - 7], color=INK, linewidth=sheet.line(1.2), zorder=4)


def _curve(p: np.ndarray, q: np.ndarray, lift: float) -> np.ndarray:
    t = np.linspace(0, 1, 41)[:, None]
    return (1 - t) ** 2 * p + 2 * t * (1 - t) * ((p + q) / 2 - [0, lift]) + t * t * q


def _width_of(trust: float) -> float:
    return WIDTHS[sum(trust >= third for third in THIRDS)]


def _lines(axes: Axes, sheet: Sheet, crowd: Crowd, m: np.ndarray, s: np.ndarray, left: float, right: float) -> None:
    """Ties behind, complaints before them, the liaisons' own ties and the liaisons on top."""
    shown = crowd.liaisons
    step = (sheet.ground - sheet.top) / (len(shown) + 1)
    where = {seat: np.array([(left + right) / 2, sheet.top + step * (k + 1)]) for k, seat in enumerate(shown)}
    taken = [*where.values(), *(place + [dx, 31] for place in list(where.values())[-1:] for dx in (-35, 0, 35))]
    faint = 0.55 if len(crowd.bonds) <= 60 else 0.38
    angry = [number for number, bond in enumerate(crowd.bonds) if bond.angry]
    badged = set(angry[:: -(-len(angry) // BADGES)] if angry else ())
    for number, bond in enumerate(crowd.bonds):
        line = _curve(m[bond.m], s[bond.s], 18 * ((number * 0.618) % 1) + 4)
        if not bond.angry:
            axes.plot(*line.T, color=SOFT, alpha=faint, linewidth=sheet.line(_width_of(bond.trust)), zorder=2,
                      solid_capstyle="round")  # fmt: skip
            continue
        axes.plot(*line.T, color=INK, linewidth=sheet.line(1.4), dashes=(5, 4), zorder=2.5)
        inside = line[(line[:, 0] > left + 16) & (line[:, 0] < right - 16)]
        free = [spot for spot in inside if all(np.hypot(*(spot - other)) > 30 for other in taken)]
        if free and number in badged:
            spot = min(free, key=lambda spot: abs(spot[0] - (0.6 * left + 0.4 * right)))
            taken.append(spot)
            _badge(axes, sheet, spot, 17 if len(badged) <= 8 else 13)
    for seat, is_marketer, mark, trust in crowd.helped:
        if seat in where:
            line = _curve((m if is_marketer else s)[mark], where[seat], 10 * ((mark * 0.618) % 1) - 5)
            axes.plot(*line.T, color=INK, alpha=0.7, linewidth=sheet.line(_width_of(trust)), zorder=3,
                      solid_capstyle="round")  # fmt: skip
    for place in where.values():
        axes.plot(*place, "D", markersize=sheet.line(21 if len(where) < 4 else 15), color=LIAISON,
                  markeredgecolor=sheet.colour, markeredgewidth=sheet.line(3), zorder=8)  # fmt: skip
    if where:
        x, y = where[shown[-1]]
        n = crowd.n_liaisons
        said = "Liaison" if n == 1 else f"{n:,} liaisons"
        said += f", {len(shown)} drawn" if len(shown) < n else ""
        box = {"facecolor": sheet.colour, "edgecolor": "none", "pad": sheet.line(1.5), "alpha": 0.85}
        axes.text(x, y + 36, said, ha="center", fontsize=sheet.type(13), fontweight="bold", zorder=9, bbox=box)
    if not crowd.n_ties:
        y = sheet.top + 66 if where else (sheet.top + sheet.ground) / 2
        axes.text((left + right) / 2, y, "Nobody here\ncan reach\nanybody there.", ha="center",
                  va="center", fontsize=sheet.type(15), color=SOFT, linespacing=1.5)  # fmt: skip


def _badge(axes: Axes, sheet: Sheet, spot, size: float) -> None:
    axes.plot(*spot, "o", markersize=sheet.line(size), markerfacecolor="white", markeredgecolor=INK,
              markeredgewidth=sheet.line(1.3), zorder=6)  # fmt: skip
    axes.text(spot[0], spot[1] + 0.5, "!", ha="center", va="center_baseline", fontsize=sheet.type(size * 0.72),
              fontweight="bold", zorder=7)  # fmt: skip
