"""Dates and numbers as people write them: their order and signs by proof in the column, else a question."""

from __future__ import annotations

import contextlib
import datetime
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.intake.exports.words import MONTHS, SIGNS, plain

TIME = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?\s?[Mm]\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?\s*$"
YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + TIME)
NUMBERS = re.compile(r"^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})" + TIME)
NAMED = re.compile(r"^(\d{1,2})\.?[ -]+([^\W\d]{3,})\.?,?[ -]+(\d{4})" + TIME)
NAME_FIRST = re.compile(r"^([^\W\d]{3,})\.? (\d{1,2}),? (\d{4})" + TIME)
DIGITS = re.compile(r"^(19|20)\d{6}$")
ORDERS = {"dmy": "day.month.year", "mdy": "month/day/year", "ymd": "year-month-day", "named": "day and name of month"}
EARLIEST, LATEST = 1970, 2100
SERIALS = re.compile(r"(2[5-9]|[3-6]\d|7[0-3])\d{3}(\.\d+)?")  # 25000 to 73999: 1968 to 2102
YEAR_2000, CENTURY, PIVOT = 2000, 100, 70  # a year of two digits: 70 is 1970, 69 is 2069
LONGEST_FIRST = sorted(SIGNS.items(), key=lambda pair: -len(pair[0]))
BLANKS = re.compile(r"[\s\u00a0\u202f'’]")
FIGURES = re.compile(r"^[+-]?[\d.,]+$")


class Dates(NamedTuple):
    """Dates of a column: `at` (NaT where empty or wrong), which rows are wrong, and how they were read.

    `order` is a key of ORDERS; `proved` says whether the column itself shows it. None: it cannot be known.
    """

    at: pd.Series
    wrong: np.ndarray
    order: str | None
    proved: bool


class Amounts(NamedTuple):
    """Numbers of a column (NaN where empty or wrong), which rows are wrong, the decimal sign, and a currency a row."""

    value: np.ndarray
    wrong: np.ndarray
    decimal: str | None
    proved: bool
    currency: pd.Series


def _split(text: str) -> tuple | None:
    """(order or "?" where day and month may be changed, first, second, year, hour, minute, second)."""
    if found := YEAR_FIRST.match(text):
        return ("ymd", int(found[3]), int(found[2]), int(found[1]), *_clock(found.groups()[3:]))
    if found := NUMBERS.match(text):
        year = int(found[4])
        year += 0 if year >= CENTURY else YEAR_2000 if year < PIVOT else YEAR_2000 - CENTURY
        return ("." if found[2] == "." else "?", int(found[1]), int(found[3]), year, *_clock(found.groups()[4:]))
    if found := NAMED.match(text):
        month = MONTHS.get(plain(found[2]))
        return month and ("named", int(found[1]), month, int(found[3]), *_clock(found.groups()[3:]))
    if found := NAME_FIRST.match(text):
        month = MONTHS.get(plain(found[1]))
        return month and ("named", int(found[2]), month, int(found[3]), *_clock(found.groups()[3:]))
    if DIGITS.match(text):
        return ("ymd", int(text[6:]), int(text[4:6]), int(text[:4]), 0, 0, 0)
    return None


