"""What a point of an experiment sets: numbers, numbers from a year on, days of dated changes, and whose people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.arguments import whole_if_it_can
from sim.errors import InputError
from sim.intake import OrganizationSource
from sim.intake.drawn import KINDS, drawn_people
from sim.model.theory import Number
from sim.scenario import Change, Scenario
from sim.scenario.own_theory import OwnTheory
from sim.scenario.refusals import COUNTED, OWN_PEOPLE
from sim.scenario.scenario import THEORY
from sim.scenario.schema import ANY as NUMBERS
from sim.scenario.schema import LONGEST, checked_values, in_words, sentences
from sim.scenario.toml_read import shown

PEOPLE, DRAW = "organization.people", "organization.draw"
AS_BASE, GENERATED = "base", "generated"  # of PEOPLE: the base's own people, and a firm without any
YEAR = re.compile(r"([a-z_]+\.[a-z0-9_]+)\.year([1-9]\d?)")
DATE = re.compile(r"change([1-9]\d{0,3})\.day")
DAYS_A_YEAR = 260
MOST_DRAWS = 1_000_000
OF_NETWORKS = ("workforce.ties_per_rep", "workforce.mates", *COUNTED)  # numbers that drawn networks are made by
FORMS = "liaison.count.year2 (a number from a year on), change1.day (the day of the base's first dated change)"


def about(name: str) -> Number | None:
    """What is declared of anything that a point may set, besides whose people; None where there is no such thing.

    >>> about("liaison.count.year2").meaning, about("change1.day").unit, about("change0.day")
    ('liaisons, from year 2 on', 'day', None)
    """
    if name in NUMBERS:
        return NUMBERS[name]
    if (found := YEAR.fullmatch(name)) and found[1] in NUMBERS:
        number = NUMBERS[found[1]]
        return number._replace(name=name, meaning=f"{number.meaning}, from year {found[2]} on")
    if found := DATE.fullmatch(name):
        what = f"the day on which the base's dated change {found[1]} begins"
        return Number(name, int, 0, "day", 0, LONGEST - 1, what, "", True, None, None, False)
    if name == DRAW:
        what = "which of the networks of a kind is drawn"
        return Number(name, int, 0, "number", 0, MOST_DRAWS, what, "", False, None, None, False)
    return None


def checked(name: str, value: Any) -> tuple[float | None, list[str]]:
    """A value's code, or what is wrong with it.

    >>> checked("liaison.count.year2", -1)[1]
    ['liaison.count.year2 = -1 must be a whole number from 0 to 1000 (people)']
    """
    made = YEAR.fullmatch(name)
    if name in NUMBERS or made:
        number = made[1] if made else name
        good, faults = checked_values({number: value})
        return good.get(number), [each.replace(number, name, 1) for each in sentences(faults)]
    declared, value = about(name), whole_if_it_can(value)
    if declared and isinstance(value, int) and not isinstance(value, bool) and declared.low <= value <= declared.high:
        return value, []
    ends = f"{declared.low:,} to {declared.high:,} ({declared.unit})" if declared else "which is known"
    return None, [f"{name} = {shown(value)} must be a whole number from {ends}"]


def usual(base: Scenario, name: str) -> Any:
    """What the base has where a point sets nothing."""
    if name == PEOPLE:
        return AS_BASE
    if name == DRAW:
        return 0
    if found := DATE.fullmatch(name):
        return base.changes[int(found[1]) - 1].day
    if found := YEAR.fullmatch(name):
        group, key = found[1].split(".")
        return in_words(found[1], getattr(getattr(base.theory_on(begins(int(found[2]))), group), key))
    return in_words(name, base.value(name))


def begins(year: int) -> int:
    """The first day of a year, counted from 1.

    >>> begins(1), begins(3)
    (0, 520)
    """
    return DAYS_A_YEAR * (year - 1)


def with_levers(
    base: Scenario,
    levers: Mapping[str, Any],
    people: Mapping[str, OrganizationSource] | None = None,
    theories: Mapping[str, OwnTheory | None] | None = None,
) -> Scenario:
    """A scenario with what a point sets.

    A theory is given by its word; numbers of theories that are not lived by then do nothing, and are left out.

    people      where each name of PEOPLE is read from, besides AS_BASE, GENERATED and KINDS
    theories    what each word of THEORY means

    Raises
    ------
    InputError
        A combination that no organization can have.
    """
    if theories and THEORY in levers:
        chosen = theories[levers[THEORY]]
        foreign = {number.name for each in theories.values() if each and each is not chosen for number in each.numbers}
        levers = {name: value for name, value in levers.items() if name != THEORY and name not in foreign}
        base = base.but({THEORY: chosen})
    plain = {name: value for name, value in levers.items() if name in NUMBERS}
    if len(plain) == len(levers):
        return base.but(plain)
    changes, by_year = list(base.changes), dict[int, dict[str, Any]]()
    for name, value in levers.items():
        if found := DATE.fullmatch(name):
            place = int(found[1]) - 1
            if place >= len(changes):
                raise InputError(f"{name}: the base has {len(changes)} dated changes")
            changes[place] = replace(changes[place], day=int(value))
        elif found := YEAR.fullmatch(name):
            by_year.setdefault(int(found[2]), {})[found[1]] = value
    changes += [Change(begins(year), values) for year, values in sorted(by_year.items())]
    made = base.but(changes=tuple(changes)) if changes != list(base.changes) else base
    who = levers.get(PEOPLE, AS_BASE)
    if who == AS_BASE:
        return made.but(plain)
    return _with_people(made, plain, str(who), int(levers.get(DRAW, 0)), people or {})


def _with_people(
    base: Scenario, plain: dict[str, Any], who: str, draw: int, people: Mapping[str, OrganizationSource]
) -> Scenario:
    """The scenario with other people: none, a drawn network, or those of a file."""
    if who == GENERATED:
        return base.but(plain, organization=None)
    own = {name: value for name, value in base.values.items() if name not in COUNTED and name not in OWN_PEOPLE}
    if who in KINDS:
        ties, mates, marketers, salespeople = (plain.get(name, base.value(name)) for name in OF_NETWORKS)
        source = drawn_people(who, int(marketers), int(salespeople), ties, int(mates), draw)
        plain = {name: value for name, value in plain.items() if name not in OF_NETWORKS}
    elif who in people:
        source = people[who]
    else:
        raise InputError(f"{PEOPLE} = {shown(who)}: these people are not in the store; run the experiment's own file")
    return replace(base, values=own, organization=source, sets=base.sets).but(plain)
