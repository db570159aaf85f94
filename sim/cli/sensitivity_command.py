"""`baton sensitivity`: what matters in an experiment's store, where a condition holds, how many markets are enough."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import METRIC, NO, Json, Overwrite, OwnOutcomes, Quiet, Threads, option
from sim.cli.screen import announce, check_output, compare_line, own_outcomes, print_json, screen

PICTURES = (".png", ".svg", ".pdf")


def sensitivity_command(
    store: Annotated[
        str, typer.Argument(metavar="STORE", help="what baton experiment wrote (for --how-many also a scenario)")
    ],
    outcome: Annotated[
        str | None, option(*METRIC, metavar="NAME", help="what is to be explained; net_value if it is there")
    ] = None,
    method: Annotated[
        str | None,
        option("--method", metavar="NAME", help="one-at-a-time, morris, sobol, grid or first-order; as the sample is"),
    ] = None,
    discover: Annotated[
        str | None, option("--discover", metavar="CONDITION", help="find the corners of the space where it holds")
    ] = None,
    density: Annotated[
        float, option("--density", min=0.5, max=1.0, help="share of a corner's points where it should hold")
    ] = 0.8,
    how_many: Annotated[
        str | None, option("--how-many", metavar="OUTCOME", help="how many markets are enough for its mean")
    ] = None,
    doubt: Annotated[
        bool, option("--doubt", help="say what is market luck, what is doubt about numbers, and which to measure first")
    ] = False,
    within: Annotated[
        float, option("--within", metavar="PERCENT", help="precision of the mean that is wanted, in percent")
    ] = 5.0,
    run: Annotated[bool, option("--run", help="run what --how-many says, until it is enough; a store grows")] = False,
    most: Annotated[int, option("--most", min=5, max=MOST_MARKETS, help="markets at most, for --run")] = 1000,
    seeds: Annotated[
        int, option("--seeds", min=5, max=MOST_MARKETS, help="markets that --how-many runs a scenario in")
    ] = 60,
    arm: Annotated[
        str | None, option("--arm", metavar="ARM", help="the arm of [compare] that is meant; the base by default")
    ] = None,
    output: Annotated[
        Path | None,
        option("-o", "--output", metavar="DIR", help="write tables and the picture to a folder; FILE.png: the picture"),
    ] = None,
    overwrite: Overwrite = False,
    outcomes: OwnOutcomes = None,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what matters: every factor of an experiment in order, how sure that is, and why.

    The method is the one that the sample was made for. Outcomes can be combined and belong to an arm.

    \b
    Examples:
      baton sensitivity store
      baton sensitivity store --metric score -o ranking
      baton sensitivity store --metric "net_value(liaison) - net_value(base)"
      baton sensitivity store --discover "net_value(liaison) < net_value(base)" -o corner.png
      baton sensitivity store --doubt --metric "net_value(liaison) - net_value(base)"
      baton sensitivity store --how-many net_value --within 2
      baton sensitivity default --how-many net_value
      baton sensitivity store --how-many score --within 2 --run    # the store grows until it is enough
    """
    screen.quiet = quiet or as_json
    if sum(map(bool, (discover, how_many, doubt))) > 1:
        raise typer.BadParameter("ask one thing at a time", param_hint="--discover, --how-many, --doubt")
    if run and not how_many:
        raise typer.BadParameter("runs what --how-many says: give it too", param_hint="--run")
    if doubt and (method or output):
        raise typer.BadParameter("not with --doubt; --json has every number", param_hint="--method, --output")
    if (discover or how_many) and (outcome or method):
        raise typer.BadParameter("not with --discover or --how-many", param_hint="--metric, --method")
    own_outcomes(outcomes)
    mark = "discovery.toml" if discover else "how_many.toml" if how_many else "sensitivity.toml"
    if output is not None and output.suffix not in PICTURES:
        check_output(output, overwrite, mark)
    if how_many:
        found = _how_many(store, how_many, within / 100, arm, seeds, threads, run, most)
    else:
        announce(f"Reading {store} …")
        from sim.study.store.new import other_versions
        from sim.study.store.store import open_store

        opened = open_store(store)
        for was, now in other_versions(opened.folder):
            screen.say(f"These runs were made with {was}; this is {now}. They are ranked as they are.")
        if opened.experiment.each:
            screen.say(opened.unequal())
        if discover:
            found = _discovered(opened, discover, arm, density)
        else:
            from sim.study.sensitivity.sensitivity import doubt_of, sensitivity

            usual = "net_value" if "net_value" in opened.outcomes else opened.outcomes[0]
            if doubt:
                found = doubt_of(opened, outcome or usual, arm)
            else:
                found = sensitivity(opened, outcome or usual, method, arm)
    if output is not None:
        _write(found, output, overwrite)
    if as_json:
        print_json(found.as_data())
    else:
        from sim.cli.sensitivity_report import account

        screen.show([*account(found), _next(store, found, arm)])
    if (discover and not found.boxes) or (run and not found.enough):
        raise typer.Exit(NO)


def _how_many(store: str, outcome: str, within: float, arm: str | None, seeds: int, threads: int, run: bool, most: int):
    from sim.study.sensitivity.how_many import how_many

    is_folder = Path(store).is_dir()
    announce(f"Reading {store} …" if is_folder else f"Running {store} in {seeds} markets …")
    return how_many(store, outcome, within, arm, seeds, threads, screen.progress("markets"), run, most)


def _discovered(opened, condition: str, arm: str | None, density: float):
    screen.say("Looking for the corners where it holds; that can take a minute.")
    from sim.study.sensitivity.discovery import discover

    return discover(opened, condition, arm, density)


def _write(found, output: Path, overwrite: bool) -> None:
    """The folder with everything, or the picture alone."""
    if output.suffix not in PICTURES:
        found.save(output, overwrite)
        screen.say(f"Tables and picture are in {output}")
        return
    from sim import figures
    from sim.files.folder import written_file

    with written_file(output) as work:
        figures.write_sensitivity(found, work)
    screen.say(f"The picture is {output}")


def _next(store: str, found, arm: str | None = None) -> str:
    """What to run next."""
    kind, place, store = type(found).__name__, Path(store), shlex.quote(store)
    of = f" --arm {shlex.quote(arm)}" if arm else ""
    if kind == "Sensitivity":
        more = f'--discover "{found.outcome} > {float(f"{found.upper_quarter:.2g}"):.15g}"'
        if found.method != "first-order":
            more = "-o ranking"
        return f"Next: baton sensitivity {store} {more}{of}"
    if kind in ("Discovery", "Doubt"):
        return f"Next: baton sensitivity {store}{of}"
    count = found.df.loc[found.typical, "needed"]
    if not math.isfinite(count):
        return f"Next: {compare_line(store)}" if not place.is_dir() else f"Next: baton sensitivity {store}"
    if found.enough:
        return f"Next: baton sensitivity {store}" if place.is_dir() else f"Next: {compare_line(store)}"
    if place.is_dir():
        return f"Next: markets = {count:.0f} under [replications] of the experiment, and run it again"
    return f"Next: baton run {store} --seeds {count:.0f}"
