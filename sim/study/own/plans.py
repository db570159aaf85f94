"""Plans of a firm of one's own: files of named, dated actions and what they cost; changed, undone, compared."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.arguments import value_typed
from sim.errors import InputError, cut, nearest
from sim.files.folder import written_file
from sim.files.reading import decoded, lines_of, read_bytes, read_text
from sim.files.toml_written import toml_text
from sim.scenario import Scenario, read
from sim.scenario.toml_read import load
from sim.study.own.actions import KINDS, Step, compiled, step_of
from sim.study.own.folder import KEY, MARK, PLANS, key_of

BEFORE = ".before"  # folder in that of plans: what they were
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST = 100  # actions of a plan; versions that can be undone
MONEY = ("cost_once", "cost_year", "hours")


@dataclass(frozen=True)
class Plan:
    """Named, dated actions on a firm.

    name       of the file, without its ending
    title      what people call it
    question   what it is to answer
    steps      what is done, in the order of the file
    """

    name: str
    title: str = ""
    question: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def called(self) -> str:
        return self.title or self.name.replace("-", " ")

    def costs(self, days: int) -> np.ndarray:
        """(days,) k€ that the plan's own costs take from each day."""
        return sum((step.cost_each_day(days) for step in self.steps), np.zeros(days))

    def scenario(self, as_is: Scenario, leave_out: bool = False) -> Scenario:
        """The firm with all that is planned; raises InputError with every fault."""
        return compiled(as_is, self.steps, self.called, leave_out)

    def with_step(self, step: Step) -> Plan:
        return replace(self, steps=(*self.steps, step))

    def without(self, number: int) -> Plan:
        """Without an action, by its number from 1 on."""
        if not 1 <= number <= len(self.steps):
            raise InputError(f"{self.name}: has no action {number}; it has {len(self.steps)}")
        return replace(self, steps=self.steps[: number - 1] + self.steps[number:])


def firm_at(folder: str | Path) -> tuple[Scenario, datetime.date | None]:
    """The scenario of a folder and the day of its export, which is day 0."""
    path = Path(folder) / MARK
    if not path.is_file():
        raise InputError(f"{folder}: holds no {MARK}; baton import makes such a folder")
    imported = load(read_text(path), str(path)).get("imported")
    given = imported.get("as_of") if isinstance(imported, dict) else None
    try:
        as_of = datetime.date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        raise InputError(f"{path}: as_of = {cut(str(given))} is no day such as 2026-01-31") from None
    return read(path), as_of


def day_of(date: datetime.date, as_of: datetime.date) -> int:
    """The working day, from the day of the export on, that a date is; a weekend's is the Monday after.

    >>> day_of(datetime.date(2025, 1, 13), datetime.date(2025, 1, 6)), day_of(datetime.date(2025, 1, 11), datetime.date(2025, 1, 6))
    (5, 5)
    """  # noqa: E501
    return int(np.busday_count(as_of, date))


def path_of(folder: str | Path, name: str) -> Path:
    """The file of a plan; refuses a name that could lead elsewhere."""
    if not NAME.fullmatch(name):
        raise InputError(f"{cut(name)!r}: a plan's name is of small letters, figures and hyphens, at most 40")
    return Path(folder) / PLANS / f"{name}.toml"


def names(folder: str | Path) -> list[str]:
    """The plans that a folder has."""
    return sorted(p.stem for p in (Path(folder) / PLANS).glob("*.toml") if NAME.fullmatch(p.stem) and p.is_file())


def read_plan(folder: str | Path, name: str, as_of: datetime.date | None = None) -> Plan:
    """A plan from its file.

    Raises
    ------
    InputError
        There is no such plan; or with one sentence for each fault of the file.
    """
    path = path_of(folder, name)
    if not path.is_file():
        known = names(folder)
        near = nearest(name, known) or (f"; there are {', '.join(known)}" if known else "; there are none yet")
        raise InputError(f"{folder}: has no plan {name}{near}; baton plan {Path(folder).name} {name} new begins one")
    return plan_of(load(read_text(path), str(path)), name, str(path), as_of)


def plan_of(tables: Mapping[str, Any], name: str, place: str, as_of: datetime.date | None) -> Plan:
    """A plan from the tables of its file."""
    faults = [f"{place}: {cut(str(key))} is not known{nearest(str(key), ('title', 'question', 'actions'))}"
              for key in tables if key not in ("title", "question", "actions")]  # fmt: skip
    faults += [f"{place}: {key} must be a text" for key in ("title", "question")
               if not isinstance(tables.get(key, ""), str)]  # fmt: skip
    given, steps = tables.get("actions", []), []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given) or len(given) > MOST:
        raise InputError([*faults, f"{place}: actions must be at most {MOST} tables, each under [[actions]]"])
    for number, table in enumerate(given, 1):
        said = f"{place}, action {number}: "
        table, fault = dated(table, as_of, said)
        step, more = step_of(table, said) if not fault else (None, [fault])
        faults += more
        steps += [step] if step else []
    if faults:
        raise InputError(faults)
    return Plan(name, tables.get("title", ""), tables.get("question", ""), tuple(steps))


