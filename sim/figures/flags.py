"""Flags where a dated change happened: placed so that no two sets of words touch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.figures import captions, look
from sim.figures.look import INK

ROWS, ROW = 3, 11.0  # at most so many rows of words, each so many points of the page high
BEYOND = 40.0  # points of the page that words may reach past the axes' end


@dataclass(frozen=True)
class Flag:
    """One day on which something was changed."""

    day: int
    words: str
    until: int | None = None  # day on which it goes back
    number: int = 0  # printed instead of the words where the words find no room
    row: int = 0
    left: bool = False  # words stand to the left of the line

    hidden: bool = False  # no room even for the number

    @property
    def text_with_day(self) -> str:
        """The words with the day, or the days from and to."""
        return f"{self.words}, day {self.day:,}" + (f" to {self.until:,}" if self.until else "")

    @property
    def text(self) -> str:
        """What is printed at the line."""
        return str(self.number) if self.number else self.text_with_day


def flags_of(run) -> list[Flag]:
    """The dated changes of a run's scenario that lie within the days simulated, one flag a day."""
    by_day: dict[int, list] = {}
    for change in run.scenario.changes:
        if 0 <= change.day < run.days:
            by_day.setdefault(int(change.day), []).append(change)
    found = []
    for day, changes in sorted(by_day.items()):
        values = {name: value for change in changes for name, value in change.values.items()}
        shocks = [change.shock for change in changes if change.shock]
        until = [day + change.days for change in changes if getattr(change, "days", None)]
        said = captions.change_words(values, " and ".join(shocks) or None)
        found.append(Flag(day, said, max(until) if until else None))
    return found


def place_flags(flags: list[Flag], days: int, width: float) -> list[Flag]:
    """Give each flag a row; if the words find no room, numbers stand in for them."""
    if not flags:
        return []
    placed = _rows(flags, days, width)
    if placed is not None:
        return placed
    numbered = [replace(flag, number=k) for k, flag in enumerate(flags, 1)]
    return _rows(numbered, days, width) or _sparse(numbered, days, width)


def _sparse(flags: list[Flag], days: int, width: float) -> list[Flag]:
    """One row of numbers, leaving out those without room."""
    now, found, free = look.style(), [], 0.0
    for flag in flags:
        x = flag.day / days * width
        found.append(replace(flag, hidden=x < free))
        if x >= free:
            free = x + look.text_width(flag.text, now.type(8.5), True) + now.length(8)
    return found


def _rows(flags: list[Flag], days: int, width: float) -> list[Flag] | None:
    """From right to left: the lowest row in which neither words nor lines of others are crossed."""
    now = look.style()
    done: list[tuple[float, float, float, Flag]] = []  # line, begin and end of the words, flag
    for flag in reversed(flags):
        x = flag.day / days * width
        size = look.text_width(flag.text, now.type(8.5), True) + now.length(4)
        left = x + size > width + now.length(BEYOND)
        begin, end = (x - size, x - 1) if left else (x + 1, x + size)
        if begin < 0:
            return None
        for row in range(ROWS):
            if not any(
                (row == other.row and begin < stop + 4 and start < end + 4)
                or (begin - 2 <= line <= end + 2 and other.row >= row)
                or (start - 2 <= x <= stop + 2 and row >= other.row)
                for line, start, stop, other in done
            ):
                done.append((x, begin, end, replace(flag, row=row, left=left)))
                break
        else:
            return None
    return [flag for *_, flag in reversed(done)]


def draw_flags(panels: list[Axes], flags: list[Flag]) -> None:
    """A dotted line through all panels and the words above the first; a bar as long as the change lasted."""
    if not flags:
        return
    first, now = panels[0], look.style()
    tall, (_, days) = look.axes_height(first), first.get_xlim()
    for flag in flags:
        for axes in panels:
            axes.axvline(flag.day, color=INK, linewidth=now.line(1), dashes=look.FLAG_DASH, zorder=1.6)
        if flag.hidden:
            continue
        foot = now.length(4 + flag.row * ROW)
        first.add_line(Line2D([flag.day / days] * 2, [1, 1 + (foot + now.length(7)) / tall], color=INK,
                              linewidth=now.line(1), dashes=look.FLAG_DASH, transform=first.transAxes,
                              clip_on=False))  # fmt: skip
        if flag.until:
            ends = min(flag.until, days) / days
            first.add_line(Line2D([flag.day / days, ends], [1, 1], color=INK, linewidth=now.line(2.6),
                                  solid_capstyle="butt", transform=first.transAxes, clip_on=False))  # fmt: skip
        beside = now.length(-4 if flag.left else 4)
        first.annotate(flag.text, (flag.day / days, 1), (beside, foot), xycoords="axes fraction",
                       textcoords="offset points", ha="right" if flag.left else "left", va="bottom",
                       fontweight="bold")  # fmt: skip
