"""A survey with a column for each colleague, as the same answers with a line each; known by whose names stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.errors import InputError, plural
from sim.intake.exports.sheets import Sheet, below, clean, sample_of
from sim.intake.exports.staff import named
from sim.intake.exports.values import FIGURES
from sim.intake.exports.words import NO, ROLES, YES, how_often, is_private, plain

KNOWN = {name for roles in ROLES.values() for names in roles.values() for name in names}
LONG = ["from", "to", "relation", "value"]
FEWEST = 3  # colleagues who have a column and answered themselves: fewer may be chance
# The question, and whom it is about: "… with? [Ada Quill]", "… with: Ada Quill", "… with? Ada Quill".
ASKED = (re.compile(r"^(.*)[\[(]([^\[\]()]+)[\])]\s*$", re.S), re.compile(r"^(.*[:?>])\s+([^:?>]+)$", re.S))


class Wide(NamedTuple):
    """Such a survey: its answers with a line each, and which of its columns were read."""

    sheet: Sheet
    giver: str  # header of who answers
    colleagues: tuple[str, ...]  # headers, which are their names
    left: list[str]  # headers of all other columns


def long_of(sheet: Sheet, said: Mapping[str, str]) -> Wide | None:
    """The survey that a sheet is; None: it is none.

    Parameters
    ----------
    sheet
        Of any kind.
    said
        Header -> role, as somebody said it: "from" is who answers, "ignore" is nobody's column.

    Raises
    ------
    InputError
        While its rows are read: a line has another number of cells than the header.
    """
    rows = sample_of(sheet)
    parts = [_parts(header) for header in sheet.header]
    free = [at for at, header in enumerate(sheet.header) if header and said.get(header) is None]
    about = {at: _key(parts[at][1]) for at in free}
    cells = {at: {_key(row[at]) for row in rows} - {""} for at, header in enumerate(sheet.header)
             if said.get(header, "from") == "from"}  # fmt: skip
    chosen = [at for at in cells if said.get(sheet.header[at]) == "from"] or list(cells)
    shared = {at: len(cells[at] & {key for other, key in about.items() if other != at and key}) for at in chosen}
    giver = max(shared, key=shared.__getitem__, default=-1)
    if giver < 0 or shared[giver] < FEWEST:
        return None
    known = [at for at, key in about.items() if at != giver and key in cells[giver]]
    questions = {parts[at][0] for at in known}
    columns = [at for at in free if at != giver and parts[at][0] in questions
               and (parts[at][0] or _is_answered(at, sheet.header, rows))]  # fmt: skip
    if len(known) < len(columns) / 3:  # most are asked about who never answered: a list of other things
        return None

    def lines() -> Iterator[tuple[int, list[str]]]:
        yield sheet.above + 1, LONG
        for line, row in below(sheet):
            if len(row) != len(sheet.header):
                if sum(map(bool, row)) <= 1:  # a title or a footer
                    continue
                raise InputError(
                    f"{sheet.name}, line {line}: has {plural(len(row), 'cell')}, the header has {len(sheet.header)}"
                )
            if who := _key(clean(row[giver])):
                yield from ((line, [row[giver], parts[at][1], parts[at][0] or "listed", _value(row[at])])
                            for at in columns if about[at] != who)  # fmt: skip

    read = {giver, *columns}
    left = [header for at, header in enumerate(sheet.header) if at not in read and header]
    colleagues = tuple(sheet.header[at] for at in columns)
    return Wide(sheet._replace(header=LONG, rows=lines), sheet.header[giver], colleagues, left)


def _parts(header: str) -> tuple[str, str]:
    """A header's question, and whom it is about.

    >>> _parts("How often do you talk with? [Ada Quill]"), _parts("Ada Quill"), _parts("I trust: Quill, Ada")
    (('How often do you talk with?', 'Ada Quill'), ('', 'Ada Quill'), ('I trust:', 'Quill, Ada'))
    """
    for way in ASKED:
        if found := way.match(header):
            return found[1].strip(), found[2].strip()
    return "", header


def _is_answered(at: int, header: list[str], rows: list[list[str]]) -> bool:
    """Whether a column whose header is no question holds answers, and is not something else that is known."""
    texts = [row[at] for row in rows if row[at]]
    if is_private(header[at]) or plain(header[at]) in KNOWN:
        return False
    return sum(bool(FIGURES.match(_value(text)) or how_often(text) is not None) for text in texts) >= len(texts) / 2


def _key(text: str) -> str:
    """A name or address as it can be compared; "" where there is none, as in a number."""
    key = text.casefold() if "@" in text else named(text)
    return key if any(map(str.isalpha, key)) else ""


def _value(cell: str) -> str:
    """What stands in a cell; a mark is a 1."""
    word = plain(cell)
    return "1" if word in YES else "0" if word in NO else cell
