"""`baton levers`: every lever and number of the model, with unit, bounds, meaning and source."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from sim.cli.options import Json, Theory, option
from sim.cli.screen import print_json, put, read_scenario, screen


def levers_command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="a lever, a group such as trust, or a part of a name")
    ] = None,
    everything: Annotated[
        bool, option("--all", help="also the numbers that nobody chooses: what is not known for sure")
    ] = False,
    core: Annotated[bool, option("--core", help="the few numbers that decide, the most important first")] = False,
    actions: Annotated[bool, option("--actions", help="the actions of `baton reach` that are open to a firm")] = False,
    scenario: Annotated[
        str | None, option("--from", metavar="SCENARIO", help="values of this scenario; for --actions, the firm")
    ] = None,
    theory: Theory = None,
    as_json: Json = False,
) -> None:
    """List the levers: what managers choose, and what --set and scenario files take.

    With --theory that theory's own numbers; where you name one or a group of the model's, those too.

    \b
    Examples:
      baton levers
      baton levers distance
      baton levers practices.rules
      baton levers trust --all
      baton levers --core
      baton levers --actions --from silo
      baton levers --theory mine.py
    """
    as_is = read_scenario(scenario, None, theory)
    if actions:
        _show_actions(as_is, name, as_json)
        return
    found = _found(name, everything, core, as_is.own_theory, theory is not None)
    if not found and not as_json:
        put(f"{as_is.lives_by} has no numbers of its own.\nNext: baton levers")
        return
    if as_json:
        print_json([_data(number, as_is) for number in found])
    elif len(found) == 1:
        _show_one(found[0], as_is, theory)
    else:
        _show_table(found, as_is, scenario, theory)


def _found(name: str | None, everything: bool, core: bool = False, by=None, of_theory: bool = False) -> list:
    """The numbers meant: one by its full name, a group, or all whose name or meaning holds the text.

    by   another theory that is lived by, whose own numbers are known too; `of_theory`: it was asked for them
    """
    from sim.errors import InputError, nearest
    from sim.model.theory import numbers
    from sim.scenario.schema import went
    from sim.study.core import CORE

    own = {} if by is None else {each.name: each for each in by.numbers}
    known = {**own, **numbers()}
    if core:
        found = [known[each] for each in CORE if name is None or name in (each, each.split(".")[0])]
        if not found:
            raise InputError(f"{name}: none of the {len(CORE)} numbers that decide; baton levers --core lists them")
        return found
    if (why := went(name)) and name not in known:
        raise InputError(why)
    if name in known:
        return [known[name]]
    choosable = [each for each in known.values() if each.lever or everything or each.name in own]
    if name is None:
        return list(own.values()) if of_theory and not everything else choosable
    groups = list(dict.fromkeys(each.split(".")[0] for each in known))
    if name in groups:
        if found := [each for each in choosable if each.name.split(".")[0] == name]:
            return found
        raise InputError(f"{name}: managers choose nothing there; baton levers {name} --all lists its numbers")
    if found := [each for each in choosable if name.lower() in f"{each.name} {each.meaning}".lower()]:
        return found
    near = nearest(name, [*known, *groups]) or f"; the groups are {', '.join(groups)}"
    raise InputError(f"{name}: no lever or group of that name{near}")


def _value(number, as_is) -> float | str:
    from sim.scenario.schema import in_words

    return in_words(number.name, as_is.value(number.name))


def _bounds(number) -> str:
    from sim.scenario.schema import words

    if number.fixed:
        return "constant"
    return " | ".join(words(number)) if number.choices else _from_to(number.low, number.high)


def _plausible(number) -> str:
    """Where a number is thought to be; nothing where its source tells no range."""
    return _from_to(*number.plausible) if number.plausible else ""


def _from_to(low: float, high: float) -> str:
    """A range in figures; only the very small and the very large are told in powers of ten.

    >>> _from_to(0, 2e7), _from_to(0.0155, 0.062), _from_to(0, 2.0**31)
    ('0 to 20,000,000', '0.0155 to 0.062', '0 to 2.14748e+09')
    """
    return " to ".join(f"{n:,.0f}" if float(n).is_integer() and abs(n) < 1e9 else f"{n:,g}" for n in (low, high))


def _data(number, as_is) -> dict:
    from sim.scenario.schema import in_words, spoken, words

    return {
        "name": number.name,
        "label": spoken(number.name),
        "value": _value(number, as_is),
        "default": in_words(number.name, number.default),
        "low": number.low,
        "high": number.high,
        "plausible": list(number.plausible) if number.plausible else None,
        "words": list(words(number)),
        "unit": number.unit,
        "meaning": number.meaning,
        "source": number.source,
        "lever": number.lever,
        "fixed": number.fixed,
    }


def _show_one(number, as_is, theory: str | None) -> None:
    from sim.scenario.refusals import ONLY_WITH, refusal
    from sim.scenario.schema import in_words

    kind = "a lever: managers choose it" if number.lever else "nobody chooses it: not known for sure"
    kind = "a constant: no file, command or experiment moves it" if number.fixed else kind
    data = _data(number, as_is)
    lines = [f"{number.name}  {number.meaning}", f"  {kind}", f"  called   {data['label']}",
             f"  unit     {number.unit}", f"  default  {data['default']}", f"  may be   {_bounds(number)}",
             *([f"  likely   {_plausible(number)}: its plausible range"] if number.plausible else []),
             f"  source   {number.source}"]  # fmt: skip
    if needs := ONLY_WITH.get(number.name):
        lines.append(
            f"  acts     only with {', '.join(f'{n} = {in_words(n, v)}' for n, v in needs.items())} or the like"
        )
    for own, begun, where in ((False, True, "in a dated change or a branch"), (True, False, "on own people")):
        if why := refusal(number.name, own=own, begun=begun):
            lines.append(f"  refused  {where}: {why}")
    if data["value"] != data["default"]:
        lines.insert(5, f"  here     {data['value']}")
    put("\n".join(lines if number.fixed else [*lines, "", f"Next: {_run(number, as_is, _by(theory))}"]))


def _run(number, as_is, by: str) -> str:
    """A run with another value of a number: the end of its plausible range that is further off, or its last word."""
    here = _data(number, as_is)
    other = here["words"][-1] if number.choices else here["value"]
    if not number.choices and number.plausible:
        other = f"{number.type(max(number.plausible, key=lambda end: abs(end - number.default))):g}"
    return f"baton run{by} --set {shlex.quote(f'{number.name}={other}')}"


def _by(theory: str | None) -> str:
    return f" --theory {theory}" if theory else ""


def _show_table(found: list, as_is, scenario: str | None, theory: str | None) -> None:
    from sim.cli.layout import Table

    rows = [(each.name, f"{_value(each, as_is)}", _bounds(each), _plausible(each), each.unit, each.meaning, each.source)
            for each in found]  # fmt: skip
    columns = ("name", scenario or "default", "may be", "plausible", "unit", "meaning", "source")
    by, moved = _by(theory), next((each for each in found if not each.fixed), None)
    said = f"Next: baton levers{by} {found[0].name}" + (f", or {_run(moved, as_is, by)}" if moved else "")
    screen.show([Table(f"{len(found)} numbers", columns, rows, (0, 2, 3, 4, 5, 6), spare=(6,)), said])


def _show_actions(as_is, name: str | None, as_json: bool) -> None:
    """The actions that `baton reach` can combine in this firm."""
    from sim.cli.layout import Table
    from sim.errors import InputError, nearest
    from sim.study.reach.actions import open_to

    there = open_to(as_is)
    found = [a for a in there if name is None or name in (a.name, a.group, *a.levers)]
    if not found:
        known = {word for a in there for word in (a.name, a.group, *a.levers)}
        raise InputError(f"{name}: no action, group or lever that is open to this firm{nearest(str(name), known)}")
    if as_json:
        print_json([{"name": a.name, "group": a.group, "says": a.says, "levers": dict(a.values)} for a in found])
        return
    rows = [(a.name, a.group, a.says, a.setting) for a in found]
    screen.show([Table(f"{len(found)} actions", ("name", "group", "what is done", "levers"), rows, (0, 1, 2, 3)),
                 f"Next: baton reach aligned --allow {found[0].group}"])  # fmt: skip
