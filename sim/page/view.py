"""What a visitor wants to see, checked: scenarios with dated changes, a market, a day."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sim.arguments import SEEDS
from sim.errors import InputError, nearest
from sim.page.desks import largest
from sim.run import check_memory
from sim.scenario import Change, Scenario, read, shipped
from sim.scenario.toml_read import shown

ARMS = ("a", "b")
MOST_CHANGES, MOST_DAYS = 60, 5200
MOST_WORK = 5_200_000  # people x days: 4,000 people for five years, about twenty seconds of a processor
MANY_PEOPLE = 600  # from here on thirty markets in the background would take everybody's time


@dataclass(frozen=True)
class View:
    """One or two organizations in a market, and the baseline they are held against.

    arms   "a", and in a comparison "b"
    base   the pinned baseline, drawn as a ghost
    day    where the visitor stands
    """

    arms: dict[str, Scenario]
    base: Scenario
    seed: int
    day: int


def view_of(message: dict[str, Any], extra: dict[str, Scenario] | None = None, unlimited: Collection[str] = ()) -> View:
    """What a visitor's message asks to see.

    extra      scenarios that were given to the server by path, by name
    unlimited  names of those that may be too large for a page

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
            arms[name] = _scenario(given, extra or {}, unlimited)
        except InputError as fault:
            faults += fault.problems
    seed = message.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < min(SEEDS, 2**53):
        faults.append(f"market {shown(seed)}: a market is a whole number from 0 to 2**53 - 1")
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
    return View(arms, base, seed, min(day, base.days))


def checked_day(day: Any) -> int:
    """A day that a visitor names."""
    if isinstance(day, bool) or not isinstance(day, int) or day < 0:
        raise InputError(f"day {str(day)[:30]}: give a whole number of days from 0 on")
    return day


def _scenario(given: Any, extra: dict[str, Scenario], unlimited: Collection[str]) -> Scenario:
    if not isinstance(given, dict) or set(given) - {"scenario", "changes"}:
        raise InputError("an organization is {scenario: name, changes: [{day, values}]}")
    name, changes = given.get("scenario", "default"), given.get("changes", [])
    known = [*shipped(), *extra]
    if not isinstance(name, str) or name not in known:  # never a path: a visitor reads no files of ours
        raise InputError(f"there is no scenario {str(name)[:60]!r}{nearest(str(name)[:60], known)}")
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
        raise InputError(f"changes: give a list of at most {MOST_CHANGES}")
    base = extra.get(name) or read(name)
    try:
        base.load_organization()
    except InputError:  # its sentences name files of the server's machine
        raise InputError(f"{name}: its people and ties cannot be read on the server's machine") from None
    made = [_change(each) for each in changes]
    if made:
        try:
            base = base.but(changes=(*base.changes, *made))
        except InputError as fault:
            raise InputError([_as_on_the_page(each) for each in fault.problems]) from None
    if name not in unlimited and (reason := too_large(base)):
        raise InputError(reason)
    check_memory(base)
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


def too_large(scenario: Scenario) -> str:
    """Why a scenario is too large for a page, or nothing."""
    most = people(scenario)
    if most * scenario.days > MOST_WORK:
        return (f"{most:,} people for {scenario.days:,} days: the page shows at most "
                f"{MOST_WORK // scenario.days:,} people for so long; `baton run` takes more")  # fmt: skip
    return f"{scenario.days} days: the page shows at most {MOST_DAYS:,}" if scenario.days > MOST_DAYS else ""


def people(scenario: Scenario) -> int:
    """The most people a scenario comes to have by its levers."""
    return sum(largest(scenario, team) for team in ("marketers", "salespeople"))


def whole(message: dict[str, Any], name: str, low: int, high: int, usual: int = 0) -> int:
    """A whole number that a visitor gives, within bounds."""
    value = message.get(name, usual)
    if type(value) is not int or not low <= value <= high:
        raise InputError(f"{name} = {shown(value)}: give a whole number from {low} to {high}")
    return value


def _shortened(scenario: Scenario, days: int) -> Scenario:
    return scenario.but(days=days, changes=tuple(c for c in scenario.changes if c.day < days))
