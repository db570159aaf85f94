"""`baton serve`: the live page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import KeepNames, OwnDay, Quiet, ScenarioName, Seed, Theory, option
from sim.cli.screen import screen


def serve_command(
    scenario: ScenarioName = None,
    seed: Seed = None,
    port: Annotated[int, option("--port", min=0, max=65535, help="0 takes a free one")] = 8765,
    lesson: Annotated[str | None, option("--lesson", metavar="NAME", help="open a lesson, such as four-stages")] = None,
    lan: Annotated[
        str | None,
        option(
            "--lan",
            metavar="HOST",
            help="let a class join: this machine's address in your network, such as 192.168.1.20",
        ),
    ] = None,
    day: OwnDay = None,
    theory: Theory = None,
    open_page: Annotated[bool, option("--open/--no-open", help="open the page in your browser")] = True,
    keep_names: KeepNames = False,
    company: Annotated[
        Path | None, option("--company", metavar="FIRM", help="open Your company instead: exports, gate, plans, brief")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Open the live page: watch an organization move, change it, compare, teach.

    Where none is named it opens with the journey: a firm that goes through all four stages.

    It is served to this machine only, unless --lan names an address; nothing is
    stored and nothing is fetched from elsewhere. Organizations live in each
    visitor's browser; with --day or --theory, here. Ctrl-C ends it.

    \b
    Examples:
      baton serve
      baton serve liaison --seed 12
      baton serve --lesson four-stages
      baton serve --lan 192.168.1.20       # a class joins by link or code
      baton serve silo --theory mine.py    # by another theory: it is lived here, by Python
      baton serve --company firm           # Your company, on this machine only
    """
    screen.quiet = quiet
    if company is not None and company.name.startswith("-"):
        raise typer.BadParameter(f"name the firm's folder, not {company}", param_hint="--company")
    if company is not None:
        for given, name in (
            (scenario, "SCENARIO"),
            (lan, "--lan"),
            (lesson, "--lesson"),
            (seed, "--seed"),
            (day, "--day"),
            (theory, "--theory"),
        ):
            if given is not None:
                raise typer.BadParameter("Your company is a page of its own, for this machine alone", param_hint=name)
        from sim.page.company import serve_company

        serve_company(company, port, open_page, screen.say)
        return
    screen.say("Starting the live page …")
    from sim.page.serve import Wanted, serve

    serve(Wanted(scenario, seed, port, lesson, lan, day and str(day), open_page, keep_names, theory),
          screen.say)  # fmt: skip
