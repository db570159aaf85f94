"""What a visitor wants to see, checked: scenarios with dated changes, a market, a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError, nearest
from sim.given import SEEDS
from sim.scenario import Change, Scenario, read, shipped

ARMS = ("a", "b")
MOST_CHANGES, MOST_DAYS, MOST_PEOPLE = 60, 5200, 5000
MANY_PEOPLE = 600  # from here on thirty markets in the background would take everybody's time


@dataclass(frozen=True)
class Plan:
    """One or two organizations in a market, and the baseline they are held against.

    arms   "a", and in a comparison "b"
    base   the pinned baseline, drawn as a ghost
    day    where the visitor stands
    """

    arms: dict[str, Scenario]
    base: Scenario
    seed: int
    day: int


def plan_of(message: dict[str, Any], extra: dict[str, Scenario] | None = None) -> Plan:
    """A plan from a visitor's message.

    extra   scenarios that were given to the server by path, by name

    Raises
    ------
    InputError
        With one sentence for each fault.
    """
    faults: list[str] = []
    arms_given = message.get("arms")
    if not isinstance(arms_given, dict) or not arms_given or set(arms_given) - set(ARMS) or "a" not in arms_given:
        raise InputError('arms: give {"a": …} or {"a": …, "b": …}')
    arms = {}
    for name, given in [*arms_given.items(), ("base", message.get("base", arms_given["a"]))]:
        try:
            arms[name] = _scenario(given, extra or {})
        except InputError as fault:
            faults += fault.problems
    seed = message.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < min(SEEDS, 2**53):
        faults.append(f"market {seed!r}: a market is a whole number from 0 to 2**53 - 1")
    try:
        day = checked_day(message.get("day", 0))
    except InputError as fault:
        faults += fault.problems
    if not faults and len({scenario.days for scenario in arms.values()}) > 1:
        longest = min(scenario.days for scenario in arms.values())
        arms = {name: _shortened(scenario, longest) for name, scenario in arms.items()}
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    base = arms.pop("base")
    return Plan(arms, base, seed, min(day, base.days))


def checked_day(day: Any) -> int:
    """A day that a visitor names."""
    if isinstance(day, bool) or not isinstance(day, int) or day < 0:
        raise InputError(f"day {str(day)[:30]}: give a whole number of days from 0 on")
    return day


def _scenario(given: Any, extra: dict[str, Scenario]) -> Scenario:
    if not isinstance(given, dict) or set(given) - {"scenario", "changes"}:
        raise InputError("an organization is {scenario: name, changes: [{day, values}]}")
    name, changes = given.get("scenario", "default"), given.get("changes", [])
    known = [*shipped(), *extra]
    if not isinstance(name, str) or name not in known:  # never a path: a visitor reads no files of ours
        raise InputError(f"there is no scenario {str(name)[:60]!r}{nearest(str(name)[:60], known)}")
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
        raise InputError(f"changes: give a list of at most {MOST_CHANGES}")
    base = extra.get(name) or read(name)
    made = [_change(each) for each in changes]
    if made:
        try:
            base = base.but(changes=(*base.changes, *made))
        except InputError as fault:
            raise InputError([_as_on_the_page(each) for each in fault.problems]) from None
    _not_too_large(base)
    return base


def _as_on_the_page(fault: str) -> str:
    """A fault that levers alone can bring about, in the page's words: who moves them knows no file."""
    few = re.search(r"liaison\.count = (\d+)( on day \d+)? must be less than the (\d+) marketers", fault)
    if few is None:
        return fault
    return f"Liaisons come from Marketing, and at least one marketer stays: no {few[1]} of {few[3]}{few[2] or ''}."


def _change(given: Any) -> Change:
    if not isinstance(given, dict) or set(given) - {"day", "values"} or not isinstance(given.get("values"), dict):
        raise InputError("a change is {day, values: {name: number}}")
    return Change(given.get("day"), given["values"])


def _not_too_large(scenario: Scenario) -> None:
    """A visitor may not ask for what would starve the others."""
    if (most := people(scenario)) > MOST_PEOPLE:
        raise InputError(f"{most:,} people: the page shows at most {MOST_PEOPLE:,}; use `baton run` for more")
    if scenario.days > MOST_DAYS:
        raise InputError(f"{scenario.days} days: the page shows at most {MOST_DAYS:,}")


def people(scenario: Scenario) -> int:
    """The most people a scenario comes to have by its levers."""
    sizes = [{f"workforce.{k}": v for k, v in scenario.theory.workforce._asdict().items()}]
    sizes += [change.values for change in scenario.changes]
    return int(sum(max(s.get(f"workforce.{n}", 0) for s in sizes) for n in ("marketers", "salespeople")))


def _shortened(scenario: Scenario, days: int) -> Scenario:
    return scenario.but(days=days, changes=tuple(c for c in scenario.changes if c.day < days))
