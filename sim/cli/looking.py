"""`baton audit`, `network` and `doctor`: look at a run, at who can reach whom, at this installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import NO, Json, KeepNames, Levers, Quiet, ScenarioName, Seed, Theory, option
from sim.cli.screen import announce, print_json, put, read_scenario, screen, usual


def audit_command(
    what: Annotated[
        str, typer.Argument(metavar="RUN_OR_SCENARIO", help="a folder written by `baton run -o`, or a scenario")
    ],
    more: Annotated[list[Path] | None, typer.Argument(metavar="[FILES]", help="further files of --answers")] = None,
    answers: Annotated[
        list[Path] | None,
        option("--answers", metavar="FILES", help="what people answered (baton ask): files, or a folder of them"),
    ] = None,
    output: Annotated[
        Path | None, option("-o", "--output", metavar="FILE", help="of answers: picture (.png, .svg, .pdf)")
    ] = None,
    seed: Seed = None,
    levers: Levers = None,
    theory: Theory = None,
    quarter: Annotated[
        int | None, option("--quarter", min=1, help="which quarter; the last by default, with --answers the fourth")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show the 20 statements of the audit.

    As Marketing, Sales and both sides see them, in one quarter of a saved run or of a scenario. With --answers: what
    your own people said beside what the simulated ones say; of a folder whose import kept a survey without it too. A
    side of fewer than five answers is not shown, nor a total of fewer than ten (exit code 4 where nothing is).

    \b
    Examples:
      baton audit out
      baton audit silo --seed 12 --quarter 4
      baton audit silo --set liaison.count=1
      baton audit firm --answers answers/ -o audit.png
    """
    screen.quiet = quiet or as_json
    if answers:
        from sim.cli.asking import answers_account

        answers_account(what, [*answers, *(more or ())], output, quarter, seed, levers, theory, as_json)
        return
    if more:
        raise typer.BadParameter("goes with --answers", param_hint="FILES")
    if Path(what).is_dir():
        from sim.study.own.answers import has_answers

        if has_answers(what):
            from sim.cli.asking import answers_account

            answers_account(what, None, output, quarter, seed, levers, theory, as_json)
            return
    if output is not None:
        raise typer.BadParameter("goes with --answers, or with a survey that was imported", param_hint="--output")
    from sim.cli import report
    from sim.errors import InputError

    if Path(what).is_dir() and not (Path(what) / "firm.toml").is_file():
        for given, option_named in ((levers, "--set"), (theory, "--theory")):
            if given:
                said = f"a saved run is as it was; {option_named} is for a scenario"
                raise typer.BadParameter(said, param_hint=option_named)
        from sim.result import load

        result = load(what)
    else:
        chosen = read_scenario(what, levers, theory)
        announce(f"Running {what} in market {usual(seed)} …")
        from sim.run import run

        result = run(chosen, seed)
    last = len(result.quarters)
    if quarter is not None and quarter > last:
        raise InputError(f"quarter {quarter}: this run has {last} whole quarters")
    if as_json:
        rows = result.audit[result.audit["quarter"] == (quarter or last)]
        print_json({"quarter": quarter or last, "items": rows.to_dict("records")})
        return
    screen.show(report.audit_account(result, quarter))


def network_command(
    scenario: ScenarioName = None,
    output: Annotated[
        Path, option("-o", "--output", metavar="FILE", help="picture to write (.png, .svg, .pdf)")
    ] = Path("network.png"),
    at: Annotated[
        int | None, option("--at", metavar="DAY", min=0, help="as it is on that day; the end by default")
    ] = None,
    seed: Seed = None,
    levers: Levers = None,
    theory: Theory = None,
    keep_names: KeepNames = False,
    quiet: Quiet = False,
) -> None:
    """Draw who can reach whom.

    Two teams, their ties by trust, and the liaison between them.

    \b
    Examples:
      baton network silo -o net.png
      baton network liaison --at 0 --seed 12 -o before.png
    """
    screen.quiet = quiet
    screen.keep_names = keep_names
    from sim import figures
    from sim.figures import look

    look.kind_of(output)
    chosen = read_scenario(scenario, levers, theory)
    if at is not None and at > chosen.days:
        from sim.errors import InputError

        raise InputError(f"--at {at}: the scenario has days 0 to {chosen.days}")
    announce(f"Drawing the network of {scenario or 'the default scenario'} …")
    from sim.run import run

    result = run(chosen, seed, until=at)
    figures.network_card(result, output)
    put(output)


def doctor_command(quiet: Quiet = False) -> None:
    """Check that Baton works here.

    Versions, the cache of compiled rules, scenarios, memory, a short run, a saved run. Exit code 4 if one fails.
    """
    screen.quiet = quiet
    announce("Looking at this installation …")
    from sim.cli import doctor

    fine = True
    for name, good, said in doctor.checks():
        put(f"{'ok  ' if good else 'FAIL'} {name}: {said}", flush=True)
        fine = fine and good
    if not fine:
        raise typer.Exit(NO)
