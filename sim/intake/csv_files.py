"""CSV files that people made by hand: every fault is named with its file and line, all at once."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from typing import NamedTuple

from sim.errors import MOST, InputError, Rest, cut, nearest, plural
from sim.files.reading import decoded


class Problems:
    """Collects sentences and stops once, with all of them."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.more = 0

    def add(self, sentence: str) -> None:
        if len(self.sentences) < MOST:  # a file of a million wrong lines is told in a few
            self.sentences.append(sentence)
        else:
            self.more += 1

    @property
    def told(self) -> list[str]:
        """The sentences, and how many more there are."""
        return [*self.sentences, *([Rest(self.more)] if self.more else [])]

    def count(self) -> int:
        """How many faults there are so far."""
        return len(self.sentences) + self.more

    def stop(self) -> None:
        """Raise InputError if anything was wrong so far."""
        if self.sentences:
            raise InputError(self.told)


class Table(NamedTuple):
    """A CSV file whose needed columns are all there."""

    name: str  # of the file, for sentences
    rows: list[tuple[int, dict[str, str]]]  # line number, and what stands under each role


def read_table(
    path: str, raw: bytes, roles: dict[str, str], problems: Problems, maybe: dict[str, str] | None = None
) -> Table:
    """The columns named in `roles` (role -> column), by role; an empty table if any is missing.

    Those of `maybe` may be missing, unless a column is called nearly so.
    """
    table = Table(path, [])
    try:
        text = decoded(raw, path)
        lines = list(_lines(text, path))
    except InputError as error:
        for sentence in error.problems:
            problems.add(sentence)
        return table
    if not lines:
        problems.add(f"{path}: is empty; its first line must name the columns {_listed(roles.values())}")
        return table
    _, header = lines[0]
    header = [name.strip() for name in header]
    where = {}
    roles = roles | {role: name for role, name in (maybe or {}).items() if name in header or nearest(name, header)}
    for role, column in roles.items():
        if header.count(column) == 1:
            where[role] = header.index(column)
        elif column in header:
            problems.add(f'{path}, line 1: the column "{column}" is there {header.count(column)} times')
        else:
            near = nearest(column, header, problems.count()) or f"; it has {_listed(header)}"
            problems.add(f'{path}, line 1: there is no column "{column}"{near}')
    if len(where) < len(roles):
        return table
    if len(lines) == 1:
        problems.add(f"{path}: has no lines below the names of the columns")
    for number, fields in lines[1:]:
        if len(fields) != len(header):
            problems.add(f"{path}, line {number}: has {plural(len(fields), 'field')}, the first line has {len(header)}")
        else:
            table.rows.append((number, {role: fields[at].strip() for role, at in where.items()}))
    return table


def _lines(text: str, path: str) -> Iterator[tuple[int, list[str]]]:
    """Non-empty lines, split at commas, semicolons or tabs: whichever the first line has most of."""
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield reader.line_num, fields
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: is not valid CSV: {error}") from None


def number(text: str) -> float | None:
    """A finite number, or None.

    >>> number(" 3 "), number("nan"), number("three")
    (3.0, None, None)
    """
    try:
        value = float(text.replace("_", "?"))  # float() would read 1_000
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _listed(names) -> str:
    shown = [f'"{cut(name)}"' for name in names]
    return ", ".join(shown[:12]) + (" ..." if len(shown) > 12 else "")
