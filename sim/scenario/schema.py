"""What may stand in a scenario file, made from the theory's own declarations; every fault in a sentence."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from sim.arguments import plain, whole_if_it_can
from sim.errors import HELPED, cut, nearest
from sim.model.theory import Number, numbers
from sim.scenario.faces import FACES
from sim.scenario.toml_read import label, shown

DECLARED = numbers()
NUMBERS = {name: number for name, number in DECLARED.items() if not number.fixed}  # what a file, or anybody, may set
OWN: dict[str, Number] = {}  # of theories that were read: their own numbers, by name (`sim.scenario.own_theory`)
ANY: Mapping[str, Number] = ChainMap(NUMBERS, OWN)  # type: ignore[arg-type]
GROUPS = tuple(dict.fromkeys(name.split(".")[0] for name in NUMBERS))
LONGEST = 26_000  # days: a hundred years
DAYS = f"a whole number from 1 to {LONGEST} (working days)"
TEXTS = "a list of texts"
MEASURED = {  # units that are said behind a value, and how
    "metres": "m", "days": "days", "months": "months", "hours a day": "hours a day", "per year": "a year",
    "hours per contact and side": "hours", "k€ a year": "k€ a year", "k€ per head": "k€ a head",
}  # fmt: skip
ALLOWED = {
    "title": "a text",
    "question": "a text",
    "theory": 'a Python file such as "mine.py", the name of a theory that comes with Baton, or "baton"',
    "days": DAYS,
    "day": f"a whole number from 0 to {LONGEST - 1} (working day of the run)",
    "organization.people": "the path of a CSV file",
    "organization.ties": "the path of a CSV file",
    "organization.graphml": "the path of a GraphML file",
    "organization.columns": "names of columns: id, department, site, tenure, from, to, relation, value",
    "organization.marketing": TEXTS,
    "organization.sales": TEXTS,
    "organization.tie": TEXTS,
    "organization.others": '"left out" or "colleagues"',
    "organization.trust": 'such as {relation = "feeling", low = 1, high = 5}',
    "organization.grievance": 'such as {relation = "conflict", from = 3}',
    "organization.withheld": "a hash, as Baton writes it into files that may be mailed",
    "organization.distances_m": 'a table of metres: within, between, or two sites such as "A - B"',
}

_UNASKED = "practices.unasked_help, practices.unasked_plan and practices.unasked_review are in its place"
WENT = {  # numbers of the rules' first edition, and what is in their place
    "practices.informal": _UNASKED,
    "practices.share_help": _UNASKED,
    "practices.share_plan": _UNASKED,
    "practices.share_visit": "people stay with the other team by rotation only (practices.rotation)",
    "decisions.heard": "each team's picture counts as much as it is sure of it, where it is asked (decisions.asked)",
    "practices.access_power": "practices.screen is in its place",
    "conflict.productive": "a quarrel teaches nothing; structure.orientation_gap is the difference that can pay",
}


def declare_own(group: str, numbers: Iterable[Number]) -> None:
    """Let the own numbers of a theory be known, in place of what was known under its name before."""
    declared = {each.name: each for each in numbers}
    if declared != {name: each for name, each in OWN.items() if name.startswith(f"{group}.")}:
        for name in [name for name in OWN if name.startswith(f"{group}.")]:
            del OWN[name]
        OWN.update(declared)


def number_of(name: str) -> Number:
    """The declaration of a number: the model's, a constant's, or of a theory that was read."""
    return DECLARED.get(name) or OWN[name]


def of_model(values: Mapping[str, float]) -> dict[str, float]:
    """Those among some numbers that are the model's, and not another theory's own."""
    return {name: value for name, value in values.items() if name in DECLARED}


def went(name: object) -> str:
    """Why a number that there was cannot be set, or nothing: it went, or it is a constant.

    >>> went("practices.access_power"), went("trust.gain")
    ('practices.access_power is no number of this version: practices.screen is in its place', '')
    >>> went("selling.small")
    'selling.small is a constant (1e-06 number), which nobody sets: keeps divisions from zero'
    """
    if isinstance(name, str) and name in WENT:
        return f"{name} is no number of this version: {WENT[name]}"
    if isinstance(name, str) and name in DECLARED and name not in NUMBERS:
        about = DECLARED[name]
        return f"{name} is a constant ({about.default:g} {about.unit}), which nobody sets: {about.meaning}"
    return ""


UPGRADES = "; baton scenarios upgrade rewrites the file"  # of a user's own, which is not carried by another


class Fault(NamedTuple):
    """What is wrong, and where in the file."""

    path: tuple
    sentence: str


def _table(name: str, fields: dict[str, Any]) -> Any:
    made = TypedDict(name, fields, total=False)  # type: ignore[operator]
    made.__pydantic_config__ = ConfigDict(strict=True, extra="forbid")  # type: ignore[attr-defined]
    return made


def _kind(number: Number) -> Any:
    if number.choices:
        return Literal[words(number)]
    if number.type is int:
        return Annotated[int, Field(ge=number.low, le=number.high)]
    return Annotated[float, Field(ge=number.low, le=number.high, allow_inf_nan=False)]


@cache
def _adapter(kind: str) -> TypeAdapter:
    """The pydantic reader of a whole file, of one change, or of `[organization]`."""
    finite = Annotated[float, Field(allow_inf_nan=False)]
    days = Annotated[int, Field(ge=1, le=LONGEST)]
    fields: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
    for name, number in NUMBERS.items():
        group, key = name.split(".")
        fields[group][key] = _kind(number)
    groups = {group: _table(group, inner) for group, inner in fields.items()}
    organization = _table("organization", {
        **dict.fromkeys(("people", "ties", "graphml"), str),
        **dict.fromkeys(("marketing", "sales", "tie"), list[str]),
        "others": Literal["left out", "colleagues"],
        "columns": _table("columns", dict.fromkeys(("id", "department", "site", "tenure", "from", "to", "relation", "value"), str)),  # noqa: E501
        "trust": _table("trust_scale", {"relation": str, "low": finite, "high": finite}),
        "grievance": _table("grievance_scale", {"relation": str, "from": finite}),
        "distances_m": dict[str, finite],
        **dict.fromkeys(("withheld", "file"), str), "listed": bool, "metres": Annotated[float, Field(ge=0)],
        **dict.fromkeys(("marketers", "salespeople"), Annotated[int, Field(ge=1, le=1_000_000)]),
    })  # fmt: skip
    whole = {"title": str, "question": str, "days": days, "organization": organization, **groups}
    change = {"day": Annotated[int, Field(ge=0, lt=LONGEST)], "days": days, **groups}
    return TypeAdapter(_table(kind, {"file": whole, "change": change}[kind]))


def check(kind: str, table: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The part of a file ("file") or of one change ("change") that is right, and a fault for each thing that is not.

    >>> check("file", {"trust": {"gain": 3, "loss": 0.1}})[1][0].sentence
    'trust.gain = 3 must be a number from 0 to 1 (0..1 per kept promise)'
    """
    good, faults = _own(table), []
    mine = {group: good.pop(group) for group in {name.split(".")[0] for name in OWN} if group in good}
    right = _right(_adapter(kind), kind, good, faults)
    if mine:
        right |= _right(_own_adapter(tuple(OWN.values())), kind, mine, faults)
    return right, faults


