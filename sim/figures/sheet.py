"""The sheet a network card is drawn on: its measures in each style, and the key along its foot."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.figures import look
from sim.figures.crowd import Crowd
from sim.figures.look import INK, MARKETING, PAPER, SALES, SOFT
from sim.figures.styles import Style

WIDE, HIGH = 1200.0, 630.0  # pixels of the card for sharing; one unit of the axes is one of its pixels
PX = 0.72  # points in a pixel at 100 dots an inch
ROOM = 344.0  # units from the ceiling of a room to its floor
WIDTHS = (0.9, 2.1, 3.7)  # of ties with low, middle, high trust
KEY, TALL_KEY = 52.0, 24.0  # units from the floor to the key's first line; from line to line


@dataclass(frozen=True)
class Sheet:
    """Measures of a card; lengths in units of its axes, of which one is `unit` points."""

    now: Style
    unit: float
    wide: float
    high: float
    edge: float
    top: float
    ground: float

    @property
    def colour(self) -> str:
        """What the card is drawn on; a journal's paper is white."""
        return PAPER if self.now.worded else "white"

    def type(self, size: float) -> float:
        """The size of type, in points, that stands for `size` on the card for sharing."""
        return self.now.one_size or max(size * self.unit / PX, self.now.least)

    def line(self, width: float) -> float:
        """The width of a line, or of a mark, in points."""
        return width * self.unit / PX

    def size(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text in units."""
        return look.text_width(text, self.type(size), bold) / self.unit


def sheet_for(crowd: Crowd) -> Sheet:
    """The sheet in the style in force: 1200 x 630 pixels for sharing, a journal's column, or a slide."""
    now = look.style()
    if now.worded:
        unit = PX if now.height is None else now.width / WIDE
        high = HIGH if now.height is None else now.height / unit
        return Sheet(now, unit, WIDE, high, 56.0, 176.0, high - HIGH + 176.0 + ROOM)
    unit = PX * (now.one_size or 13.0) / 13.0
    bare = Sheet(now, unit, now.width / unit, 0.0, now.side / unit, 40.0, 40.0 + ROOM)
    lines = _places(bare, _key_items(bare, crowd))[-1][2]
    return Sheet(now, unit, bare.wide, bare.ground + KEY + TALL_KEY * lines + 20, bare.edge, bare.top, bare.ground)


# ---- the key


def _key_items(sheet: Sheet, crowd: Crowd) -> list[tuple[str, str, float]]:
    """What the key explains: kind of mark, words, and the room that both take."""
    n = crowd.complaints
    angry = "no open complaint" if n == 0 else "1 open complaint" if n == 1 else f"{n:,} open complaints"
    items = [("tie", said, 46 + sheet.size(said, 12.5) + 24) for said in ("low trust", "middle", "high")]
    items.append(("complaint", angry, 56 + sheet.size(angry, 12.5) + 28))
    groups = ((crowd.marketing, "square", "marketers"), (crowd.sales, "circle", "salespeople"))
    for side, mark, name in groups:
        if side.per > 1:
            said = f"a {mark} is {side.per:,} {name}"
            items.append(("group", said, sheet.size(said, 12.5) + 24))
    return items


def _places(sheet: Sheet, items: list[tuple[str, str, float]]) -> list[tuple[float, str, int]]:
    """Where each item of the key begins and on which line: (x, words, line); a sheet with words has one line."""
    found, x, line = [], sheet.edge, 0
    for _, said, wide in items:
        if not sheet.now.worded and x > sheet.edge and x + wide - 24 > sheet.wide - sheet.edge:
            x, line = sheet.edge, line + 1
        found.append((x, said, line))
        x += wide
    return found


def draw_key(axes: Axes, sheet: Sheet, crowd: Crowd, badge) -> None:
    """The widths of ties, the complaint's badge (drawn by `badge`), how many people a mark stands for."""
    items, widths = _key_items(sheet, crowd), iter(WIDTHS)
    groups = [said for kind, said, _ in items if kind == "group"]
    for (kind, said, _), (x, _, line) in zip(items, _places(sheet, items), strict=True):
        y = sheet.ground + KEY + TALL_KEY * line
        if kind == "tie":
            axes.plot([x, x + 36], [y, y], color=SOFT, linewidth=sheet.line(next(widths)), solid_capstyle="round")
            axes.text(x + 46, y + 5, said, fontsize=sheet.type(12.5), color=SOFT)
        elif kind == "complaint":
            axes.plot([x, x + 44], [y, y], color=INK, linewidth=sheet.line(1.4), dashes=(5, 4))
            badge((x + 22, y), 14)
            axes.text(x + 56, y + 5, said, fontsize=sheet.type(12.5), color=SOFT)
        elif sheet.now.worded:  # two lines, one over the other
            first = _places(sheet, items)[len(items) - len(groups)][0]
            lift = 17 * (groups.index(said) - (len(groups) - 1) / 2)
            axes.text(first, y + 5 + lift, said, fontsize=sheet.type(12.5), color=SOFT)
        else:
            axes.text(x, y + 5, said, fontsize=sheet.type(12.5), color=SOFT)
    if sheet.now.worded:
        _name(axes, sheet)


def _name(axes: Axes, sheet: Sheet) -> None:
    """Baton's mark and name at the right end."""
    x, y = sheet.wide - sheet.edge - sheet.size("Baton", 16, True) - 40, sheet.ground + 60
    rim = {"markeredgecolor": PAPER, "markeredgewidth": sheet.line(1.2)}
    axes.plot([x, x + 22], [y, y - 14], color=INK, linewidth=sheet.line(5.5), solid_capstyle="round")
    axes.plot(x, y + 1, "s", markersize=sheet.line(8), color=MARKETING, **rim)
    axes.plot(x + 22, y - 15, "o", markersize=sheet.line(9), color=SALES, **rim)
    axes.text(sheet.wide - sheet.edge, y - 1, "Baton", ha="right", fontsize=sheet.type(16), fontweight="bold")
