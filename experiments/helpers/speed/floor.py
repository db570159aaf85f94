"""The floor under a day's cost: what the counted draws and touches cost as bare loops; and each phase's own time."""

from __future__ import annotations

import math
import statistics
import time
from collections import Counter

import numpy as np

from helpers.printing import table
from helpers.speed.counts import phases
from sim.model import dice
from sim.model.day_zero.opening import begin
from sim.model.dice import Dice
from sim.model.firm import PEOPLE
from sim.model.kernel import guest, kernel, numbers_for_kernels, uint64
from sim.model.memory import most_leads_a_day
from sim.model.theory import Theory, with_values


@kernel
def handed(firm, theory, i):
    """A rule that is handed the whole firm; it calls itself twice over, so that no compiler puts it in place."""
    if i < 0:
        return handed(firm, theory, i + 1) + handed(firm, theory, i + 2)
    return firm.people["load"][i % 36]


@kernel
def calls(n, firm, theory):
    """Many such calls."""
    total = 0.0
    for i in range(n):
        total += handed(firm, theory, i)
    return total


def _loops() -> dict:  # noqa: C901  one loop a count
    """One bare loop for each thing that is counted: (loop, arguments)."""
    mix, share, normal_at, logistic = dice.mix, dice.share, dice.normal_at, dice.logistic

    def mixes(n):
        total = 0.0  # summed as numbers: a loop over bare bits would be done four at a time, as no rule can
        for i in range(n):
            total += float(mix(uint64(i)))
        return total

    def shares(n):
        total = 0.0
        for i in range(n):
            total += share(uint64(i) << uint64(40))
        return total

    def normals(n):
        total = 0.0
        for i in range(n):  # of keyed draws, as in a day: over a ramp its branch would be foreseen
            total += normal_at(share(mix(uint64(i))))
        return total

    def draws(n):
        total = 0.0
        for i in range(n):
            total += share(mix(uint64(i)))
        return total

    def logistics(n):
        total = 0.0
        for i in range(n):
            total += logistic((i & 1023) * 0.008 - 4.0)
        return total

    def exps(n):
        total = 0.0
        for i in range(n):
            total += math.exp((i & 1023) * 0.008 - 4.0)
        return total

    def logs(n):
        total = 0.0
        for i in range(n):
            total += math.log((i & 1023) * 0.008 + 0.1)
        return total

    def roots(n):
        total = 0.0
        for i in range(n):
            total += math.sqrt((i & 1023) * 0.008)
        return total

    def powers(n):
        total = 0.0
        for i in range(n):
            total += math.pow((i & 1023) * 0.0008 + 0.1, 0.4)
        return total

    def touches(n, people):
        a, b, rows = people["load"], people["reach"], len(people)
        for _ in range(n // (2 * rows)):
            for i in range(rows):
                b[i] = a[i]
        return b[0]

    people = np.zeros(36, PEOPLE)
    whole = (begin(Theory(), 1, 10).firm, numbers_for_kernels(Theory()))
    named = {
        "mix": mixes,
        "share": shares,
        "normal_at": normals,
        "draw": draws,
        "logistic": logistics,
        "exp": exps,
        "log": logs,
        "sqrt": roots,
        "pow": powers,
    }
    return {
        **{name: (guest(loop), ()) for name, loop in named.items()},
        "touch": (guest(touches), (people,)),
        "call": (calls, whole),
    }


@kernel
def bare_work(n):
    """Some milliseconds of arithmetic without memory, in which another thread may run."""
    total = 0.0
    for i in range(2_000_000):
        total += dice.logistic((i & 1023) * 0.008 - 4.0 - n)
    return total


def unit_costs(rounds: int = 5, n: int = 2_000_000) -> dict[str, float]:
    """Nanoseconds of each counted thing in a bare compiled loop, medians, taken in turn."""
    loops = _loops()
    taken = {name: [] for name in loops}
    for loop, more in loops.values():
        loop(72, *more)
    for _ in range(rounds):
        for name, (loop, more) in loops.items():
            began = time.thread_time()
            loop(n, *more)
            taken[name].append((time.thread_time() - began) / n * 1e9)
    costs = {name: statistics.median(each) for name, each in taken.items()}
    costs["normal_at"] -= costs.pop("draw")
    return costs


def phase_times(people: int = 3600, days: int = 65, rounds: int = 3, seed: int = 1) -> dict[str, float]:
    """Nanoseconds a person-day that each phase takes, called by itself, less what a call costs.

    Many people, so that a call's own cost (some microseconds) does not hide the
    phase's; of several rounds the quickest of each day counts, since a phase
    that is interrupted looks slow.
    """

    def nothing(firm, theory, dice):
        return

    empty, clock = guest(nothing), time.perf_counter
    theory = with_values(Theory(), {"workforce.marketers": people // 3, "workforce.salespeople": people - people // 3})
    numbers = numbers_for_kernels(theory)
    story = [("a call", empty)] + [(label, getattr(holder, name)) for label, holder, name in phases()]
    taken = np.zeros((rounds, days, len(story)))
    for each in range(rounds):
        simulation = begin(theory, seed, days)
        reserve = most_leads_a_day(theory, simulation.firm)
        for today in range(days):
            simulation._make_room(reserve)
            dice_today = Dice(uint64(seed), today)
            for j, (_, phase) in enumerate(story):
                began = clock()
                phase(simulation.firm, numbers, dice_today)
                taken[each, today, j] = clock() - began
    quickest = taken.min(0)
    own = (quickest - np.median(quickest[:, 0])).sum(0) / (people * days) * 1e9
    return {label: max(float(ns), 0.0) for (label, _), ns in zip(story[1:], own[1:], strict=True)}


def is_touch(what: str) -> bool:
    """Whether this counts reads or writes of an array."""
    return what.startswith(("read ", "write "))


def floor_of(counts: dict[str, int], costs: dict[str, float]) -> float:
    """Nanoseconds that a phase's counts cost at the unit costs (a logistic holds its exp, a normal what it needs)."""
    total = 0.0
    for what, n in counts.items():
        if what == "call":
            continue  # a way to write rules, not something that a day needs
        total += n * costs["touch" if is_touch(what) else what]
    return total


def against_floor(calls: dict[str, dict[str, int]], n: int, measured: float, rounds: int) -> list[tuple]:
    """The table of phases, printed, and the rows of speed's part c; n person-days were counted."""
    costs, own = unit_costs(rounds), phase_times(rounds=rounds)
    whole, rows = Counter(), []
    floors = {label: floor_of(counts, costs) / n for label, counts in calls.items()}
    for counts in calls.values():
        whole.update({"touch" if is_touch(what) else what: v for what, v in counts.items() if not is_touch(what)})
        whole["touch"] += sum(v for what, v in counts.items() if is_touch(what))
    for label in sorted(own, key=lambda k: -own[k]):
        counts = calls.get(label, {})
        touches = sum(v for what, v in counts.items() if is_touch(what))
        mathematics = sum(counts.get(k, 0) for k in ("exp", "log", "sqrt", "pow"))
        seen = [*(counts.get(k, 0) for k in ("mix", "share", "normal_at", "logistic")), mathematics, touches]
        seen.append(counts.get("call", 0))
        rows.append([label, *(float(round(v / n, 2)) for v in seen), floors.get(label, 0.0), own[label]])
    head = ["phase", "mixes", "uniforms", "normals", "logistics", "other functions", "touches", "calls"]
    print(
        f"\ncounts a person-day ({n} person-days of the default, plain Python), each phase's floor, and what it takes"
    )
    print("compiled when called by itself at 3,600 people; the rest of a phase is loops, arithmetic, branches guessed")
    print("wrong, rows that memory has to fetch, and calls that hand over the whole firm (not part of the floor)\n")
    print(table([*head, "floor, ns", "measured, ns"], rows))
    print("\nunit costs, ns (bare compiled loops): " + ", ".join(f"{k} {v:.2f}" for k, v in costs.items()))
    handed = whole.pop("call", 0) / n
    kinds = Counter({what: v * costs[what] / n for what, v in whole.items()})
    floor = sum(kinds.values())
    dearest = sorted(own, key=lambda k: floors.get(k, 0) - own[k])[:4]
    above = ", ".join(f"{k} {own[k] - floors.get(k, 0):.0f}" for k in dearest)
    return [
        ("floor, ns a person-day", floor, "", "; ".join(f"{k} {v:.1f}" for k, v in kinds.most_common())),
        ("measured, ns a person-day", measured, "", "median over the same days"),
        ("measured over floor", measured / floor, "<= 2.5, aim 2", ""),
        ("above the floor, ns", measured - floor, "", f"most in {above}"),
        (
            "of this, calls with the firm, ns",
            handed * costs["call"],
            "",
            f"at most: {handed:.2f} calls, if none is put in place",
        ),
    ]
