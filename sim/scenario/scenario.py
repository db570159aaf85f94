"""A scenario: one organization and one question. Checked in full when made, never changed after."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.arguments import path_of, whole_if_it_can
from sim.errors import InputError, cut, nearest
from sim.intake import OrganizationSource, Withheld, read_organization
from sim.model.drive import Extended
from sim.model.network import Organization
from sim.model.theory import Theory, who_and_what, with_values
from sim.scenario.changes import Change, Values, after_the_end, faults_across, turning_days, values_on
from sim.scenario.fitted import NumberSet, checked_sets, with_customers, without
from sim.scenario.own_theory import OwnTheory, read_theory
from sim.scenario.refusals import MEASURED, PLACED, measured
from sim.scenario.schema import ANY, NUMBERS, Fault, check, checked_values, in_words, number_of, of_model, sentences

HORIZON = 1300  # working days: five years
THEORY = "theory"  # as files, commands and `but` call it; the attribute of that name is all numbers in force
FACE = ("title", "question", "days", "changes", "organization", THEORY)  # what but() takes beside the numbers


@dataclass(frozen=True)
class Scenario:
    """One organization and one question; immutable, equal if its content is equal.

    Parameters
    ----------
    title, question
        What the scenario is called and what it asks.
    days
        Working days to simulate: 5 a week, 65 a quarter, 260 a year.
    values
        Numbers of the theory by name, such as ``{"liaison.count": 1}``. Only
        what differs from the defaults is kept.
    changes
        Dated changes, in the order of their days.
    organization
        A user's own people and ties; None: the teams are generated.
    source
        The file it was read from; not part of its content.
    called
        What tables and legends call it, where a title was given by `but`: else
        they take the file's name. Not part of its content.
    sets
        Of a fitted firm, sets of its doubtful numbers by name: a run in market n
        takes the n-th (`in_market`), so that many markets show both the market's
        luck and the doubt. `values` holds the middle one.
    firm
        The folder that `baton import` wrote and it comes from; nothing of one
        written by hand. Not part of its content.
    own_theory
        Another theory that it lives by in place of the model's own day; None: the
        model's. Its own numbers stand in `values` as the others do.

    Raises
    ------
    InputError
        With one sentence for each fault.

    Examples
    --------
    >>> plan = Scenario().but(liaison__count=1, distance__between_teams_m=20)
    >>> plan.values
    {'liaison.count': 1, 'distance.between_teams_m': 20.0}
    """

    title: str = "Default"
    question: str = ""
    days: int = HORIZON
    values: Mapping[str, float] = field(default_factory=Values)
    changes: tuple[Change, ...] = ()
    organization: OrganizationSource | Withheld | None = None
    source: str = field(default="", compare=False)
    called: str = field(default="", compare=False)
    sets: tuple[NumberSet, ...] = ()
    firm: str = field(default="", compare=False)
    own_theory: OwnTheory | None = None

    def __post_init__(self) -> None:
        if self.own_theory is not None:
            self.own_theory.declare()
        object.__setattr__(self, "days", whole_if_it_can(self.days))
        face = {"title": self.title, "question": self.question, "days": self.days}
        _, faults = check("file", face)
        values, more = checked_values(self.values)
        stays = () if self.organization is None else MEASURED  # of one's own people, the default is what they are
        values = {name: value for name, value in values.items() if value != number_of(name).default or name in stays}
        faults += more + self._not_of_its_theory(values)
        sets, more = checked_sets(self.sets)
        faults += more
        given = self.changes if isinstance(self.changes, (list, tuple)) else ("?",)
        if not all(isinstance(change, Change) for change in given):
            faults.append(Fault(("changes",), "changes must be a list of sim.Change"))
        if not isinstance(self.organization, OrganizationSource | Withheld | None):
            faults.append(Fault(("organization",), "organization must be a sim.OrganizationSource or None"))
        if not faults:
            changes = tuple(sorted(given, key=lambda change: change.day))
            late = [f"changes: {after_the_end(c.day, self.days)}" for c in changes if c.day >= self.days]
            faults += [Fault(("changes",), sentence) for sentence in late]
        if not faults:
            faults = faults_across(self.days, values, changes, self.organization)
        if faults:
            raise InputError(sentences(faults))
        object.__setattr__(self, "values", Values(values))
        object.__setattr__(self, "changes", changes)
        object.__setattr__(self, "sets", sets)

    def _not_of_its_theory(self, values: Mapping[str, float]) -> list[Fault]:
        """A fault for each number of a theory that the scenario does not live by."""
        dated = self.changes if isinstance(self.changes, list | tuple) else ()
        given = {*values, *(name for each in dated if isinstance(each, Change) for name in each.values)}
        strange = [n for n in given if n not in NUMBERS and not (self.own_theory and self.own_theory.has(n))]
        why = f"than the one that is lived by ({self.lives_by})"
        return [Fault((*n.split("."),), f"{n} is a number of another theory ({n.split('.')[0]}) {why}")
                for n in sorted(strange)]  # fmt: skip

    @property
    def lives_by(self) -> str:
        """The name of the theory that is lived by: "baton" for the model's own."""
        return self.own_theory.name if self.own_theory else "baton"

    def in_market(self, seed: int, together: int = 1) -> Scenario:
        """The scenario with the set of numbers that a market takes; the same where there are no sets.

        The same market takes the same set whatever levers were moved, so two plans differ by nothing else. So many
        markets in a row take one set (`together`): two of them tell luck from doubt. All begin with as many customers.
        """
        if not self.sets:
            return self
        number_set = self.sets[seed // together % len(self.sets)]
        made = replace(self, values=with_customers(self.values, number_set), sets=())
        if "_organization" in self.__dict__:  # its people are the same ones, and are read once
            made.__dict__["_organization"] = self._organization
        return made

    def of_one_set(self, seed: int) -> Scenario:
        """As `in_market`, for a file that carries one set alone: its question says so."""
        if not self.sets:
            return self
        said = f"Its numbers are one of {len(self.sets)} sets that fit the firm, that of market {seed}."
        return replace(self.in_market(seed), question=f"{self.question} {said}".strip())

    def without_sets(self) -> Scenario:
        """The same with the middle set alone."""
        return replace(self, sets=()) if self.sets else self

    @cached_property
    def theory(self) -> Theory:
        """All numbers that the run begins with; what was counted and measured on the user's own people among them.

        With another theory they carry it, so that whoever lives by them lives by it.
        """
        return self._with_own({**values_on(0, self.values, self.changes), **self._measured})

    def theory_on(self, day: int) -> Theory:
        """All numbers in force on a day."""
        return self._with_own(values_on(day, {**self.values, **self._measured}, self.changes))

    def _with_own(self, values: Mapping[str, float]) -> Theory:
        theory = with_values(Theory(), of_model(values))
        return theory if self.own_theory is None else Extended.of(theory, self.own_theory.in_force(values))

    def value(self, name: str) -> float:
        """A number as the scenario begins with it: set, or measured on the user's own people, or the default."""
        return self._measured.get(name, self.values.get(name, number_of(name).default))

    @cached_property
    def _measured(self) -> dict[str, float]:
        people = self.organization if isinstance(self.organization, Withheld) else self.load_organization()
        if people is None:
            return {}
        found = measured(people)
        faults = faults_across(self.days, {**self.values, **found}, self.changes, None)
        if faults:
            raise InputError(sentences(faults))
        return found

    def steps(self) -> list[tuple[int, Theory, str | None]]:
        """What changes during the run, in order: (day, all numbers from that day on, shock or None).

        Changes that end are resolved: their numbers go back. What is in force
        on day 0 is in `theory`; a shock on day 0 is a step, and so is a change
        on day 0 of what was counted or measured on the user's own people. What happens to one person comes before the
        numbers of that day.
        """
        found: list[tuple[int, Theory, str | None]] = []
        before = self.theory
        for day in turning_days(self.changes, self.days):
            now = self.theory_on(day)
            shocks: list[str] = [c.shock for c in self.changes if c.day == day and c.shock]
            found += [(day, before, shock) for shock in shocks if who_and_what(shock)]  # people first, then numbers
            others: list[str | None] = [shock for shock in shocks if not who_and_what(shock)]
            if others or now != before:
                found += [(day, now, shock) for shock in others or [None]]
            before = now
        return found

    def load_organization(self) -> Organization | None:
        """The user's own people and ties, read once; None if the teams are generated.

        Raises
        ------
        InputError
            With one sentence for each fault in the files.
        """
        return self._organization

    @cached_property
    def _organization(self) -> Organization | None:
        source = self._source()
        if source is None:
            return None
        within = self.values.get(PLACED, NUMBERS[PLACED].default)
        between = self.values.get("distance.building_m", NUMBERS["distance.building_m"].default)
        workforce = with_values(Theory(), of_model(values_on(0, self.values, self.changes))).workforce
        found = read_organization(source, within, max(within, between), workforce)
        if isinstance(self.organization, Withheld) and found.digest != self.organization.digest:
            was, now = self.organization.digest[:12], found.digest[:12]
            raise InputError(f"{self.organization.file}: its people are others now: their hash was {was} and is {now}")
        if PLACED in self.values:  # everybody sits where the lever says, whatever the sites are
            found.ties["distance"] = within
        return found

    def _source(self) -> OrganizationSource | None:
        """Where the people are read from; in a file that may be mailed they are found again by another."""
        if not isinstance(self.organization, Withheld):
            return self.organization
        from sim.scenario.toml_file import found_again

        return found_again(self.organization)

    @property
    def people(self) -> str:
        """A hash of the user's own people, ties and what they mean; nothing where the teams are generated."""
        if isinstance(self.organization, Withheld):
            return self.organization.digest
        own = self.load_organization()
        return own.digest if own else ""

    def named(self) -> Scenario:
        """The same with the user's own names of people, where M1, M2, …, S1, S2, … stand else."""
        own = self.organization
        return self if own is None else replace(self, organization=replace(own, keep_names=True))

    def but(self, levers: Mapping[str, Any] | None = None, /, **more: Any) -> Scenario:
        """The same scenario with something else in it.

        Parameters
        ----------
        levers
            Numbers by full name, such as ``{"liaison.count": 1}``.
        **more
            The same with two underscores for the dot (``liaison__count=1``), or
            title, question, days, changes, organization, theory (the name of one that
            comes with Baton, a Python file, or "baton" for the model's own).

        Returns
        -------
        Scenario
            A new one; this one stays as it is.

        Raises
        ------
        InputError
            For unknown names, with the nearest right one, and for values out of bounds.
        """
        values, face = dict(levers or {}), {}
        faults: list[str] = []
        now = self
        for given in (values.pop(THEORY, self.own_theory), more.pop(THEORY, self.own_theory)):
            if given is not self.own_theory:
                now = self._living_by(read_theory(given))
        for name, value in more.items():
            if name in FACE:
                face[name] = value
            elif (dotted := name.replace("__", ".")) in ANY:
                values[dotted] = value
            else:
                near = nearest(name, [*FACE, *(n.replace(".", "__") for n in ANY)], len(faults))
                faults.append(f"but(): {cut(name)} is not known{near}")
        if faults:
            raise InputError(faults + sentences(checked_values(values)[1]))
        called = {"called": face["title"]} if isinstance(face.get("title"), str) else {}
        sets = without(self.sets, values)  # a number that somebody sets is in doubt no more
        return replace(now, values={**now.values, **values}, sets=sets, **face, **called)

    def _living_by(self, theory: OwnTheory | None) -> Scenario:
        """The same by another theory: numbers that were the former one's own are left behind."""

        def left(values: Mapping[str, float]) -> dict[str, float]:
            return {n: value for n, value in values.items() if n in NUMBERS or (theory and theory.has(n))}

        changes = [replace(each, values=left(each.values)) for each in self.changes if left(each.values) or each.shock]
        return replace(self, own_theory=theory, values=left(self.values), changes=tuple(changes))

    @cached_property
    def hash(self) -> str:
        """16 hex digits of all that matters to a run: numbers, days, changes, own people; not title or file."""
        steps = [[day, _flat(theory), shock] for day, theory, shock in self.steps()]
        content = [self.days, _flat(self.theory), steps, self.people or None]
        content += [[sorted(each.items()) for each in self.sets]] if self.sets else []
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def differs(self, other: Scenario) -> list[tuple[str, Any, Any]]:
        """What differs between two scenarios: (name, here, there); titles and questions do not count.

        Examples
        --------
        >>> Scenario().differs(Scenario().but(liaison__count=1))
        [('liaison.count', 0, 1)]
        """
        rows: list[tuple[str, Any, Any]] = [("days", self.days, other.days)]
        here, there = (f"own people {s.people[:12]}" if s.people else "" for s in (self, other))
        rows.append(("organization", here, there))
        here, there = (str(s.own_theory or s.lives_by) for s in (self, other))
        rows.append((THEORY, here, there))
        for name in NUMBERS:
            rows.append((name, in_words(name, self.value(name)), in_words(name, other.value(name))))
        for name in dict.fromkeys(each.name for s in (self, other) if s.own_theory for each in s.own_theory.numbers):
            has = [bool(s.own_theory and s.own_theory.has(name)) for s in (self, other)]
            own = [in_words(name, s.value(name)) if one else "" for s, one in zip((self, other), has, strict=True)]
            rows.append((name, own[0], own[1]))
        rows += [("changes", str(change), "") for change in self.changes if change not in other.changes]
        rows += [("changes", "", str(change)) for change in other.changes if change not in self.changes]
        return [row for row in rows if row[1] != row[2]]

    def to_toml(self, shared: bool = False) -> str:
        """The scenario as a TOML text that reads back to an equal scenario; only what differs from the defaults.

        `shared`: for a file that may be mailed. It names no file of the user's
        own people, no department and no site; they are known by their hash.
        """
        from sim.scenario.toml_file import to_toml

        return to_toml(self, shared)


def read(scenario: Scenario | str | os.PathLike[str] | None = None) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    scenario
        The path of a TOML file, or the name of a shipped scenario such as
        "silo"; None: the default one. A Scenario is given back as it is.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With one sentence for each fault of the file: its place, what was given
        and what is allowed.

    Examples
    --------
    >>> read("silo").days
    1300
    """
    from sim.scenario.toml_file import read_scenario

    if isinstance(scenario, Scenario):
        return scenario
    return read_scenario("default" if scenario is None else path_of(scenario, "scenario", "sim.Scenario"))


def shipped() -> dict[str, Path]:
    """The scenarios that come with Baton: name -> file."""
    from sim.scenario.toml_file import shipped_scenarios

    return shipped_scenarios()


def _flat(theory: Theory) -> list:
    by = getattr(theory, "own", None)  # of a theory with a day of its own
    own = [by.digest, *by.values] if by else []
    return [value for group in theory for value in group] + own
