"""`baton export brief`: one page for whoever decides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import Days, Doubt, Json, Levers, Quiet, SeedOrFirst, Theory, Threads, option
from sim.cli.screen import announce, print_json, screen
from sim.cli.typed import command_text, given_of, scenario_of


def brief_command(
    scenarios: Annotated[list[str], typer.Argument(metavar="A [B]", help="today, and the plan to hold against it")],
    output: Annotated[Path, option("-o", "--output", metavar="FILE", help="page to write (.pdf, .svg, .png)")] = Path(
        "brief.pdf"
    ),
    seeds: Annotated[
        int, option("--seeds", min=1, max=MOST_MARKETS, help="number of markets, from 0 or --seed on")
    ] = 30,
    seed: SeedOrFirst = None,
    days: Days = None,
    levers: Levers = None,
    theory: Theory = None,
    doubt: Doubt = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a one-page brief.

    Headline, what changes, where the two teams stand, money, what holds the firm back, limits of the claims. With two
    scenarios the second is held against the first; --set moves levers of the last one named.

    \b
    Examples:
      baton export brief silo liaison -o brief.pdf
      baton export brief silo --seeds 50
      baton export brief silo liaison --doubt    numbers that nobody measured are drawn, too
    """
    screen.quiet = quiet or as_json
    if len(scenarios) > 2:
        raise typer.BadParameter("a brief is of one scenario, or of a plan against today", param_hint="A [B]")
    from sim import figures
    from sim.figures import imprint, look, recipes

    look.kind_of(output)
    announce(f"Writing a brief of {' and '.join(scenarios)} in {seeds} markets …")
    last = len(scenarios) - 1
    given = [given_of(each, levers if k == last else None, days, theory) for k, each in enumerate(scenarios)]
    chosen, first = [scenario_of(each) for each in given], seed or 0
    command = command_text(
        "brief", *scenarios, seeds=seeds, seed=seed, days=days, set=levers, theory=theory, doubt=doubt or None
    )
    work = recipes.Work(threads, screen.progress("runs"))
    with imprint.commanded(command, given), figures.dressed("page"):
        figure = recipes.draw(
            "brief", chosen, list(range(first, first + seeds)), {"doubt": True} if doubt else {}, work
        )
        figures.save(figure, output)
    told = imprint.of(figure)
    if as_json:
        print_json({"file": str(output), "headline": told.title, "command": command})
        return
    screen.show([f"{output}: {told.title}"])
    screen.say(f"Next: baton export figure --check {output}")
