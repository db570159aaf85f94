"""`baton export figure`: a picture for a paper or a talk that says how it was made, and the proof of it later."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import (
    BY_THEORY,
    METRIC,
    NO,
    Days,
    Json,
    KeepNames,
    Levers,
    OwnDay,
    OwnOutcomes,
    Quiet,
    SeedOrFirst,
    Theories,
    Threads,
    option,
)
from sim.cli.screen import announce, own_day, own_outcomes, print_json, screen, usual
from sim.cli.typed import command_text, given_of, scenario_of

MOST = 5  # numbers that are named one by one when a figure is another one


def figure_command(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="WHAT SCENARIO …", help="kind of figure, then what it is of")
    ] = None,
    check: Annotated[
        Path | None, option("--check", metavar="FILE", help="draw this picture's numbers again and compare them")
    ] = None,
    output: Annotated[
        Path | None, option("-o", "--output", metavar="FILE", help="picture to write (.pdf, .svg, .png); WHAT.pdf")
    ] = None,
    style: Annotated[str, option("--style", help="paper, talk or page")] = "paper",
    width: Annotated[
        float | None, option("--width", metavar="MM", help="of a paper: 89 (one column, the default) or 183 (two)")
    ] = None,
    seed: SeedOrFirst = None,
    seeds: Annotated[
        int | None,
        option("--seeds", min=1, max=MOST_MARKETS, help="number of markets: pairs of compare, the band of a run"),
    ] = None,
    days: Days = None,
    baseline: Annotated[
        str | None, option("--baseline", metavar="SCENARIO", help="drawn dashed behind a run, in the same market")
    ] = None,
    metric: Annotated[str | None, option(*METRIC, help="outcome of compare, number of series")] = None,
    by: Annotated[str | None, option("--by", help="of waterfall: lever or funnel")] = None,
    method: Annotated[str | None, option("--method", help="of sensitivity: see baton sensitivity --help")] = None,
    quarter: Annotated[int | None, option("--quarter", min=1, help="of audit; the last by default")] = None,
    levers: Levers = None,
    day: OwnDay = None,
    theory: Theories = None,
    outcomes: OwnOutcomes = None,
    anyway: Annotated[bool, option("--anyway", help="with --check: compare although the rules have changed")] = False,
    threads: Threads = 2,
    as_json: Json = False,
    keep_names: KeepNames = False,
    quiet: Quiet = False,
) -> None:
    """Draw a figure for a paper or a talk, or check one that was drawn before.

    The file carries its command, scenarios, seeds, market, rules and every number drawn; the caption is printed.
    --check opens no file that a picture names: name your own scenarios (of a sweep's picture: its folder) after it.

    \b
    Examples:
      baton export figure run silo --seed 3 -o silo.pdf
      baton export figure compare silo liaison --seeds 30 --width 183 -o pair.svg
      baton export figure trust liaison --style talk -o trust.png
      baton export figure --check silo.pdf
      baton export figure --check plan.pdf my-plan.toml
    """
    screen.quiet = quiet or as_json
    screen.keep_names = keep_names
    own_outcomes(outcomes)
    if check is not None:
        _check(check, what or [], day, theory or [], anyway, threads, as_json)
        return
    if theory is not None and len(theory) > 1:
        raise typer.BadParameter("a figure is drawn by one; a scenario may name its own", param_hint="--theory")
    if not what:
        raise typer.BadParameter("say what to draw, or give --check FILE", param_hint="WHAT")
    name, *names = what
    lived = theory[0] if theory else None
    from sim import figures
    from sim.figures import imprint, look, recipes
    from sim.figures.styles import style_of
    from sim.files.folder import place_of
    from sim.model.firm import DAYS

    name = name.replace("-", "_")
    if name in DAYS.names and name not in recipes.RECIPES:
        name, metric = "series", name
    known, chosen = recipes.recipe(name), style_of(style, width)
    output = output or Path(f"{name}.pdf")
    look.kind_of(output)
    place_of(output)
    announce(f"Drawing {name} of {', '.join(names) or 'the default scenario'} …", math.inf if day or theory else 1)
    options: dict = {"metric": metric, "quarter": quarter, "by": by, "method": method}
    given: list[dict] = []
    scenarios, markets = [], []
    if known.of_store:
        options["store"] = names[0] if names else None
    else:
        given = [given_of(each, levers, days if known.markets else None, lived) for each in names or ["default"]]
        scenarios = [scenario_of(each) for each in given]
        if days is not None and not known.markets and days < scenarios[0].days:
            options["until"] = days  # one run is stopped early, before later changes; a longer one has a new horizon
        elif days is not None and not known.markets:
            given[0]["days"], scenarios[0] = days, scenarios[0].but(days=days)
        markets = _markets(known, seed, seeds, options)
    if baseline is not None:
        given.append(given_of(baseline, None, None))
        scenarios.append(scenario_of(given[-1]))
        options["baseline"] = {"seed": markets[0]} | ({"until": options["until"]} if "until" in options else {})
    options = {key: value for key, value in options.items() if value is not None}
    command = command_text("figure", name, *names, seed=seed, seeds=seeds, days=days, baseline=baseline, metric=metric,
                           by=by, method=method, quarter=quarter, style=style, width=width, set=levers,
                           day=day.name if day else None, theory=lived,
                           outcomes=outcomes.name if outcomes else None)  # fmt: skip
    work = recipes.Work(threads, screen.progress("runs"), own_day(day))
    with imprint.commanded(command, given), figures.dressed(chosen):
        figure = recipes.draw(name, scenarios, markets, options, work)
        figures.save(figure, output)
    told = imprint.of(figure)
    if as_json:
        print_json({"file": str(output), "caption": told.caption, "command": command})
        return
    screen.show([f"{output}: {_size(figure)}, {told.style}", f"Caption: {told.caption}"])
    screen.say(f"Next: baton export figure --check {_again(output, names if known.of_store else [], theory, outcomes)}")


def _again(output: Path, stores: list[str], theory: list[str] | None, outcomes: Path | None) -> str:
    """What is typed to have the figure checked: what it was lived and reckoned by is run only where it is named."""
    named = [word for each in theory or [] for word in (BY_THEORY[0], each)]
    named += ["--outcomes", str(outcomes)] if outcomes else []
    return shlex.join([str(output), *stores, *named])


def _markets(known, seed: int | None, seeds: int | None, options: dict) -> list[int]:
    """The markets drawn; for a run's picture `--seeds` is the band around it."""
    if known.markets:
        first = seed or 0
        return list(range(first, first + (seeds or known.markets)))
    if seeds and "band" in known.options:
        options["band"] = list(range(seeds))
    return [usual(seed)]


def _size(figure) -> str:
    wide, high = (25.4 * inches for inches in figure.get_size_inches())
    return f"{wide:.0f} × {high:.0f} mm"


# ---- the proof


def _check(path: Path, named: list[str], day: Path | None, theory: list[str], anyway: bool, threads: int,
           as_json: bool) -> None:  # fmt: skip
    announce(f"Checking {path} …", math.inf if day or theory else 1)
    from sim.figures import checking, recipes
    from sim.scenario.own_theory import read_theory

    for each in theory:
        read_theory(each)  # who names it lets it be run; else nothing of what a picture carries is

    work = recipes.Work(threads, screen.progress("runs"), own_day(day))
    found = checking.check(path, work, scenario_of, named, anyway)
    if as_json:
        print_json({"file": str(path), "same": found.same, "numbers": found.numbers, "notes": found.notes,
                     "differences": [each._asdict() for each in found.differences]})  # fmt: skip
    else:
        screen.show([*found.sentences(MOST)])
    if not found.same:
        raise typer.Exit(NO)
