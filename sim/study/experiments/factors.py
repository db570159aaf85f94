"""What an experiment varies, from what its file says: the values themselves, a range, or one of the theory's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np

from sim.arguments import plain, whole_if_it_can
from sim.errors import InputError, cut, nearest
from sim.intake import OrganizationSource
from sim.model.theory import Number
from sim.scenario import Scenario
from sim.scenario.own_theory import MODEL, OwnTheory, read_theory
from sim.scenario.scenario import THEORY
from sim.scenario.schema import ANY as NUMBERS
from sim.scenario.schema import OWN, UPGRADES, allowed, in_words, went, words
from sim.scenario.toml_read import quoted, shown
from sim.study.experiments.settings import DRAW, PEOPLE, YEAR, about, checked, usual

RANGE = ("low", "high", "range", "values", "scale", "levels", "unit", "where", "group")
MARKS = RANGE[:4]  # a table with one of them is a factor, not a group of numbers
NAMED = ("bounds", "plausible")  # ranges that the theory declares
FORMS = 'a list of values, a range such as { low = 0.1, high = 0.9 }, "bounds" or "plausible"'
SCALES = ("linear", "log")
MOST_LEVELS = 1000
MOST_WHOLE = 20  # whole numbers that a grid takes without being asked


@dataclass(frozen=True)
class Factor:
    """One number that an experiment varies.

    Parameters
    ----------
    name
        Of the theory, such as "trust.initial"; from a year on ("liaison.count.year2"); the day of the base's first
        dated change ("change1.day"); or whose people ("organization.people").
    kind
        "lever" (managers choose it) or "uncertainty" (nobody knows it).
    low, high
        The range, both included; of a list its smallest and largest value
        (words count 0, 1, 2, …).
    values
        The values of a list, words where the number takes words; empty for a range.
    scale
        "linear" or "log".
    levels
        How many values a grid or one-at-a-time takes from a range; 0: not said.
    where
        The condition under which it is moved at all; elsewhere it stays as in the base.
    group
        The group that Sobol's method takes it with.
    sources
        Of people: name -> where they are read from, and a hash of what is read.
    theories
        Of the factor "theory", what its words mean: theories, and None for the model's own.
    declared
        What is declared about the number; without it the theory's own declaration.
    """

    name: str
    kind: str
    low: float
    high: float
    values: tuple = ()
    scale: str = "linear"
    levels: int = 0
    where: str = ""
    group: str = ""
    sources: Mapping[str, tuple[OrganizationSource, str]] = field(default_factory=dict, compare=False, repr=False)
    theories: tuple[OwnTheory | None, ...] = ()
    declared: Number | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if (
            self.declared is None and self.name in NUMBERS
        ):  # of a theory's own number another file may say another thing
            object.__setattr__(self, "declared", NUMBERS[self.name])
        for name in ("low", "high", "levels"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        object.__setattr__(self, "values", tuple(plain(each) for each in self.values))

    @property
    def number(self) -> Number:
        """The theory's own declaration, or what there is beside it."""
        if self.name == PEOPLE:
            return Number(PEOPLE, str, 0, "", 0, len(self.values), "whose people", "", True, None, None, False)
        if self.theories:
            choices = IntEnum(
                "Theory", [each.name.upper() if each else MODEL.upper() for each in self.theories], start=0
            )
            said = ("theory", 0, len(choices) - 1, "by which theory's day the firm lives", "")
            return Number(THEORY, int, 0, *said, False, choices, None, False)
        number = self.declared or about(self.name)
        if number is None:
            raise InputError(f"{self.name} is not known")
        return number

    @property
    def unit(self) -> str:
        return self.number.unit

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only."""
        return self.number.type is int and not self.number.choices

    @property
    def words(self) -> tuple[str, ...]:
        """The words it takes; none for a number."""
        return self.values if self.name == PEOPLE else words(self.number)

    def usual(self, base: Scenario) -> Any:
        """What it is where it is not moved; a theory that is not among those named is the first."""
        if self.theories:
            return self.words[self.theories.index(base.own_theory) if base.own_theory in self.theories else 0]
        found = usual(base, self.name)
        return self.values[0] if self.name == PEOPLE and found not in self.values else found

    def at(self, share: np.ndarray) -> np.ndarray:
        """Values for positions between 0 and 1: equal shares for whole numbers, words and lists.

        >>> Factor("liaison.count", "lever", 0, 3).at(np.array([0.0, 0.2, 0.26, 0.99, 1.0])).tolist()
        [0, 0, 1, 3, 3]
        >>> Factor("money.start_cash", "lever", 1, 100, scale="log").at(np.array([0.0, 0.5, 1.0])).tolist()
        [1.0, 10.0, 100.0]
        """
        share = np.asarray(share, float)
        if self.values:
            row = np.minimum((share * len(self.values)).astype(int), len(self.values) - 1)
            return np.array(self.values, object if self.words else None)[row]
        low, high = (self.low, self.high + 1) if self.whole else (self.low, self.high)
        if self.scale == "log":
            found = low * (high / low) ** share
        else:
            found = low + share * (high - low)
        if self.whole:
            found = np.floor(found).astype(np.int64)
        return np.clip(found, self.low, self.high)

    def steps(self, usual: int = 5) -> tuple:
        """The values that a grid takes: the list, every whole number of a short range, or `levels` evenly spread ones.

        >>> Factor("trust.initial", "lever", 0.0, 1.0, levels=3).steps(5)
        (0.0, 0.5, 1.0)
        """
        if self.values:
            return self.values
        n = self.levels or usual
        if self.whole:
            size = int(self.high - self.low) + 1
            n = min(self.levels or (size if size <= MOST_WHOLE else usual), size)
        place = np.linspace(0.0, 1.0, n)
        if self.scale == "log":
            found = self.low * (self.high / self.low) ** place
        else:
            found = self.low + place * (self.high - self.low)
        if self.whole:
            return tuple(int(each) for each in np.unique(np.rint(found)))
        return tuple(np.clip(found, self.low, self.high).tolist())

    def codes(self, values) -> np.ndarray:
        """Values as numbers: words become 0, 1, 2, … in the theory's order."""
        if self.words:
            return np.array([self.words.index(value) for value in values], float)
        return np.asarray(values, float)


