"""Dated changes resolved into what is in force when, and what is wrong between numbers that are right one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sim.arguments import whole_if_it_can
from sim.errors import InputError, nearest, size
from sim.intake import OrganizationSource, Withheld
from sim.model.theory import LIAISON, OF_ONE, SHOCKS, Theory, who_and_what, with_values
from sim.scenario.refusals import MEASURED, PLACED, refusal
from sim.scenario.schema import NUMBERS, Fault, check, checked_values, in_words, of_model, sentences
from sim.scenario.toml_read import shown

MOST_CHANGES = 1000


class Values(Mapping):
    """Numbers by name, in the theory's order; they never change, so they can be hashed, shared and compared."""

    def __init__(self, values: Mapping[str, float] | None = None):
        self._items = dict(values or {})

    def __getitem__(self, name: str) -> float:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True)
class Change:
    """A dated change: numbers set from a day on, or something that happens on that day.

    Parameters
    ----------
    day
        Working day, counted from 0.
    values
        Numbers by name, such as ``{"liaison.count": 0}``.
    shock
        What happens that day: "liaison leaves", "reorganization",
        "deception", "training" or "broken promise"; or to one person, by seat:
        "S3 leaves" (the seat is closed), "S3 is replaced", "M2 becomes liaison"
        (with liaison.count in the same change).
    days
        How many days the numbers hold before they go back; None: for good.

    Raises
    ------
    InputError
        With one sentence for each fault.
    """

    day: int
    values: Mapping[str, float] = field(default_factory=Values)
    shock: str | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        dates = {"day": self.day} if self.days is None else {"day": self.day, "days": self.days}
        dates = {name: whole_if_it_can(value) for name, value in dates.items()}
        _, faults = check("change", dates)
        values, more = checked_values(self.values)
        faults += more
        if sentence := shock_fault(self.shock):
            faults.append(Fault(("shock",), sentence))
        elif not faults:
            faults += _of_one(self.shock, dates["day"], values)
            if self.shock is not None and any(name.startswith("shock.") for name in values):
                faults.append(Fault(("shock",), f'the numbers of shock.* go into another change than "{self.shock}"'))
            if self.shock is None and not values:
                faults.append(Fault((), "changes nothing: give a number or a shock"))
            elif self.days is not None and not values:
                faults.append(Fault(("days",), "days is for numbers that go back; a shock happens on one day"))
        if faults:
            raise InputError(sentences(faults))
        for name, value in {**dates, "values": Values(values)}.items():
            object.__setattr__(self, name, value)

    def holds_on(self, day: int) -> bool:
        """Whether the numbers are in force on a day."""
        return self.day <= day and (self.days is None or day < self.day + self.days)

    def __str__(self) -> str:
        """A change in words, for a table of differences."""
        what = [f"{name} = {in_words(name, value)}" for name, value in self.values.items()]
        when = f"day {self.day}" + (f" for {self.days} days" if self.days else "")
        return f"{when}: " + ", ".join(([self.shock] if self.shock else []) + what)


def shock_fault(shock: object) -> str | None:
    """What is wrong with a shock's name; None where nothing is, or there is none."""
    if shock is None or isinstance(shock, str) and (shock in SHOCKS or who_and_what(shock)):
        return None
    ones = tuple(f"S3 {what}" for what in OF_ONE)
    known = ", ".join(f'"{each}"' for each in (*SHOCKS, *ones))
    return f"shock = {shown(shock)} must be one of {known}{nearest(str(shock), (*SHOCKS, *ones))}"


def _of_one(shock: str | None, day: int, values: Mapping[str, float]) -> list[Fault]:
    """What is wrong with a shock of one person that is rightly spelt."""
    about = who_and_what(shock or "")
    faults = []
    if about and day == 0:
        faults.append(Fault(("day",), f'"{shock}" can happen from day 1 on: on day 0 everybody is as the file says'))
    if about and about[1] == LIAISON and about[0][0] == "S":
        faults.append(Fault(("shock",), f'"{shock}": a liaison is drawn from Marketing: give M and a number'))
    if about and about[1] == LIAISON and not values.get("liaison.count"):
        faults.append(Fault(("shock",), f'"{shock}" needs liaison.count, how many there are then, in the same change'))
    return faults


def values_on(day: int, values: Mapping[str, float], changes: Sequence[Change]) -> dict[str, float]:
    """The numbers in force on a day: of two changes to one number, the later counts."""
    found = dict(values)
    for change in changes:
        if change.holds_on(day):
            found.update(change.values)
    return found


def turning_days(changes: Sequence[Change], days: int) -> list[int]:
    """The days of a run on which a change begins or ends."""
    begins = {change.day for change in changes}
    ends = {change.day + change.days for change in changes if change.days is not None}
    return sorted(day for day in begins | ends if day < days)


def after_the_end(day: int, days: int) -> str:
    """What is said of a change that comes too late."""
    return f"day = {day} is after the end; the run has days 0 to {days - 1}"


def too_many_changes(n: int) -> str:
    """What is said of more changes than are read."""
    return f"changes: there are {n:,}; at most {MOST_CHANGES:,} are read"


def faults_across(
    days: int,
    values: Mapping[str, float],
    changes: Sequence[Change],
    organization: OrganizationSource | Withheld | None,
) -> list[Fault]:
    """What is wrong between numbers that are right one by one."""
    faults = []
    if len(changes) > MOST_CHANGES:
        return [Fault(("changes",), too_many_changes(len(changes)))]
    own = organization is not None
    listed = own and organization.lists_ties
    for name in values:
        if why := refusal(name, own=own, begun=False, listed=listed):
            faults.append(Fault(tuple(name.split(".")), f"{name} = {values[name]} cannot be set: {why}"))
    for change in changes:
        for name in change.values:
            if why := refusal(name, own=own, begun=change.day > 0 or name in MEASURED, listed=listed):
                faults.append(Fault(("changes",), f"day {change.day}: {name} cannot be changed: {why}"))
        if own and change.days is not None and PLACED in change.values and PLACED not in values:
            what = f"day {change.day}: {PLACED} cannot go back: the metres of the sites are gone once everybody moved"
            faults.append(Fault(("changes",), f"{what}; give a second change in place of days"))
    if own:
        return faults
    for day in {0, *turning_days(changes, days)}:
        now = values_on(day, values, changes)
        count, hired, marketers = (now.get(name, NUMBERS[name].default)
                                   for name in ("liaison.count", "liaison.hired", "workforce.marketers"))  # fmt: skip
        if count and not hired and count >= marketers:
            on = f" on day {day}" if day else ""
            what = f"liaison.count = {count}{on} must be less than the {marketers} marketers they are drawn from"
            faults.append(Fault(("liaison", "count"), f"{what}; or set liaison.hired = 1"))
            break
    return faults or memory_faults(days, values)


def memory_faults(days: int, values: Mapping[str, float]) -> list[Fault]:
    """A fault if the run would need more memory than this machine has."""
    try:
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system tells
        return []
    theory = with_values(Theory(), of_model(values))
    people = theory.workforce.marketers + theory.workforce.salespeople + theory.workforce.idle + theory.liaison.count
    needed = 20_000 * people * max(1, days // 260)
    if needed < there / 50:  # the exact count needs the compiled rules: only asked where it matters
        return []
    try:
        from sim.model.memory import estimate_bytes

        needed = int(estimate_bytes(theory, days))
    except ImportError:
        pass
    if needed <= there:
        return []
    what = f"{people:,} people over {days:,} days need about {size(needed)} of memory"
    return [Fault(("workforce",), f"{what}; this machine has {size(there)}: fewer people or days")]
