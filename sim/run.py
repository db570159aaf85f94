"""One scenario, one market: one Run. The only door to a simulation."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from pathlib import Path

import numpy as np

from sim import USUAL_MARKET
from sim.arguments import days_of, seed_of
from sim.errors import InputError, cut, nearest, size
from sim.files.own_day import as_step, blamed
from sim.files.provenance import made_by
from sim.files.reading import opened
from sim.model import drive, kernel, memory, warm
from sim.model.day_zero import opening
from sim.model.firm import QUARTER
from sim.result import Run, label, load, saved
from sim.scenario import Scenario, read
from sim.scenario.refusals import refusal
from sim.scenario.schema import NUMBERS, in_words

__all__ = ["Run", "label", "load", "run"]


def run(
    scenario: Scenario | str | Path | None = None,
    seed: int | None = None,
    *,
    days: int | None = None,
    until: int | None = None,
    from_state: drive.Simulation | str | Path | None = None,
    step: Callable | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Let one organization live in one market.

    Parameters
    ----------
    scenario : Scenario, name of a shipped scenario, or path; None is the default
    seed : int, 0 .. 2**63 - 1
        The market: the same seed means the same prospects, needs and luck for
        every scenario. Default USUAL_MARKET, or the market of `from_state`;
        another one with `from_state` is another future of the same past: people,
        ties, open leads and customers stay, and from that day on prospects, needs
        and all luck are drawn by this number.
    days : int
        Horizon in working days, in place of the scenario's.
    until : int
        Stop at this day, with later dated changes not reached.
    from_state : Simulation, or path of one that was saved
        Go on from there (it is copied, never changed) under this scenario's
        levers: dated changes of earlier days count as already past, and a shock
        dated the very day of the state happens.
    step : function
        Another theory's day(firm, theory, dice) in place of the model's own (docs/tutorials/extending.md);
        a theory with numbers of its own is the scenario's (`but(theory="mine.py")`).
    progress : function (day, horizon)
        Called at every quarter's end.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        A scenario, state or number that cannot be run, or a day of your own that
        fails: with its file and line.
    """
    if step is not None:
        as_step(step)  # a fault of it is told before anything is done
    scenario = read(scenario)
    if days is not None and days_of("days", days) != scenario.days:
        scenario = scenario.but(days=days)
    if scenario.sets:
        from_state = saved.load(from_state, step) if isinstance(from_state, str | Path) else from_state
        market = USUAL_MARKET if seed is None else seed
        scenario = scenario.in_market(seed_of(market if from_state is None else from_state.seed))  # of its past
    check_memory(scenario)
    lived_by = day_of(scenario, step)
    if lived_by is None:
        warm.prepare()
    simulation, about = _begin(scenario, seed, from_state, lived_by)
    about["versions"] = made_by(step, [scenario])
    stop = scenario.days if until is None else min(days_of("until", until, least=0), scenario.days)
    if stop < simulation.day:
        raise InputError(f"the state is of day {simulation.day}, so a run cannot end on day {stop}")

    coming = changes_to_come(scenario, simulation, from_state is not None)
    marks = range((simulation.day // QUARTER + 1) * QUARTER, stop, QUARTER) if progress else ()
    for mark in (*marks, stop):
        live_until(mark, simulation, coming, step)
        if progress:
            progress(mark, stop)
    if lived_by is None and not kernel.is_compiled():
        kernel.mark_compiled()
    return Run.of(scenario, simulation, about)


def passed_on(function: Callable, options: Mapping[str, object]) -> None:
    """Refuse `**options` that neither the function that passes them on to `run` takes nor `run` itself.

    Raises
    ------
    InputError
        With the nearest right name for each.
    """
    ours = [name for name, each in signature(run).parameters.items() if each.kind is Parameter.KEYWORD_ONLY]
    known = {*ours, *signature(function).parameters} - {"options"}
    wrong = [f"{function.__name__}() takes no {cut(n)}{nearest(n, known)}" for n in options if n not in ours]
    if wrong:
        raise InputError(wrong)


def day_of(scenario: Scenario, step=None) -> Callable | None:
    """The day that a scenario is lived by where it is not the model's own: its theory's, or the one given.

    Raises
    ------
    InputError
        Both are there.
    """
    if scenario.own_theory is None:
        return step
    if step is not None:
        raise InputError(f"{label(scenario)}: lives by {scenario.own_theory.called} already; leave the other day out")
    return scenario.own_theory.step


def _begin(scenario: Scenario, seed: int | None, from_state, step=None) -> tuple[drive.Simulation, dict]:
    """A simulation at its first day, and what is known only then."""
    if from_state is None:
        organization = scenario.load_organization()
        simulation = opening.begin(
            scenario.theory, USUAL_MARKET if seed is None else seed_of(seed), scenario.days, organization
        )
        inputs = organization.digest if organization is not None else ""
        return simulation, {"inputs": inputs, "from_day": 0}
    if isinstance(from_state, drive.Simulation):
        simulation = from_state.copy()
    else:
        opened(from_state).close()
        simulation = saved.load(from_state, step)
    _refuse_on_branch(scenario, simulation)
    _lengthen(simulation, scenario.days)
    if seed is not None and seed_of(seed) != simulation.seed:
        simulation.fork(seed)
    return simulation, {"inputs": "", "from_day": simulation.day}


def _refuse_on_branch(scenario: Scenario, simulation: drive.Simulation) -> None:
    """A firm that lives goes on with other levers, but not with those that it can only begin with."""
    now, before = scenario.theory_on(simulation.day), simulation.theory
    faults = []
    for name in NUMBERS:
        group, field = name.split(".")
        value = getattr(getattr(now, group), field)
        why = refusal(name, own=simulation.own_people, begun=True)
        if why and value != getattr(getattr(before, group), field):
            faults.append(
                f"{name} = {in_words(name, value)} cannot be set for a saved state of day {simulation.day}: {why}"
            )
    if faults:
        raise InputError(faults)


def _lengthen(simulation: drive.Simulation, horizon: int) -> None:
    """Room in the diary for a horizon that is longer than the one the state began with."""
    if horizon <= simulation.horizon:
        return
    rows = {"days": horizon, "answers": math.ceil(horizon / QUARTER), "quarters": math.ceil(horizon / QUARTER)}
    wider = {}
    for name, n in rows.items():
        old = getattr(simulation.firm, name)
        wider[name] = np.zeros((max(n, len(old)), *old.shape[1:]), old.dtype)
        wider[name][: len(old)] = old
    simulation.firm, simulation.horizon = simulation.firm._replace(**wider), horizon


def changes_to_come(scenario: Scenario, simulation: drive.Simulation, resumed: bool = False) -> list:
    """The changes still to come; for a state that goes on, first the theory already in force."""
    steps = list(scenario.steps())
    if not resumed:
        return steps
    past = [theory for day, theory, _ in steps if day < simulation.day]
    now = (simulation.day, past[-1] if past else scenario.theory, None)
    return [now, *(each for each in steps if each[0] >= simulation.day)]


def live_until(to_day: int, simulation: drive.Simulation, coming: list, step=None) -> None:
    """Live until `to_day` (not included) or until the cash is gone; changes take effect before their day is lived.

    Whoever drives a simulation does it by this, a day at a time or in one go;
    changes are taken off the list `coming` as they take effect.
    """
    step = None if step is None else as_step(step)
    while simulation.day < to_day and not broke(simulation):
        while coming and coming[0][0] <= simulation.day:
            _, theory, shock = coming.pop(0)
            if theory != simulation.theory:
                simulation.change(theory)
            if shock:
                simulation.shock(shock)
        with blamed(step or (simulation.own and simulation.own.step)):
            simulation.advance(min(coming[0][0], to_day) if coming else to_day, step)


def broke(simulation: drive.Simulation) -> bool:
    """Whether the cash is gone: no day follows."""
    return int(simulation.firm.ledger["broke"][0]) >= 0


def check_memory(scenario: Scenario) -> None:
    """Refuse what needs more memory than is free, before it begins."""
    theories = [scenario.theory, *(theory for _, theory, _ in scenario.steps())]
    needed, free = max(memory.estimate_bytes(theory, scenario.days) for theory in theories), free_bytes()
    if free and needed > free:
        there = f"about {size(needed)} of memory and {size(free)} are free"
        levers = "workforce.marketers, workforce.salespeople, market.size or days"
        raise InputError(f"{scenario.source or scenario.title}: needs {there}; lower {levers}")


def free_bytes() -> int:
    """Memory that a run may take, or 0 where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (AttributeError, ValueError, OSError):
            return 0
