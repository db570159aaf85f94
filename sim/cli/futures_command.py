"""`baton futures`: forks a firm on chosen days, tells how the futures differ, and writes a row a future."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import (
    INTERRUPTED,
    METRIC,
    Days,
    Json,
    Levers,
    OwnOutcomes,
    Quiet,
    ScenarioName,
    Theory,
    Threads,
    option,
)
from sim.cli.screen import announce, own_outcomes, print_json, read_scenario, screen


def futures_command(
    scenario: ScenarioName = None,
    day: Annotated[
        list[int] | None, option("--day", min=0, metavar="DAY", help="draw luck anew from here on (none: 520)")
    ] = None,
    seeds: Annotated[int, option("--seeds", min=1, max=MOST_MARKETS, help="markets to live the past in")] = 12,
    futures: Annotated[int, option("--futures", min=2, help="futures of each state")] = 12,
    from_state: Annotated[Path | None, option("--from", metavar="STATE", help="fork this saved state")] = None,
    metric: Annotated[list[str] | None, option(*METRIC, metavar="NAME", help="an outcome to tell of")] = None,
    outcomes: OwnOutcomes = None,
    days: Days = None,
    levers: Levers = None,
    theory: Theory = None,
    output: Annotated[Path | None, option("-o", "--output", metavar="FILE.csv", help="write one row a future")] = None,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Live the same past on under other luck, and say how much of what comes was settled by then.

    People, ties, open leads and customers stay as they are on the day; from then
    on prospects, needs and all luck are drawn anew. What the states of that day
    differ in, of all that their futures differ in, was settled: 0 % means that
    all was open, 100 % that nothing could change it any more.

    \b
    Examples:
      baton futures --day 260 --day 520 --day 1040
      baton futures liaison --day 520 --seeds 20 --futures 20 -o futures.csv
      baton run --days 600 --save-state day600.npz
      baton futures --from day600.npz        one state (of another scenario: name that too): what may become of it
    """
    screen.quiet = quiet or as_json
    own = own_outcomes(outcomes)
    if from_state is not None and day:
        raise typer.BadParameter("a state has its own day: leave --day out", param_hint="--day")
    wanted = day or [520]
    n = (1 if from_state is not None else seeds * len(set(wanted))) * futures
    where = f"of {from_state}" if from_state is not None else f"in {seeds:,} market{'s' * (seeds != 1)}"
    announce(f"Living {n:,} futures of {scenario or 'the default scenario'} {where} …", math.inf if theory else n)
    chosen = read_scenario(scenario, levers, theory)
    if scenario is None and from_state is not None:
        from sim.run import day_of
        from sim.study.futures import check_of_default

        check_of_default(from_state, day_of(chosen))
    if days is not None:
        chosen = chosen.but(days=days)
    from sim.cli.futures_report import account, as_data
    from sim.study import futures as study
    from sim.study.many import Interrupted

    stopped = False
    try:
        found = study.futures(chosen, wanted, seeds=seeds, futures=futures, state=from_state,
                              outcomes=metric or (*study.SHOWN, *own), threads=threads,
                              progress=screen.progress("states"))  # fmt: skip
    except Interrupted as fault:
        if not fault.finished:
            raise KeyboardInterrupt from None
        found, stopped = fault.finished[0], True
    if output is not None:
        found.save(output)
        screen.say(f"One row a future is in {output}")
    if as_json:
        print_json(as_data(found))
    else:
        screen.show(account(found))
    if stopped:
        raise typer.Exit(INTERRUPTED)
