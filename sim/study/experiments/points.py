"""A CSV file of points, one line a point: every fault is named with its line."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from sim.errors import InputError, nearest
from sim.files.reading import decoded, read_bytes
from sim.intake.csv_files import Problems
from sim.intake.csv_files import number as number_of
from sim.scenario.schema import ANY as NUMBERS
from sim.scenario.schema import allowed, went, words
from sim.scenario.toml_read import shown
from sim.study.experiments.experiment import Factor
from sim.study.experiments.factors import theory_factor
from sim.study.experiments.settings import about, checked

MOST_COLUMNS = 1000


def read_points(path: str, factors: list[Factor]) -> tuple[list[Factor], pd.DataFrame | None, list[str]]:
    """The points of a CSV file whose first line names numbers of the theory.

    Returns the factors (those declared, else one a column with the theory's
    bounds), the points, and what is wrong with them. A column `point` is left out.
    """
    problems = Problems()
    try:
        lines = _lines(decoded(read_bytes(path), path), path)
    except InputError as error:
        return factors, None, error.problems
    if not lines:
        return factors, None, [f"{path}: is empty; its first line must name numbers, such as trust.initial"]
    header = [name.strip() for name in lines[0][1]]
    factors = _columns(path, header, factors, problems)
    if len(lines) == 1:
        problems.add(f"{path}: has no lines below the names of the columns")
    if problems.count():
        return factors, None, problems.told
    columns: dict[str, list] = {each.name: [] for each in factors}
    for line, fields in lines[1:]:
        if len(fields) != len(header):
            problems.add(f"{path}, line {line}: has {len(fields)} fields, the first line has {len(header)}")
            continue
        for each in factors:
            value, said = _value(each, fields[header.index(each.name)].strip())
            columns[each.name].append(value)
            if said:
                problems.add(f"{path}, line {line}: {said}")
    if problems.count():
        return factors, None, problems.told
    kinds = {f.name: object if f.words else "i8" if f.whole else "f8" for f in factors}
    return factors, pd.DataFrame({name: np.array(column, kinds[name]) for name, column in columns.items()}), []


def _columns(path: str, header: list[str], factors: list[Factor], problems: Problems) -> list[Factor]:
    """The factors that the columns are; faults for columns that are none, or missing."""
    declared = {each.name: each for each in factors}
    found: list[Factor] = []
    if len(header) > MOST_COLUMNS:
        problems.add(f"{path}, line 1: has {len(header):,} columns; the theory has {len(NUMBERS)} numbers")
        return found
    for name in header:
        if name == "point":
            continue
        if header.count(name) > 1:
            problems.add(f"{path}, line 1: the column {shown(name)} is there {header.count(name)} times")
        elif why := went(name):
            problems.add(f"{path}, line 1: {why}")
        elif name not in declared and about(name) is None:
            problems.add(
                f"{path}, line 1: {shown(name)} is no number of the theory{nearest(name, NUMBERS, problems.count())}"
            )
        else:
            found.append(declared.get(name) or theory_factor(name))
    for name in declared:
        if name not in header:
            problems.add(f"{path}, line 1: there is no column {shown(name)}{nearest(name, header, problems.count())}")
    if not found and not problems.count():
        problems.add(f"{path}, line 1: names no number of the theory")
    return found


def _value(each: Factor, given: str) -> tuple[object, str]:
    """One field as a value, or what is wrong with it."""
    if each.words:
        if given in (each.values or each.words):
            return given, ""
        near = nearest(given, words(each.number))
        return None, f"{each.name} = {shown(given)} must be {allowed(each.number)}{near}"
    value = number_of(given)
    if value is None:
        return None, f"{each.name} = {shown(given)} must be {allowed(each.number)}"
    if each.whole and value == int(value):
        value = int(value)
    _, faults = checked(each.name, value)
    if faults:
        return None, faults[0]
    if not each.low <= value <= each.high:
        return (
            None,
            f"{each.name} = {given} is outside the range that the experiment declares ({each.low} to {each.high})",
        )
    return value, ""


def _lines(text: str, path: str) -> list[tuple[int, list[str]]]:
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        return [(reader.line_num, fields) for fields in reader if any(field.strip() for field in fields)]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: is not valid CSV: {error}") from None
