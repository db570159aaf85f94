"""The layout of the rules' module: where each column and number lies, which rules it has, and by what it was made."""

from __future__ import annotations

import inspect
import json
from typing import Any

import numpy as np

from sim.model import appointments, doors, firm, hashes, kernel, memory, network, theory
from sim.model.day_zero import seats
from sim.model.showing import watch
from sim.model.theory import Theory

# What a host of the rules must know beside them, from where it is declared.
CONSTANTS = {
    "agenda": firm.AGENDA, "at_once": firm.AT_ONCE, "day_zero_room": memory.ROOM_DAYS, "caught": memory.CAUGHT,
    "caught_by_reps": memory.CAUGHT_BY_REPS, "signed": memory.SIGNED, "first": appointments.FIRST,
    "page": appointments.PAGE, "year": firm.YEAR, "quarter": firm.QUARTER, "kinds_of_seat": seats.KINDS,
    "practices": firm.N_PRACTICES, "items": firm.N_ITEMS, "sides": firm.N_SIDES, "decisions": len(firm.Decision),
    "patches_a_person": network.PATCHES_A_PERSON, "seats_ever": network.SEATS_EVER, "line": kernel.LINE,
    "teams": {team.name.lower(): int(team) for team in firm.Team}, "shocks": list(theory.SHOCKS),
}  # fmt: skip


def layout(gives: dict[str, str], frame: int, made: dict[str, Any]) -> dict[str, Any]:
    """Everything that a host needs to keep a firm's arrays and to call rules, as JSON takes it.

    gives      by the name of each door, the kind of number that it gives back
    frame      bytes that the arguments of any door take, and its answer
    made       what is said of the module's making
    """
    firm_, numbers, _ = doors.like_a_run()
    return {
        "fingerprint": kernel.rules_fingerprint(),
        **made,
        "frame": frame,
        "constants": CONSTANTS,
        "pools": list(hashes.POOLS),
        "tables": {name: _table(table) for name, table in firm_._asdict().items()},
        "told": _table(np.zeros(0, network.TIE)),
        "watch": {name: _table(np.zeros(0, kind)) for name, kind in watch.KEPT.items()},
        "frames": frames(),
        "numbers": {group: _group(group, numbers) for group in Theory._fields},
        "doors": {
            door.name: {
                "takes": dict(zip(_names(door.rule), map(_kind, door.arguments), strict=True)),
                "gives": gives[door.name],
            }
            for door in doors.every()
        },
    }


def frames() -> dict[str, Any]:
    """What whoever reads frames must know: where the columns of each part lie, what their bits mean, seats' names."""
    parts = {name: _table(np.zeros(0, kind)) for name, kind in watch.PARTS.items()}
    return {"parts": parts, **watch.CONSTANTS, "kinds_of_seat": seats.KINDS, "letters": seats.LETTERS}


def text_of(layout: dict[str, Any]) -> str:
    """The layout as JSON, with a line for each table, group and rule, so that changes can be read."""
    parts = []
    for name, part in layout.items():
        if isinstance(part, dict) and all(isinstance(each, dict) for each in part.values()):
            lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(each)}" for key, each in part.items())
            parts.append(f" {json.dumps(name)}: {{\n{lines}\n }}")
        else:
            parts.append(f" {json.dumps(name)}: {json.dumps(part)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _names(rule) -> list[str]:
    return list(inspect.signature(kernel.plain(rule)).parameters)


def _kind(argument) -> str:
    """What stands in a call for an argument: `firm`, `theory`, `dice`, an array with its axes, or a number's type."""
    if isinstance(argument, tuple):
        return type(argument).__name__.lower()
    if isinstance(argument, np.ndarray):
        return f"array {argument.ndim}"
    return type(argument).__name__


def _table(table: np.ndarray) -> dict[str, Any]:
    """Axes and bytes of a row; of a table with columns, where each begins, its type and its places."""
    found: dict[str, Any] = {"axes": table.ndim, "size": table.dtype.itemsize}
    if table.dtype.names:
        found["columns"] = _columns(table.dtype)
    else:
        found["type"] = table.dtype.str[1:]
    return found


def _columns(kind: np.dtype) -> dict[str, list]:
    columns = {}
    for name in kind.names:
        column, offset = kind.fields[name][:2]
        base, shape = column.subdtype or (column, ())
        columns[name] = [offset, base.str[1:], int(np.prod(shape, dtype=int))]
    return columns


def _group(group: str, numbers) -> dict[str, Any]:
    """A group of numbers as one record: where each begins, its type, default and bounds, and what rows are made of."""
    record, declared = getattr(numbers, group), theory.numbers()
    found = {}
    for name, (offset, kind, places) in _columns(record.dtype).items():
        found[name] = {"at": offset, "type": kind, "places": places}
        number = declared.get(f"{group}.{name}")
        if number is None:
            found[name]["of"] = _made_of(group, name)
        else:
            found[name] |= {"default": number.default, "low": number.low, "high": number.high}
    return {"size": record.dtype.itemsize, "fields": found}


def _made_of(group: str, row: str) -> list:
    """The number that stands in each place of a row, by its name; a constant where none does."""
    plain, made = Theory(), []
    before = getattr(getattr(plain, group), row)
    for place, value in enumerate(before):
        moved = [
            name.split(".")[1]
            for name, number in theory.numbers().items()
            if name.startswith(f"{group}.") and _moved(plain, name, number, row)[place] != value
        ]
        made.append(moved[0] if moved else value)
    return made


def _moved(plain: Theory, name: str, number, row: str) -> tuple:
    """A row when one number is at the other end of its bounds."""
    other = theory.with_values(plain, {name: number.high if number.default != number.high else number.low})
    return getattr(getattr(other, name.split(".")[0]), row)
