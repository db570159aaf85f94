"""No number under five is kept of a firm's own people and deals, nor one that a subtraction would give away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FEWEST = 5
OTHERS = "others (each under five)"


def shown(count: int | None) -> int | None:
    """A count that may be kept, or None where it is from 1 to 4.

    >>> [shown(n) for n in (0, 1, 4, 5)]
    [0, None, None, 5]
    """
    return None if count is None or 0 < count < FEWEST else int(count)


def rows_shown(rows: Sequence[dict[str, Any]], size: str, cells: Sequence[str], name: str) -> list[dict[str, Any]]:
    """Rows of a table by group as they may be kept.

    Groups of less than five are one row, into which the next smallest group goes while it has less than five itself.
    In a row with a cell from 1 to 4 all cells are hidden, as the others would tell it; and one hidden row takes the
    smallest other with it, as the total would.

    size    the column that counts a group
    cells   columns that are parts of it
    name    the column that names the group

    >>> table = [{"of": "web", "n": 40, "won": 6, "lost": 34}, {"of": "fair", "n": 9, "won": 2, "lost": 7},
    ...          {"of": "mail", "n": 30, "won": 10, "lost": 20}, {"of": "x", "n": 1, "won": 0, "lost": 1}]
    >>> for row in rows_shown(table, "n", ("won", "lost"), "of"): print(row)
    {'of': 'web', 'n': 40, 'won': 6, 'lost': 34}
    {'of': 'mail', 'n': 30, 'won': None, 'lost': None}
    {'of': 'others (each under five)', 'n': 10, 'won': None, 'lost': None}
    """
    ranked = sorted(rows, key=lambda row: -row[size])
    large, small = [row for row in ranked if row[size] >= FEWEST], [row for row in ranked if 0 < row[size] < FEWEST]
    while small and large and sum(row[size] for row in small) < FEWEST:
        small.append(large.pop())
    kept = [dict(row) for row in large]
    if small and sum(row[size] for row in small) >= FEWEST:
        kept.append({name: OTHERS, size: sum(row[size] for row in small),
                     **{cell: sum(row[cell] for row in small) for cell in cells}})  # fmt: skip
    hide_cells(kept, size, cells)
    return kept


def hide_cells(rows: list[dict[str, Any]], size: str, cells: Sequence[str], rest: dict[str, int] | None = None) -> None:
    """Hide the cells of rows of which one is from 1 to 4; never of one row alone, whose cells the total would tell.

    rest   the same cells of what is in no row, if the total has more than the rows: it is hidden or not as a row is
    """
    every = rows if rest is None or not any(rest.values()) else [*rows, {size: -1, **rest}]
    hide = [row for row in every if any(shown(row[cell]) is None for cell in cells)]
    if len(hide) == 1 and len(every) > 1:
        hide.append(min((row for row in every if row is not hide[0]), key=lambda row: row[size] or 0))
    for row in hide:
        row |= dict.fromkeys(cells)


def told_beside(count: int, *others: int | None) -> int | None:
    """A count that may be kept beside others that are, or None where it, or what it lacks to one of them, is 1 to 4.

    >>> told_beside(96, 100), told_beside(95, 100, None), told_beside(100, 100), told_beside(3, 100)
    (None, 95, 100, None)
    """
    return shown(count) if all(other is None or shown(abs(other - count)) is not None for other in others) else None


def spaced(counts: Sequence[int]) -> list[int]:
    """Places in a row of counts, each with at least five since the one before; the first is kept.

    >>> spaced([0, 2, 2, 2, 5, 1])
    [0, 3, 4]
    """
    kept, since = [0], 0
    for at, count in enumerate(counts[1:], 1):
        since += count
        if since >= FEWEST:
            kept.append(at)
            since = 0
    return kept
