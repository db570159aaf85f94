"""Tables and prose laid out in lines: for a terminal as wide as it is, for a file or another program plain."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from sim.files.harmless import printable

FOLD = 116  # characters in a line of prose, where the terminal is no narrower
WIDEST = 100_000  # characters in a line that nobody folds


class Table(NamedTuple):
    """A table of words: the first column is text, the others are numbers unless `left` names them."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    left: tuple[int, ...] = (0,)
    total: bool = False  # the last row sums the others
    spare: tuple[int, ...] = ()  # columns that may be left out of a terminal that is too narrow, the first one first


def folded(text: str, width: int = FOLD) -> str:
    r"""Prose in lines of a width; what is lined up in columns stays as it is.

    >>> folded("one two three", 8), folded("  one  two", 5)
    ('one two\nthree', '  one  two')
    """
    lines = []
    for line in text.split("\n"):
        inner = line.lstrip()
        if len(line) <= width or "  " in inner:
            lines.append(line)
        else:
            lines += textwrap.wrap(line, width, subsequent_indent=line[: len(line) - len(inner)],
                                   break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return "\n".join(lines)


def line_length() -> int:
    """Characters in a line of prose on standard output: the terminal's, where it is narrower."""
    return max(min(FOLD, shutil.get_terminal_size((FOLD, 24)).columns - 1), 40) if sys.stdout.isatty() else FOLD


def drawn(table: Table, dressed: bool = False) -> str:
    """A table as text: lined up for a file or a program, and dressed for a terminal as wide as it is.

    >>> print(drawn(Table("Fates", ("", "leads"), [("won", "12"), ("lost", "3")])))
    Fates
            leads
      won      12
      lost      3
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    shown = list(range(len(table.columns)))
    look = {"box": box.SIMPLE_HEAD, "padding": (0, 1, 0, 0), "pad_edge": False, "show_edge": False} if dressed else {
        "box": None, "padding": (0, 0, 0, 2)}  # fmt: skip
    room = Console().width if dressed else WIDEST
    least, whole = zip(*(_widths(table, at) for at in shown), strict=True) if shown else ((), ())

    def needs(columns: Iterable[int]) -> int:
        return sum(least[at] for at in columns) + 2 * len(shown) - 1  # a space and a rule between two

    spare = [at for at in table.spare if dressed]
    while spare and needs(shown) > room:
        shown.remove(spare.pop(0))
    room = max(room, needs(shown))  # a line that the terminal folds is ugly; a figure that is cut is wrong
    widths = _shared([least[at] for at in shown], [whole[at] for at in shown], room - 2 * len(shown) + 1)
    made, last = Grid(**look, show_header=any(table.columns)), len(table.rows) - 1
    for at, width in zip(shown, widths, strict=True):
        made.add_column(Text(printable(table.columns[at])), justify="left" if at in table.left else "right",
                        width=width, no_wrap=width == whole[at])  # fmt: skip
    for i, row in enumerate(table.rows):
        total = table.total and dressed
        made.add_row(*(Text(printable(row[at])) for at in shown),
                     style="bold" if total and i == last else None,
                     end_section=total and i == last - 1)  # fmt: skip
    console = Console(width=room + 2, color_system="auto" if dressed else None)
    with console.capture() as captured:
        if table.title:
            console.print(Text(printable(table.title), "bold"), no_wrap=not dressed)
        console.print(made)
    missing = [table.columns[at] for at in range(len(table.columns)) if at not in shown]
    left_out = f"\nNot shown on a screen so narrow: {', '.join(missing)}." if missing else ""
    return "\n".join(line.rstrip() for line in captured.get().split("\n")).rstrip("\n") + left_out


def _widths(table: Table, at: int) -> tuple[int, int]:
    """The least width of a column, and its whole one: words fold, numbers are never broken."""
    from rich.cells import cell_len

    name, cells = table.columns[at], [row[at] for row in table.rows]
    parts = name.split() + (" ".join(cells).split() if at in table.left else cells)
    least, whole = (max((cell_len(printable(each)) for each in those), default=0) for those in (parts, [name, *cells]))
    return least, whole


def _shared(least: list[int], whole: list[int], room: int) -> list[int]:
    """Widths of columns that share a room: whole where all fit, else the least, and of what is left a share each.

    >>> _shared([2, 3], [4, 30], 40), _shared([2, 3], [4, 30], 20)
    ([4, 30], [3, 17])
    """
    if sum(whole) <= room:
        return whole
    left, wanted, widths = max(room - sum(least), 0), sum(whole) - sum(least), []
    for low, high in zip(least, whole, strict=True):
        more = left * (high - low) // wanted if wanted else 0
        left, wanted = left - more, wanted - (high - low)
        widths.append(low + more)
    return widths
