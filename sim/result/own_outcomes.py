"""Outcomes of a user's own: a Python function of a run, usable wherever an outcome's name is."""

from __future__ import annotations

import hashlib
import inspect
import keyword
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, nearest
from sim.files.own_day import HASH, module_of, module_of_text, text_of, told
from sim.result.outcomes import BUILT_IN, DIARY, KNOWN, OUTCOMES, Outcome

TABLES = ("daily", "quarters", "leads", "customers", "people", "ties", "audit", "decisions")  # of a run
LONGEST_UNIT = 40  # characters


class Own(NamedTuple):
    """An outcome of a user's own as a store keeps it: what it is called, and the source that reckons it.

    digest   12 hex digits of the source
    text     the file's text
    """

    name: str
    unit: str
    meaning: str
    digest: str
    text: str = ""


def outcome(unit: str, meaning: str = "", name: str | None = None) -> Callable[[Callable], Callable]:
    """Make a function of a run an outcome, by its own name.

    Parameters
    ----------
    unit : str
        What the number is counted in, such as "h", "k€" or "0..1".
    meaning : str
        A sentence; none: the first line of the function's docstring.
    name : str
        Another name than the function's.

    Returns
    -------
    function
        The same function. It is given a `Run` and gives one number (NaN where
        there is none); it must not change the run.

    Raises
    ------
    InputError
        A name that Baton has already, or that is none, or a function without one argument.

    Examples
    --------
    >>> import sim
    >>> @sim.outcome(unit="h", meaning="hours of contact in the last year")
    ... def late_contact(run):
    ...     return run.daily["hours_contact"][-260:].sum()
    """

    if callable(unit):
        raise InputError('@sim.outcome needs its unit: write @sim.outcome(unit="h") above the function')

    def register(function: Callable) -> Callable:
        called = name or getattr(function, "__name__", "")
        faults = _faults(called, unit, function)
        if faults:
            raise InputError(faults)
        said = meaning or (inspect.getdoc(function) or called.replace("_", " ")).split("\n")[0].rstrip(".")
        OUTCOMES[called] = Outcome(unit, said, function, _source(function))
        return function

    return register


def _faults(name: str, unit: object, function: Callable) -> list[str]:
    faults = []
    if not name.isidentifier() or keyword.iskeyword(name):
        faults.append(f"{name!r}: an outcome's name is a word of letters, digits and _ that no digit begins")
    elif name in BUILT_IN or name in DIARY:
        faults.append(f"{name}: Baton has an outcome of that name; call yours something else, such as my_{name}")
    if not isinstance(unit, str) or not 0 < len(unit) <= LONGEST_UNIT:
        faults.append(f'{name}: unit = {unit!r} must be a text of at most {LONGEST_UNIT} letters, such as "h"')
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        faults.append(f"{name}: Baton calls it with one argument, the run")
    return faults


def _source(function: Callable) -> str:
    try:
        return text_of(function)
    except (OSError, TypeError, AttributeError):
        return repr(function)


def digest_of(text: str) -> str:
    """12 hex digits of a source."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH]


def read_outcomes(path: str | Path) -> tuple[str, ...]:
    """Run a user's file, and give the names of the outcomes that it declares.

    Raises
    ------
    InputError
        There is no such file, it ends in a fault (told with its line), or it declares none.
    """
    module = module_of(Path(path), "outcomes of your own are in")
    text = Path(path).read_text(encoding="utf-8-sig")  # a theory's file declares its outcomes from another module
    found = [name for name, each in OUTCOMES.items()
             if each.of is not None and (each.of.__module__ == module.__name__ or each.source == text)]  # fmt: skip
    if not found:
        raise InputError(f'{path}: declares no outcome; put @sim.outcome(unit="h") above a function of a run')
    return tuple(found)


def own_of(names: Iterable[str]) -> tuple[Own, ...]:
    """Those among some outcomes that are a user's own, as a store keeps them."""
    found = []
    for name in names:
        each = KNOWN.get(name)
        if each is not None and each.of is not None:
            found.append(Own(name, each.unit, each.meaning, digest_of(each.source), each.source))
    return tuple(found)


def values(run: Any, own: Iterable[Own] = ()) -> dict[str, float]:
    """The user's own outcomes of a run; none named: all that are declared.

    Raises
    ------
    InputError
        A function fails (told with its file and line), gives no number, or is not known here.
    """
    wanted = [(each.name, _known(each)) for each in own] or [(n, e) for n, e in OUTCOMES.items() if e.of is not None]
    return {name: value_of(name, each, run) for name, each in wanted}


def declare(own: Iterable[Own]) -> None:
    """Declare outcomes by the source that a store keeps of them: it is run, as a user's own file is."""
    for each in own:
        _known(each)


def value_of(name: str, each: Outcome, run: Any) -> float:
    """One of a user's own outcomes of a run."""
    function = each.of
    code = getattr(function, "__code__", None)
    where = (code.co_filename, code.co_firstlineno) if code else (None, 1)
    try:
        given = function(run)
        found = float(given)
    except InputError:
        raise
    except Exception as fault:
        raise InputError(f"outcome {name}: {told(fault, *where)}{_column_near(fault, run)}") from fault
    if isinstance(given, bool | str) or math.isinf(found):
        raise InputError(
            f"outcome {name}: gave {given!r}, and an outcome is a finite number, or NaN where there is none"
        )
    return found


def _column_near(fault: Exception, run: Any) -> str:
    """Which table of a run has the column that a function asked another for, or the nearest name; else nothing."""
    asked = fault.args[0] if isinstance(fault, KeyError) and fault.args else None
    if not isinstance(asked, str):
        return ""
    columns = {table: list(getattr(run, table).columns) for table in TABLES if hasattr(run, table)}
    if there := [f"run.{table}" for table, names in columns.items() if asked in names]:
        return f"; {asked} is a column of {', '.join(there)}"
    near = nearest(asked, sorted({name for names in columns.values() for name in names}))
    return f"; no table has it{near or '; baton export csv writes what every column means'}"


def _known(own: Own) -> Outcome:
    """The declared outcome of that name and source; on another machine it is declared by its source first."""
    each = OUTCOMES.get(own.name)
    if each is None or digest_of(each.source) != own.digest:
        module_of_text(own.text)
        each = OUTCOMES.get(own.name)
    if each is None or digest_of(each.source) != own.digest:
        raise InputError(f"{own.name}: its source declares no such outcome{nearest(own.name, OUTCOMES)}")
    return each