def flat_names(table: dict[str, Any], where: tuple) -> Iterator[tuple[str, tuple, Any]]:
    """Each number named in a table, as (dotted name, place in the file, what is given); groups may be tables or dots.

    >>> list(flat_names({"trust": {"gain": 1}, "liaison.count": 2}, ("levers",)))
    [('trust.gain', ('levers', 'trust', 'gain'), 1), ('liaison.count', ('levers', 'liaison.count'), 2)]
    """
    for key, value in table.items():
        if isinstance(value, dict) and "." not in key and not set(value) & set(MARKS):
            for inner, given in value.items():
                by_year = isinstance(given, dict) and given and all(YEAR.fullmatch(f"{key}.{inner}.{y}") for y in given)
                for year, one in given.items() if by_year else (("", given),):
                    more = (year,) if year else ()
                    yield ".".join((key, inner, *more)), (*where, key, inner, *more), one
        else:
            yield key, (*where, key), value


def factor(name: str, kind: str, given: Any, after: int = 0) -> tuple[Factor | None, list[str]]:
    """One factor, or what is wrong with it.

    >>> factor("trust.initial", "lever", [0.1, 3])[1]
    ['trust.initial = 3 must be a number from 0 to 1 (0..1)']
    """
    if why := went(name):
        return None, [f"{why}{UPGRADES}"]
    number = about(name)
    if number is None:
        return None, [f"{cut(name)} is not known{_near(name, after)}"]
    if kind == "lever" and not number.lever:
        return None, [f"{name} is nothing that managers choose; put it under [uncertainties]"]
    where, group, faults = "", "", []
    if isinstance(given, dict):
        where, group = (given.get(key, "") for key in ("where", "group"))
        faults = [f"{name}.{key} = {shown(text)} must be a text" for key, text in (("where", where), ("group", group))
                  if not isinstance(text, str)]  # fmt: skip
        given = {key: value for key, value in given.items() if key not in ("where", "group")}
        if not faults and "values" in given:
            faults = [f"{name}.{cut(key)} says nothing beside values" for key in given if key != "values"]
            given = given["values"]
    if faults:
        return None, faults
    made, faults = _made(name, kind, given)
    return (replace(made, where=where, group=group) if made and (where or group) else made), faults


