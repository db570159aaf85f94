"""`baton reach`: what would it take to reach a stage?"""

from __future__ import annotations

import math
import sys
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import (
    INTERRUPTED,
    NO,
    PARTIAL,
    Days,
    Json,
    Levers,
    Output,
    Overwrite,
    Quiet,
    Theory,
    Threads,
    option,
)
from sim.cli.screen import announce, check_output, print_json, put, read_scenario, screen

MARK = "reach.toml"


def reach_command(
    stage: Annotated[str, typer.Argument(metavar="STAGE", help="undefined, defined, aligned or integrated")],
    scenario: Annotated[
        str | None, option("--from", metavar="SCENARIO", help="the firm as it is: a shipped name, or a TOML file")
    ] = None,
    within: Annotated[float, option("--within", metavar="YEARS", help="in how many years")] = 2.0,
    chance: Annotated[float, option("--chance", metavar="SHARE", help="in which share of markets at least")] = 0.8,
    allow: Annotated[
        list[str] | None,
        option("--allow", metavar="NAMES", help="only these: groups, levers or actions, with commas between"),
    ] = None,
    fix: Annotated[
        list[str] | None,
        option("--fix", metavar="NAME[=VALUE]", help="leave this alone; with a value: it is so, and stays so"),
    ] = None,
    max_cost: Annotated[
        float | None,
        option("--max-cost", metavar="K€", help="payroll and other cash may rise by so many k€ a year"),
    ] = None,
    max_hours: Annotated[
        float | None, option("--max-hours", metavar="HOURS", help="working together may take so many more a week")
    ] = None,
    plan: Annotated[
        str | None, option("--plan", metavar="NAME", help="search among the actions of this plan of your firm")
    ] = None,
    seeds: Annotated[
        int, option("--seeds", min=1, max=MOST_MARKETS, help="number of unseen markets for the last test")
    ] = 60,
    doubt: Annotated[
        bool, option("--doubt", help="run the plans found over plausible sets of the guessed numbers as well")
    ] = False,
    budget: Annotated[int, option("--budget", metavar="RUNS", min=1, help="most runs")] = 6000,
    days: Days = None,
    levers: Levers = None,
    theory: Theory = None,
    output: Output = None,
    overwrite: Overwrite = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Look for what it would take to reach a stage.

    Up to three plans, each a small set of actions on the firm as it is, tested
    in markets that the search has not seen. Exit code 4 if there is no plan:
    then the nearest is shown, and which statements of the audit hold it back;
    5 if a set was enough there, and the runs did not suffice to confirm it.

    \b
    Examples:
      baton reach aligned --from silo --within 3
      baton reach aligned --allow liaison,distance,practices --max-cost 50 -o plans
      baton reach defined --from silo --fix distance --fix communication.cost_hours=1
      baton reach aligned --from firm --plan ideas --max-cost 200 --max-hours 20
      baton reach defined --from silo --doubt      in how many plausible sets of numbers a plan gets there
      baton levers --actions --from silo     what can be done about a firm
    """
    screen.quiet = quiet or as_json
    if output is not None:
        check_output(output, overwrite, MARK)
    name = scenario or "default"
    years = f"{within:g} year{'' if within == 1 else 's'}"
    said = f"Looking for ways from {name} to {stage} within {years}, with at most {budget:,} runs …"
    announce(said, math.inf if theory else budget)
    as_is = read_scenario(scenario, levers, theory)
    if days is not None:
        as_is = as_is.but(days=days)
    among = _planned(scenario, plan, as_is) if plan is not None else None
    from sim.cli import reach_report, report
    from sim.study.many import Interrupted
    from sim.study.reach.reach import reach

    stopped = False
    try:
        result = reach(as_is, stage, within_years=within, chance=chance, allow=_names(allow), fixed=_fixed(fix),
                       max_cost=max_cost, max_hours=max_hours, among=among, budget=budget, seeds=seeds, doubt=doubt,
                       threads=threads,
                       progress=screen.progress("runs"))  # fmt: skip
    except Interrupted as fault:
        result, stopped = fault.finished[0], True
    if output is not None and (result.shown or not stopped):
        result.save(output, overwrite)
        screen.say(f"Plans, tables and picture are in {output}")
    if as_json:
        print_json(reach_report.as_data(result))
    else:
        screen.show([*report.doubt_said([result.as_is]), *reach_report.account(result, name, output)])
    if stopped:
        put(f"Stopped after {result.runs:,} of {budget:,} runs; what was found is told here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED)
    if not result.found:
        raise typer.Exit(PARTIAL if result.enough and result.spent else NO)


def _planned(firm: str | None, name: str, as_is) -> list:
    """The actions of a plan, with what they cost, to be searched among."""
    from sim.study.own import plans
    from sim.study.own.actions import planned

    if firm is None:
        raise typer.BadParameter("goes with --from FIRM, a folder that baton import wrote", param_hint="--plan")
    _, as_of = plans.firm_at(firm)
    return planned(plans.read_plan(firm, name, as_of).steps, as_is)


def _names(given: list[str] | None) -> list[str] | None:
    """Names with commas between, from one option or several."""
    if given is None:
        return None
    return [name.strip() for each in given for name in each.split(",") if name.strip()]


def _fixed(given: list[str] | None) -> dict[str, object]:
    """Names left alone (None), and levers set for good."""
    from sim.arguments import value_typed

    found: dict[str, object] = {}
    for each in given or ():
        name, equals, value = each.partition("=")
        if equals:
            found[name.strip()] = value_typed(value.strip())
        else:
            found |= dict.fromkeys(_names([each]) or (), None)
    return found
