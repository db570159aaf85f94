"""Whether somebody has said that a fitted firm looks like the own one; until then no what-if of it is run."""

from __future__ import annotations

import datetime
import hashlib
import shlex
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError, Refused
from sim.files.folder import written_file
from sim.files.reading import read_bytes, read_text
from sim.files.toml_written import toml_text
from sim.scenario import Scenario
from sim.scenario.fitted import FILE, FUNNEL, MOST_BYTES
from sim.scenario.toml_read import load

GATE = "gate.toml"
ANSWERS = {"accept": "accepted", "adjust": "to be adjusted", "stop": "stopped"}  # and how each is told


class Gate(NamedTuple):
    """What gate.toml says: one of ANSWERS, by whom, when, why; `current` while nothing has changed since."""

    answer: str
    name: str
    date: str
    note: str
    current: bool


def seen_of(folder: str | Path) -> dict[str, str]:
    """The check sums of what was looked at: the funnel, and the fit where there is one."""
    found = {}
    for name in (FUNNEL, FILE):
        path = Path(folder) / name
        if path.is_file():
            found[name.removesuffix(".json")] = hashlib.sha256(read_bytes(path, MOST_BYTES)).hexdigest()
    return found


def gate_of(folder: str | Path) -> Gate | None:
    """What was said of a folder, or None; what cannot be read was not said."""
    path = Path(folder) / GATE
    if not path.is_file():
        return None
    table = load(read_text(path), str(path))
    said = [table.get(name) for name in ("answer", "name", "date", "note")]
    if not all(isinstance(each, str) for each in said) or said[0] not in ANSWERS:
        raise InputError(f"{path}: is not as `baton gate` writes it; say it anew by baton gate")
    return Gate(*said, current=table.get("seen") == seen_of(folder))


def is_accepted(folder: str | Path) -> bool:
    """Whether what-ifs may be run, and money be shown: somebody accepted, and nothing has changed since."""
    gate = gate_of(folder)
    return gate is not None and gate.answer == "accept" and gate.current


def ask_gate(*scenarios: Scenario) -> None:
    """Refuse a what-if of firms that `baton import` made and nobody has accepted; of others nothing is asked.

    Raises
    ------
    Refused
        With a sentence for each such firm.
    """
    why = [_why(folder) for folder in dict.fromkeys(each.firm for each in scenarios if each.firm)
           if not is_accepted(folder)]  # fmt: skip
    if why:
        raise Refused(why)


def _why(folder: str) -> str:
    gate, name = gate_of(folder), Path(folder).name
    place = name if Path(name).resolve() == Path(folder) else folder
    command = f"look at it by: baton gate {shlex.quote(place)}; then add --accept, with --name"
    if gate is None:
        return f"{name}: nobody has said yet that it looks like your firm, so no what-if of it is run; {command}"
    if not gate.current:
        return f"{name}: import or fit have changed since {gate.name} looked at it on {gate.date}; {command}"
    note = f" ({gate.note})" if gate.note else ""
    said = f"{gate.name} said on {gate.date} that it is {ANSWERS[gate.answer]}{note}"
    return f"{name}: {said}, so no what-if of it is run; {command}"


def write_gate(folder: str | Path, answer: str, name: str, note: str = "", misfit: str = "") -> Gate:
    """Write gate.toml: the answer ("accept", "adjust", "stop"), by whom, today, why, and what was looked at."""
    if answer not in ANSWERS:
        raise InputError(f"answer = {answer!r}: must be one of {', '.join(ANSWERS)}")
    if not name.strip():
        raise InputError("name: say who looked at it")
    today = datetime.date.today().isoformat()
    table = {"answer": answer, "name": name.strip(), "date": today, "note": note.strip(), "misfit": misfit or None,
             "seen": seen_of(folder)}  # fmt: skip
    with written_file(Path(folder) / GATE) as path:
        path.write_text(toml_text(table), encoding="utf-8")
    return Gate(answer, name.strip(), today, note.strip(), True)