def _near(name: str, after: int) -> str:
    """The nearest right name, in the table of numbers or beside it."""
    if found := YEAR.fullmatch(name):
        return nearest(found[1], NUMBERS, after)
    elsewhere = [known for known in NUMBERS if known.split(".")[1] == name.split(".")[-1]]
    return nearest(name, [*NUMBERS, PEOPLE, DRAW], after) or (f'; did you mean "{elsewhere[0]}"?' if elsewhere else "")


def _made(name: str, kind: str, given: Any) -> tuple[Factor | None, list[str]]:
    """A factor from its values or its range."""
    if isinstance(given, list | range | np.ndarray):
        return _list(name, kind, [plain(each) for each in given])
    if given == "bounds":
        return replace(theory_factor(name), kind=kind), []
    if given == "plausible":
        given = {"range": given}
    if isinstance(given, dict):
        return _range(name, kind, given)
    return None, [f"{name} = {shown(given)} must be {FORMS}"]


def _declared(name: str, given: dict) -> tuple[dict, list[str]]:
    """A range that the file names, `{ range = "plausible" }`, with its ends; or what is wrong with it."""
    number, said = _known(name), given["range"]
    if said not in NAMED:
        near = nearest(said, NAMED) if isinstance(said, str) else ""
        return {}, [f'{name}.range = {shown(said)} must be one of "bounds", "plausible"{near}']
    if twice := [key for key in ("low", "high") if key in given]:
        return {}, [f"{name}: range = {shown(said)} says {twice[0]} already"]
    ends = number.plausible if said == "plausible" else (number.low, number.high)
    if ends is None:
        return {}, [f'{name} has no plausible range, for its source tells none: give low and high, or "bounds"']
    return {**{key: value for key, value in given.items() if key != "range"}, "low": ends[0], "high": ends[1]}, []


def which_theory(given: Sequence[str | Path | OwnTheory | None], beside: Path | None = None) -> Factor:
    """Theories as a factor: names of those that come with Baton, Python files, "baton" for the model's own.

    Raises
    ------
    InputError
        Fewer than two, a name or a hash twice, or a file that is no theory.
    """
    theories, faults = [], []
    for each in given:
        try:
            theories.append(read_theory(each, beside))
        except InputError as fault:
            faults += fault.problems
    names = [(each.name if each else MODEL).lower() for each in theories]
    faults += [f"theories: {name} is there twice; each file's name is its theory's"
               for name in dict.fromkeys(names) if names.count(name) > 1]  # fmt: skip
    if not faults and len(theories) < 2:
        few = f"theories must be at least two, such as {MODEL} and mine.py"
        faults.append(f"{few}; one alone is the scenario's: theory = …")
    if faults:
        raise InputError(faults)
    made = Factor(THEORY, "uncertainty", 0, len(names) - 1, theories=tuple(theories))
    return replace(made, values=made.words)


def theories_of(factors: Iterable[Factor]) -> dict[str, OwnTheory | None]:
    """What each word of the factor "theory" means, where there is one: a theory, or None for the model's own."""
    return {word: theory for each in factors for word, theory in zip(each.words, each.theories, strict=False)}


