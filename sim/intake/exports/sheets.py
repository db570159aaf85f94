"""From an export's bytes to rows of text: encoding, delimiter, header line, footers; each row knows its line."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError, plural
from sim.extras import extra
from sim.files.reading import TABLE, read_bytes
from sim.intake.csv_files import Problems
from sim.intake.exports import packed
from sim.intake.exports.words import EMPTY, plain

SAMPLE = 400  # rows from which a file's layout and kind are told
CHUNK = 100_000  # rows that are kept as Python's own texts at a time
MOST_COLUMNS = 2_000
MOST_ROWS = 5_000_000
LATIN = re.compile(r"cp125[02478]|iso8859|latin|mac|cp437|cp85|cp86|hp_|cp500|cp037|cp1140|cp1026|cp273|ascii")
NO_TABLES = {  # what comes under a table's name, by its first bytes
    re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|table|meta)\b", re.I): "a web page (HTML)",
    re.compile(rb"%PDF-"): "a PDF", re.compile(rb"\s*\{\\rtf"): "a text with formats (RTF)",
}  # fmt: skip
SINGLE = "cp1252"  # where a file is no UTF and its letters are Latin
TOTALS = {"total", "totals", "grand", "summe", "gesamt", "sum", "subtotal", "suma", "totale"}
DATA = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|@[\w.-]+\.\w|^[€$£]?\s?\d+[.,]\d+")


class Sheet(NamedTuple):
    """A table of an export: its header, and a way to read rows below it.

    `rows` begins anew at each call and gives (line, cells); `notes` say what the layout was taken for.
    """

    name: str
    header: list[str]
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    encoding: str
    delimiter: str
    above: int = 0  # lines above the header
    heading: tuple[str, ...] = ()  # what stands in them


class Read(NamedTuple):
    """The columns that were asked for, as text, and what was left out on the way."""

    table: pd.DataFrame  # a column a role, texts
    lines: np.ndarray  # of the file, a row each
    footer: int
    repeated: int  # the header once more, or a row of a template that repeats the names of the columns
    ragged: int  # lines with another number of cells than the header, where they may be skipped


def open_sheet(path: str | os.PathLike[str], encoding: str | None = None, sheet: str | None = None) -> Sheet:
    """Find a file's header; nothing but its first rows is looked at."""
    name = Path(path).name
    raw = read_bytes(path, TABLE)
    if not raw.strip():
        raise InputError(f"{name}: is empty")
    if raw[:2] == b"PK":
        rows, title = packed.rows_of(raw, name, sheet)
        return _with_header(name, rows, "xlsx", f'sheet "{title}"')
    if raw[:4] == b"\xd0\xcf\x11\xe0":
        raise InputError(f"{name}: is an old Excel file; save it as xlsx or CSV")
    for begins, what in NO_TABLES.items():
        if begins.match(raw[:1000]):
            raise InputError(f"{name}: is {what}, whatever its name says; save what is in it as xlsx or CSV")
    known = encoding or encoding_of(raw, name)
    delimiter = _delimiter(raw, known, name)

    def rows() -> Iterator[tuple[int, list[str]]]:
        text = io.TextIOWrapper(io.BytesIO(raw), encoding=_codec(known), newline="")
        reader = csv.reader(text, delimiter=delimiter)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as error:
            raise InputError(f"{name}, line {reader.line_num}: is not valid CSV: {error}") from None
        except UnicodeDecodeError as error:
            raise InputError(_undecodable(raw, known, name, error)) from None

    return _with_header(name, rows, known, delimiter)


def _codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise InputError(
            f'--encoding: "{encoding}" is not known; give utf-8, cp1252, utf-16, cp1250, cp932 …'
        ) from None


def _undecodable(raw: bytes, encoding: str, name: str, error: UnicodeDecodeError) -> str:
    """A sentence on the first byte that is no letter of an encoding; the error itself knows only its piece."""
    try:
        raw.decode(_codec(encoding))
    except UnicodeDecodeError as first:
        error = first
    line = raw[: error.start].decode(_codec(encoding), "ignore").count("\n") + 1
    byte = f"the byte 0x{error.object[error.start]:02X}, " if error.start < len(error.object) else ""
    other = "cp1250, cp932, latin-1" if encoding == SINGLE else "utf-8, cp1252, utf-16"
    return f"{name}, line {line}: is not {encoding} ({byte}{error.reason}); say what it is (--encoding {other} …)"


