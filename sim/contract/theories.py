"""A theory in a file held to the contract, its own numbers at their ends too; what it breaks is told with its lines."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Sequence

from sim.contract.contract import PROMISES, ContractError, Report, check_day
from sim.contract.plain_first import plainly
from sim.errors import InputError
from sim.model import firm
from sim.scenario import Scenario, read
from sim.scenario.own_theory import OwnTheory, read_theory

FEW_DAYS = 65  # that each end of an own number is lived
UNNAMED = ("random", "secrets", "numpy.random")  # what draws without a name
SINGLE = {column for table in (firm.PEOPLE, firm.TIES, firm.LEADS, firm.CUSTOMERS)
          for column in table.names or () if table[column].base == "f4"}  # fmt: skip
FIELD = re.compile(r"\b([a-z_]+)\.([a-z_]+)\b")


def check_theory(
    theory: str | os.PathLike[str] | OwnTheory,
    scenario: Scenario | str | None = None,
    days: int = 130,
    seeds: Sequence[int] = (0, 1),
    told: Callable[[str], object] | None = None,
) -> Report:
    """Live by a theory in some markets, plain and compiled, and raise an error that lists what it broke.

    Plain first, in a process of its own: what fails there or never ends is told with the theory's own line.

    Parameters
    ----------
    theory : path of a Python file, or name of a theory that comes with Baton
    scenario : Scenario, name or path; None is the default
    days, seeds
        Working days to live, and markets to try.
    told : function of a sentence
        Called with what is tried next.

    Returns
    -------
    Report

    Raises
    ------
    ContractError
        At least one promise was broken: in each sentence the lines of the file that write what it is about.
    InputError
        The file is no theory.
    """
    own = read_theory(theory)
    if own is None:
        raise InputError("baton is the model's own day: sim.contract.check_day() tries it")
    base = read(scenario).but(theory=own)
    tries: list[tuple[str, dict, int]] = [("", {}, days)]
    for each in own.numbers:
        tries += [(f"{each.name} = {end:g}", {each.name: end}, min(days, FEW_DAYS)) for end in (each.low, each.high)]
    broken = _unnamed(own)
    report, ends = None, _plain_ends(base, tries, seeds, own, told, broken)
    for (what, values, length), plain in zip(tries, ends, strict=False):
        if told:
            told(f"{own.called}{', ' + what if what else ''}: {length} days …")
        try:
            found = check_day(None, base.but(values), length, seeds if not what else seeds[:1])
            report = report or found
            said = [f"  market {seed}: plain rules end elsewhere than compiled ones"
                    for seed, end in found.hashes.items() if plain[seed] != end]  # fmt: skip
            said = [PROMISES["plain"], *said, *_single(own)] if said else []
        except ContractError as fault:
            said = [f"{each}{_lines(each, own)}" for each in fault.broken]
        broken += [f"With {what}:"] * bool(what and said) + said
        if broken:  # at its numbers' ends it would break the same
            break
    if broken or report is None:
        raise ContractError(broken)
    at_ends = [f"The same with each of its numbers at its ends ({', '.join(n.name for n in own.numbers)})."]
    kept = (*report.kept, PROMISES["plain"], *(at_ends if own.numbers else []))
    return Report(report.day, report.days, report.seeds, kept, report.hashes)


def _plain_ends(base: Scenario, tries: list, seeds: Sequence[int], own: OwnTheory, told, broken: list[str]) -> list:
    """What each try ends in by plain rules; of the first that fails why, among what is broken."""
    if told:
        told(f"{own.called}: lived plain first, to find its lines …")
    work = []
    for what, values, length in tries:
        now = base.but(values)
        changes = tuple(each for each in now.changes if each.day < length)
        work.append((now.but(days=length, changes=changes), seeds[:1] if what else seeds))
    try:
        found = plainly(work)
    except InputError as fault:
        found = ["; ".join(fault.problems)]
    if isinstance(found[-1], str):
        what = tries[len(found) - 1][0]
        broken += [f"With {what}:"] * bool(what) + ["A day comes to an end without an error.", f"  {found.pop()}"]
        return []
    return found


def _unnamed(own: OwnTheory) -> list[str]:
    """The draws in a theory's file that have no name, each with its line."""
    tree, called, found = ast.parse(own.text), {}, []
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            called |= {alias.asname or alias.name.partition(".")[0]: alias.name if alias.asname else
                       alias.name.partition(".")[0] for alias in each.names}  # fmt: skip
        elif isinstance(each, ast.ImportFrom):
            called |= {alias.asname or alias.name: f"{each.module}.{alias.name}" for alias in each.names}
    for each in ast.walk(tree):
        if isinstance(each, ast.Call):
            first, _, rest = ast.unparse(each.func).partition(".")
            full = ".".join(filter(None, (called.get(first, ""), rest)))
            if any(full == name or full.startswith(f"{name}.") for name in UNNAMED):
                found.append((each.lineno, ast.unparse(each.func)))
    how = "draws without a name; draw by sim.model.dice, with Stream.GUEST"
    told = [f"  {own.called}, line {line}: {name}() {how}" for line, name in sorted(found)]
    return [PROMISES["same"], *told] if told else []


def _single(own: OwnTheory) -> list[str]:
    """Where a theory's file reckons with a field of 32 bits: plain Python goes on with 32, compiled code with 64."""
    tree = ast.parse(own.text)
    wide = {id(each) for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) == "float"
            for each in call.args}  # fmt: skip
    found = {(each.lineno, column) for each in ast.walk(tree)
             if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Load) and id(each) not in wide
             and (column := _column(each)) in SINGLE and ast.unparse(each).endswith(f"[{column!r}]")}  # fmt: skip
    why = "has 32 bits, with which plain Python goes on and compiled rules do not: write float(…) around it"
    return [f"  {own.called}, line {line}: {column} {why}" for line, column in sorted(found)]


def _lines(sentence: str, own: OwnTheory) -> str:
    """The lines of a theory's file that write the fields which a sentence is about."""
    columns = {column for _, column in FIELD.findall(sentence)}
    lines = sorted({line for column, line in _writes(own.text) if column in columns})
    if not sentence.startswith("  ") or not lines or f"{own.called}, line" in sentence:
        return ""
    return f" ({own.called}, line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))})"


def _writes(text: str) -> list[tuple[str, int]]:
    """Each column that a file writes, with the line: `people[i]["hours"] += 1`, or through a name for the column."""
    tree, found = ast.parse(text), []
    views: dict[str, str] = {}
    for each in ast.walk(tree):
        targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
        if not isinstance(each, ast.Assign | ast.AugAssign | ast.AnnAssign):
            continue
        for target in targets:
            if isinstance(target, ast.Name) and (column := _column(getattr(each, "value", None))):
                views[target.id] = column
            while isinstance(target, ast.Subscript):
                found += [(column, each.lineno) for column in [_column(target)] if column]
                if isinstance(target.value, ast.Name):
                    found.append((target.value.id, each.lineno))
                target = target.value
    return [(views.get(column, column), line) for column, line in found]


def _column(node: ast.AST | None) -> str:
    """The column that a subscript names somewhere in it, or nothing."""
    while isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return node.slice.value
        node = node.value
    return ""