@cache
def _own_adapter(numbers: tuple[Number, ...]) -> TypeAdapter:
    """The reader of the tables that hold numbers of theories which were read."""
    fields: dict[str, dict[str, Any]] = {}
    for number in numbers:
        group, key = number.name.split(".")
        fields.setdefault(group, {})[key] = _kind(number)
    return TypeAdapter(_table("own", {group: _table(group, inner) for group, inner in fields.items()}))


def _right(adapter: TypeAdapter, kind: str, good: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """What is right of some tables; what is not is taken out of them, and told."""
    while True:
        try:
            return adapter.validate_python(good)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_context=False):
                path = tuple(fault["loc"])
                unknown = fault["type"] == "extra_forbidden"
                faults.append(
                    Fault(path, _unknown(kind, path, len(faults)) if unknown else _wrong(path, fault["input"]))
                )
                _take_out(good, path)


def _own(table: Mapping[str, Any], depth: int = 3) -> dict[str, Any]:
    """A copy, so that wrong things can be taken out of it; no file's right tables are deeper."""
    return {key: _own(value, depth - 1) if depth and isinstance(value, dict) else value for key, value in table.items()}


def _take_out(table: dict[str, Any], path: tuple) -> None:
    """Drop what stands at the path (the whole list if it is one item of it)."""
    inner = table.get(path[0])
    if len(path) > 1 and isinstance(inner, dict) and path[1] in inner:
        _take_out(inner, path[1:])
    else:
        table.pop(path[0], None)


def _wrong(path: tuple, given: object) -> str:
    name = label(path)
    if name in ANY:
        number = ANY[name]
        near = nearest(given, words(number)) if number.choices and isinstance(given, str) else ""
        return f"{name} = {shown(given)} must be {allowed(number)}{near}"
    if name in GROUPS or name == "organization" or any(each.startswith(f"{name}.") for each in OWN):
        return f"{name} = {shown(given)} must be a table: [{name}]"
    for length in range(len(path), 0, -1):
        if (about := label(path[:length])) in ALLOWED:
            return f"{name} = {shown(given)} must be {ALLOWED[about]}"
    return f"{name} = {shown(given)} is not allowed"


def _unknown(kind: str, path: tuple, after: int) -> str:
    """A sentence that suggests the nearest right name, in this table first."""
    name = cut(label(path))
    if after > HELPED:
        return f"{name} is not known"
    if path[0] == "organization":
        inside = "organization.columns" if "columns" in path else "organization."
        known = [a for a in ALLOWED if a.startswith(inside)] + ["organization.grievance.from", "organization.trust.low"]
        return f"{name} is not known{nearest(name, known)}"
    if len(path) == 2:
        here = [n for n in ANY if n.startswith(f"{path[0]}.")]
    elif kind == "change":
        here = [*GROUPS, "day", "days", "shock"]
    else:
        here = [*GROUPS, "title", "question", "days", "based_on", "theory", "changes", "organization"]
    if why := went(name):
        return f"{why}{UPGRADES}"
    elsewhere = [n for n in ANY if n.split(".")[1] == path[-1]]
    near = f'; did you mean "{elsewhere[0]}"?' if elsewhere else nearest(name, here) or nearest(name, ANY)
    return f"{name} is not known{near}"