def dated(table: dict[str, Any], as_of: datetime.date | None, said: str) -> tuple[dict[str, Any], str]:
    """An action's table with a working day where it had a date."""
    if "date" not in table:
        return table, ""
    date = table["date"]
    if isinstance(date, str):
        try:
            date = datetime.date.fromisoformat(date)
        except ValueError:
            return table, f"{said}date = {cut(date)} is no day such as 2026-01-31"
    if isinstance(date, datetime.datetime) or not isinstance(date, datetime.date):
        return table, f"{said}date must be a day such as 2026-01-31"
    if "day" in table:
        return table, f"{said}has a day and a date; give one of them"
    if as_of is None:
        return table, f"{said}a date needs the day of the export (import --as-of); give day, from 1 on"
    day = day_of(date, as_of)
    if day < 1:
        return table, f"{said}date {date} must be after the day of the export, {as_of}"
    return {**{key: value for key, value in table.items() if key != "date"}, "day": day}, ""


def text_of(plan: Plan) -> str:
    """The plan as its file says it; a date has become a working day."""
    rows = [{"do": s.do, **s.given, "day": s.day, **{k: getattr(s, k) or None for k in MONEY}, "note": s.note or None}
            for s in plan.steps]  # fmt: skip
    return toml_text({"title": plan.title or None, "question": plan.question or None, "actions": rows or None})


def write_plan(folder: str | Path, plan: Plan) -> None:
    """Write a plan; what it was before can be had back by `undo`."""
    path = path_of(folder, plan.name)
    if path.is_file():
        kept = _versions(folder, plan.name)
        number = int(kept[-1].stem.rpartition("@")[2]) + 1 if kept else 1
        before = path.parent / BEFORE / f"{plan.name}@{number:05}.toml"
        with written_file(before) as work:
            work.write_bytes(read_bytes(path, 1_000_000))
        for old in kept[: max(len(kept) + 1 - MOST, 0)]:
            old.unlink()
    with written_file(path) as work:
        work.write_text(text_of(plan), encoding="utf-8")


def undo(folder: str | Path, name: str) -> None:
    """Take back the last change of a plan."""
    kept = _versions(folder, name)
    if not kept:
        raise InputError(f"{name}: there is nothing to undo")
    with written_file(path_of(folder, name)) as work:
        work.write_bytes(read_bytes(kept[-1], 1_000_000))
    kept[-1].unlink()


def _versions(folder: str | Path, name: str) -> list[Path]:
    return sorted((path_of(folder, name).parent / BEFORE).glob(f"{name}@[0-9]*.toml"))


def code_of(folder: str | Path, who: str) -> str:
    """The code of a person who is named as the key beside the folder names them; a code stays as it is."""
    path = key_of(folder)
    if not path.is_file():
        return who
    head, *rows = list(csv.reader(lines_of(decoded(read_bytes(path), path.name)))) or [[]]
    if head != KEY:
        return who
    found = [row[1] for row in rows if len(row) == len(KEY) and row[0] == "person"
             and row[2].removeprefix("'").casefold() == who.casefold()]  # fmt: skip
    if len(found) > 1:
        raise InputError(f"{cut(who)}: {len(found)} people have this name: {', '.join(found)}; give the code")
    return found[0] if found else who


def differences(one: Plan, other: Plan) -> list[tuple[str, Step]]:
    """What two plans do not share: ("only in ONE", step), in the order of the days."""
    rows = [(one.name, step) for step in one.steps if step not in other.steps]
    rows += [(other.name, step) for step in other.steps if step not in one.steps]
    return sorted(rows, key=lambda row: row[1].day)


def totals(plan: Plan) -> dict[str, float]:
    """What a plan costs by its own words: k€ once, k€ a year and hours a week when all is done."""
    return {name: float(sum(getattr(step, name) for step in plan.steps)) for name in MONEY}


def typed(words: Sequence[str], folder: str | Path) -> dict[str, Any]:
    """An action as typed, NAME=VALUE by NAME=VALUE, with numbers as numbers and a name as a code."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not value.strip():
            raise InputError(
                f"{cut(word)!r}: give what an action asks for as NAME=VALUE, such as who=S3 or cost_once=5"
            )
        if name in found:
            raise InputError(f"{name} is given twice")
        text = value.strip()
        found[name] = (
            code_of(folder, text) if name == "who" else text if name in ("note", "date") else value_typed(text)
        )
    return found


def kinds_by_about() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """All actions there are, by what they are about: name, words, what they ask for."""
    found: dict[str, list] = {}
    for name, kind in KINDS.items():
        said = re.sub(r"{(\w+)[^}]*}", lambda what: what[1].upper(), kind.says)
        found.setdefault(kind.about, []).append((name, said, kind.asks))
    return found