def _clock(found: tuple) -> tuple[int, int, int]:
    hour, minute, second = (int(part or 0) for part in found[:3])
    half = (found[3] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute, second


def is_date(text: str) -> bool:
    """Whether a text is written as a date.

    >>> [is_date(each) for each in ("3/4/2025", "15 Apr, 2025 00:03:00", "12.5", "04.03.2025 17:03", "2025-1-9T08:00Z")]
    [True, True, False, True, True]
    """
    return _split(text) is not None


def is_serial(text: str) -> bool:
    """Whether a text is a day as a spreadsheet counts them from 1900 on, which is there where a cell has no format.

    >>> [is_serial(each) for each in ("45417", "45417.5", "20240505", "12", "3/4/2025")]
    [True, True, False, False, False]
    """
    return SERIALS.fullmatch(text) is not None


def day_of_serial(text: str) -> str:
    """That day, as a date is written.

    >>> day_of_serial("45417"), day_of_serial("45417.5")
    ('2024-05-05', '2024-05-05 12:00:00')
    """
    at = datetime.datetime(1899, 12, 30) + datetime.timedelta(seconds=round(86_400 * float(text)))
    return at.date().isoformat() if float(text).is_integer() else at.isoformat(sep=" ")


def date_order(texts) -> tuple[str | None, bool]:
    """Which comes first, day or month, and whether the texts prove it; None where nothing says it.

    >>> date_order(["3/4/2025", "1/28/2025"]), date_order(["3/4/2025"]), date_order(["3.4.2025"])
    (('mdy', True), (None, False), ('dmy', False))
    """
    parts = [part for part in map(_split, texts) if part]
    changed = [part for part in parts if part[0] in ("?", ".")]
    if not changed:
        return (parts[0][0] if parts else "ymd"), True
    day_first = sum(part[1] > 12 >= part[2] for part in changed)
    month_first = sum(part[2] > 12 >= part[1] for part in changed)
    if day_first != month_first:
        return ("dmy" if day_first > month_first else "mdy"), True
    return (
        "dmy" if all(part[0] == "." for part in changed) else None
    ), False  # with dots nobody writes the month first


def read_dates(column: pd.Series, order: str | None = None) -> Dates:
    """The dates of a column; `order` (dmy, mdy) is what somebody said, and proof in the column comes before it."""
    codes, texts = pd.factorize(column)
    texts = list(texts)
    found, proved = date_order(text for text in texts if text)
    known = found if proved or order is None else order if order in ("dmy", "mdy") else found
    at = np.full(len(texts) + 1, np.datetime64("NaT", "s"))
    wrong = np.zeros(len(texts) + 1, bool)
    for n, text in enumerate(texts):
        if not text:
            continue
        part, day = _split(text), None
        if part:
            first, second = (part[2], part[1]) if known == "mdy" and part[0] in ("?", ".") else (part[1], part[2])
            try:
                day = datetime.datetime(part[3], second, first, *part[4:])
            except ValueError:
                day = None
        if day is None or not EARLIEST <= day.year <= LATEST:
            wrong[n] = True
        else:
            at[n] = day
    return Dates(pd.Series(at[codes]), wrong[codes], known, proved)


def decimal_sign(texts) -> tuple[str | None, bool]:
    """The decimal sign of a column's numbers, and whether they prove it; None where it cannot be known.

    >>> decimal_sign(["1,234.00"]), decimal_sign(["12.500,00"]), decimal_sign(["1,234", "12"]), decimal_sign(["1,12"])
    (('.', True), (',', True), (None, False), (',', True))
    """
    votes = {".": 0, ",": 0}
    doubt = False
    for text in texts:
        dots, commas = text.count("."), text.count(",")
        if dots and commas:
            votes["." if text.rfind(".") > text.rfind(",") else ","] += 1
        elif dots + commas > 1:  # of one sign many: it parts thousands
            votes["," if dots else "."] += 1
        elif dots + commas == 1:
            sign = "." if dots else ","
            head, _, tail = text.partition(sign)
            if len(tail) != 3 or len(head.lstrip("+-")) > 3 or head.lstrip("+-") in ("", "0"):
                votes[sign] += 1
            else:
                doubt = True
    if votes["."] != votes[","]:
        return max(votes, key=lambda sign: votes[sign]), True
    return (None, False) if doubt else (".", True)


def read_amounts(column: pd.Series, decimal: str | None = None) -> Amounts:
    """The numbers of a column; `decimal` is what somebody said, and proof in the column comes before it."""
    codes, texts = pd.factorize(column)
    bare, signs = zip(*map(_without_sign, texts), strict=True) if len(texts) else ((), ())
    found, proved = decimal_sign(text for text in bare if FIGURES.match(text))
    known = found if proved or decimal is None else decimal
    value, wrong = np.full(len(texts) + 1, np.nan), np.zeros(len(texts) + 1, bool)
    for n, text in enumerate(bare):
        if not text:
            continue
        thousands = "," if (known or ".") == "." else "."
        figure = text.replace(thousands, "").replace(",", ".")
        with contextlib.suppress(ValueError):
            value[n] = float(figure) if FIGURES.match(text) else np.nan
        wrong[n] = not np.isfinite(value[n])
    currency = pd.Series(np.array([*signs, ""], object)[codes], dtype="str")
    return Amounts(value[codes], wrong[codes], known, proved, currency)


def _without_sign(text: str) -> tuple[str, str]:
    """A number without its currency, and which that is.

    >>> _without_sign("€ 12.500,00"), _without_sign("USD 5"), _without_sign("(3.50)")
    (('12.500,00', 'EUR'), ('5', 'USD'), ('-3.50', ''))
    """
    currency = ""
    for sign, code in LONGEST_FIRST:
        if sign in text:
            text, currency = text.replace(sign, ""), code
            break
    if found := re.match(r"^\s*([A-Z]{3})\b|\b([A-Z]{3})\s*$", text):
        currency = found[1] or found[2]
        text = text.replace(currency, "")
    text = BLANKS.sub("", text)
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    return text, currency
