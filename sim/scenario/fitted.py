"""Sets of numbers of a fitted firm: read from its fit.json, or from a file that carries them, and always checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, tell
from sim.files.reading import read_bytes
from sim.scenario.changes import Values
from sim.scenario.refusals import COUNTED, PLACED
from sim.scenario.schema import Fault, checked_values, number_of

FILE, FUNNEL = "fit.json", "funnel.json"
MOST_SETS, MOST_BYTES = 1000, 20_000_000
UNFITTED = {PLACED, "distance.building_m", *COUNTED}  # people and places are read by these, once for all sets
WHERE = ("fitted",)
DEMAND, CUSTOMERS = "market.size", "customers.per_rep"


class NumberSet(Values):
    """One set of numbers that has been checked."""


def checked_sets(sets: Any) -> tuple[tuple[NumberSet, ...], list[Fault]]:
    """Sets that are right, and a fault where they are not; all of them set the same numbers."""
    if isinstance(sets, tuple) and all(isinstance(each, NumberSet) for each in sets):
        return sets, []
    if not isinstance(sets, tuple) or len(sets) > MOST_SETS or not all(isinstance(each, Mapping) for each in sets):
        return (), [Fault(WHERE, f"sets must be at most {MOST_SETS} sets of numbers by name")]
    found, faults = [], []
    for each in sets:
        values, more = checked_values(each)
        faults += [Fault(WHERE, fault.sentence) for fault in more]
        if set(each) != set(sets[0]) or UNFITTED & set(each):
            faults.append(
                Fault(WHERE, "sets must all set the same numbers, and none that people or places are read by")
            )
        found.append(NumberSet(values))
    return (() if faults else tuple(found)), faults[:1]


def with_customers(values: Mapping[str, float], more: Mapping[str, float]) -> dict[str, float]:
    """Numbers with some fitted ones in their place, and as many customers on day 0 as before.

    Day 0 has `customers.per_rep` x reps x `market.size` of them. Demand is fitted; customers are counted, so they do
    not grow with what is found out about demand. A rep has no more than the bound of `customers.per_rep`.

    >>> with_customers({"customers.per_rep": 50.0}, {"market.size": 2.0})
    {'customers.per_rep': 25.0, 'market.size': 2.0}
    """
    made = {**values, **more}
    size = float(more.get(DEMAND, 0.0))
    if size > 0 and CUSTOMERS not in more:
        before = float(values.get(DEMAND, number_of(DEMAND).default))
        each = float(values.get(CUSTOMERS, number_of(CUSTOMERS).default)) * before / size
        made[CUSTOMERS] = min(each, float(number_of(CUSTOMERS).high))
    return made


def sets_in_file(
    table: Any, path: Path, imported: Any, own: Mapping[str, float], faults: list[Fault]
) -> tuple[tuple[NumberSet, ...], dict[str, float]]:
    """The sets that a scenario file carries, or that lie beside the file that `baton import` wrote; and the middle one.

    table      what stands under [fitted], or None
    imported   what stands under [imported], or None
    own        numbers that the file sets: what somebody set in a firm's file by hand is in doubt no more
    """
    if table is not None:
        sets, wrong = _of_table(table)
        faults += wrong
        return sets, {}
    if imported is None or not (path.parent / FILE).is_file():
        return (), {}
    try:
        kept = json.loads(read_bytes(path.parent / FILE, MOST_BYTES))
        funnel = hashlib.sha256(read_bytes(path.parent / FUNNEL, MOST_BYTES)).hexdigest()
    except (ValueError, RecursionError):
        raise InputError(f"{path.parent / FILE}: is not JSON as `baton fit` writes it") from None
    if not isinstance(kept, dict) or kept.get("of") != funnel:
        tell(f"{path.parent / FILE}: was made of another funnel, so it is not used; baton fit makes it anew")
        return (), {}
    sets, middle, wrong = sets_of_fit(kept)
    if wrong:
        raise InputError([f"{path.parent / FILE}: {fault.sentence}" for fault in wrong])
    measured = imported.get("measured") if isinstance(imported, dict) else None
    by_hand = set(own) - set(measured if isinstance(measured, dict) else ())
    return without(sets, by_hand), {name: value for name, value in middle.items() if name not in by_hand}


def without(sets: tuple[NumberSet, ...], names: Collection[str]) -> tuple[NumberSet, ...]:
    """The same sets without some numbers; none where nothing is left in them."""
    if not sets or not set(sets[0]) & set(names):
        return sets
    left = tuple(NumberSet({name: x for name, x in each.items() if name not in names}) for each in sets)
    return left if len(left[0]) else ()


def sets_of_fit(kept: Any) -> tuple[tuple[NumberSet, ...], dict[str, float], list[Fault]]:
    """The sets of a fit.json, and the middle one: {sets: [{name: number}], middle}."""
    sets = kept.get("sets") if isinstance(kept, dict) else None
    middle = kept.get("middle") if isinstance(kept, dict) else None
    if not isinstance(sets, list) or not sets or type(middle) is not int or not 0 <= middle < len(sets):
        return (), {}, [Fault(WHERE, "must hold sets of numbers, and the number of the middle one")]
    found, faults = checked_sets(tuple(sets))
    return found, dict(found[middle]) if found else {}, faults


def _of_table(table: Any) -> tuple[tuple[NumberSet, ...], list[Fault]]:
    """The sets that a scenario file carries, {numbers, values}; its own numbers are the middle ones."""
    names = table.get("numbers") if isinstance(table, dict) else None
    rows = table.get("values") if isinstance(table, dict) else None
    right = _is_list(names, str) and isinstance(rows, list) and 0 < len(rows) <= MOST_SETS
    right = right and all(_is_list(row, int | float) and len(row) == len(names) for row in rows)
    if not right or len(set(names)) != len(names):
        said = "fitted must hold numbers, a list of names, and values, a list of as many numbers for each set"
        return (), [Fault(WHERE, said)]
    return checked_sets(tuple(dict(zip(names, row, strict=True)) for row in rows))


def _is_list(given: Any, kind: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, kind) and not isinstance(each, bool) for each in given)


def as_table(sets: Sequence[Mapping[str, float]]) -> dict[str, Any] | None:
    """Sets as a file carries them; None where there are none."""
    if not sets:
        return None
    names = list(sets[0])
    return {"numbers": names, "values": [[each[name] for name in names] for each in sets]}