def encoding_of(raw: bytes, name: str = "") -> str:
    """The encoding of a text: by its mark, by whether it is UTF-8, else by its letters.

    Of Latin letters no byte proves a code page, and libraries that guess one take "Têxtil" for "Tęxtil" (measured on
    five files); so cp1252, that of most exports, is taken there and said.

    >>> encoding_of("Größe".encode()), encoding_of(b"\\xff\\xfea\\0"), encoding_of("a;b".encode("utf-16-le"))
    ('utf-8', 'utf-16', 'utf-16-le')
    >>> encoding_of("Größe".encode("latin-1"))
    'cp1252'
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    head = raw[:4000]
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    with extra("intake", f"{name}: a file that is not UTF-8"):
        import charset_normalizer
    found = charset_normalizer.from_bytes(raw[:200_000]).best()
    if found is not None and not LATIN.match(found.encoding):
        return found.encoding
    return SINGLE  # where no byte is from 0x80 to 0x9F, Latin-1 has the same letters


def _delimiter(raw: bytes, encoding: str, name: str) -> str:
    """The sign that cuts most rows into the same number of cells, and into more than one."""
    try:
        text = raw[:65_536].decode(_codec(encoding), "ignore")
    except (UnicodeError, TypeError) as error:
        raise InputError(f"{name}: cannot be read as {encoding} ({error})") from None
    best, sign = 0.0, ","
    for each in ",;\t|":
        try:
            widths = [len(cells) for cells in islice(csv.reader(io.StringIO(text, newline=""), delimiter=each), SAMPLE)
                      if any(cells)][:-1]  # fmt: skip
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        worth = widths.count(usual) / max(len(widths), 1) * (usual - 1)
        if worth > best:
            best, sign = worth, each
    return sign


def _with_header(name: str, rows: Callable, encoding: str, delimiter: str) -> Sheet:
    sample = [(line, cells) for line, cells in islice(rows(), SAMPLE) if _filled(cells)]
    if not sample:
        raise InputError(f"{name}: has no rows")
    widths = [_filled(cells) for _, cells in sample]
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    at = next(n for n, width in enumerate(widths) if width >= max(min(usual, 2), 0.6 * usual))
    line, header = sample[at]
    header = [cell.strip().removeprefix("\ufeff") for cell in header]
    if len(header) > MOST_COLUMNS:
        raise InputError(f"{name}: has {len(header):,} columns; no more than {MOST_COLUMNS:,} are read")
    below_it = [cells for _, cells in sample[at + 1 :] if len(cells) == len(header)]
    headless = (bool(DATA.search(cell)) and not _is_address(n, cell, below_it) for n, cell in enumerate(header))
    if sum(headless) > len(header) / 4:
        raise InputError(f"{name}, line {line}: no line names the columns; write their names into a first line")
    heading = tuple(cell for _, cells in sample[:at] for cell in cells if cell.strip())
    return Sheet(name, header, rows, encoding, delimiter, line - 1, heading)


def _is_address(at: int, cell: str, rows: list[list[str]]) -> bool:
    """Whether a header is somebody's address, as in a survey with a column for each colleague: none stands below it."""
    return "@" in cell and len(rows) > 0 and not any("@" in row[at] for row in rows)


def _filled(cells: Iterable[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def clean(cell: str) -> str:
    """A cell without blanks around it; what says that there is nothing is nothing."""
    cell = cell.strip()
    return "" if cell.casefold() in EMPTY else cell


def below(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, without blank ones."""
    met = False
    names = [cell.strip() for cell in sheet.header]
    for line, cells in sheet.rows():
        if met:
            if any(cells):
                yield line, cells
        elif [cell.strip().removeprefix("\ufeff") for cell in cells] == names:
            met = True


def sample_of(sheet: Sheet) -> list[list[str]]:
    """The first rows below the header, each as wide as it."""
    wide = len(sheet.header)
    return [[clean(cell) for cell in cells] for _, cells in islice(below(sheet), SAMPLE) if len(cells) == wide]


def read_columns(sheet: Sheet, columns: dict[str, int], problems: Problems, skip: bool = False) -> Read:
    """The columns at these places, by role; no other cell is kept. `skip`: lines of another width are only counted."""
    wide, narrow = len(sheet.header), 1 if len(sheet.header) > 2 else 0
    names = ["" if cell.isdecimal() else cell.casefold() for cell in sheet.header]  # a 3 under "3" is an answer
    parts: list[pd.DataFrame] = []
    kept: dict[str, list[str]] = {role: [] for role in columns}
    lines: list[int] = []
    footer = repeated = ragged = total = 0
    picks = list(columns.items())
    for line, cells in below(sheet):
        if len(cells) != wide or narrow:
            filled = _filled(cells)
            if _is_layout(cells, filled, narrow, wide):
                footer += bool(filled)
                continue
            if len(cells) != wide and skip:
                ragged += 1
                continue
            if len(cells) != wide:
                problems.add(f"{sheet.name}, line {line}: has {plural(len(cells), 'cell')}, the header has {wide}")
                continue
        if sum(cell.strip().casefold() == name for cell, name in zip(cells, names, strict=True) if name) >= 2:
            repeated += 1
            continue
        lines.append(line)
        for role, at in picks:
            kept[role].append(clean(cells[at]))
        if len(lines) % CHUNK == 0:
            total += CHUNK
            if total > MOST_ROWS:
                raise InputError(f"{sheet.name}: has more than {MOST_ROWS:,} rows, and no more are read")
            parts.append(pd.DataFrame(kept, dtype="str"))
            kept = {role: [] for role in columns}
    parts.append(pd.DataFrame(kept, dtype="str"))
    table = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return Read(table, np.array(lines, "i8"), footer, repeated, ragged)


def _is_layout(cells: list[str], filled: int, narrow: int, wide: int) -> bool:
    """A title, a footer or a line of totals: by its first word, or as it has one cell (but not an id by itself)."""
    if filled > max(narrow, wide / 2):
        return False
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    if filled <= narrow:
        return not filled or len(cells) != wide or " " in first
    return plain(first).partition(" ")[0] in TOTALS
