"""`baton export link`: a link that opens the live page on a scenario, a market and moved levers."""

from __future__ import annotations

from typing import Annotated

from sim.cli.options import Levers, NoTheory, Quiet, ScenarioName, Seed, option
from sim.cli.screen import put, read_scenario, screen, usual


def link_command(
    scenario: ScenarioName = None,
    seed: Seed = None,
    levers: Levers = None,
    theory: NoTheory = None,
    day: Annotated[int, option("--day", min=0, help="the day to open")] = 0,
    compare: Annotated[bool, option("--compare", help="open the comparison with the scenario as it is")] = False,
    address: Annotated[str | None, option("--address", metavar="URL", help="where the page is served")] = None,
    quiet: Quiet = False,
) -> None:
    """Print a link to the live page that carries scenario, market and levers.

    Everything is behind the #, nothing is stored. Who opens it needs a page
    served at that address (`baton serve`).

    \b
    Examples:
      baton export link liaison --seed 12
      baton export link --set liaison.count=1 --day 260
    """
    screen.quiet = quiet
    from sim.page.replay_source import link_of
    from sim.page.share import ADDRESS
    from sim.page.view import too_large

    base, moved = read_scenario(scenario), read_scenario(scenario, levers)
    view = "compare" if compare else "run"
    put((address or ADDRESS) + link_of(scenario or "default", base, moved, usual(seed), day, view))
    if why := too_large(moved):
        screen.say(f"{why}: a page opens this link without them and says so")
    screen.say("Next: baton serve")
