"""`baton compare`: organizations side by side in the same markets."""

from __future__ import annotations

import shlex
import sys
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.linked import is_link, scenarios_of
from sim.cli.options import (
    BY_THEORY,
    INTERRUPTED,
    METRIC,
    NO,
    Also,
    Days,
    Doubt,
    Json,
    Output,
    Overwrite,
    OwnOutcomes,
    Quiet,
    Threads,
    option,
)
from sim.cli.screen import announce, check_output, own_outcomes, print_json, put, screen


def compare_command(
    scenarios: Annotated[
        list[str],
        typer.Argument(metavar="A B …", help="scenarios, the first is the baseline; or a link of the page in quotes"),
    ],
    seeds: Annotated[
        int | None,
        option(
            "--seeds",
            min=1,
            max=MOST_MARKETS,
            help="number of markets from 0 on: 30, or 10 to begin with where --until is given",
        ),
    ] = None,
    until: Annotated[
        str | None,
        option("--until", metavar="WIDTH", help="add markets until the 95 % interval is so wide: 500 (k€), or 5% of A"),
    ] = None,
    metric: Annotated[
        str, option(*METRIC, metavar="NAME", help="the outcome that --until, --doubt and --best look at")
    ] = "net_value",
    most: Annotated[
        int, option("--most", min=2, max=MOST_MARKETS, help="markets at most, for --until and --best")
    ] = 1000,
    best: Annotated[
        float | None,
        option(
            "--best", metavar="WITHIN", help="find the best instead, to a difference that does not matter: 200 (k€)"
        ),
    ] = None,
    doubt: Doubt = False,
    also: Also = None,
    theory: Annotated[
        list[str] | None,
        option(*BY_THEORY, metavar="FILE.py|NAME", help="live each scenario by each of these: baton, mine.py, …"),
    ] = None,
    outcomes: OwnOutcomes = None,
    days: Days = None,
    output: Output = None,
    overwrite: Overwrite = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare organizations in the same markets.

    Paired differences with 95 % intervals, each by itself; a star marks those that stand when all are asked at once.
    The first of two to four scenarios is the baseline; a link shows its own two.

    \b
    Examples:
      baton compare silo liaison
      baton compare silo liaison near-cheap --seeds 50 -o pair
      baton compare default mandated --until 5%
      baton compare silo liaison near-cheap mandated --best 500    # markets go where it is open
      baton compare silo liaison --doubt --seeds 60
      baton compare silo --theory baton --theory mine.py
      baton compare silo liaison --also hours_contact --outcomes mine.py
      baton compare 'http://127.0.0.1:8765/#v=…'      # both that a link of the page shows
    """
    screen.quiet = quiet or as_json
    if until is None and not doubt and best is None and metric != "net_value":
        raise typer.BadParameter("is what --until, --doubt and --best look at: give one of them", param_hint="--metric")
    if best is not None and (until is not None or doubt or also or output or theory):
        others = "--until, --doubt, --also, --theory or --output"
        raise typer.BadParameter(f"finds one, and compares no pair: not with {others}", param_hint="--best")
    own_outcomes(outcomes)
    if output is not None:
        check_output(output, overwrite, "comparison.toml")
    begin = seeds or (30 if until is None else 10)
    more = "" if until is None else f", and more until {metric} is known to {until}"
    chosen = scenarios_of(scenarios, few=1 if theory else 2)
    theory = ["baton", *theory] if theory and len(theory) == 1 else theory
    given = [shlex.quote(name) if is_link(name) else name for name in scenarios]
    told = ["what the link shows" if is_link(name) else name for name in scenarios]
    if best is not None:
        _best(chosen, told, best, metric, seeds or 10, most, threads, days, as_json)
        return
    announce(f"Comparing {', '.join(told)} in {begin} market{'' if begin == 1 else 's'}{more} …")
    from sim.cli import report
    from sim.study.compare import compare
    from sim.study.many import Interrupted

    stopped = False
    try:
        pair = compare(*chosen, seeds=begin, until=until, metric=metric, most=most, more=also or (),
                       days=days, theories=theory or (), doubt=doubt, threads=threads,
                       progress=screen.progress("runs"))  # fmt: skip
    except Interrupted as fault:
        if not fault.finished:
            raise KeyboardInterrupt from None
        pair, stopped = fault.finished[0], True
    own_outcomes(outcomes)
    doubts = [pair.doubt(metric, name) for name in pair.names[1:]] if pair.in_doubt and not stopped else []
    if output is not None:
        pair.save(output, overwrite)
        screen.say(f"Tables are in {output}")
    if as_json:
        print_json({"scenarios": pair.names, "seeds": pair.seeds, "market_check": pair.market_check(),
                     "levers": pair.levers().reset_index().to_dict("records"),
                     "doubt": [each.as_data() for each in doubts],
                     "until": None if pair.until is None else pair.until._asdict(),
                     "differences": pair.summary().reset_index().to_dict("records")})  # fmt: skip
    else:
        told = ["\n".join(each.sentences()) for each in doubts]
        after = f"{report.LIMIT}\nNext: baton {_next(pair, given, theory, metric, days)}"
        screen.show([*report.comparison_account(pair), *told, after])
    if stopped:
        put(f"{len(pair.seeds)} markets were finished, and are told here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED)
    if pair.until is not None and not pair.until.enough:
        raise typer.Exit(NO)


def _best(chosen, told: list[str], within: float, metric: str, seeds: int, most: int, threads: int, days: int | None,
          as_json: bool) -> None:  # fmt: skip
    """Which of them is best; only those that may still be it are run on."""
    announce(f"Looking for the best of {', '.join(told)}, {seeds} markets first …")
    from sim.cli.layout import Table
    from sim.study.best import best

    found = best(*chosen, within=within, metric=metric, seeds=seeds, most=most, threads=threads, days=days)
    if as_json:
        print_json(found.as_data())
    else:
        rows = [(name, f"{row.markets:,}", f"{row['mean']:,.4g}", f"{row.behind:,.4g}", "" if row.left else "left out")
                for name, row in found.df.iterrows()]  # fmt: skip
        table = Table(
            f"{metric.replace('_', ' ').capitalize()}, {found.unit}", ("", "markets", "mean", "behind", ""), rows
        )
        screen.show([table, "\n".join(found.sentences()), f"Next: baton run {found.name}"])
    if not found.sure:
        raise typer.Exit(NO)


def _next(pair, scenarios: list[str], theories: list[str] | None, metric: str, days: int | None) -> str:
    """Why the last that can be told apart differs; where none can, as many more markets as halve the interval.

    Where numbers are in doubt, more markets may be no cure: then the two on one sheet, with what to measure first.
    """
    if theories:
        return f"theory tournament {' '.join(theories)}"
    if not len(pair.levers()):
        return f"run {scenarios[0]} -o out"
    lasts = f" --days {days}" if days is not None else ""
    asked = f"{f' --metric {metric}' if metric != 'net_value' else ''}{lasts}{' --doubt' if pair.in_doubt else ''}"
    table = pair.summary().xs(metric, level="outcome")
    links = any("#" in name for name in scenarios)  # why two differ is told of scenarios, and on the page
    for name, given in reversed(list(zip(pair.names[1:], scenarios[1:] or scenarios, strict=True))):
        row = table.loc[name]
        if not row["low"] <= 0.0 <= row["high"]:
            return f"export replay {scenarios[-1]}" if links else f"explain {scenarios[0]} {given}{asked}"
    if pair.in_doubt and not links:
        return f"export brief {scenarios[0]} {scenarios[-1]} --doubt{lasts}"
    wide = float(f"{(table['high'] - table['low']).max() / 2:.2g}")
    return (
        f"compare {' '.join(scenarios)} --until {wide:g}{asked}"
        if wide or links
        else f"explain {scenarios[0]} {scenarios[-1]}{asked}"
    )
