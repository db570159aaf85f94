"""What would it take to reach a stage? Plans: small sets of named actions on the organization as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sim.arguments import plain, whole_if_it_can
from sim.errors import InputError, nearest, plural
from sim.model.firm import QUARTER, YEAR, Stage
from sim.scenario import Scenario, read
from sim.study.doubt import check_sets
from sim.study.many import Interrupted, markets
from sim.study.own.accepted import ask_gate
from sim.study.reach.actions import Action, allowed_actions
from sim.study.reach.answer import Reach
from sim.study.reach.doubted import doubted
from sim.study.reach.plan import Plan
from sim.study.reach.search import Search
from sim.study.reach.trials import Trials

BUDGET, UNSEEN = 6000, 60


def reach(
    scenario: Scenario | str | Path,
    stage: Stage | str,
    *,
    within_years: float = 2.0,
    chance: float = 0.8,
    allow: Sequence[str] | None = None,
    fixed: Sequence[str] | Mapping[str, object] | None = None,
    max_cost: float | None = None,
    max_hours: float | None = None,
    among: Sequence[Action] | None = None,
    budget: int = BUDGET,
    seeds: int | Sequence[int] = UNSEEN,
    doubt: bool = False,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Reach:
    """Look for plans that bring an organization to a stage.

    A plan is a set of named actions taken on day 1. It is reported if, in
    markets that were not used to find it, the stage counts (two quarters in its
    band, as the audit has it) within the given time in the wished share of
    markets, and if leaving out any one action brings it below that share in
    another block of markets. Sets are combined by Optuna, then thinned out.

    Parameters
    ----------
    scenario : Scenario, name or path
        The organization as it is.
    stage : Stage or str
        "undefined", "defined", "aligned" or "integrated"; a higher one counts too.
    within_years : float
        Years of 260 working days, within the scenario's own days.
    chance : float
        Share of markets, above 0 and at most 1.
    allow : list of str
        Groups ("practices"), levers ("practices.rules") or actions
        ("mandate-rules") that may be used; None: all of them.
    fixed : list of str, or mapping
        What may not be touched, by the same names; a mapping also sets levers
        of the organization as it is.
    max_cost : float
        Most that payroll and other cash may rise, k€ a year over the time given.
    max_hours : float
        Most hours a week that working together may take more.
    among : list of Action
        The actions there are, such as those of a plan (`sim.study.own.actions.planned`); None: the usual ones.
    budget : int
        Most runs.
    seeds : int or list of int
        The unseen markets, for the last test; the search uses others. Of a fitted firm a count is at least that of its
        sets of numbers, so that each is in one.
    doubt : bool
        Run the plans found in these markets once more over plausible sets of the guessed numbers, markets 2k and 2k + 1
        under the k-th (`Reach.doubted`). The search itself keeps to the numbers as they stand.
    threads : int
        Runs at a time; the result does not depend on it.
    progress : function (runs done, budget)

    Returns
    -------
    Reach
        With up to three different plans, or the nearest set of actions and the
        statements of the audit that hold it back.

    Raises
    ------
    InputError
        With one sentence for each fault: an unknown stage, lever or action, a
        time beyond the scenario's days, limits that nothing can meet, a budget too small.
    Interrupted
        Stopped by the user; `finished` holds a Reach of what was found so far.
    """
    within_years, chance, max_cost, max_hours = map(plain, (within_years, chance, max_cost, max_hours))
    budget, threads = map(whole_if_it_can, (budget, threads))
    as_is = read(scenario)
    ask_gate(as_is)
    as_is, actions, wrong = allowed_actions(as_is, allow, fixed, among)
    goal, days, wrong = _checked(as_is, stage, within_years, chance, max_cost, budget, threads, wrong)
    if max_hours is not None and not _number(max_hours):
        wrong.append(f"max_hours = {max_hours}: give hours a week")
    unseen: list[int] = []
    try:
        unseen = markets(seeds)
        if isinstance(seeds, int) and len(unseen) < len(as_is.sets):
            unseen = markets(len(as_is.sets))  # each set of a fitted firm's numbers is in one of them
        if doubt:
            check_sets(unseen)
    except InputError as fault:
        wrong += fault.problems
    if isinstance(budget, int) and unseen and actions:
        least = Search.least_budget(len(actions), len(unseen))
        if budget < least:
            needed = f"{plural(len(actions), 'action')} and {len(unseen)} markets need at least {least} runs"
            wrong.append(f"budget = {budget}: {needed}")
    if wrong:
        raise InputError(wrong)
    trials = Trials(as_is, goal, days, chance, max_cost, int(budget), threads, progress, max_hours)
    search = Search(trials, actions, unseen)
    try:
        search.run()
    except KeyboardInterrupt:
        search.best_so_far()
        raise Interrupted([_result(search, stopped=True)]) from None
    if progress:
        progress(trials.budget, trials.budget)
    result = _result(search, stopped=False)
    if doubt:
        found = search.plans or ([search.nearest] if search.nearest else [])
        chosen = [(plan.name, each.chosen) for plan, each in zip(result.shown, found, strict=True)]
        result.doubted = doubted(trials, [each for each in chosen if each[1]], unseen)
    return result


def _checked(
    as_is: Scenario,
    stage: Stage | str,
    within_years: float,
    chance: float,
    max_cost: float | None,
    budget: int,
    threads: int,
    wrong: list[str],
) -> tuple[Stage, int, list[str]]:
    """The stage and the days meant, and every fault in a sentence."""
    wrong = list(wrong)
    names = [each.name.lower() for each in Stage]
    goal = Stage.UNDEFINED
    if isinstance(stage, Stage):
        goal = stage
    elif isinstance(stage, str) and stage.lower() in names:
        goal = Stage[stage.upper()]
    else:
        wrong.append(f"{stage!r} is no stage: {', '.join(names)}{nearest(str(stage).lower(), names)}")
    days, most = 0, as_is.days / YEAR
    if not _number(within_years) or round(within_years * YEAR) < QUARTER:
        wrong.append(f"within = {within_years}: give years, at least a quarter (0.25)")
    elif round(within_years * YEAR) > as_is.days:
        ends = f"the scenario ends after {most:g} years; give fewer years, or it more days"
        wrong.append(f"within = {within_years:g} years: {ends}")
    else:
        days = round(within_years * YEAR)
    if not _number(chance) or not 0.0 < chance <= 1.0:
        wrong.append(f"chance = {chance}: give a share of the markets, above 0 and at most 1")
    if max_cost is not None and not _number(max_cost):
        wrong.append(f"max_cost = {max_cost}: give k€ a year")
    for name, value in (("budget", budget), ("threads", threads)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            wrong.append(f"{name} = {value}: give a whole number, at least 1")
    return goal, days, wrong


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _result(search: Search, stopped: bool) -> Reach:
    trials = search.trials
    common = {"as_is": trials.as_is, "baseline": search.as_is, "markets": search.unseen}
    plans = [Plan.of(found, name=f"plan {n}", **common) for n, found in enumerate(search.plans, 1)]
    near = search.nearest
    return Reach(
        as_is=trials.as_is,
        stage=trials.stage,
        days=trials.days,
        chance=trials.chance,
        max_cost=trials.max_cost,
        markets=search.unseen,
        other_markets=search.confirmed,
        baseline=search.as_is,
        plans=plans,
        nearest=Plan.of(near, name="nearest", **common) if near else None,
        screened=search.sets.screened,
        runs=trials.used,
        budget=trials.budget,
        stopped=stopped,
        spent=search.spent,
        passed_over=search.passed_over,
    )


def actions(scenario: Scenario | str | Path | None = None) -> list[Action]:
    """What could be done about an organization: every action that would change something in it."""
    as_is = read(scenario)
    return allowed_actions(as_is, None, None)[1]
