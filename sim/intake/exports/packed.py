"""Spreadsheets (xlsx): their sheets as rows of text, after a look that they are no bomb."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Iterator

from sim.errors import InputError, nearest
from sim.extras import extra

UNPACKED = 1_000_000_000  # bytes; what a spreadsheet may be unpacked
PARTS = 2_000  # files inside
PIECE = 1 << 20  # bytes read at a time


def rows_of(raw: bytes, name: str, wanted: str | None) -> tuple[Callable[[], Iterator[tuple[int, list[str]]]], str]:
    """A way to go over the rows of one sheet (the one named, else the largest that is seen), and its name."""
    check(raw, name)
    with extra("intake", f"{name}: a spreadsheet"):
        import python_calamine
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        seen = [each.name for each in book.sheets_metadata if str(each.visible).endswith("Visible")
                and str(each.typ).endswith("WorkSheet")]  # fmt: skip
        if wanted is not None and wanted not in book.sheet_names:
            raise InputError(f'{name}: has no sheet "{wanted}"{nearest(wanted, book.sheet_names)}')
        sheets = [book.get_sheet_by_name(each) for each in ([wanted] if wanted else seen or book.sheet_names)]
    except InputError:
        raise
    except Exception as error:  # the library's errors share no type of their own
        raise InputError(f"{name}: is not a spreadsheet that can be read ({' '.join(str(error).split())})") from None
    if not sheets:
        raise InputError(f"{name}: has no sheet")
    sheet = max(sheets, key=lambda each: each.height * each.width)
    start = (sheet.start or (0, 0))[0]

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(sheet.iter_rows(), start + 1):
            yield number, [text_of(cell) for cell in cells]

    return rows, sheet.name


def check(raw: bytes, name: str) -> None:
    """Refuse what unpacks to more than is read, whatever its directory says of its sizes."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise InputError(
                    f"{name}: is no spreadsheet (xlsx) but another packed file; give what is in it as CSV or xlsx"
                )
            if len(parts) > PARTS:
                raise InputError(f"{name}: holds {len(parts):,} files, and a spreadsheet has no more than {PARTS:,}")
            left = UNPACKED
            for part in parts:
                part.file_size = left + 2 * PIECE  # what it says of itself is not believed: it is counted
                with archive.open(part) as file:
                    while piece := file.read(PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise InputError(f"{name}: unpacks to more than {UNPACKED:,} bytes, and no more are read")
    except InputError:
        raise
    except Exception as error:  # a damaged archive is told in many ways
        raise InputError(f"{name}: is a damaged spreadsheet ({' '.join(str(error).split())})") from None


def text_of(cell: object) -> str:
    """A spreadsheet's cell as an export would write it.

    >>> text_of(12.0), text_of(0.5), text_of(datetime.date(2025, 3, 4)), text_of(True)
    ('12', '0.5', '2025-03-04', '1')
    """
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return str(cell)