def of_nobody(factors: Sequence[Factor], base: Scenario) -> list[str]:
    """A sentence for each factor that is a number of a theory which neither the base nor any point lives by."""
    lived = [base.own_theory, *(theory for each in factors for theory in each.theories)]
    return [f"{each.name} is a number of another theory ({each.name.partition('.')[0]}) than those that are lived by: "
            "vary theory too, or give a base that lives by it"
            for each in factors if each.name in OWN and not any(by and by.has(each.name) for by in lived)]  # fmt: skip


def theory_factor(name: str) -> Factor:
    """A number within the theory's own bounds."""
    number = _known(name)
    kind = "lever" if number.lever else "uncertainty"
    return Factor(name, kind, number.low, number.high, words(number))


def _known(name: str) -> Number:
    """What is declared of a name that is known."""
    number = about(name)
    if number is None:
        raise InputError(f"{cut(name)} is not known")
    return number


def _list(name: str, kind: str, given: list) -> tuple[Factor | None, list[str]]:
    number = _known(name)
    faults, codes = [], []
    for value in given:
        if isinstance(value, list | dict):
            faults.append(f"{name}: {shown(value)} must be {allowed(number)}")
            continue
        code, more = checked(name, value)
        faults += more
        codes += [] if code is None else [code]
    if not faults and len(set(codes)) < len(codes):
        faults.append(f"{name} = {shown(given)} says a value twice")
    if not faults and len(codes) < 2:
        faults.append(f"{name} = {shown(given)} must be at least two values; what is not varied stands in the base")
    if faults:
        return None, faults
    own = YEAR.fullmatch(name)
    spoken = own[1] if own else name
    values = tuple(in_words(spoken, code) if spoken in NUMBERS else code for code in codes)
    return Factor(name, kind, min(codes), max(codes), values), []


def _range(name: str, kind: str, given: dict) -> tuple[Factor | None, list[str]]:
    number = _known(name)
    if number.choices:
        return None, [f"{name} takes words: give a list out of {allowed(number).removeprefix('one of ')}"]
    if "range" in given:
        given, faults = _declared(name, given)
        if faults:
            return None, faults
    faults = [f"{name}.{cut(key)} is not known{nearest(key, RANGE)}" for key in given if key not in RANGE]
    for key in ("low", "high"):
        value = plain(given.get(key))
        if key not in given:
            faults.append(f"{name}: {key} is missing; give {FORMS}")
        elif isinstance(value, list | dict | str) or getattr(value, "ndim", 0):
            faults.append(f"{name}.{key} = {shown(value)} must be {allowed(number)}")
        else:
            faults += [sentence.replace(name, f"{name}.{key}", 1) for sentence in checked(name, value)[1]]
    scale, levels = given.get("scale", "linear"), whole_if_it_can(given.get("levels", 0))
    if scale not in SCALES:
        near = nearest(scale, SCALES) if isinstance(scale, str) else ""
        faults.append(f'{name}.scale = {shown(scale)} must be one of "linear", "log"{near}')
    counted = isinstance(levels, int) and not isinstance(levels, bool) and 2 <= levels <= MOST_LEVELS
    if "levels" in given and not counted:
        faults.append(f"{name}.levels = {shown(levels)} must be a whole number from 2 to {MOST_LEVELS:,}")
    if "unit" in given and given["unit"] != number.unit:
        faults.append(f"{name}.unit = {shown(given['unit'])}, but it is measured in {quoted(number.unit)}")
    if not faults:
        low, high = (number.type(plain(given[key])) for key in ("low", "high"))
        if not low < high:
            faults.append(f"{name}: low = {shown(given['low'])} must be less than high = {shown(given['high'])}")
        elif scale == "log" and low <= 0:
            faults.append(f'{name}: scale = "log" needs low above 0, and low = {shown(given["low"])}')
        else:
            return Factor(name, kind, low, high, (), scale, levels), []
    return None, faults
