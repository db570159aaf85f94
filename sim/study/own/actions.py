"""What a plan may say: named actions on people, places, rules and money, and what each of them moves in the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError, cut, nearest
from sim.model.firm import YEAR
from sim.model.theory import LEAVES, LIAISON, REPLACED, Mode, who_and_what
from sim.result.outcomes import discounts
from sim.scenario import Change, Scenario
from sim.scenario.schema import NUMBERS, checked_values, in_words, sentences
from sim.study.reach.actions import ACTIONS, PRACTICES, Action

ADMIN = "workload.admin_hours"
WEEKDAYS = 5
NO_LEVER = {  # what people ask for and the model cannot do, and what comes nearest
    "adopt": "nobody can adopt a practice for the teams: permit leaves it to them, mandate orders it",
    "route-leads": "leads go to the owner of the patch they come from, and nothing deals them otherwise; mandate "
    "practice=rules says who follows up what, few-counterparts and many-counterparts who works with whom",
    "move-person": "one person has no place of an own once the firm lives; move-teams moves both teams",
    "change-boss": "one person's line of reporting is not in the model; report says which team is under whom",
    "raise-pay": "pay moves nobody here; set lever=money.seat_cost says what a seat costs",
    "promote": "people have no rank here; appoint-liaison and replace are what can happen to one",
    "move-customer": "a customer stays with the patch; who leaves hands theirs over",
}


@dataclass(frozen=True)
class Step:
    """One dated action of a plan.

    Parameters
    ----------
    do
        Name of an action: see KINDS and `sim.study.reach.actions.ACTIONS`.
    given
        What it asks for: `{"who": "S3"}`, `{"metres": 20}`.
    day
        Working day, from 1 on.
    cost_once, cost_year
        k€ that the action costs beside what the model charges (pay, hiring, severance, the hours of a practice).
    hours
        Hours a week that it takes from the people of both teams, beside what the model charges.
    note
        Why, for readers.
    """

    do: str
    given: Mapping[str, Any] = field(default_factory=dict, hash=False)
    day: int = 1
    cost_once: float = 0.0
    cost_year: float = 0.0
    hours: float = 0.0
    note: str = ""

    @property
    def says(self) -> str:
        """What is done, in words."""
        if self.do == "set" and not isinstance(self.given["to"], str):
            said = in_words(self.given["lever"], self.given["to"])
            return f"set {self.given['lever']} to {said}"
        return KINDS[self.do].says.format(**self.given)

    def cost_each_day(self, days: int) -> np.ndarray:
        """(days,) k€ that its own costs take from each day."""
        found = np.zeros(days)
        if self.day < days:
            found[self.day] += self.cost_once
            found[self.day :] += self.cost_year / YEAR
        return found

    @property
    def who(self) -> str | None:
        """The one person that it is about, by code."""
        return self.given.get("who")


class Kind(NamedTuple):
    """A kind of action: words, what it asks for, what it moves, and what it is about: people, places, rules, money."""

    says: str
    asks: tuple[str, ...]
    moves: Callable[[Mapping[str, Any], Scenario, int], tuple[dict[str, float], str | None]]
    about: str


def _one(what: str):
    return lambda given, now, day: ({}, f"{given['who']} {what}")


def _liaison(given, now: Scenario, day: int):
    there = now.theory_on(day).liaison
    return {"liaison.count": int(there.count) + 1, "liaison.hired": 0}, f"{given['who']} {LIAISON}"


def _hire(lever: str):
    return lambda given, now, day: ({lever: int(_in_force(now, day, lever)) + given["people"]}, None)


def _in_force(now: Scenario, day: int, name: str) -> float:
    group, key = name.split(".")
    return getattr(getattr(now.theory_on(day), group), key)


def _practice(mode: Mode):
    return lambda given, now, day: ({f"practices.{given['practice']}": int(mode)}, None)


def _set(given, now, day):
    return {given["lever"]: given["to"]}, None


def _ready(values: dict[str, float]):
    return lambda given, now, day: (values, None)


def _shock(name: str):
    return lambda given, now, day: ({}, name)


def _about(name: str) -> str:
    group = name.split(".")[0]
    return {"liaison": "people", "workforce": "people", "distance": "places", "marketing": "money"}.get(group, "rules")


KINDS: dict[str, Kind] = {
    "remove": Kind("remove {who}; the seat is closed", ("who",), _one(LEAVES), "people"),
    "replace": Kind("put somebody new in the place of {who}", ("who",), _one(REPLACED), "people"),
    "add-liaison": Kind("make {who} the liaison", ("who",), _liaison, "people"),
    "hire-marketers": Kind("hire {people} more for Marketing", ("people",), _hire("workforce.marketers"), "people"),
    "hire-salespeople": Kind("hire {people} more for Sales", ("people",), _hire("workforce.salespeople"), "people"),
    "move-teams": Kind("seat the two teams {metres:g} m apart", ("metres",),
                       lambda given, now, day: ({"distance.between_teams_m": given["metres"]}, None), "places"),
    "mandate": Kind("order the practice {practice}", ("practice",), _practice(Mode.MANDATED), "rules"),
    "permit": Kind("leave the practice {practice} to the teams", ("practice",), _practice(Mode.TEAMS_DECIDE), "rules"),
    "forbid": Kind("forbid the practice {practice}", ("practice",), _practice(Mode.FORBIDDEN), "rules"),
    "report": Kind("teams: {to}", ("to",), lambda given, now, day: ({"structure.kind": given["to"]}, None), "rules"),
    "promise-answer": Kind("promise a first answer to inquirers within {within_hours:g} hours (median)",
                           ("within_hours",),
                           lambda given, now, day: ({"marketing.answer_median_h": given["within_hours"]}, None),
                           "rules"),
    "train-all": Kind("train both teams together, once", (), _shock("training"), "people"),
    "reorganize": Kind("reorganize", (), _shock("reorganization"), "rules"),
    "set": Kind("set {lever} to {to}", ("lever", "to"), _set, "rules"),
    **{action.name: Kind(action.says, (), _ready(dict(action.values)), _about(action.values[0][0]))
       for action in ACTIONS},
}  # fmt: skip


def step_of(table: Mapping[str, Any], place: str) -> tuple[Step | None, list[str]]:
    """An action as a file or a command says it (day is known), and every fault of it in a sentence.

    place   what is said before each sentence
    """
    do = table.get("do")
    if not isinstance(do, str) or do not in KINDS:
        if isinstance(do, str) and do in NO_LEVER:
            return None, [f"{place}{do}: the model has no lever for it: {NO_LEVER[do]}"]
        near = nearest(str(do), (*KINDS, *NO_LEVER)) or "; baton plan --actions lists them all"
        return None, [f"{place}{cut(str(do))}: is no action{near}"]
    kind, faults, given = KINDS[do], [], {}
    allowed = ("do", "day", "cost_once", "cost_year", "hours", "note", *kind.asks)
    for name in table:
        if name not in allowed:
            faults.append(f"{place}{do}: {cut(str(name))} is not asked for{nearest(str(name), allowed)}; "
                          f"it takes {', '.join(allowed[1:])}")  # fmt: skip
    for name in kind.asks:
        if name not in table:
            faults.append(f"{place}{do}: {name} is missing ({ASKED[name]})")
        else:
            given[name], fault = _checked(name, table[name], kind)
            faults += [f"{place}{do}: {fault}"] if fault else []
    if "lever" in given and "to" in given and not faults:
        faults += [
            f"{place}{do}: {sentence}" for sentence in sentences(checked_values({given["lever"]: given["to"]})[1])
        ]
    money = {}
    for name, most in (("cost_once", 1e6), ("cost_year", 1e6), ("hours", 1e5)):
        value = table.get(name, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            faults.append(f"{place}{do}: {name} = {cut(str(value))} must be a number from 0 to {most:,.0f}")
        else:
            money[name] = float(value)
    day, note = table.get("day", 1), table.get("note", "")
    if isinstance(day, bool) or not isinstance(day, int) or day < 1:
        faults.append(f"{place}{do}: day = {cut(str(day))} must be a working day from 1 on")
    if not isinstance(note, str):
        faults.append(f"{place}{do}: note must be a text")
    return (None, faults) if faults else (Step(do, given, day, note=note, **money), [])


ASKED = {
    "who": "a person by code, such as M2 or S3",
    "people": "how many, a whole number from 1 to 1,000",
    "metres": "from 0 to 20,000,000",
    "practice": "one of " + ", ".join(name.split(".")[1] for name in PRACTICES),
    "to": "the new value; of report: one of separate, marketing under sales, sales under marketing, merged, one chief",
    "within_hours": "from 0.01 to 1,000",
    "lever": "a name from baton levers",
}


def _checked(name: str, value: Any, kind: Kind) -> tuple[Any, str]:
    """A parameter that is right, or what is wrong with it."""
    if name == "who":
        right = isinstance(value, str) and who_and_what(f"{value} {LEAVES}") is not None
    elif name == "people":
        right = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000
    elif name in ("metres", "within_hours"):
        low, high = (0, 2e7) if name == "metres" else (0.01, 1000)
        right = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        value = float(value) if right else value
    elif name == "practice":
        right = isinstance(value, str) and f"practices.{value}" in PRACTICES
    elif name == "lever":
        right = isinstance(value, str) and value in NUMBERS
    else:
        right = isinstance(value, str | int | float) and not isinstance(value, bool)
        if right and "lever" not in kind.asks:
            faults = checked_values({"structure.kind": value})[1]
            return value, sentences(faults)[0] if faults else ""
    near = nearest(str(value), NUMBERS) if name == "lever" else ""
    return value, "" if right else f"{name} = {cut(str(value))}{near}: give {ASKED[name]}"


def compiled(as_is: Scenario, steps: tuple[Step, ...], title: str = "", leave_out: bool = False) -> Scenario:
    """The firm as it is, with dated actions.

    Parameters
    ----------
    as_is
        The firm today.
    steps
        What is done; in the order of their days.
    title
        Of the scenario.
    leave_out
        Pass over what cannot stand without an action that is not there (for mixtures), in place of refusing it.

    Raises
    ------
    InputError
        With one sentence for each fault: somebody who is not there (any more), a day after the end, a number that
        cannot be moved in this firm.
    """
    now, faults, gone = as_is, [], {}
    heads = sum(as_is.value(name) for name in ("workforce.marketers", "workforce.salespeople"))
    for number, step in sorted(enumerate(steps, 1), key=lambda pair: pair[1].day):
        fault = _not_there(step, now, gone)
        if not fault:
            values, shock = KINDS[step.do].moves(step.given, now, step.day)
            try:
                changes = [*now.changes, Change(step.day, values, shock)]
                if step.hours:
                    spent = _in_force(now, step.day, ADMIN) + step.hours / (WEEKDAYS * heads)
                    changes.append(Change(step.day, {ADMIN: min(spent, NUMBERS[ADMIN].high)}))
                now = now.but(changes=changes)
            except InputError as error:
                fault = "; ".join(error.problems)
        if fault and not leave_out:
            faults.append(f"action {number}, {step.do}: {fault}")
        elif not fault and step.who:
            gone[step.who] = step.do
    if faults:
        raise InputError(faults)
    return now.but(title=title) if title else now


def _not_there(step: Step, now: Scenario, gone: Mapping[str, str]) -> str:
    """Why a step cannot be about the person it names; nothing where it can."""
    if step.day >= now.days:
        return f"day {step.day} is after the end; the run has days 0 to {now.days - 1}"
    if not step.who:
        return ""
    lever = "workforce.marketers" if step.who[0] == "M" else "workforce.salespeople"
    most = int(_in_force(now, step.day, lever))
    if int(step.who[1:]) > most:
        return f"{step.who}: there is nobody of that code; the team has {step.who[0]}1 to {step.who[0]}{most} by then"
    if gone.get(step.who) == "remove" or gone.get(step.who) == step.do == "add-liaison":
        return f"{step.who}: an earlier action ({gone[step.who]}) is about the same person"
    if step.do == "add-liaison" and step.who[0] != "M":
        return f"{step.who}: a liaison is drawn from Marketing; hire-liaison takes one from outside"
    return ""


@dataclass(frozen=True)
class Planned(Action):
    """An action of a plan, as `reach` searches it: dated, with its own cost and hours, and perhaps about one person."""

    step: Step = field(default_factory=lambda: Step("train-all"))

    @property
    def group(self) -> str:
        return KINDS[self.step.do].about

    @property
    def levers(self) -> frozenset[str]:
        return super().levers | ({self.step.who} if self.step.who else {self.name} if not self.values else set())

    @property
    def setting(self) -> str:
        return ", ".join([f"day {self.step.day}", *([super().setting] if self.values else [])])

    @property
    def day(self) -> int:  # type: ignore[override]
        return self.step.day

    @property
    def own_hours(self) -> float:  # type: ignore[override]
        return self.step.hours

    def own_cost(self, days: int, rate: float = 0.0) -> float:
        daily = self.step.cost_each_day(days)
        return float((daily * discounts(days, rate)).sum()) if rate else float(daily.sum())

    def taken(self, as_is: Scenario) -> Scenario:
        return compiled(as_is, (self.step,))


def planned(steps: tuple[Step, ...], as_is: Scenario) -> list[Action]:
    """The steps of a plan as actions to be searched among.

    Raises
    ------
    InputError
        A step that cannot be taken in this firm by itself, or that stands in the plan twice.
    """
    found: list[Action] = []
    faults = []
    for number, step in enumerate(steps, 1):
        name = "-".join([step.do, *(str(value).replace(" ", "-") for value in step.given.values())])
        try:
            compiled(as_is, (step,))
        except InputError as error:
            faults += error.problems
            continue
        values, _ = KINDS[step.do].moves(step.given, as_is, step.day)
        if name in (each.name for each in found):
            faults.append(f"action {number}, {name}: stands in the plan twice; a search takes each once")
        found.append(Planned(name, step.says, tuple(values.items()), step))
    if faults:
        raise InputError(faults)
    return found
