"""`baton export replay`: a run as one HTML file that plays without Baton and without a network."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.linked import is_link
from sim.cli.options import Days, KeepNames, Levers, OwnDay, Quiet, Seed, Theory, option
from sim.cli.screen import announce, own_day, read_scenario, screen, usual

What = Annotated[str, typer.Argument(metavar="SCENARIO|RUN|LINK", help="a scenario, a folder of a run, or a link")]


def replay_command(
    what: What = "default",
    output: Annotated[Path, option("-o", "--output", metavar="FILE", help="page to write (.html)")] = Path("run.html"),
    seed: Seed = None,
    days: Days = None,
    levers: Levers = None,
    keep_names: KeepNames = False,
    day: OwnDay = None,
    theory: Theory = None,
    quiet: Quiet = False,
) -> None:
    """Write a run as one page: it plays people, leads, ladder and money from disk, with no network.

    Levers moved by --set are shown against the scenario as it is; a link (S or
    Share on the live page) carries dated changes and the baseline.

    \b
    Examples:
      baton export replay liaison --seed 12 -o run.html
      baton export replay --set liaison.count=1 -o liaison.html
      baton export replay my-run -o run.html
    """
    screen.quiet = quiet
    screen.keep_names = keep_names
    from sim.errors import InputError
    from sim.page import replay, replay_source

    if output.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{output}: a replay is written as .html")
    more = {"seed": seed, "days": days, "set": levers, "theory": theory}
    given = [f"--{name}" for name, value in more.items() if value is not None]
    if is_link(what) or (Path(what) / "run.toml").is_file():
        if given:
            raise InputError(f"{', '.join(given)}: {what[:60]} says it all already; give a scenario instead")
        if is_link(what) and day is not None:
            raise InputError("--day: a link is of the model's own day")
        announce("Living the run and its 30 markets …", 1 if day is None else math.inf)
        source = replay_source.of_link(what) if is_link(what) else replay_source.of_run(what, own_day(day))
    else:
        announce("Living the run and its 30 markets …", math.inf if day or theory else 1)
        base, moved = read_scenario(what, None, theory), read_scenario(what, levers, theory)
        if days is not None:
            base, moved = base.but(days=days), moved.but(days=days)
        if base.sets:
            screen.say(
                f"The file carries one of {len(base.sets)} sets of numbers, that of market {usual(seed)}, and says so."
            )
        source = replay_source.of_scenario(base, moved, usual(seed), own_day(day))
    if source.warning:
        screen.say(f"Take care: {source.warning} than these; numbers may differ from those its sender saw.")
    size = replay.write(source, output, screen.progress("steps"))
    screen.show([f"{output}  {size / 1e6:.1f} MB, market {source.seed}, {source.scenario.days:,} days"])
    screen.say(f"Next: open {output} in a browser")
