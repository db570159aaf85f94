"""Words of strangers (titles, names, file names) made harmless: for a terminal, a picture, a spreadsheet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

# Control characters but tab and line feed, halves of characters, what turns the direction of writing, what is none.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t")  # with these a spreadsheet begins to reckon
EXACT = 2**53  # the largest whole number that R, Stata and a spreadsheet keep digit by digit


def printable(text: str) -> str:
    r"""The text with every character that does something in place of being seen as its number.

    No title can colour a terminal, move its cursor or break a picture's XML.

    >>> printable("Plan \x1b[31mB\x07, 5 €")
    'Plan \\u001b[31mB\\u0007, 5 €'
    """
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def cell(value: Any) -> Any:
    """A table's cell as a spreadsheet shows it and does not reckon with it; what is no text stays as it is.

    >>> cell("=1+1"), cell("plan"), cell(-1.5)
    ("'=1+1", 'plan', -1.5)
    """
    if not isinstance(value, str):
        return value
    seen = printable(value)
    return f"'{seen}" if seen.startswith(FORMULA) else seen


def is_long(column) -> bool:
    """Whether a column holds whole numbers that other programs would round."""
    kinds = str(column.dtype).lower()
    return kinds.startswith(("int", "uint")) and len(column) > 0 and bool((column.abs() > EXACT).any())


def write_csv(table, path: str | Path, index: bool = False) -> None:
    """The one writer of CSV: UTF-8, comma, decimal point, line feed.

    A text that begins as a formula does, and a whole number of more digits than
    other programs keep (a market beyond 2**53), stand behind an apostrophe.
    """
    table = table.reset_index() if index else table.copy()
    for name in table.columns:
        column = table[name]
        if is_long(column):
            table[name] = column.map(lambda value: f"'{value}", na_action="ignore").astype(object)
        elif column.dtype.kind in "OSU" or str(column.dtype) in ("category", "string", "str"):
            table[name] = column.astype(object).map(cell, na_action="ignore")
    table.columns = [cell(str(name)) for name in table.columns]
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
