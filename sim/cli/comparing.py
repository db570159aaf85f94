"""`baton compare`: organizations side by side in the same markets."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli.options import INTERRUPTED, Days, Json, Output, Overwrite, Quiet, Threads, option
from sim.cli.screen import announce, check_output, print_json, read_scenario, screen


def compare_command(
    scenarios: Annotated[list[str], typer.Argument(metavar="A B …", help="scenarios; the first is the baseline")],
    seeds: Annotated[int, option("--seeds", min=1, help="number of markets")] = 30,
    days: Days = None,
    output: Output = None,
    overwrite: Overwrite = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare organizations in the same markets.

    Paired differences with 95 % intervals; the first scenario is the baseline.

    \b
    Examples:
      baton compare silo liaison
      baton compare silo liaison near-cheap --seeds 50 -o pair
    """
    screen.quiet = quiet or as_json
    if len(scenarios) < 2:
        raise typer.BadParameter("give at least two scenarios", param_hint="A B …")
    if output is not None:
        check_output(output, overwrite, "comparison.toml")
    announce(f"Comparing {', '.join(scenarios)} in {seeds} markets …")
    chosen = [read_scenario(name) for name in scenarios]
    from sim.cli import report
    from sim.study.compare import compare
    from sim.study.many import Interrupted

    stopped = False
    try:
        pair = compare(*chosen, seeds=seeds, days=days, threads=threads, progress=screen.progress("runs"))
    except Interrupted as fault:
        if not fault.finished:
            raise KeyboardInterrupt from None
        pair, stopped = fault.finished[0], True
    if output is not None:
        pair.save(output, overwrite)
        screen.say(f"Tables are in {output}")
    if as_json:
        print_json({"scenarios": pair.names, "seeds": pair.seeds, "market_check": pair.market_check(),
                     "differences": pair.summary().reset_index().to_dict("records")})  # fmt: skip
    else:
        screen.show([*report.comparison_account(pair), f"{report.LIMIT}\nNext: baton run {scenarios[-1]} -o out"])
    if stopped:
        print(f"{len(pair.seeds)} of {seeds} markets were finished, and are told here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED)
