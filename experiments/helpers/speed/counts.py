"""An instrumented run: how many draws, functions and array touches each phase of a day really makes.

A program of its own, because rules must be plain Python for it:

    cd experiments && NUMBA_DISABLE_JIT=1 python -m helpers.speed.counts --days 1300

Prints JSON: {"person_days": n, "calls": {phase: {what: count}}}. Draws and
mathematics are counted by wrappers around the functions, touches by a proxy
around the record arrays: each read or write of one field of one row is a touch
(but for the tray, which is a way to write rules and not something that a day needs).
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import sys
from collections import defaultdict

from sim.model import day as story
from sim.model import dice, formulas
from sim.model.day_zero.opening import begin
from sim.model.dice import Dice
from sim.model.kernel import COMPILED, uint64
from sim.model.memory import most_leads_a_day
from sim.model.theory import Theory

import numpy as np  # isort: skip

DRAWS = ("mix", "share", "normal_at", "logistic")  # what the others are made of
FUNCTIONS = ("exp", "log", "sqrt", "pow")
calls: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
now = {"phase": "start", "inside": 0}


def count(what: str, n: int = 1) -> None:
    calls[now["phase"]][what] += n


class Row:
    """One row of a record array."""

    __slots__ = ("row", "name")

    def __init__(self, row, name):
        self.row, self.name = row, name

    def __getitem__(self, field):
        count(f"read {self.name}")
        return self.row[field]

    def __setitem__(self, field, value):
        count(f"write {self.name}")
        self.row[field] = value


class Column:
    """One field of all rows, or a plain array."""

    __slots__ = ("array", "name")

    def __init__(self, array, name):
        self.array, self.name = array, name

    def __len__(self):
        return len(self.array)

    def __getitem__(self, where):
        found = self.array[where]
        count(f"read {self.name}", getattr(found, "size", 1))
        return found

    def __setitem__(self, where, value):
        count(f"write {self.name}", getattr(self.array[where], "size", 1))
        self.array[where] = value


class Table:
    """A record array that counts."""

    __slots__ = ("array", "name")

    def __init__(self, array, name):
        self.array, self.name = array, name

    def __len__(self):
        return len(self.array)

    def __getitem__(self, what):
        found = self.array[what]
        return Column(found, self.name) if isinstance(what, str) else Row(found, self.name)


def counting(array, name):
    """An array of the firm that counts."""
    return (Table if array.dtype.names else Column)(array, name)


class Mathematics:
    """The math module, counting; not inside a draw, whose cost is timed whole."""

    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        function = getattr(self.module, name)
        if name not in FUNCTIONS:
            return function

        def counted(*arguments):
            if not now["inside"]:
                count(name)
            return function(*arguments)

        return counted


def phases() -> list[tuple[str, object, str]]:
    """The lines of the day's story: label, the object that holds the function, its name there."""
    found = []
    for node in ast.parse(inspect.getsource(story.day)).body[0].body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute):
                found.append((f"{called.value.id}.{called.attr}", getattr(story, called.value.id), called.attr))
            else:
                found.append((called.id, story, called.id))
    return found


def instrument() -> None:
    """Replace functions by counting ones wherever a module of the model holds them."""
    modules = [m for n, m in sys.modules.items() if n.startswith("sim.model")]
    for name in DRAWS:
        plain = getattr(dice, name)

        def counted(*arguments, plain=plain, name=name):
            count(name)
            now["inside"] += 1
            try:
                return plain(*arguments)
            finally:
                now["inside"] -= 1

        for module in modules:
            for held, value in list(vars(module).items()):
                if value is plain:
                    setattr(module, held, counted)
    import math

    for module in modules:
        if getattr(module, "math", None) is math:
            module.math = Mathematics(math)
    assert formulas.math is not math
    count_calls(modules)
    for label, holder, name in phases():
        plain = getattr(holder, name)

        def timed(firm, theory, dice_, plain=plain, label=label):
            now["phase"] = label
            plain(firm, theory, dice_)
            now["phase"] = "between"

        setattr(holder, name, timed)


def count_calls(modules) -> None:
    """Count calls of rules that are handed the whole firm, but for those that the compiler is told to put in place."""
    story_lines = {getattr(holder, name) for _, holder, name in phases()}
    rules = {
        f for m in modules for f in vars(m).values() if inspect.isfunction(f) and f.__module__.startswith("sim.model")
    }
    for plain in rules - story_lines - {story.day}:
        if next(iter(inspect.signature(plain).parameters), "") != "firm":
            continue
        if inspect.getsource(plain).startswith("@kernel(inline=True)"):
            continue

        def called(*arguments, plain=plain):
            count("call")
            return plain(*arguments)

        for module in modules:
            for held, value in list(vars(module).items()):
                if value is plain:
                    setattr(module, held, called)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if COMPILED:
        parser.error("set NUMBA_DISABLE_JIT=1: compiled rules cannot be counted")
    theory = Theory()
    simulation = begin(theory, asked.seed, asked.days)
    instrument()
    reserve = most_leads_a_day(theory, simulation.firm)
    with np.errstate(over="ignore"):
        for today in range(asked.days):
            simulation._make_room(reserve)
            firm = simulation.firm._replace(
                **{n: counting(a, n) for n, a in simulation.firm._asdict().items() if n != "tray"}
            )
            story.day(firm, theory, Dice(uint64(asked.seed), today))
    people = int(simulation.firm.ledger["n_people"][0])
    print(json.dumps({"person_days": people * asked.days, "calls": calls}))


if __name__ == "__main__":
    main()
