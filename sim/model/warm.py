"""The first compilation, in two processes: each compiles half of the day into the cache that both share.

python -m sim.model.warm        compiles the second half (the first run starts it)
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import subprocess
import sys

import numpy as np

from sim.model import day, drive, firm, kernel
from sim.model.appointments import begin_books
from sim.model.day_zero import seats, shocks, stock, ties
from sim.model.dice import Dice
from sim.model.rules import structure, workforce
from sim.model.theory import Theory
from sim.model.things import decision, head, ledger, practice

OUTSIDE = (structure, workforce, stock, shocks)  # rules that Python calls, before the first day and between days
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


def like_a_run() -> tuple:
    """Arguments of the types that a run has, with nothing in them."""
    shapes = {"beliefs": (0, 1), "audit": (0, 0), "answers": (0, 0, 0), "patches": (2, 0), "pages": (0, 16)}
    plain = {name: np.dtype(np.int32) for name in ("patches", "pages")}
    plain |= {name: np.dtype(np.int64) for name in ("agenda", "renewals")} | {"answers": firm.AUDIT}
    tables = {
        name: np.zeros(shapes.get(name, (0,)), plain.get(name) or getattr(firm, name.upper()))
        for name in firm.Firm._fields
    }
    return firm.Firm(**tables), kernel.numbers_for_kernels(Theory()), Dice(kernel.uint64(0), 0)


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
    arguments, lines = like_a_run(), kernel.reached(day.day)
    for rule in some:
        kernel.compile_for(rule, *arguments, door=rule not in lines)


def prepare() -> None:
    """Compile the day, if that was not done before."""
    if not kernel.is_compiled() and kernel.CACHE is not None:
        warm_all()


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
    firm_, numbers, _ = like_a_run()
    kernel.compile_for(drive.live, firm_, numbers, kernel.uint64(0), 0, 0, 0)


@seldom_swept()
def warm_rest() -> None:
    """Compile the second half, and what fills the arrays of day 0."""
    warm(halves()[1])
    warm_start()


def warm_start() -> None:
    """Compile what fills the arrays of day 0, which takes more than a rule of the day does."""
    firm_, numbers, dice = like_a_run()
    rows = np.zeros((2, 0), np.int64)
    row, pairs = np.zeros(0, np.int64), rows
    kernel.compile_for(begin_books, firm_)
    kernel.compile_for(ledger.begin, firm_, numbers)
    kernel.compile_for(practice.begin, firm_.practices)
    kernel.compile_for(decision.begin, firm_.decisions)
    kernel.compile_for(head.begin, firm_.heads, numbers)
    kernel.compile_for(stock.open_books, firm_, numbers)
    kernel.compile_for(seats.open_seats, firm_, numbers, dice, row, 0, 0)
    kernel.compile_for(seats.count_people, firm_)
    kernel.compile_for(ties.rank_seats, firm_, rows)
    kernel.compile_for(ties.deal_ties, firm_, numbers, dice, rows, pairs)
    kernel.compile_for(ties.lay_ties, firm_, pairs, firm_.ties, firm_.links, row)
    kernel.compile_for(ties.measure, firm_, numbers, dice, row)
    kernel.compile_for(ties.start_ties, firm_, numbers, dice, row)
    kernel.compile_for(ties.deal_mates, firm_, numbers, dice, row, firm_.mates)
    kernel.compile_for(ties.reckon_distances, firm_, numbers)
    kernel.compile_for(ties.deal_patches, firm_, dice, rows)


if __name__ == "__main__":
    warm_rest()
