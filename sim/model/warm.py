"""The first compilation, in two processes: each compiles half of the day into the cache that both share.

python -m sim.model.warm        compiles the second half (the first run starts it)
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import subprocess
import sys

from sim.model import day, doors, kernel, wasm
from sim.model.day_zero import shocks, stock
from sim.model.rules import structure, workforce

OUTSIDE = (structure, workforce, stock, shocks)  # rules that Python calls, before the first day and between days
_compiled = False  # whether this process compiled the day
SWEPT_AFTER = 100_000  # objects, in place of some hundreds


def rules() -> list:
    """Every rule that takes firm, theory and dice: the lines of a day, and what happens outside of it."""
    found = []
    for module in (day, *(each for each in vars(day).values() if inspect.ismodule(each)), *OUTSIDE):
        found += [rule for rule in vars(module).values() if kernel.is_line(rule) and rule not in found]
    return [rule for rule in found if rule is not day.day]


def halves() -> tuple[list, list]:
    """The rules in two lists that take about as long to compile, those that call the same rules in the same list."""
    lists, within = ([], []), (set(), set())
    for rule in sorted(rules(), key=lambda each: _length(kernel.reached(each)), reverse=True):
        both = [_length(seen | kernel.reached(rule)) for seen in within]
        place = int(both[1] < both[0])
        lists[place].append(rule)
        within[place].update(kernel.reached(rule))
    return lists


def _length(some) -> int:
    return sum(map(kernel.length_of, some))


@contextlib.contextmanager
def seldom_swept():
    """Look seldom for objects that nobody holds: the compiler makes millions, and most of them are held to its end."""
    before = gc.get_threshold()
    gc.set_threshold(SWEPT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def warm(some) -> None:
    """Compile these rules into the cache."""
    arguments, lines = doors.like_a_run(), kernel.reached(day.day)
    for rule in some:
        kernel.compile_for(rule, *arguments, door=rule not in lines)


def prepare(runs: float = 1) -> None:
    """Compile the day if that was not done before and pays for so many runs; else the module answers, bit for bit."""
    global _compiled
    must = not _compiled and wasm.must_compile(runs)
    kernel.answered_by(None if must or _compiled or kernel.is_compiled() else wasm.answer)
    if must and kernel.CACHE is not None:
        warm_all()
    _compiled = _compiled or must


@seldom_swept()
def warm_all() -> None:
    """Compile the day in two processes; in one where the second cannot be started."""
    other = None
    with contextlib.suppress(OSError):
        other = subprocess.Popen(
            [sys.executable, "-m", "sim.model.warm"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    warm(halves()[0])
    if other is None or other.wait() != 0:
        warm_rest()
    days = doors.of_days()
    kernel.compile_for(days.rule, *days.arguments)


@seldom_swept()
def warm_rest() -> None:
    """Compile the second half, and what fills the arrays of day 0."""
    warm(halves()[1])
    warm_start()


def warm_start() -> None:
    """Compile what fills the arrays of day 0, which takes more than a rule of the day does."""
    for door in doors.of_day_zero():
        if not kernel.is_line(door.rule):
            kernel.compile_for(door.rule, *door.arguments)


if __name__ == "__main__":
    warm_rest()