def allowed(number: Number) -> str:
    """What a number may be, with its unit.

    >>> allowed(NUMBERS["practices.rules"])
    'one of "teams decide", "mandated", "forbidden"'
    """
    if number.choices:
        return "one of " + ", ".join(f'"{word}"' for word in words(number))
    kind = "a whole number" if number.type is int else "a number"
    low, high = (str(int(x)) if x == int(x) else str(x) for x in (number.low, number.high))
    if number.unit == f"{low} or {high}":
        return number.unit
    return f"{kind} from {low} to {high} ({number.unit})"


def words(number: Number) -> tuple[str, ...]:
    """The words that stand for the values of a number with choices."""
    return tuple(choice.name.lower().replace("_", " ") for choice in number.choices or ())


def in_words(name: str, value: float) -> float | str:
    """A value as a scenario file says it.

    >>> in_words("practices.rules", 1)
    'mandated'
    """
    number = number_of(name)
    return words(number)[list(number.choices).index(int(value))] if number.choices else value


def spoken(name: str) -> str:
    """A number's name as people read it: its face's label, or its own words; a unit at its end is left to the value.

    >>> spoken("distance.between_teams_m"), spoken("communication.cost_hours"), spoken("trust.attitude")
    ('Distance', 'Hours per contact', 'Trust: attitude')
    """
    if name in FACES:
        return FACES[name].label
    unit = MEASURED.get(ANY[name].unit, "").split(" ")[0] if name in ANY else ""
    plain = (name.removesuffix(f"_{unit}") if unit else name).replace(".", ": ").replace("_", " ")
    return plain[:1].upper() + plain[1:]


def in_speech(text: str) -> str:
    """A text with each number's full name in it as people read it.

    >>> in_speech("day 260: liaison.count = 1, trust.initial = 0.2")
    'day 260: Liaisons = 1, Trust at the start = 0.2'
    """
    return re.sub(r"\b[a-z_]+\.[a-z_]+\b", lambda found: spoken(found[0]) if found[0] in ANY else found[0], text)


def moved(name: str, before: object, after: object) -> str:
    """A number's two values in words, with its unit where it is one that people measure in.

    >>> moved("distance.between_teams_m", 20, 60), moved("liaison.count", 0, 1)
    ('20 → 60 m', '0 → 1')
    """
    unit = MEASURED.get(number_of(name).unit)
    return f"{before} → {after}{f' {unit}' if unit else ''}"


def flat(table: Mapping[str, Any]) -> dict[str, float]:
    """The numbers in checked group tables, by full name, in the theory's order; words become numbers.

    >>> flat({"practices": {"rules": "mandated"}, "trust": {"gain": 1}})
    {'trust.gain': 1.0, 'practices.rules': 1}
    """
    given = {f"{group}.{key}": value for group, inner in table.items() if isinstance(inner, dict)
             for key, value in inner.items()}  # fmt: skip
    found: dict[str, float] = {}
    for name, number in [*NUMBERS.items(), *OWN.items()]:
        if name in given:
            value = given[name]
            if number.choices:
                value = int(list(number.choices)[words(number).index(value)])
            found[name] = number.type(value) + number.type(0)  # -0.0 becomes 0.0
    return found


def nested(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Group tables from full names, as Python code gives them: whole numbers may stand for words."""
    tables: dict[str, Any] = {}
    faults = []
    for name, value in values.items():
        if why := went(name):
            faults.append(Fault((name,), why))
            continue
        if name not in ANY:
            near = nearest(str(name), ANY, len(faults)) or _elsewhere(str(name)) or "; baton levers lists them all"
            faults.append(Fault((name,), f"{cut(str(name))} is not known{near}"))
            continue
        choices = ANY[name].choices
        value = whole_if_it_can(value) if ANY[name].type is int or choices else plain(value)
        if choices and isinstance(value, int) and not isinstance(value, bool) and value in list(choices):
            value = in_words(name, value)
        group, key = name.split(".")
        tables.setdefault(group, {})[key] = value
    return tables, faults


def _elsewhere(name: str) -> str:
    found = [n for n in ANY if n.split(".")[1] == name.split(".")[-1]]
    return f'; did you mean "{found[0]}"?' if found else ""


def checked_values(values: Mapping[str, Any]) -> tuple[dict[str, float], list[Fault]]:
    """Numbers given by full name: those that are right, and what is wrong with the others."""
    tables, faults = nested(values)
    good, more = check("file", tables)
    return flat(good), faults + more


def sentences(faults: Iterable[Fault]) -> list[str]:
    """Only what is wrong, for input that has no lines."""
    return [fault.sentence for fault in faults]
